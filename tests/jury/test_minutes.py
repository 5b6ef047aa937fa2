import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import note_sign_in
from accounts.models import AuditEntry
from accounts.refusals import NotNow, Refused
from assessments import actions as applications
from assessments.enums import State
from documents import french
from jury import actions
from jury.jobs import minutes
from jury.models import Minutes
from outbox import jobs
from outbox.doors import files
from outbox.models import Job
from tests.documents.test_report import text_of

PAGE = "/jury/proces-verbal/2027/"


def sign(chair, present, now, **fields):
    fields = {"held_on": timezone.localdate(now), "place": "Lyon", "statement": True, "remarks": "", **fields}
    return actions.sign_minutes(by=chair, present=present, now=now, **fields)


def there(*jurors, **others):
    """What the form posts: who was present, and others by their pk."""
    return {f"presence_{juror.pk}": "present" for juror in jurors} | others


def plain(text):
    """With ordinary spaces."""
    return " ".join(text.split())


@pytest.fixture
def voted(read_twice, jeanne, jules, chair, now):
    """Decided at 3 after a vote, against an examined level of 4."""
    ballot = actions.open_ballot(application=read_twice, by=chair, now=now)
    for juror, choice in ((jeanne, 3), (jules, 3), (chair, None)):
        actions.vote(ballot=ballot, choice=choice, by=juror, now=now)
    actions.close_ballot(ballot=ballot, by=chair, now=now)
    actions.decide(application=read_twice, level=3, reasons="Le jury l’a voté.", honours=["Accueil"], by=chair, now=now)
    return read_twice


@pytest.fixture
def nora(panel, organiser, now, aubaine):
    """Recused from Aubaine's file, by a row."""
    return actions.add_juror(panel=panel, email="n@jury.example", name="Nora", function="élue", by=organiser, now=now)


def test_sign_freezes_attendance_recusals_votes_and_reasons(nora, aubaine, voted, jeanne, jules, chair, now):
    actions.recuse(juror=nora, application=voted, reason="Une amie.", by=nora.user, now=now)
    said = sign(chair, [jeanne, jules, chair], now).content
    assert (said["present"], said["absent"]) == (["Clémence", "Jeanne", "Jules"], ["Nora"])
    assert said["recusals"] == [["Nora", "Aubaine"]]
    [line] = said["decisions"]
    assert (line["computed"], line["granted"], line["honours"]) == (4, 3, ["Accueil"])
    assert line["reasons"] == "Le jury l’a voté."
    assert "3 arobases\u202f: 2 voix, 1 abstention" in line["votes"][0]


def test_sign_reports_each_decision_once(voted, jeanne, jules, chair, now):
    sign(chair, [jeanne, jules, chair], now)
    with pytest.raises(NotNow, match="n’attend"):
        sign(chair, [jeanne, jules, chair], now)


# --- the states of the minutes of one file: what awaits some, what they report, which earlier ones they cite


def awaits(chair):
    return len(minutes.decisions_to_report(chair))


def test_states_of_minutes(voted, jeanne, jules, chair, now):
    """decided → signed → reopened → decided again → signed again: nothing of what was signed changes."""
    there = [jeanne, jules, chair]
    assert awaits(chair) == 1
    first = sign(chair, there, now)
    frozen = dict(first.content)
    assert (awaits(chair), frozen["decisions"][0]["instead_of"]) == (0, "")
    actions.reopen(application=voted, by=chair, reason="Une erreur.", now=now)
    assert awaits(chair) == 0
    actions.decide(application=voted, level=4, by=chair, now=now)
    assert awaits(chair) == 1
    second = sign(chair, there, now)
    assert (awaits(chair), [line["granted"] for line in second.content["decisions"]]) == (0, [4])
    cited = second.content["decisions"][0]["instead_of"]
    assert (french.day(first.held_on) in cited, "3 arobases" in cited, "Une erreur." in cited) == (True, True, True)
    first.refresh_from_db()
    assert (first.content, first.decisions.get().level) == (frozen, 3)


@pytest.mark.parametrize(
    ("done", "awaiting", "signed", "cites"),
    [
        ("", 0, 0, None),
        ("decide", 1, 0, None),
        ("decide reopen", 0, 0, None),
        ("decide reopen decide", 1, 0, None),
        ("decide sign", 0, 1, ""),
        ("decide sign publish", 0, 1, ""),
        ("decide publish", 1, 0, None),
        ("decide publish sign", 0, 1, ""),
        ("decide reopen decide sign", 0, 1, ""),
        ("decide sign reopen", 0, 1, ""),
        ("decide sign reopen decide", 1, 1, ""),
        ("decide sign reopen decide sign", 0, 2, "Raison 3"),
        ("decide sign reopen decide reopen decide sign", 0, 2, "Raison 3"),
        ("decide sign reopen decide sign reopen decide sign", 0, 3, "Raison 6"),
    ],
)
def test_minutes_after(read_twice, jeanne, jules, chair, organiser, now, done, awaiting, signed, cites):
    """What awaits minutes, how many are signed, and the reason for which the last ones cite those before."""
    steps = {
        "decide": lambda n, at: actions.decide(application=read_twice, level=4, by=chair, now=at),
        "reopen": lambda n, at: actions.reopen(application=read_twice, by=chair, reason=f"Raison {n}", now=at),
        "sign": lambda n, at: sign(chair, [jeanne, jules, chair], at),
        "publish": lambda n, at: applications.move(application=read_twice, to=State.PUBLISHED, by=organiser, now=at),
    }
    for number, step in enumerate(done.split(), 1):
        steps[step](number, now + timedelta(minutes=number))
        read_twice.refresh_from_db()
    rows = list(Minutes.objects.order_by("signed_at"))
    assert (awaits(chair), len(rows)) == (awaiting, signed)
    if cites is not None:
        said = rows[-1].content["decisions"][0]["instead_of"]
        assert (cites in said, bool(said)) == (True, bool(cites))


def test_a_decision_reopened_before_any_signature_cites_nothing(voted, jeanne, jules, chair, now):
    actions.reopen(application=voted, by=chair, reason="Une erreur.", now=now)
    assert awaits(chair) == 0
    actions.decide(application=voted, level=4, by=chair, now=now)
    assert sign(chair, [jeanne, jules, chair], now).content["decisions"][0]["instead_of"] == ""


def test_third_minutes_cite_the_second(voted, jeanne, jules, chair, now):
    """Each reports where the one before stood."""
    for level, day in ((None, 0), (4, 1), (5, 2)):
        later = now + timedelta(days=day)
        if level:
            actions.reopen(application=voted, by=chair, reason=f"Raison {day}.", now=later)
            actions.decide(application=voted, level=level, reasons="Le jury l’a dit.", by=chair, now=later)
        last = sign(chair, [jeanne, jules, chair], later)
    assert "Raison 2." in last.content["decisions"][0]["instead_of"]
    assert "Raison 1." not in last.content["decisions"][0]["instead_of"]


def test_paper_bears_the_day_of_the_signature(voted, jeanne, jules, chair, now, tmp_path):
    """Not that of the session, held before."""
    row = sign(chair, [jeanne, jules, chair], now, held_on=timezone.localdate(now - timedelta(days=2)))
    day = french.day(timezone.localdate(now))
    assert plain(f"Fait à Lyon, le {day}") in plain(text_of(minutes.draw(row), tmp_path))


def test_excused_and_absent_are_told_apart(nora, voted, jeanne, jules, chair, sign_in, tmp_path):
    posted = {"held_on": timezone.localdate().isoformat(), "place": "Lyon", "statement": "on", "remarks": ""}
    told = there(chair, jules, jeanne, **{f"presence_{nora.pk}": "excused"})
    assert sign_in(chair.user).post(PAGE, posted | told).status_code == 302
    row = Minutes.objects.get()
    assert (row.content["excused"], row.content["absent"]) == (["Nora"], [])
    assert "Excusés : Nora" in plain(text_of(minutes.draw(row), tmp_path))


def test_paper_of_minutes_signed_before_the_two_were_told_apart(voted, nora, jeanne, jules, chair, now, tmp_path):
    row = sign(chair, [jeanne, jules, chair], now)
    del row.content["excused"]
    assert "Absents ou excusés : Nora" in plain(text_of(minutes.draw(row), tmp_path))


@pytest.mark.parametrize(
    ("there", "fields", "words"),
    [
        (("jeanne", "jules", "chair"), {"statement": False}, "cochez la case"),
        (("jeanne", "jules"), {}, "votre présence"),
        (("chair",), {}, "quorum"),
    ],
)
def test_sign_without_statement_or_quorum_is_refused(voted, chair, there, fields, words, request, now):
    with pytest.raises(Refused, match=words):
        sign(chair, [request.getfixturevalue(who) for who in there], now, **fields)
    assert not Minutes.objects.exists()


@pytest.mark.parametrize(("days", "words"), [(1, "pas encore eu lieu"), (-4, "n’existait pas encore")])
def test_sign_on_a_day_that_cannot_be_is_refused(voted, jeanne, jules, chair, now, days, words):
    day = timezone.localdate(now + timedelta(days=days))
    with pytest.raises(Refused, match=words):
        sign(chair, [jeanne, jules, chair], now, held_on=day)
    assert not Minutes.objects.exists()


@pytest.mark.parametrize("days", [0, -3])
def test_sign_on_the_day_or_since_the_panel_sits(voted, jeanne, jules, chair, now, days):
    day = timezone.localdate(now + timedelta(days=days))
    assert sign(chair, [jeanne, jules, chair], now, held_on=day).held_on == day


def test_page_starts_from_those_who_voted(nora, voted, jeanne, jules, chair, sign_in):
    form = sign_in(chair.user).get(PAGE).context["form"]
    started = {field.label: field.value() for field in form.presences}
    assert started == {"Clémence": "present", "Jeanne": "present", "Jules": "present", "Nora": "absent"}


def test_vote_without_reading_is_presence(nora, read_twice, jeanne, jules, chair, now):
    actions.declare(juror=nora, by=nora.user, now=now)
    ballot = actions.open_ballot(application=read_twice, by=chair, now=now)
    for juror in (nora, jeanne, jules):
        actions.vote(ballot=ballot, choice=4, by=juror, now=now)
    actions.close_ballot(ballot=ballot, by=chair, now=now)
    actions.decide(application=read_twice, level=4, by=chair, now=now)
    assert nora in minutes.seen_at_work(chair, minutes.decisions_to_report(chair))


def test_reading_without_a_sign_in_is_no_presence(read_twice, jeanne, jules, chair, now):
    """Of those who read, who came on the day of the decision was there."""
    actions.decide(application=read_twice, level=4, by=chair, now=now)
    note_sign_in(user=jeanne.user, methods=["password"])

    assert set(minutes.seen_at_work(chair, minutes.decisions_to_report(chair))) == {chair, jeanne}


def test_sign_in_of_another_day_is_no_presence(read_twice, jeanne, chair, now):
    note_sign_in(user=jeanne.user, methods=["password"])
    AuditEntry.objects.filter(verb="user.signed_in").update(at=now - timedelta(days=2))
    actions.decide(application=read_twice, level=4, by=chair, now=now)

    assert set(minutes.seen_at_work(chair, minutes.decisions_to_report(chair))) == {chair}


def test_page_keeps_what_was_typed_when_the_day_is_refused(voted, jeanne, jules, chair, sign_in):
    tomorrow = timezone.localdate() + timedelta(days=1)
    posted = {"held_on": tomorrow.isoformat(), "place": "Saint-Malo", "statement": "on", **there(jeanne, jules, chair)}
    answer = sign_in(chair.user).post(PAGE, posted)
    assert answer.status_code == 422
    assert ("pas encore eu lieu" in answer.text, "Saint-Malo" in answer.text) == (True, True)


def test_sign_leaves_the_files_of_a_recused_chair_to_who_stands_in(read_twice, jeanne, jules, chair, now):
    actions.recuse(juror=chair, application=read_twice, reason="Un ami.", by=chair.user, now=now)
    actions.decide(application=read_twice, level=4, by=jeanne, now=now)
    with pytest.raises(NotNow):
        sign(chair, [jeanne, jules, chair], now)
    assert len(sign(jeanne, [jeanne, jules, chair], now).content["decisions"]) == 1


def test_job_makes_a_sealed_paper_and_keeps_its_digest(voted, jeanne, jules, chair, now):
    row = sign(chair, [jeanne, jules, chair], now, remarks="Une belle séance.")
    jobs.run(Job.objects.get(kind="minutes.make").pk)
    row.refresh_from_db()
    paper = files.read(row.file)
    assert paper.startswith(b"%PDF")
    assert b"/ByteRange" in paper
    assert row.sealed_by
    digest = hashlib.sha256(paper).hexdigest()
    assert AuditEntry.objects.get(verb="jury.minutes_made").detail == {"sha256": digest}


def test_sign_from_the_page(voted, jeanne, jules, chair, sign_in):
    client = sign_in(chair.user)
    assert "1 décision y sera rapportée" in client.get(PAGE).content.decode()
    form = {"held_on": timezone.localdate().isoformat(), "place": "Lyon", **there(jeanne, jules, chair)}
    assert client.post(PAGE, form).status_code == 422
    assert client.post(PAGE, form | {"statement": "on"}).url == PAGE
    page = client.get(PAGE).content.decode()
    assert "signé par Clémence" in page
    assert "se prépare" in page


@pytest.mark.parametrize(("who", "status"), [("jeanne", 404), ("chair", 200), ("organiser", 200), ("agent", 404)])
def test_page_is_for_who_presides_and_who_organises(voted, jeanne, jules, chair, who, status, request, now, sign_in):
    sign(chair, [jeanne, jules, chair], now)
    person = request.getfixturevalue(who)
    assert sign_in(getattr(person, "user", person)).get(PAGE).status_code == status


def test_minutes_are_hidden_from_an_organiser_who_is_recused(voted, jeanne, jules, chair, now):
    sign(chair, [jeanne, jules, chair], now)
    jeanne.user.is_organiser = True
    assert minutes.readable_by(jeanne.user, year=2027).count() == 1
    actions.recuse(juror=jeanne, application=voted, reason="Un ami.", by=jeanne.user, now=now)
    assert minutes.readable_by(jeanne.user, year=2027).count() == 0


def test_file_of_minutes_that_is_not_made_is_not_found(voted, jeanne, jules, chair, now, sign_in):
    row = sign(chair, [jeanne, jules, chair], now)
    assert sign_in(chair.user).get(reverse("jury:minutes_file", args=[2027, row.pk])).status_code == 404
