import csv
import io
import itertools
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Membership, OrganiserRole
from assessments.enums import State
from assessments.models import Answer, Application, Edition, Scorecard
from documents import workbook
from jury.models import Appeal, Assignment, Juror, Panel, Recusal, Review
from outbox.models import Mail
from season.models import Billing, HelpRequest, SupportNote
from season.pages import charts
from season.queries import following
from season.rules.figures import File, Row, Season, by_kind, by_region, by_size, submissions
from tests.conftest import make_territory, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
CEILING = 12  # queries of a page of the organiser


def text(answer):
    return answer.content.decode()


@pytest.fixture
def edition(framework, now):
    dates = {"opens_at": now - 60 * DAY, "closes_at": now + 30 * DAY, "results_at": now + 90 * DAY}
    return Edition.objects.create(year=2027, framework=framework, **dates)


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def draft(edition, territory, **fields):
    return Application.objects.create(edition=edition, territory=territory, framework=edition.framework, **fields)


@pytest.fixture
def crowd(edition, department):
    """Many files, for pages that must not ask more for them."""
    for number in range(60):
        draft(edition, make_territory(department, f"01{100 + number}", f"Ville {number}", 900))


def test_home_without_an_edition_leads_to_the_assistant(page):
    assert "Démarrer, pas à pas" in text(page.get("/organisation/"))


def test_home_says_what_waits(page, edition, aubaine, now, newcomer_request):
    draft(edition, aubaine, started_at=now - 40 * DAY)
    answer = text(page.get("/organisation/"))

    for words in ("1 dossier sans mouvement", "1 demande de rattachement", "Le courrier n’est pas réglé"):
        assert words in answer


def test_home_leads_to_the_files_that_do_not_move(page, edition, aubaine, beaupre, now):
    draft(edition, aubaine, started_at=now - 40 * DAY)
    draft(edition, beaupre)
    [todo] = [one for one in page.get("/organisation/").context["decisions"] if "sans mouvement" in one.what]

    answer = text(page.get(todo.href))

    assert {name for name in ("Aubaine", "Beaupré") if f">{name}</a>" in answer} == {"Aubaine"}


def test_home_leads_to_the_appeals(page, edition, aubaine, signatory, now):
    file = draft(edition, aubaine, state=State.PUBLISHED, submitted_at=now, submitted_by=signatory)
    Appeal.objects.create(application=file, grounds="Une preuve mal lue.", filed_by=signatory, filed_at=now)
    [todo] = [one for one in page.get("/organisation/").context["decisions"] if "réexamen" in one.what]

    assert "Une preuve mal lue." in text(page.get(todo.href))


def test_home_of_the_next_edition_leads_to_the_appeals_of_the_last(page, edition, framework, aubaine, signatory, now):
    past = now - 10 * DAY
    file = draft(edition, aubaine, state=State.PUBLISHED, submitted_at=past, submitted_by=signatory)
    Appeal.objects.create(application=file, grounds="Une preuve mal lue.", filed_by=signatory, filed_at=now)
    dates = {"opens_at": past - DAY, "closes_at": past, "results_at": past, "published_at": past}
    Edition.objects.filter(pk=edition.pk).update(**dates)
    next_one = {"opens_at": now + DAY, "closes_at": now + 30 * DAY, "results_at": now + 90 * DAY}
    Edition.objects.create(year=edition.year + 1, framework=framework, **next_one)

    home = page.get("/organisation/").context

    assert home["edition"].year == edition.year + 1
    assert [one.href for one in home["decisions"] if "réexamen" in one.what] == [
        "/organisation/editions/2027/reexamens/"
    ]


def test_what_is_left_unread_is_asked_of_who_may_still_read_it(edition, aubaine, beaupre, juror_user, organiser, now):
    """One reader is recused, the other file is over: nothing lacks; the file whose reader may not read has none."""
    panel = Panel.objects.create(edition=edition)
    seat = Juror.objects.create(panel=panel, user=juror_user)
    reading, over = (
        draft(edition, territory, state=state, submitted_at=now, submitted_by=organiser)
        for territory, state in ((aubaine, State.UNDER_REVIEW), (beaupre, State.WITHDRAWN))
    )
    for file in (reading, over):
        Assignment.objects.create(juror=seat, application=file)

    before = following.facts(edition, now=now)
    Recusal.objects.create(juror=seat, application=reading, reason="Une amie.")
    after = following.facts(edition, now=now)

    assert (before.readings, before.readings_given, before.unread) == (1, 0, 0)
    assert (after.readings, after.readings_given, after.unread) == (0, 0, 1)


def test_home_says_nothing_good_of_mails_that_do_not_leave(page, edition, settings):
    assert "Courriels et tâches vont bien" not in text(page.get("/organisation/"))

    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    assert "Courriels et tâches vont bien" in text(page.get("/organisation/"))


@pytest.fixture
def newcomer_request(stranger, aubaine):
    return Membership.objects.create(user=stranger, territory=aubaine, role="reader")


def test_facts_count_once_whatever_the_readers(edition, aubaine, beaupre, now, django_assert_num_queries):
    draft(edition, aubaine, started_at=now - 40 * DAY)
    late = draft(edition, beaupre)
    Application.objects.filter(pk=late.pk).update(extended_until=now + 40 * DAY)

    with django_assert_num_queries(2):
        facts = following.facts(edition, now=now)

    assert (facts.started, facts.count(State.DRAFT), facts.idle, facts.delayed, facts.submitted) == (2, 2, 1, 1, 0)


@pytest.mark.parametrize("address", ["/organisation/", "/organisation/editions/2027/"])
def test_pages_ask_little_of_many_files(page, crowd, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(CEILING):
        assert page.get(address).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Aubaine", "Beaupré"}),
        ("q=beaupre", {"Beaupré"}),
        ("q=01901", {"Aubaine"}),
        ("state=submitted", set()),
        ("moves=idle", {"Aubaine"}),
        ("moves=delayed", {"Beaupré"}),
        ("region=84&order=habitants", {"Aubaine", "Beaupré"}),
        ("billing=billed", {"Beaupré"}),
        ("billing=none", {"Aubaine"}),
        ("order=bidon&state=bidon&region=bidon", {"Aubaine", "Beaupré"}),
    ],
)
def test_files_filtered(page, edition, aubaine, beaupre, now, query, found):
    draft(edition, aubaine, started_at=now - 40 * DAY)
    late = draft(edition, beaupre, extended_until=now + 40 * DAY)
    Billing.objects.create(application=late, status="billed")

    answer = text(page.get(f"/organisation/editions/2027/?{query}"))

    assert {name for name in ("Aubaine", "Beaupré") if f">{name}</a>" in answer} == found


def test_list_counts_readings_and_says_nothing_of_them(page, edition, aubaine, beaupre, juror_user, organiser, now):
    panel = Panel.objects.create(edition=edition)
    file = draft(edition, aubaine, state=State.UNDER_REVIEW, submitted_at=now, submitted_by=organiser)
    draft(edition, beaupre)
    for person, handed_in in ((juror_user, now), (organiser, None)):
        seat = Assignment.objects.create(juror=Juror.objects.create(panel=panel, user=person), application=file)
        Review.objects.create(assignment=seat, submitted_at=handed_in, proposed_level=3, comment_to_jury="Entre nous.")

    answer = text(page.get("/organisation/editions/2027/"))
    export = page.get("/organisation/editions/2027/dossiers.csv").content.decode("utf-8-sig")
    rows = {row["Code"]: row for row in csv.DictReader(io.StringIO(export), delimiter=";")}

    assert "1 sur 2" in answer
    assert "Entre nous" not in answer + export
    assert [(rows[code]["Lecteurs"], rows[code]["Lectures rendues"]) for code in ("01901", "01902")] == [
        ("2", "1"),
        ("0", "0"),
    ]


def test_export_has_contacts_and_billing(page, edition, aubaine, beaupre, agent, signatory):
    file = draft(edition, aubaine)
    draft(edition, beaupre)
    Billing.objects.create(application=file, status="paid", purchase_order="=BC-12")

    answer = page.get(f"/organisation/editions/2027/dossiers.csv?dossier={file.pk}").content
    rows = list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig")), delimiter=";"))

    assert answer.startswith(b"\xef\xbb\xbf")
    [row] = rows
    assert (row["Code"], row["Contacts"]) == ("01901", f"{signatory.email}, {agent.email}")
    assert (row["Facturation"], row["Bon de commande"]) == ("payée", "'=BC-12")


@pytest.mark.parametrize("desk", OrganiserRole)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_for_readers_of_figures_has_no_address(sign_in, edition, aubaine, agent, desk, kind):
    draft(edition, aubaine)
    reader = sign_in(make_user("Lise", "", desk=desk))

    content = reader.get(f"/organisation/editions/2027/dossiers.{kind}").content

    if kind == "xlsx":
        cells = workbook.read(content, "Dossiers 2027")["Dossiers 2027"]
        said = " ".join(cell.text for cell in cells.values())
    else:
        said = content.decode()
    assert ("Contacts" in said, agent.email in said) == (desk != OrganiserRole.FIGURES,) * 2


def test_export_as_workbook_keeps_codes(page, edition, aubaine):
    draft(edition, aubaine)

    content = page.get("/organisation/editions/2027/dossiers.xlsx").content

    cells = workbook.read(content, "Dossiers 2027")["Dossiers 2027"]
    assert (cells["A2"].text, cells["B2"].text) == ("01901", "Aubaine")


def test_export_of_a_tick_that_is_no_file_is_refused_in_words(page, edition, aubaine):
    draft(edition, aubaine)

    answer = page.get("/organisation/editions/2027/dossiers.xlsx?dossier=zz")

    assert answer.status_code == 400
    assert "Un des dossiers cochés n’existe pas" in answer.text


def test_export_of_another_kind(page, edition):
    assert page.get("/organisation/editions/2027/dossiers.exe").status_code == 404


def test_reading_a_file_leaves_a_trace(page, edition, aubaine, agent, organiser, now):
    file = draft(edition, aubaine, official_context={"kind": "commune", "population": 1240, "overseas": False})
    address = "/organisation/editions/2027/dossiers/01901/"

    assert "Lecture du dossier" in text(page.post(f"{address}lire/"))

    entry = AuditEntry.objects.get(verb="application.opened")
    assert (entry.actor_id, entry.object_id) == (organiser.pk, str(file.pk))
    assert "Ouvert en lecture par l’organisation" in text(page.get(address))


def test_notes_and_billing_stay_with_the_organiser(page, edition, aubaine, agent):
    file = draft(edition, aubaine)
    address = "/organisation/editions/2027/dossiers/01901/"
    page.post(f"{address}note/", {"text": "Rappeler lundi."})
    page.post(f"{address}facturation/", {"status": "billed", "purchase_order": "BC 12"})

    assert "Rappeler lundi." in text(page.get(address))
    assert SupportNote.objects.get().application == file
    assert Billing.objects.get().purchase_order == "BC 12"


@pytest.mark.parametrize(("what", "data"), [("note", {"text": " "}), ("facturation", {"status": "offert"})])
def test_what_is_wrong_beside_a_file_is_said(page, edition, aubaine, what, data):
    draft(edition, aubaine)

    answer = page.post(f"/organisation/editions/2027/dossiers/01901/{what}/", data, follow=True)

    assert "tone-danger" in text(answer)
    assert not SupportNote.objects.exists()
    assert not Billing.objects.exists()


def test_help_reaches_the_organiser_with_the_page(client, organiser):
    assert "?page=/annuaire/" in text(client.get("/annuaire/"))
    data = {"page": "/annuaire/", "email": "agent@x.example", "text": "Je ne trouve pas ma commune."}

    assert client.post("/besoin-d-aide/", data).url == "/annuaire/"

    mail = Mail.objects.get(to=organiser.email)
    assert "/annuaire/" in mail.text
    assert "Je ne trouve pas ma commune." in mail.text


def test_own_data_holds_the_help_that_was_asked(agent, organiser, sign_in):
    person = sign_in(agent, confirmed=True)
    person.post("/besoin-d-aide/", {"page": "/annuaire/", "email": "agent@x.example", "text": "Où est ma commune ?"})

    asked = person.get("/compte/mes-donnees.json").json()["help_requests"]

    assert [(row["page"], row["text"]) for row in asked] == [("/annuaire/", "Où est ma commune ?")]


def test_claim_of_what_is_false_reaches_the_organiser(client, page, organiser):
    assert "Ce qui est faux" in text(client.get("/besoin-d-aide/?page=/initiatives/1/&claim=1"))
    data = {"page": "/initiatives/1/", "email": "a@x.example", "text": "Le bus n’a jamais roulé.", "claim": "True"}

    client.post("/besoin-d-aide/", data)

    mail = Mail.objects.get(to=organiser.email)
    assert mail.subject == "Signalement : /initiatives/1/"
    assert "signalement d’une affirmation fausse" in text(page.get("/organisation/aide/"))


@pytest.mark.parametrize("elsewhere", ["//ailleurs.example/", "/\\ailleurs.example/", "https://ailleurs.example/"])
def test_help_never_leads_elsewhere(client, page, organiser, elsewhere):
    data = {"page": elsewhere, "email": "a@x.example", "text": "?"}

    assert client.post("/besoin-d-aide/", data).url == "/"
    assert "ailleurs" not in text(page.get("/organisation/aide/"))


def test_help_link_never_tells_a_secret(client):
    assert "?page=/compte/invitations" not in text(client.get("/compte/invitations/secret/"))


def test_home_tells_the_help_that_waits(page, edition):
    asked = HelpRequest.objects.create(page="/", text="Où déposer ?", email="a@x.example")
    [todo] = [one for one in page.get("/organisation/").context["decisions"] if "aide" in one.what]

    assert todo.what == "1 demande d’aide attend"
    assert "Où déposer ?" in text(page.get(todo.href))

    page.post(f"/organisation/aide/{asked.pk}/clore/")

    assert not [one for one in page.get("/organisation/").context["decisions"] if "aide" in one.what]


def test_help_is_closed_once(page, organiser):
    asked = HelpRequest.objects.create(page="/", text="?", email="a@x.example")

    for _time in range(2):
        page.post(f"/organisation/aide/{asked.pk}/clore/")

    assert AuditEntry.objects.filter(verb="help.closed").count() == 1


OWN, LAST = Season(2027, date(2027, 1, 1), date(2027, 3, 1)), Season(2026, date(2026, 1, 1), date(2026, 3, 1))
FILES = [
    File(2027, date(2027, 1, 2), 500, "Bretagne", "commune"),
    File(2027, date(2027, 1, 9), 500, "Corse"),
    File(2027, None, 0, "Corse", "epci", True),
    File(2026, date(2026, 1, 5), 500, "Corse"),
    File(2026, date(2026, 2, 20), 500, "Corse"),
]


def test_submissions_are_cumulated_beside_last_year_s():
    drawn = submissions(FILES, OWN, LAST, today=date(2027, 1, 15))

    assert (drawn.own.last, drawn.before, drawn.last.last) == (2, 1, 2)
    assert [row[1:] for row in drawn.rows] == [(0, 0), (1, 1), (2, 1)]


def test_submissions_are_drawn_again_for_a_phone():
    drawn = submissions(
        FILES, Season(2027, date(2027, 1, 1), date(2027, 12, 31)), None, today=date(2027, 12, 31), width=300
    )

    assert (drawn.own.x, drawn.months[-1][0] <= 300) == (300, True)
    places = [x for x, _name in drawn.months]
    assert min(later - x for x, later in itertools.pairwise(places)) >= 40


def test_submissions_of_a_first_edition_not_open_yet():
    drawn = submissions([], OWN, None, today=date(2026, 12, 1))

    assert (drawn.own.last, drawn.last, drawn.before) == (0, None, 0)


def test_shares_compare_the_same_day():
    [small, large] = by_size(FILES, OWN, LAST, today=date(2027, 1, 15))
    assert (small.started, small.submitted, small.before) == (1, 0, 0)
    assert (large.started, large.submitted, large.before) == (2, 2, 1)
    assert [row.name for row in by_region(FILES, OWN, LAST, today=timezone.localdate())] == ["Bretagne", "Corse"]


def test_shares_tell_what_does_not_move():
    [commune, epci] = by_kind(FILES[:1] + FILES[2:3], OWN, LAST, today=date(2027, 1, 15))

    assert (commune.idle, commune.moving, commune.submitted) == (0, 0, 1)
    assert (epci.idle, epci.moving, epci.submitted) == (1, 0, 0)


def test_bars_share_one_scale_and_leave_out_what_is_empty():
    rows = [Row("A", started=10, submitted=5, before=0, idle=5), Row("B", started=5, submitted=0, before=0)]

    first, second = charts.shares("x", "X", "X", rows).bars

    assert [(part.tone, part.x, part.width) for part in first.parts] == [("fill", 0, 50), ("still", 50, 50)]
    assert [(part.tone, part.x, part.width) for part in second.parts] == [("track", 0, 50)]


def test_bars_of_nothing_are_empty():
    assert [bar.parts for bar in charts.mails({}).bars] == [()] * 4


def test_files_without_an_answer_for_long_are_told_apart(edition, aubaine, beaupre, now):
    draft(edition, aubaine, started_at=now - 40 * DAY)
    draft(edition, beaupre, started_at=now)

    assert sorted(file.idle for file in following.figures([edition], now=now)) == [False, True]


@pytest.mark.parametrize("name", ["depots", "tailles", "regions", "sortes", "jury", "courriels"])
def test_figures_downloaded(page, edition, aubaine, name):
    draft(edition, aubaine)

    answer = page.get(f"/organisation/editions/2027/chiffres/{name}.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")


def test_figures_unknown(page, edition):
    assert page.get("/organisation/editions/2027/chiffres/tout.csv").status_code == 404


def say(application, question, state, now, *, value=None, version=1):
    row = {"question_id": question, "version": version, "state": state, "value": value}
    Answer.objects.create(application=application, at=now, **row)


def test_answers_of_the_list_are_those_that_stand(page, edition, aubaine, beaupre, now):
    known = {"official_context": {"kind": "commune", "population": 1240}}
    few, many = draft(edition, aubaine, **known), draft(edition, beaupre, **known)
    say(few, "INC-01", "unknown", now)
    say(few, "SOV-01", "answered", now, value=True)
    say(few, "SOV-01", "cleared", now, version=2)
    say(few, "GONE-01", "unknown", now)
    for question in ("INC-01", "SOV-01"):
        say(many, question, "unknown", now)

    shown = re.findall(
        r'>(Aubaine|Beaupré)</a>.*?<td class="num"[^>]*>(\d+)</td>',
        text(page.get("/organisation/editions/2027/?order=reponses")),
        re.DOTALL,
    )
    exported = page.get("/organisation/editions/2027/dossiers.csv?order=reponses").content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(exported), delimiter=";")

    assert shown == [("Beaupré", "2"), ("Aubaine", "1")]
    assert [(row["Collectivité"], row["Réponses"]) for row in rows] == shown


def test_level_zero_is_a_level_in_the_list(page, edition, aubaine, now):
    file = draft(edition, aubaine)
    hashes = dict.fromkeys(("framework_hash", "input_hash", "result_hash"), "0" * 64)
    Scorecard.objects.create(application=file, kind="declared", level=0, overall_sort=0, frozen_at=now, **hashes)

    assert re.search(
        r'<td class="num"[^>]*>0</td>\s*<td[^>]*>–</td>\s*</tr>', text(page.get("/organisation/editions/2027/"))
    )


def test_the_deposit_is_a_movement(page, edition, aubaine, agent, department, now):
    before, after = now - 20 * DAY, now - 2 * DAY
    file = draft(edition, aubaine, started_at=before)
    other = draft(edition, make_territory(department, "01100", "Ville", 900), started_at=now - 10 * DAY)
    Answer.objects.create(application=file, question_id="A", version=1, state="unknown", author=agent, at=before + DAY)
    assert [row.moved_at for row in following.files(edition, following.Filters(order="mouvement"), now=now)] == [
        other.started_at,
        before + DAY,
    ]

    Application.objects.filter(pk=file.pk).update(state=State.SUBMITTED, submitted_at=after, submitted_by=agent)

    assert [row.moved_at for row in following.files(edition, following.Filters(order="mouvement"), now=now)] == [
        after,
        other.started_at,
    ]
