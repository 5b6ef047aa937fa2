import pytest
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

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


@pytest.fixture
def ask(season, visitors):
    """`ask(role, method, name)`: the status, or LOGIN, and the tables written. Nothing of it stays."""

    def _ask(role, method, name):
        address, data = MATRIX[name].address(name, season), MATRIX[name].data if method == "post" else None
        by_key = visitors[role].headers if address.startswith("/api/") else None
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            response = getattr(visitors[role].client(), method)(address, data, headers=by_key)
            b"".join(response)
            transaction.set_rollback(True)
        if method == "get" and MATRIX[name].get == POST_ONLY and response.status_code == 302:
            assert address.startswith(response.url), (address, response.url)
            return 405, writes(queries)
        to_login = response.status_code == 302 and response.url.partition("?")[0] == resolve_url("account_login")
        return LOGIN if to_login else response.status_code, writes(queries)

    return _ask


def test_every_address_is_in_the_matrix():
    assert set(names(get_resolver().url_patterns)) == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_reading_answers_each_role_and_writes_nothing(ask, name):
    found = {role: ask(role, "get", name) for role in ROLES}

    assert found == {role: (status, []) for role, status in MATRIX[name].get.items()}


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

    accepted = {role: answer for role, answer in answers.items() if answer[0] not in REFUSED}
    assert accepted == {role: answers[role] for role in ROLES if role in MATRIX[name].post}
    assert all(written == [] for role, (_status, written) in answers.items() if role not in accepted), answers
