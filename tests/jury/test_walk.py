"""Every address of the jury, walked by those who may know nothing of a file: neither it nor a word on it shows."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from accounts.models import Role
from assessments.models import Evidence
from jury import actions
from jury.jobs import figures
from jury.pages.batches import Act
from outbox.doors import files as stored_files
from outbox.models import Mail
from tests.conftest import join, make_user
from tests.season import work

from .conftest import accept_claim, read, reading, seat

pytestmark = pytest.mark.trial

CANARY = "canari-secret"
POSTED = {
    "reason": "Parce que.",
    "kind": "claim",
    "id": "SER-02",
    "accepted": "oui",
    "level": "4",
    "juror": "1",
    "territory": "01902",
    "nature": "voisine",
    "grounds": "Relisez.",
    "seen": "0",
    "choice": "1",
    "file": "01901:4",
    "chosen": "1",
    "quorum": "2",
    "faire": "date",
    "day": "2027-01-15",
}


@pytest.fixture
def spoken_of(in_reading, jeanne, jules, chair, now):
    """Aubaine's file, read twice and decided, the canary in everything that the jury wrote."""
    piece = Evidence.objects.create(
        application=in_reading,
        title=CANARY,
        file=stored_files.store(CANARY.encode(), content_type="text/plain"),
        file_name=f"{CANARY}.txt",
    )
    piece.uses.create(question_id="INC-02")
    for juror in (jeanne, jules):
        words = reading(proposed_level=4, comment_to_jury=CANARY, comment_to_territory=CANARY)
        actions.submit_review(application=in_reading, by=juror, reading=words, seen=0, now=now)
    actions.rule(application=in_reading, on="SER-02", accepted=True, reason=CANARY, by=jeanne, now=now)
    ballot = actions.open_ballot(application=in_reading, honour=CANARY, by=chair, now=now)
    for juror in (jeanne, jules, chair):
        actions.vote(ballot=ballot, choice=1, by=juror, now=now)
    actions.close_ballot(ballot=ballot, by=chair, now=now)
    actions.decide(application=in_reading, level=5, reasons=CANARY, comment_to_territory=CANARY, by=chair, now=now)
    there = [jeanne, jules, chair]
    actions.sign_minutes(
        by=chair, held_on=timezone.localdate(now), place=CANARY, present=there, remarks=CANARY, statement=True, now=now
    )
    compute(chair, now)
    return in_reading


def compute(chair, now):
    """The figures of the jury, anew."""
    figures.ask(chair.panel, now=now)
    work("jury.figures")


def addresses(pk):
    """All of them, by name, so that a new one is walked without being asked."""
    values = {"code": "01901", "year": 2027, "pk": pk, "number": 1, "axis": "inclusion", "kind": "evidence", "name": pk}
    for pattern in get_resolver("jury.urls").url_patterns:
        names = pattern.pattern.converters
        try:
            yield reverse(f"jury:{pattern.name}", kwargs={name: values[name] for name in names})
        except (KeyError, NoReverseMatch) as error:
            raise AssertionError(f"jury:{pattern.name} is not walked") from error


def every():
    pks = (1, Evidence.objects.latest("pk").pk)
    found = [address for pk in pks for address in addresses(pk)]
    found += [f"{reverse('jury:batch', args=[2027])}?file=01901&file=01902&faire={act}" for act in Act.values]
    beside = reverse("jury:side_by_side", args=[2027])
    found += [f"{beside}?file=01901&file=01902", f"{beside}?file=01902", f"{beside}?file=01902&file=01901"]
    return dict.fromkeys(found)


def walk(client):
    """Everything that every address answers: all read first, then all posted to."""
    for send in (client.get, lambda address: client.post(address, POSTED)):
        for address in every():
            answer = send(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield address, answer.status_code, unpacked(content).decode()


def unpacked(content):
    """What a workbook says, or the content as it is."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def traces(client, words):
    """The addresses that answer with one of these words; none answers with a fault."""
    told = list(walk(client))
    assert {status for _address, status, _text in told} <= {200, 302, 400, 403, 404, 405, 409, 422}
    # The footer says back the address that was asked for, to whoever typed it.
    asked = [(address, text.replace(address, "")) for address, _status, text in told]
    return {address for address, text in asked if any(word in text for word in words)}


@pytest.mark.parametrize("who", ["jeanne", "chair"])
def test_walk_finds_the_file_when_it_may_be_seen(spoken_of, who, request, sign_in):
    found = traces(sign_in(request.getfixturevalue(who).user), [CANARY])
    assert reverse("jury:file", args=["01901", 2027]) in found
    assert reverse("jury:evidence", args=["01901", 2027, Evidence.objects.latest("pk").pk]) in found
    assert (reverse("jury:board_file", args=[2027]) in found) == (who == "chair")


@pytest.mark.parametrize("who", ["jeanne", "chair"])
def test_walk_of_a_recused_juror_finds_no_trace(spoken_of, other, who, now, request, sign_in):
    juror = request.getfixturevalue(who)
    actions.recuse(juror=juror, application=spoken_of, reason="Un ami.", by=juror.user, now=now)
    assert traces(sign_in(juror.user), [CANARY, "Aubaine", "01901"]) == set()


def test_walk_of_a_juror_attached_since_finds_no_trace(spoken_of, other, aubaine, jeanne, sign_in):
    join(jeanne.user, aubaine, Role.READER)
    found = traces(sign_in(jeanne.user), [CANARY])
    assert found == set()


def test_walk_of_a_recused_juror_who_organises_finds_no_trace(spoken_of, other, jeanne, now, sign_in):
    actions.recuse(juror=jeanne, application=spoken_of, reason="Un ami.", by=jeanne.user, now=now)
    jeanne.user.is_organiser = True
    jeanne.user.save()
    assert traces(sign_in(jeanne.user), [CANARY, "Aubaine"]) == set()


@pytest.mark.parametrize("who", ["agent", "signatory", "reader", "stranger", "organiser"])
def test_walk_of_who_does_not_sit_finds_no_word_of_the_jury(spoken_of, who, request, sign_in):
    assert traces(sign_in(request.getfixturevalue(who)), [CANARY]) == set()


def test_walk_of_a_passer_by_finds_nothing(spoken_of, client):
    assert {status for _address, status, _text in walk(client)} <= {302, 405}


def test_no_mail_holds_a_word_of_the_jury(spoken_of):
    assert Mail.objects.exists()
    assert not Mail.objects.filter(text__contains=CANARY).exists()


# --- what two visits tell by their difference

# What changes from one visit to the next whatever the jury does.
PASSING = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"|Calculés le [^<]*|<dcterms:[^/]*/')


def pages(client):
    """All that each address says, less that."""
    answers = {address: client.get(address) for address in every()}
    contents = {
        address: b"".join(answer.streaming_content) if answer.streaming else answer.content
        for address, answer in answers.items()
    }
    return {address: PASSING.sub("", unpacked(content).decode()) for address, content in contents.items()}


@pytest.mark.parametrize("who", ["chair", "nora"])
def test_no_page_changes_with_a_reading_that_is_hidden(
    spoken_of, other, jeanne, jules, chair, panel, organiser, now, who, sign_in
):
    """Figures, exports, board and side by side before and after: nothing tells how a hidden file was judged."""
    nora = seat(panel, make_user("Nora", "juriste"), organiser, now)
    juror = chair if who == "chair" else nora
    for reader in (jeanne, jules):
        actions.assign(application=other, juror=reader, by=organiser, now=now)
    actions.recuse(juror=juror, application=other, reason="Un ami.", by=juror.user, now=now)
    compute(chair, now)
    client = sign_in(juror.user)
    before = pages(client)
    read(other, jeanne, now, proposed_level=1)
    accept_claim(other, jeanne, now)
    compute(chair, now)
    after = pages(client)
    assert [address for address in before if before[address] != after[address]] == []


def test_no_mail_tells_a_recused_juror_of_the_file(in_reading, jeanne, jules, chair, panel, organiser, now):
    """Wanted for a day, sent back, read, put to the vote, decided: each tells others by mail."""
    nora = seat(panel, make_user("Nora", "juriste"), organiser, now)
    actions.recuse(juror=nora, application=in_reading, reason="Un ami.", by=nora.user, now=now)
    told = Mail.objects.filter(to=nora.user.email).count()
    day = timezone.localdate(now + timedelta(days=2))
    actions.want_by(applications=[in_reading], day=day, by=chair, now=now)
    for juror in (jeanne, jules):
        read(in_reading, juror, now, proposed_level=4)
    accept_claim(in_reading, jeanne, now)
    actions.open_ballot(application=in_reading, by=chair, now=now)
    assert Mail.objects.filter(to=jeanne.user.email, key__startswith="ballot-opened").exists()
    ballot = in_reading.ballots.get()
    for juror in (jeanne, jules, chair):
        actions.vote(ballot=ballot, choice=4, by=juror, now=now)
    actions.close_ballot(ballot=ballot, by=chair, now=now)
    actions.decide(application=in_reading, level=4, by=chair, now=now)
    assert Mail.objects.filter(to=nora.user.email).count() == told
