import pytest
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from accounts.actions import create_token
from tests.label.matrix import LOGIN, MATRIX, ROLES
from tests.queries import writes

pytestmark = pytest.mark.django_db

REFUSED = {LOGIN, 401, 403, 404, 405}


def names(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)


@pytest.fixture(scope="module")
def visitors(season):
    """The cookies and the headers of each role: pages know a session, the API knows a key."""
    cookies, headers = dict.fromkeys(ROLES, ""), {}
    for role in set(ROLES) & set(season.people):
        client = Client()
        client.force_login(season.people[role])
        cookies[role] = client.cookies.output(header="", sep=";")
        headers[role] = {"Authorization": f"Bearer {create_token(name='Clé', by=season.people[role])[1]}"}
    return cookies, headers


@pytest.fixture
def ask(season, visitors):
    """`ask(role, method, name)`: the status, or LOGIN, and the tables written. Nothing of it stays."""

    def _ask(role, method, name):
        address, data = MATRIX[name].address(name, season), MATRIX[name].data if method == "post" else None
        cookies, headers = visitors
        client = Client()
        client.cookies.load(cookies[role])
        by_key = headers.get(role) if address.startswith("/api/") else None
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            response = getattr(client, method)(address, data, headers=by_key)
            b"".join(response)
            transaction.set_rollback(True)
        to_login = response.status_code == 302 and response.url.startswith(f"{resolve_url('account_login')}?next=")
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
