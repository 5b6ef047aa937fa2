import pytest
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from tests.label.matrix import LOGIN, MATRIX, ROLES
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
        to_login = response.status_code == 302 and response.url.partition("?")[0] == resolve_url("account_login")
        return LOGIN if to_login else response.status_code, writes(queries)

    return _ask


def test_every_address_is_in_the_matrix():
    assert set(names(get_resolver().url_patterns)) == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_reading_answers_each_role_and_writes_nothing(ask, name):
    found = {role: ask(role, "get", name) for role in ROLES}

    assert found == {role: (status, []) for role, status in MATRIX[name].get.items()}


@pytest.mark.parametrize("name", MATRIX)
def test_writing_is_refused_to_others_and_changes_nothing(ask, name):
    answers = {role: ask(role, "post", name) for role in ROLES}

    accepted = {role: answer for role, answer in answers.items() if answer[0] not in REFUSED}
    assert accepted == {role: answers[role] for role in ROLES if role in MATRIX[name].post}
    assert all(written == [] for role, (_status, written) in answers.items() if role not in accepted), answers
