"""Files chosen on the board: seen before anything is done, those left out with the reason; the board as a workbook."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Initiative
from documents import workbook
from jury import actions
from jury.models import Ballot, Deadline, Decision

BATCH = "/jury/deliberation/2027/lot/"
BOARD = "/jury/deliberation/2027/"
FILE = BOARD + "classeur/"


def preview(client, act, *codes):
    context = client.get(BATCH, {"faire": act, "file": codes}).context
    return [line.application for line in context["ready"]], {line.application for line in context["left_out"]}


@pytest.mark.parametrize(
    ("act", "ready", "left_out"), [("date", ["agreed", "other"], []), ("vote", ["agreed"], ["other"])]
)
def test_preview_tells_what_would_be_done(agreed, other, chair, act, ready, left_out, sign_in, request):
    value = request.getfixturevalue
    found = preview(sign_in(chair.user), act, "01901", "01902")
    assert found == ([value(name) for name in ready], {value(name) for name in left_out})
    assert not Ballot.objects.exists()


def test_preview_of_decisions_leaves_out_what_is_disputed(read_twice, other, chair, sign_in):
    assert preview(sign_in(chair.user), "decision", "01901", "01902") == ([], {read_twice, other})


def test_a_day_is_wanted_for_the_files_chosen(agreed, other, chair, sign_in):
    day = timezone.localdate() + timedelta(days=10)
    posted = {"faire": "date", "file": ["01901", "01902"], "day": day.isoformat()}
    assert sign_in(chair.user).post(BATCH, posted).url == BOARD
    assert set(Deadline.objects.values_list("application", "day")) == {(agreed.pk, day), (other.pk, day)}


def test_a_day_that_cannot_be_is_told_beside_it(agreed, chair, sign_in):
    posted = {"faire": "date", "file": ["01901"], "day": "2020-01-01"}
    answer = sign_in(chair.user).post(BATCH, posted)
    assert (answer.status_code, "date souhaitée est à venir" in answer.text) == (422, True)


def test_votes_are_opened_on_the_files_chosen(agreed, other, chair, sign_in):
    sign_in(chair.user).post(BATCH, {"faire": "vote", "file": ["01901", "01902"]})
    assert [ballot.application for ballot in Ballot.objects.all()] == [agreed]


def test_undisputed_files_chosen_are_decided(agreed, other, chair, sign_in):
    sign_in(chair.user).post(BATCH, {"faire": "decision", "file": ["01901", "01902"]})
    assert [(row.application, row.level) for row in Decision.objects.all()] == [(agreed, 4)]


def test_nothing_chosen_leads_back_to_the_board(agreed, chair, sign_in):
    assert sign_in(chair.user).get(BATCH, {"faire": "date"}).url == BOARD


def test_a_hidden_file_is_no_file(agreed, chair, now, sign_in):
    actions.recuse(juror=chair, application=agreed, reason="Un ami.", by=chair.user, now=now)
    assert sign_in(chair.user).get(BATCH, {"faire": "date", "file": ["01901"]}).url == BOARD


# --- the workbook


def sheets(client):
    found = workbook.read(client.get(FILE).content, "Dossiers", "Lectures", "Avis")
    return {name: " ".join(cell.text for cell in cells.values()) for name, cells in found.items()}


def test_workbook_holds_files_readings_and_rulings(read_twice, chair, sign_in):
    said = sheets(sign_in(chair.user))
    assert all("Aubaine" in sheet for sheet in said.values())
    assert ("Entre nous, le dossier est fragile." in said["Lectures"], "Pas de maternité." in said["Avis"]) == (
        True,
        True,
    )


def test_workbook_tells_what_was_accepted_as_read_and_taken_back(in_reading, jeanne, chair, now, sign_in):
    on = [Initiative.objects.get()]
    [ruling] = actions.accept_as_read(application=in_reading, on=on, part="Les initiatives", by=jeanne, now=now)
    client = sign_in(chair.user)
    assert "accepté à la lecture" in sheets(client)["Avis"]
    actions.take_back(application=in_reading, rulings=[ruling.pk], by=jeanne, now=now)
    assert "puis repris" in sheets(client)["Avis"]


def test_workbook_hides_the_readings_from_a_chair_who_has_yet_to_read(read_twice, chair, organiser, now, sign_in):
    actions.assign(application=read_twice, juror=chair, by=organiser, now=now)
    said = sheets(sign_in(chair.user))
    assert ("après votre lecture" in said["Dossiers"], "Aubaine" in said["Lectures"]) == (True, False)


def test_workbook_of_a_recused_chair_says_nothing_of_the_file(read_twice, other, chair, now, sign_in):
    actions.recuse(juror=chair, application=read_twice, reason="Un ami.", by=chair.user, now=now)
    assert all("Aubaine" not in sheet for sheet in sheets(sign_in(chair.user)).values())


@pytest.mark.parametrize("count", [1, 4])
def test_workbook_takes_the_same_few_queries(read_twice, more_files, chair, count, sign_in):
    more_files(count)
    client = sign_in(chair.user)
    with CaptureQueriesContext(connection) as seen:
        client.get(FILE)
    assert len(seen) == 6
