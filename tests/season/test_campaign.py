import itertools
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.refusals import Refused
from assessments.doors import frameworks
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.rules import zones
from documents import workbook
from documents.workbook import Column, Table
from instance.queries import current
from jury.models import Assignment, Juror, Panel, Recusal
from outbox import jobs
from outbox.doors import letters
from outbox.jobs import mail
from outbox.models import Job, JobState, Mail, MailState
from season.actions import calendar
from season.actions import campaign as actions
from season.doors import campaign as door
from season.doors import lists
from season.enums import Segment
from season.models import Dispatch, Guest, Message, MilestoneKind, Mute
from season.queries import campaign as queries
from season.rules.segments import Case, belongs
from tests.conftest import make_territory
from tests.smtp import catcher

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CAMPAIGN = "/organisation/editions/2027/campagne/"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def edition(framework, now):
    dates = {"opens_at": now - 60 * DAY, "closes_at": now + 30 * DAY, "results_at": now + 90 * DAY}
    return Edition.objects.create(year=2027, framework=framework, **dates)


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def guest(edition, territory, email, by):
    return Guest.objects.create(edition=edition, territory=territory, email=email, added_by=by)


def written(edition, by, segment=Segment.INVITED, **values):
    values = {"subject": "{commune} et le label", "text": "Bonjour {personne},\n{lien}\nAvant le {clôture}.", **values}
    values = {"segment": segment, "leaves_at": None, "days_before": None, "per_minute": 60, **values}
    return actions.write_message(message=Message(edition=edition), values=values, by=by, now=timezone.now())


def leave(message, by):
    actions.plan_message(message=message, by=by, now=timezone.now())
    jobs.run(Job.objects.get(kind="campaign.send").pk)
    message.refresh_from_db()


def deliver():
    for job in Job.objects.filter(kind="mail.send", state=JobState.TODO):
        jobs.run(job.pk)


# --- segments


@pytest.mark.parametrize(
    ("segment", "holds"),
    [
        (Segment.INVITED, lambda c: c.invited and not c.has_account and c.state is None),
        (Segment.STARTED, lambda c: c.state == State.DRAFT),
        (Segment.STUCK, lambda c: c.state == State.DRAFT and c.stuck),
        (Segment.UNSIGNED, lambda c: c.state == State.DRAFT and c.complete),
        (Segment.SUBMITTED, lambda c: c.state in {State.SUBMITTED, State.UNDER_REVIEW}),
        (Segment.RETURNED, lambda c: c.state == State.RETURNED),
        (Segment.ABSENT, lambda c: c.state is None and c.labelled),
        (Segment.NEVER, lambda c: c.state is None and not (c.labelled or c.applied) and (c.invited or c.has_account)),
        (Segment.LATE_JURORS, lambda c: c.missing_readings > 0),
    ],
)
def test_truth_table_of_segments(segment, holds):
    both = (False, True)
    cases = itertools.product(both, both, (None, *State), both, both, both, both, (0, 2))

    for values in cases:
        case = Case(*values)
        assert belongs(segment, case) is holds(case), case


def test_nobody_is_urged_who_withdrew():
    case = Case(True, True, state=State.WITHDRAWN, stuck=True, complete=True)

    assert not any(belongs(segment, case) for segment in Segment)


def test_recipients_are_people_not_files(edition, aubaine, beaupre, agent, signatory, reader, organiser, now):
    Application.objects.create(edition=edition, territory=aubaine, framework=edition.framework)
    guest(edition, beaupre, "mairie@beaupre.example", organiser)
    guest(edition, aubaine, agent.email, organiser)

    def emails(segment):
        return {row.email for row in queries.recipients(edition, segment, now=now)}

    assert emails(Segment.STARTED) == {agent.email, signatory.email}
    assert emails(Segment.INVITED) == {"mairie@beaupre.example"}
    assert emails(Segment.STUCK) == emails(Segment.RETURNED) == set()


@pytest.mark.parametrize(
    ("state", "recused", "late"),
    [
        (State.SUBMITTED, False, True),
        (State.UNDER_REVIEW, False, True),
        (State.UNDER_REVIEW, True, False),
        (State.RETURNED, False, False),
        (State.DECIDED, False, False),
        (State.WITHDRAWN, False, False),
        (State.INELIGIBLE, False, False),
    ],
)
def test_jurors_late_may_still_read(edition, aubaine, juror_user, organiser, now, state, recused, late):
    file = Application.objects.create(
        edition=edition,
        territory=aubaine,
        framework=edition.framework,
        state=state,
        state_reason="Un document manque.",
        submitted_at=now,
        submitted_by=organiser,
    )
    juror = Juror.objects.create(panel=Panel.objects.create(edition=edition), user=juror_user)
    Assignment.objects.create(juror=juror, application=file)
    if recused:
        Recusal.objects.create(juror=juror, application=file, reason="Une amie.")

    found = queries.recipients(edition, Segment.LATE_JURORS, now=now)

    assert [row.email for row in found] == [juror_user.email] * late


def test_recipients_ask_the_same_of_many(edition, department, organiser, now, django_assert_max_num_queries):
    for number in range(100, 150):
        territory = make_territory(department, f"01{number}", f"Ville {number}", 900)
        guest(edition, territory, f"mairie{number}@x.example", organiser)
        Application.objects.create(edition=edition, territory=territory, framework=edition.framework)

    for segment in Segment:
        with django_assert_max_num_queries(10):
            queries.recipients(edition, segment, now=now)


def test_unsigned_are_complete_drafts(edition, aubaine, beaupre, agent, stranger, now):
    """The small questionnaire has no entry path: nothing lacks. The real one does."""
    Application.objects.create(edition=edition, territory=aubaine, framework=edition.framework)
    real = frameworks.load(frameworks.shipped_source(2027))
    Application.objects.create(edition=edition, territory=beaupre, framework=real)

    assert {row.email for row in queries.recipients(edition, Segment.UNSIGNED, now=now)} == {agent.email}


# --- lists


def test_lines_of_a_csv_of_windows():
    content = "Code INSEE;Adresse électronique\n1901;mairie@x.example\n;\n".encode("cp1252")

    assert lists.lines(content) == [lists.Line(2, "1901", "", "", "mairie@x.example")]


def test_lines_of_a_workbook():
    table = Table("Liste", (Column("Nom", 20), Column("Courriel", 20)), (("Aubaine", "mairie@x.example"),))

    assert lists.lines(workbook.write("Liste", [table])) == [lists.Line(2, "", "Aubaine", "", "mairie@x.example")]


def test_lines_of_a_workbook_are_all_read_or_refused():
    def book(count):
        rows = tuple((f"{number:05}", f"mairie{number}@x.example") for number in range(count))
        columns = (Column("Code", 20), Column("Courriel", 20))
        return workbook.write("Liste", [Table("Liste", columns, rows, locked=False)])

    assert len(lists.lines(book(4_999))) == 4_999
    with pytest.raises(Refused, match="5 000 lignes"):
        lists.lines(book(5_000))


def test_the_surest_column_is_taken():
    content = b"Nom;Adresse;Commune;Courriel\nMartin;1 rue Haute;Aubaine;a@x.example\n"

    assert lists.lines(content) == [lists.Line(2, "", "Aubaine", "", "a@x.example")]


def test_codes_are_read_as_hands_and_spreadsheets_write_them():
    assert [lists.padded(code) for code in ("1901", "01901", "2a004")] == ["01901", "01901", "2A004"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"a;b\n1;2\n", b"\x00\x01", b"x" * 3_000_000])
def test_lines_of_what_is_no_list(content):
    with pytest.raises(Refused):
        lists.lines(content)


def test_read_judges_each_line(aubaine, beaupre, department):
    make_territory(department, "01903", "Aubaine", 300)
    found = lists.lines(
        "code,nom,département,adresse\n01901,,,A@x.example\n,Beaupré,01,b@x.example\n,Aubaine,,c@x.example\n"
        ",Nulle-Part,,d@x.example\n99999,,,e@x.example\n01902,,,pas une adresse\n,,,f@x.example\n"
        "01901,,,a@x.example\n".encode()
    )

    reading = lists.read(found, queries.meant(*lists.meant(found)))

    assert [(row.territory, row.email) for row in reading.guests] == [
        (aubaine, "a@x.example"),
        (beaupre, "b@x.example"),
    ]
    assert [fault.number for fault in reading.faults] == [4, 5, 6, 7, 8]
    assert "Plusieurs collectivités" in reading.faults[0].what
    assert reading.repeated == 1


def test_a_list_is_written_once_confirmed(page, edition, aubaine):
    file = ContentFile(b"code;adresse\n01901;mairie@x.example\n01901;rien\n", "liste.csv")
    preview = page.post(f"{CAMPAIGN}invitees/", {"file": file, "role": "signatory"})
    assert "1 ligne est laissée de côté" in text(preview)
    assert not Guest.objects.exists()

    lines = preview.context["lines"]
    for _time in range(2):
        page.post(f"{CAMPAIGN}invitees/confirmer/", {"lines": lines})

    assert [(row.territory, row.email) for row in Guest.objects.all()] == [(aubaine, "mairie@x.example")]
    assert page.post(f"{CAMPAIGN}invitees/confirmer/", {"lines": lines + "x"}).status_code == 400


def test_no_button_counts_nothing(page, edition, aubaine, organiser):
    assert "0 adresse" not in text(page.get(CAMPAIGN))

    guest(edition, aubaine, "mairie@x.example", organiser)

    assert "1 adresse invitée" in text(page.get(CAMPAIGN))


def test_a_guest_is_removed(page, edition, aubaine, organiser):
    row = guest(edition, aubaine, "a@x.example", organiser)

    page.post(f"{CAMPAIGN}invitees/{row.pk}/retirer/")

    assert not Guest.objects.exists()


# --- messages


def test_fields_are_filled_and_nothing_else():
    assert letters.filled("{commune} {autre} {{%", {"commune": "Aubaine {lien}"}) == "Aubaine {lien} {autre} {{%"
    assert letters.unknown_fields("{commune} {nom} {nom}", {"commune"}) == ["nom"]


def test_a_message_with_an_unknown_field_is_not_kept(page, edition):
    data = {"segment": "invited", "subject": "Objet", "text": "Bonjour {prénom}", "per_minute": 60}

    answer = page.post(f"{CAMPAIGN}messages/nouveau/", data)

    assert answer.status_code == 422
    assert "{prénom}" in text(answer)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"days_before": "5000000"}, "Donnez un nombre jusqu’à 365."),
        ({"per_minute": "0"}, "Donnez un nombre à partir de 1."),
        ({"per_minute": "99999"}, "Donnez un nombre jusqu’à 1000."),
    ],
)
def test_a_message_with_a_number_that_cannot_be_is_refused_beside_it(page, edition, fields, said):
    data = {"segment": "invited", "subject": "Objet", "text": "Bonjour", "per_minute": "60", **fields}

    answer = page.post(f"{CAMPAIGN}messages/nouveau/", data)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {next(iter(fields)): [said]}
    assert not Message.objects.exists()


def test_a_message_is_seen_on_real_recipients_before_it_leaves(page, edition, aubaine, organiser):
    guest(edition, aubaine, "mairie@x.example", organiser)
    data = {"segment": "invited", "subject": "{commune}", "text": "Bonjour {personne}", "per_minute": 60}

    answer = text(page.post(f"{CAMPAIGN}messages/nouveau/", data, follow=True))

    assert "1 personne le recevrait" in answer
    assert "Bonjour Madame, Monsieur" in answer
    assert not Mail.objects.exists()


def test_the_closing_of_a_message_says_whose_hour_it_is(edition, aubaine, organiser):
    message = written(edition, organiser, text="Avant le {clôture}.")
    recipient = queries.Recipient(email="mairie@x.example", name="", territory=aubaine)

    _subject, words = door.written(message, recipient, current(), link="")

    assert words.startswith(f"Avant le {zones.deadline(edition.closes_at, '01')}.")


def test_a_message_leaves_once_at_its_rate(edition, department, organiser, now):
    for number in range(100, 105):
        territory = make_territory(department, f"01{number}", f"Ville {number}", 900)
        guest(edition, territory, f"mairie{number}@x.example", organiser)
    message = written(edition, organiser, per_minute=2)
    leave(message, organiser)
    Job.objects.filter(kind="campaign.send").update(state=JobState.TODO, finished_at=None)
    Message.objects.update(left_at=None)
    jobs.run(Job.objects.get(kind="campaign.send").pk)

    assert Mail.objects.count() == Dispatch.objects.count() == 5
    due = sorted(Job.objects.filter(kind="mail.send").values_list("due_at", flat=True))
    assert [round((when - due[0]) / timedelta(minutes=1)) for when in due] == [0, 0, 1, 1, 2]


def test_a_reminder_follows_the_closing(edition, aubaine, organiser, now):
    guest(edition, aubaine, "mairie@x.example", organiser)
    message = written(edition, organiser, days_before=20)
    actions.plan_message(message=message, by=organiser, now=now)
    assert Job.objects.get(kind="campaign.send").due_at == edition.closes_at - 20 * DAY

    Edition.objects.update(closes_at=edition.closes_at + 5 * DAY)
    Job.objects.update(due_at=now)
    jobs.run(Job.objects.get(kind="campaign.send").pk)

    assert not Mail.objects.exists()
    waiting = Job.objects.get(kind="campaign.send", state=JobState.TODO)
    assert waiting.due_at == edition.closes_at - 15 * DAY


def test_a_reminder_leaves_when_the_closing_comes_nearer(edition, aubaine, organiser, now):
    guest(edition, aubaine, "mairie@x.example", organiser)
    message = written(edition, organiser, days_before=20)
    actions.plan_message(message=message, by=organiser, now=now)
    dates = {"opens_at": edition.opens_at, "closes_at": now + 2 * DAY, "results_at": edition.results_at}

    calendar.change_calendar(
        edition=edition, dates=dates | dict.fromkeys(MilestoneKind), reason="plus tôt", by=organiser, now=now
    )

    assert Job.objects.filter(kind="campaign.send", due_at__lte=now).count() == 1


def test_a_reminder_that_the_closing_overtook_never_leaves(edition, aubaine, organiser, now):
    guest(edition, aubaine, "mairie@x.example", organiser)
    message = written(edition, organiser, days_before=20)
    actions.plan_message(message=message, by=organiser, now=now)

    Edition.objects.update(closes_at=now - DAY)
    Job.objects.update(due_at=now)
    jobs.run(Job.objects.get(kind="campaign.send").pk)

    assert not Mail.objects.exists()
    assert Message.objects.get().cancelled_at


def test_a_message_cancelled_never_leaves(edition, aubaine, organiser, now):
    guest(edition, aubaine, "mairie@x.example", organiser)
    message = written(edition, organiser, leaves_at=now + DAY)
    actions.plan_message(message=message, by=organiser, now=now)
    actions.cancel_message(message=message, by=organiser, now=now)
    Job.objects.update(due_at=now)
    jobs.run(Job.objects.get(kind="campaign.send").pk)

    assert not Mail.objects.exists()
    with pytest.raises(Refused):
        actions.cancel_message(message=message, by=organiser, now=now)


def test_a_server_that_refuses_some(settings, edition, department, organiser, page):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    codes = {"mairie100@x.example": 550, "mairie101@x.example": 451}
    for number in range(100, 104):
        territory = make_territory(department, f"01{number}", f"Ville {number}", 900)
        guest(edition, territory, f"mairie{number}@x.example", organiser)
    message = written(edition, organiser)
    with catcher(codes) as (settings.EMAIL_PORT, accepted):
        leave(message, organiser)
        deliver()

    assert {mail["To"] for mail in accepted} == {"mairie102@x.example", "mairie103@x.example"}
    states = dict(Mail.objects.values_list("to", "state"))
    assert (states["mairie100@x.example"], states["mairie101@x.example"]) == (MailState.FAILED, MailState.TODO)
    assert "550" in text(page.get(f"{CAMPAIGN}messages/{message.pk}/"))

    with catcher() as (settings.EMAIL_PORT, accepted):
        page.post(f"{CAMPAIGN}messages/{message.pk}/renvoyer/")
        deliver()
    assert "mairie100@x.example" in {mail["To"] for mail in accepted}


def test_a_message_that_is_kept_here_is_not_said_to_have_left(edition, aubaine, organiser, page):
    guest(edition, aubaine, "mairie@x.example", organiser)
    message = written(edition, organiser)
    leave(message, organiser)
    deliver()

    answer = text(page.get(f"{CAMPAIGN}messages/{message.pk}/"))

    assert "1 courriel est gardé ici, sans partir" in answer
    assert "Parti le" not in answer


def test_one_click_stops_reminders_and_no_other_mail(settings, edition, aubaine, organiser, now):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    guest(edition, aubaine, "mairie@x.example", organiser)
    with catcher() as (settings.EMAIL_PORT, accepted):
        leave(written(edition, organiser), organiser)
        deliver()
    [mail] = accepted
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")

    # What a mail program posts, without our form or a cookie.
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert Mute.objects.get().email == "mairie@x.example"
    assert queries.recipients(edition, Segment.INVITED, now=now) == []
    assert "Recevoir de nouveau" in text(strict.get(address))


def test_what_waits_to_leave_stops_too(edition, aubaine, organiser, page):
    guest(edition, aubaine, "mairie@x.example", organiser)
    message = written(edition, organiser)
    leave(message, organiser)
    actions.mute(email="mairie@x.example", now=timezone.now())

    assert mail.whole(Mail.objects.get()) is None


def test_stop_of_an_address_that_we_did_not_write(client):
    assert client.post("/rappels/arreter/mairie@x.example:faux/").status_code == 404


def test_the_link_of_a_guest_leads_to_an_invitation_every_time(client, edition, aubaine, organiser):
    guest(edition, aubaine, "mairie@x.example", organiser)
    leave(written(edition, organiser), organiser)
    dispatch = Dispatch.objects.get()
    address = door.link(dispatch.pk).removeprefix("http://127.0.0.1:8000")

    for _time in range(2):
        answer = client.get(address, follow=True)
        assert "Rejoindre Aubaine" in text(answer)

    dispatch.refresh_from_db()
    assert dispatch.opened_at
    assert Invitation.objects.filter(accepted_at=None, cancelled_at=None).count() == 1
    assert Mail.objects.count() == 1


def test_the_link_of_a_guest_outlives_who_wrote_the_message(client, edition, aubaine, organiser):
    guest(edition, aubaine, "mairie@x.example", organiser)
    leave(written(edition, organiser), organiser)
    other = User.objects.create_user("apres@x.example", name="Après", is_organiser=True)
    User.objects.filter(pk=organiser.pk).update(is_organiser=False)

    answer = client.get(door.link(Dispatch.objects.get().pk).removeprefix("http://127.0.0.1:8000"), follow=True)

    assert "Rejoindre Aubaine" in text(answer)
    assert Invitation.objects.get().invited_by == other


def test_a_message_at_rest_holds_no_link_that_acts(edition, aubaine, organiser):
    guest(edition, aubaine, "mairie@x.example", organiser)
    leave(written(edition, organiser, text="Ici : {lien}"), organiser)

    row = Mail.objects.get()
    assert "/invite/" not in row.text
    assert door.link(Dispatch.objects.get().pk) in mail.whole(row)


def test_the_link_of_a_member_leads_to_their_files(client, edition, aubaine, agent, organiser):
    dispatch = Dispatch.objects.create(message=written(edition, organiser), email=agent.email, territory=aubaine)

    assert client.get(door.link(dispatch.pk).removeprefix("http://127.0.0.1:8000")).url == "/depart/"
    assert not Invitation.objects.exists()


def test_a_link_that_we_did_not_write(client):
    assert client.get("/invite/12:faux/").status_code == 404


def test_pages_of_the_campaign_ask_little(page, edition, department, organiser, django_assert_max_num_queries):
    for number in range(100, 160):
        territory = make_territory(department, f"01{number}", f"Ville {number}", 900)
        guest(edition, territory, f"mairie{number}@x.example", organiser)
    message = written(edition, organiser)
    leave(message, organiser)
    draft = written(edition, organiser)

    for address in ("", "invitees/", f"messages/{message.pk}/"):
        with django_assert_max_num_queries(12):
            assert page.get(CAMPAIGN + address).status_code == 200
    with django_assert_max_num_queries(14):
        assert page.get(f"{CAMPAIGN}messages/{draft.pk}/").status_code == 200
    assert User.objects.count() == 1
