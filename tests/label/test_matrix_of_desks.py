"""The roles inside the organisation: what support and the reading of figures open, among all that organisers do."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.permissions import OrganiserRole
from tests.conftest import make_user
from tests.label.matrix import MATRIX, POST_ONLY
from tests.label.test_matrix import REFUSED
from tests.queries import writes

pytestmark = pytest.mark.django_db

FIGURES = {"accounts:rights", "organisation", "season:export", "season:figures", "season:files"}
READS = {
    "figures": FIGURES,
    "support": FIGURES
    | {"accounts:helpers", "accounts:jobs", "accounts:look", "accounts:mail", "accounts:mails", "accounts:people"}
    | {"accounts:request", "accounts:requests", "metrics", "season:file", "season:help_requests"},
}
WRITES = {
    "figures": set(),
    "support": {"accounts:bounce", "accounts:confirm_signature", "accounts:end_membership", "accounts:helpers"}
    | {"accounts:end_person_sessions"}
    | {"accounts:look", "accounts:remove_helper", "accounts:request", "accounts:retry_job", "accounts:retry_jobs"}
    | {"accounts:send_again", "accounts:stop_looking", "season:close_help", "season:note", "season:read"},
}
# What is the organiser's and no applicant's, no juror's.
OFFICE = [
    name
    for name, row in MATRIX.items()
    if row.get["agent"] in REFUSED
    and row.get["juror"] in REFUSED
    and "agent" not in row.post
    and "juror" not in row.post
    and ("organiser" in row.post or row.get["organiser"] == 200)
]


@pytest.fixture(scope="module")
def desks(season):
    found = {}
    for role in READS:
        person = make_user(f"Poste {role}", "", desk=OrganiserRole(role))
        found[role] = Client()
        found[role].force_login(person)
    return found


def ask(client, method, name, season):
    address, data = MATRIX[name].address(name, season), MATRIX[name].data if method == "post" else None
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(address, data)
        b"".join(response)
        transaction.set_rollback(True)
    # The address of a form leads to its page, which is asked for itself.
    led = method == "get" and MATRIX[name].get == POST_ONLY and response.status_code == 302
    return 405 if led else response.status_code, writes(queries)


@pytest.mark.parametrize("role", READS)
def test_desk_reads_what_its_rights_say_and_nothing_else(desks, season, role):
    assert {name for name in OFFICE if ask(desks[role], "get", name, season)[0] not in REFUSED} == READS[role]


@pytest.mark.parametrize("role", WRITES)
def test_desk_writes_what_its_rights_say_and_changes_nothing_else(desks, season, role):
    answers = {name: ask(desks[role], "post", name, season) for name in OFFICE}

    assert {name for name, (status, _written) in answers.items() if status not in REFUSED} == WRITES[role]
    assert [name for name, (_status, written) in answers.items() if name not in WRITES[role] and written] == []


def test_office_is_what_only_organisers_open():
    assert {"season:calendar", "season:letters", "jury:panel", "results:publication"} <= set(OFFICE)
