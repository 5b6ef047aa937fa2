from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from assessments.models import Framework
from tests.label import outline
from tests.label.matrix import LOGIN, MATRIX, POST_ONLY, ROLES
from tests.queries import writes

pytestmark = [pytest.mark.both, pytest.mark.django_db]

REFUSED = {LOGIN, 401, 403, 404, 405}


def names(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)


@dataclass(frozen=True)
class Answer:
    """`status`: LOGIN for the way there. `page`: of a page, what is recorded of it."""

    status: int | str
    written: list[str]
    page: outline.Record | None


@pytest.fixture(scope="module")
def ask(season, visitors):
    """`ask(role, method, name)`: what each is answered, asked once. Nothing of it stays."""
    for row in Framework.objects.all():
        assert row.parsed  # kept by this process from here on: no page counts it among its queries
    answers = {}

    def _ask(role, method, name):
        if (role, method, name) not in answers:
            answers[role, method, name] = _asked(role, method, name)
        return answers[role, method, name]

    def _asked(role, method, name):
        address, data = MATRIX[name].address(name, season), MATRIX[name].data if method == "post" else None
        by_key = visitors[role].headers if address.startswith("/api/") else None
        cache.clear()
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            response = getattr(visitors[role].client(), method)(address, data, headers=by_key)
            text = b"".join(response).decode(errors="replace")
            transaction.set_rollback(True)
        if method == "get" and MATRIX[name].get == POST_ONLY and response.status_code == 302:
            assert address.startswith(response.url), (address, response.url)
            return Answer(405, writes(queries), None)
        to_login = response.status_code == 302 and response.url.partition("?")[0] == resolve_url("account_login")
        is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
        page = outline.outline(text) | {"queries": len(queries)} if is_page and method == "get" else None
        return Answer(LOGIN if to_login else response.status_code, writes(queries), page)

    return _ask


def test_every_address_is_in_the_matrix():
    assert set(names(get_resolver().url_patterns)) == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_reading_answers_each_role_and_writes_nothing(ask, name):
    found = {role: ask(role, "get", name) for role in ROLES}

    assert {role: (answer.status, answer.written) for role, answer in found.items()} == {
        role: (status, []) for role, status in MATRIX[name].get.items()
    }


@pytest.fixture(scope="module")
def record():
    """Page by page, by roles; where that is asked, those that were looked at are written anew."""
    kept = outline.recorded()
    yield kept
    if outline.WRITE:
        outline.write({name: rows for name, rows in kept.items() if rows and name in MATRIX})


@pytest.mark.parametrize("name", MATRIX)
def test_page_is_as_recorded(ask, record, name):
    """Fails where a change shows that was not meant; `outline` says how to write down one that was."""
    pages = {role: page for role in ROLES if (page := ask(role, "get", name).page) is not None}
    found, kept = outline.by_roles(pages), record.setdefault(name, {})
    if outline.WRITE:
        record[name] = found
    elif connection.vendor == "postgresql":
        assert found == kept
    else:
        assert without_queries(found) == without_queries(kept)


def without_queries(rows):
    """By role: those of the other database differ in number."""
    common = rows.get(outline.ALL, {})
    return {
        role: {key: value for key, value in (common | page).items() if key != "queries"}
        for roles, page in rows.items()
        for role in roles.split()
    }


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.get == POST_ONLY and row.post])
def test_visiting_a_form_leads_to_its_page(season, visitors, name):
    """Of each address that only takes a form: whoever may send it is led to a page that they may read."""
    address = MATRIX[name].address(name, season)
    if address.startswith("/api/"):
        pytest.skip("a program is told that it uses another method")
    client = visitors[sorted(MATRIX[name].post)[0]].client()
    answer = client.get(address)
    assert (answer.status_code, address.startswith(answer.url)) == (302, True)
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("name", MATRIX)
def test_writing_is_refused_to_others_and_changes_nothing(ask, name):
    answers = {role: ask(role, "post", name) for role in ROLES}

    accepted = {role: answer for role, answer in answers.items() if answer.status not in REFUSED}
    assert accepted == {role: answers[role] for role in ROLES if role in MATRIX[name].post}
    assert all(answer.written == [] for role, answer in answers.items() if role not in accepted), answers


# The other verbs of HTTP. Only the API takes one of them, on one address.
VERBS = ("head", "options", "put", "patch", "delete", "trace")
PUT = {"assessments:api-answer"}


@pytest.mark.trial
@pytest.mark.parametrize("name", MATRIX)
def test_other_verbs_are_answered_and_write_nothing(season, visitors, name):
    """HEAD as GET, by one role of each answer; OPTIONS at most says what there is; what would write is refused, by the
    method or before it."""
    address = MATRIX[name].address(name, season)
    heads, found = {status: role for role, status in MATRIX[name].get.items()}, {}
    for place, role in enumerate(ROLES):
        by_key = visitors[role].headers if address.startswith("/api/") else {}
        # Limits count by address.
        origin = {"REMOTE_ADDR": f"127.0.1.{place}"}
        for verb in VERBS if role in heads.values() else VERBS[1:]:
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                response = visitors[role].client().generic(verb.upper(), address, headers=by_key, **origin)
                b"".join(response)
                transaction.set_rollback(True)
            found[role, verb] = response.status_code
            assert writes(queries) == [], (role, verb)
            # Of itself the service says that it is not well: no worker lives in tests.
            assert response.status_code < 500 or (name, response.status_code) == ("health", 503), (role, verb)

    refused = {status for (_role, verb), status in found.items() if verb not in ("head", "options")}
    if name in PUT:
        refused -= {400}
    assert refused <= {302, 401, 403, 404, 405}
    for status, role in heads.items():
        expected = 302 if status == LOGIN else status
        assert found[role, "head"] == expected or MATRIX[name].get == POST_ONLY, role
