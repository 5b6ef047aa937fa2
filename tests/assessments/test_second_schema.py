"""A file of a questionnaire of schema 2, by every door: pages, workbook, API, papers, submission."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import actions, queries, wording
from assessments.doors import frameworks, scorecards, spreadsheets
from assessments.enums import ScorecardKind
from assessments.jobs import booklets, receipts
from assessments.models import Answer, Application, Edition, Evidence, Initiative, Picture, Scorecard
from assessments.pages import carrying, panels
from assessments.rules import numbers
from documents import workbook
from outbox.doors import files
from scoring.framework import parse_document
from tests.assessments.conftest import QUESTIONNAIRE, initiative_fields
from tests.assessments.test_api import call  # noqa: F401 -- a fixture
from tests.scoring.builders import STEPS, axes, question, result, two

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"
PAGE = f"{FILE}questions/j/"
ASKS = "Écrivez un nombre de 0 à 100, avec un chiffre après la virgule au plus."
ISSUES = [{"id": "i", "title": {"fr": "Médiation"}}, {"id": "j", "title": {"fr": "Énergie"}}]
QUESTIONS = [
    question("OBL", axis="a", nature="obligation", points=4, references=[{"title": "Loi"}]),
    question("MAT", "maturity", axis="b", points=2),
    question("NUM", "number", axis="b", issue="j", points=2, min=0, max=1000, decimals=1, scale=[[0, 0], [1000, 100]])
    | {"unit": {"fr": "% des agents"}},
    question("INI", "initiatives", axis="a", points=4, credits=[100]),
    question("SEA", axis="a", points=1, applies_when="coastal and population >= 1000"),
]
COASTAL = {
    "coastal": {"type": "boolean", "text": {"fr": "Avez-vous une plage ?"}, "help": {"fr": "De mer, ou de lac."}},
    "beaches": {"type": "integer", "text": {"fr": "Combien de plages ?"}},
}


def document(**fields):
    named = axes(a=1, b=1)
    for axis, title in zip(named, ("Inclusion", "Écologie"), strict=True):
        axis["title"] = {"fr": title}
    return two(*QUESTIONS, **{"axes": named, "issues": ISSUES, "context": COASTAL, **fields})


@pytest.fixture
def framework(db):
    return frameworks.load(json.dumps(document()))


@pytest.fixture
def edition(framework, now):
    return actions.create_edition(
        year=2027,
        framework=framework,
        opens_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=30),
        results_at=now + timedelta(days=90),
        by=None,
    )


def save(application, agent, now, **fields):
    known = initiative_fields(now, issues=["i"], axis="a")
    return actions.save_initiative(
        application=application, initiative=None, fields={**known, **fields}, seen=0, by=agent, now=now
    )


def say_not_coastal(application, agent, now):
    seen = actions.context_version(application)
    actions.set_context(application=application, values={"coastal": False}, seen=seen, by=agent, now=now)


# Pages


def test_context_is_asked_in_the_words_of_the_questionnaire(application, agent, sign_in):
    client = sign_in(agent)
    page = client.get(f"{FILE}contexte/").text

    assert "Avez-vous une plage ?" in page
    assert "De mer, ou de lac." in page
    assert 'type="number"' not in page


@pytest.mark.parametrize(("written", "value"), [("1 200", 1200), ("12,0", 12), ("−3", -3)])
def test_number_of_the_context_is_read_as_people_write_it(written, value):
    assert numbers.whole(written) == value


def test_words_of_maturity_are_those_of_the_questionnaire(application, agent, sign_in):
    page = sign_in(agent).get(f"{FILE}questions/i/").text

    assert all(step["fr"] in page for step in STEPS)


def test_question_not_asked_says_the_true_reason_in_its_words(application, agent, sign_in, now):
    say_not_coastal(application, agent, now)

    page = sign_in(agent).get(f"{FILE}questions/i/").text
    assert "vous avez répondu «\u202fnon\u202f» à «\u202fAvez-vous une plage ?\u202f»" in page


def test_reason_names_no_fact_that_was_not_asked(application, agent, sign_in):
    application.official_context["population"] = 900
    application.save()
    client = sign_in(agent)

    assert "Avez-vous une plage ?" not in client.get(f"{FILE}contexte/").text
    page = client.get(f"{FILE}questions/i/").text
    assert "parce que la population est de moins de 1\u202f000 habitants" in page
    assert "Avez-vous une plage ?" not in page


# Numbers: the same value, or the same sentence, by the page, the workbook and the API

VALUES = [("67,3", 673), ("67.3", 673), ("75 %", 750), ("75,0", 750), (" 75\u202f% ", 750), ("0", 0), ("100", 1000)]
FAULTS = ["150", "-5", "−5", "67,35", "1000000000000", "10^12", "9" * 40, "beaucoup", "1e3", ",5", ""]


def asked():
    return parse_document(document()).question_by_id["NUM"]


@pytest.mark.parametrize(("written", "value"), VALUES)
def test_number_posted_by_the_page(application, agent, sign_in, written, value):
    sign_in(agent).post(f"{PAGE}NUM/", {"seen": 0, "touched": "value", "number": written})

    assert Answer.objects.get().value == value


@pytest.mark.parametrize("written", FAULTS)
def test_number_refused_by_the_page_stays_in_its_field(application, agent, sign_in, written):
    response = sign_in(agent).post(f"{PAGE}NUM/", {"seen": 0, "touched": "value", "number": written})

    assert response.status_code == 422
    assert ASKS in response.text
    assert f'name="number" value="{written}"' in response.text
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("written", "value"), VALUES)
def test_number_read_in_a_workbook(written, value):
    assert spreadsheets.answer_of(asked(), written, "") == {"value": value}


@pytest.mark.parametrize("written", [fault for fault in FAULTS if fault])
def test_number_refused_in_a_workbook(written):
    with pytest.raises(numbers.Refused) as caught:
        spreadsheets.answer_of(asked(), written, "")
    assert caught.value.reason == ASKS


@pytest.mark.parametrize(("sent", "value"), [*VALUES, (67.3, 673), (75, 750), (75.0, 750), (100, 1000)])
def test_number_put_by_the_api(application, agent, call, sent, value):  # noqa: F811
    answered = call(agent, "put", "/api/v1/applications/01901/2027/answers/NUM/", {"value": sent, "seen": 0}).json()

    assert Answer.objects.get().value == value
    assert answered["answer"]["value"] == value / 10


@pytest.mark.parametrize("sent", [*FAULTS, 150, -5, 67.35, 10**12, 1e300])
def test_number_refused_by_the_api(application, agent, call, sent):  # noqa: F811
    answered = call(agent, "put", "/api/v1/applications/01901/2027/answers/NUM/", {"value": sent, "seen": 0})

    assert (answered.status_code, answered.json()["detail"]) == (400, ASKS)


HOURS = "Écrivez un nombre entier de 0 à 24."


@pytest.mark.parametrize("written", ["25", "24,5", "-1", "10^12", "1000000000000"])
def test_hours_of_a_night_are_refused_alike_by_the_three_doors(agent, signatory, aubaine, sign_in, call, now, written):  # noqa: F811
    asked = question("NIGHT", "number", axis="b", issue="j", min=0, max=24, scale=[[0, 0], [24, 100]])
    row = frameworks.load(json.dumps(document(questions=[*QUESTIONS, asked])))
    dates = {"opens_at": now - timedelta(1), "closes_at": now + timedelta(30), "results_at": now + timedelta(60)}
    edition = actions.create_edition(year=2028, framework=row, **dates, by=None)
    actions.start(edition=edition, territory=aubaine, by=agent, now=now)

    posted = {"seen": 0, "touched": "value", "number": written}
    by_page = sign_in(agent).post("/dossiers/01901/2028/questions/j/NIGHT/", posted)
    by_api = call(agent, "put", "/api/v1/applications/01901/2028/answers/NIGHT/", {"value": written, "seen": 0})
    with pytest.raises(numbers.Refused) as by_workbook:
        spreadsheets.answer_of(row.parsed.question_by_id["NIGHT"], written, "")

    assert HOURS in by_page.text
    assert f'value="{written}"' in by_page.text
    assert (by_api.json()["detail"], by_workbook.value.reason) == (HOURS, HOURS)


# Initiatives


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"axis": "a", "issues": ["i"]}, "Compte ici"),
        ({"axis": "b", "issues": ["i"]}, "Ne compte nulle part"),
        ({"axis": "", "issues": ["i"]}, "à quoi elle sert d’abord"),
        ({"axis": "a", "issues": ["i", "j"]}, "Énergie\u202f: aucune question n’y compte les initiatives de cet axe."),
    ],
)
def test_list_tells_where_an_initiative_counts_and_why_not(application, agent, sign_in, now, fields, told):
    save(application, agent, now, **fields)

    assert told in sign_in(agent).get(f"{FILE}initiatives/").text


def test_form_offers_each_axis_with_examples_and_keeps_the_choice(application, agent, sign_in, now):
    client = sign_in(agent)
    page = client.get(f"{FILE}initiatives/nouvelle/").text
    assert "Inclusion, par exemple\u202f: médiation" in page

    fields = initiative_fields(now, issues=["i"], axis="a", ended_on="", seen=0)
    client.post(f"{FILE}initiatives/nouvelle/", fields)
    assert Initiative.objects.get().axis == "a"


def test_year_of_a_slip_is_refused_and_the_rest_is_kept(application, agent, sign_in, now):
    fields = initiative_fields(now, issues=["i"], axis="a", ended_on="", started_on="0024-05-01", seen=0)

    response = sign_in(agent).post(f"{FILE}initiatives/nouvelle/", fields)

    assert response.status_code == 422
    assert fields["description"][:40] in response.text


def test_axis_of_two_people_is_shown_and_outlives_the_choice(application, agent, signatory, now, sign_in):
    row = save(application, agent, now, axis="a")
    page = f"/dossiers/01901/2027/initiatives/{row.pk}/"
    fields = initiative_fields(now, issues=["i"], ended_on="", seen=row.version)
    assert sign_in(signatory).post(page, fields | {"axis": "b"}).status_code == 302

    mine = fields | {"results": "Trente aidés", "axis": "a"}
    answer = sign_in(agent).post(page, mine)

    assert answer.status_code == 409
    assert "Écologie" in answer.text.partition("Deux versions")[2].partition("<form")[0]
    sign_in(agent).post(page, mine | {"seen": row.version + 1, "aside": "yes"})
    row.refresh_from_db()
    assert (row.axis, row.versions.get(aside=True).content["axis"]) == ("b", "a")


def test_initiatives_are_counted_by_issue_and_axis(application, agent, now):
    save(application, agent, now)
    save(application, agent, now, title="Autre", axis="b", issues=["i", "j"])
    save(application, agent, now, title="Sans axe", axis="")

    assert scorecards.inputs(application)["initiatives"] == {"i": {"a": 1, "b": 1}, "j": {"b": 1}}
    assert scorecards.live(application).questions["INI"] == ("answered", 100, 400, 400)


def test_ruling_places_an_initiative_elsewhere(application, agent, now):
    row = save(application, agent, now)
    rulings = scorecards.Rulings(places={row.pk: ("b", ["j"])}, context={"coastal": True})

    placed = scorecards.inputs(application, rulings=rulings)
    assert (placed["initiatives"], placed["context"]["coastal"]) == ({"j": {"b": 1}}, True)
    row.refresh_from_db()
    assert row.axis == "a"


def test_initiative_of_the_past_bears_the_axis_of_the_question_that_counted_it(now):
    past = frameworks.load(QUESTIONNAIRE.replace("services-publics", "j"))
    old, new = (
        past.parsed,
        parse_document(document(axes=axes(inclusion=1, services=1), questions=[question(axis="services")])),
    )

    assert carrying.axis_of(old, Initiative(issues=["j"]), new) == "services"
    assert carrying.axis_of(old, Initiative(issues=["gone"]), new) == ""
    assert carrying.axis_of(new, Initiative(issues=["i"], axis="inclusion"), new) == "inclusion"
    assert carrying.axis_of(old, Initiative(issues=["j"]), old) == ""


# Dates


def test_moving_the_closing_changes_no_hash(application, edition, agent, signatory, now):
    say_not_coastal(application, agent, now)
    save(application, agent, now, started_on=timezone.localdate(now) - timedelta(days=1), ended_on=None)
    actions.submit(application=application, by=signatory, now=now)
    declared = Scorecard.objects.get(kind=ScorecardKind.DECLARED)

    later = now + timedelta(days=365 * 4)
    actions.change_dates(
        edition=edition, opens_at=edition.opens_at, closes_at=later, results_at=later, by=None, now=now
    )

    application.refresh_from_db()
    assert Edition.objects.get().reference_on == timezone.localdate(now + timedelta(days=30))
    assert scorecards.live(application, now=later).input_hash == declared.input_hash


def test_reference_follows_the_closing_until_the_edition_opens(framework, now):
    made = actions.create_edition(
        year=2028,
        framework=framework,
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=30),
        results_at=now + timedelta(days=90),
        by=None,
    )
    later = now + timedelta(days=60)
    actions.change_dates(edition=made, opens_at=made.opens_at, closes_at=later, results_at=later, by=None, now=now)

    assert made.reference_on == timezone.localdate(later)


# What is told of the score


def test_fresh_file_has_no_answer(application):
    panel = panels.score(application, queries.sheet(application), scorecards.live(application), now=timezone.now())

    assert (panel.done, panel.asked, panel.level) == (0, 3, None)


def test_level_zero_is_told_with_what_the_first_asks(application, agent, sign_in, now):
    say_not_coastal(application, agent, now)

    page = sign_in(agent).get(FILE).text
    assert "pas encore d’arobase" in page
    assert (
        "La première arobase demande 10\u202f% en tout\u202f; vous en êtes à 0,0\u202f%\u202f: il manque 10,0 points."
        in page
    )


def test_both_figures_of_a_pending_claim():
    rules = parse_document(two(question("A", points=2), question("B", points=2)))
    claimed = result(rules, {"A": {"value": True}, "B": {"state": "not_applicable", "reason": "rien"}})

    assert (
        wording.if_accepted(claimed)
        == "50,0\u202f%, et 100,0\u202f% si le jury accepte votre «\u202fpas concerné\u202f»."
    )
    assert wording.if_accepted(result(rules, {"A": {"value": True}})) == ""


BOTH = "37,5\u202f%, et 50,0\u202f% si le jury accepte votre «\u202fpas concerné\u202f»."


@pytest.fixture
def claiming(application, agent, now):
    """One answer of three, and one claim."""
    say_not_coastal(application, agent, now)
    for name, fields in {
        "OBL": {"state": "answered", "value": True},
        "MAT": {"state": "not_applicable", "reason": "Aucun service."},
        "NUM": {"state": "answered", "value": 500},
    }.items():
        actions.save_answer(application=application, question_id=name, **fields, seen=0, by=agent, now=now)
    return application


@pytest.mark.parametrize("page", ["", "score/", "depot/", "simulation/", "plan/"])
def test_both_figures_stand_wherever_the_score_does(claiming, agent, sign_in, page):
    assert BOTH in sign_in(agent).get(FILE + page).text


def test_api_gives_both_figures_of_a_file_until_the_decision(claiming, agent, call, now):  # noqa: F811
    path = "/api/v1/applications/01901/2027/"
    body = call(agent, "get", path).json()
    assert (body["score"]["overall"], body["score"]["percent"]) == ("3/8", 37.5)
    accepted = body["score_if_accepted"]
    assert (accepted["overall"], accepted["percent"], accepted["pending"]) == ("1/2", 50.0, 1)
    assert [body["score"][name] for name in ("level", "overall")] == [body["result"]["level"], "3/8"]

    Application.objects.update(state="decided", submitted_at=now, submitted_by=agent)
    assert call(agent, "get", path).json()["score_if_accepted"] is None


@pytest.mark.parametrize("value", [67.5, "67,5", "67.50"])
def test_api_takes_and_gives_a_number_as_it_reads(application, agent, call, value):  # noqa: F811
    path = "/api/v1/applications/01901/2027/"
    call(agent, "put", f"{path}answers/NUM/", {"value": value, "seen": 0})
    assert call(agent, "get", path).json()["answers"]["NUM"]["value"] == 67.5


def test_receipt_has_both_figures_and_the_answers_of_the_overview(claiming, agent, signatory, sign_in, now):
    client = sign_in(agent)
    overview = client.get(FILE).text
    card = actions.submit(application=claiming, by=signatory, now=now)

    page = client.get(f"{FILE}accuse/").text
    told = receipts.data(card, receipts.payload(card, queries.sheet(claiming)))
    assert BOTH in page
    assert told.score == BOTH
    assert "3 sur 3" in overview
    assert "3 sur 3" in page
    assert (told.answers, told.asked) == (3, 3)


@pytest.mark.parametrize(("count", "words"), [(1, "1 initiative"), (2, "2 initiatives")])
def test_issue_without_an_answer_says_where_its_points_come_from(application, agent, sign_in, now, count, words):
    say_not_coastal(application, agent, now)
    for number in range(count):
        save(application, agent, now, title=f"Permanence {number}")

    shown = f'{words}<span class="visually-hidden">, 0 sur 2</span>'
    assert shown in sign_in(agent).get(FILE).text


def test_issue_with_an_answer_counts_its_answers(claiming, agent, sign_in, now):
    save(claiming, agent, now)

    assert "1 initiative<" not in sign_in(agent).get(FILE).text


def test_no_figure_of_the_jury_is_supposed_once_it_decided(claiming):
    claiming.state = "decided"

    assert panels.if_accepted(claiming, scorecards.live(claiming)) == ""


def test_what_lacks_is_rounded_up():
    rules = parse_document(two(question("A", points=999), question("B", points=1000)))
    short = result(rules, {"A": {"value": True}})

    assert "49,9\u202f%" in panels.to_next_level(short)
    assert "il manque 0,1 point." in panels.to_next_level(short)


def test_obligations_missed_are_told():
    rules = parse_document(two(*(question(f"O{n}", nature="obligation") for n in range(5)), question("A", points=100)))
    short = result(rules, {"A": {"value": True}, "O0": {"value": True}})

    assert "Il faut aussi 2 obligations prouvées sur 5" in panels.to_next_level(short)


# Workbook and booklet


def test_workbook_and_booklet_speak_the_words_of_the_questionnaire(framework):
    book = workbook.read(spreadsheets.blank(framework.parsed), spreadsheets.ANSWERS)
    texts = {cell.text for cell in book[spreadsheets.ANSWERS].values()}
    assert {"Avez-vous une plage ?", f"{ASKS} (% des agents)"} <= texts

    data = booklets.data(framework)
    assert "Avez-vous une plage ?" in data.context
    choices = {item.code: item.choices for part in data.parts for item in part.items}
    assert choices["MAT"] == tuple(step["fr"] for step in STEPS)


# What the fingerprint of a receipt covers


@pytest.mark.parametrize(
    "change",
    [
        lambda row, now: Initiative.objects.filter(pk=row.pk).update(description=row.description + "."),
        lambda row, now: Initiative.objects.filter(pk=row.pk).update(partners="la médiathèque"),
        lambda row, now: Evidence.objects.create(
            application=row.application, title="Délibération", url="https://a.fr/"
        ),
    ],
)
def test_fingerprint_covers_what_the_score_does_not_read(application, agent, signatory, now, change):
    say_not_coastal(application, agent, now)
    row = save(application, agent, now)
    before = scorecards.in_full(application, queries.sheet(application))
    change(row, now)

    actions.submit(application=application, by=signatory, now=now)
    card = Scorecard.objects.get(kind=ScorecardKind.DECLARED)
    assert card.submitted == scorecards.in_full(application, queries.sheet(application)) != before
    assert card.fingerprint == hashlib.sha256(card.submitted.encode()).hexdigest() != card.input_hash


def add_picture(row, now, byte):
    stored = files.store(byte, content_type="image/png")
    Picture.objects.create(initiative=row, alternative="Une salle", file=stored, width=1, height=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda row, now: Initiative.objects.filter(pk=row.pk).update(title=row.title + "s"),
        lambda row, now: add_picture(row, now, b"another"),
        lambda row, now: Evidence.objects.create(application=row.application, title="Délib.", url="https://a.fr/"),
    ],
)
def test_two_submissions_have_two_fingerprints_that_their_exports_prove(
    application, agent, signatory, sign_in, now, change
):
    say_not_coastal(application, agent, now)
    row = save(application, agent, now)
    add_picture(row, now, b"one")
    first = actions.submit(application=application, by=signatory, now=now).fingerprint
    Application.objects.filter(pk=application.pk).update(state="returned", state_reason="À compléter.")
    application.refresh_from_db()
    change(row, now)
    second = actions.submit(application=application, by=signatory, now=now).fingerprint

    client = sign_in(agent)
    exports = [client.get(f"{FILE}depot.json{which}").content for which in ("?depot=1", "?depot=2", "")]
    assert [hashlib.sha256(each).hexdigest() for each in exports] == [first, second, second]
    assert first != second
    page = client.get(f"{FILE}accuse/").text
    assert first in page
    assert f"{FILE}depot.json?depot=1" in page


@pytest.mark.parametrize("which", ["3", "-1", "²", "9" * 30, "x"])
def test_submission_that_was_not_made(application, agent, signatory, sign_in, now, which):
    say_not_coastal(application, agent, now)
    actions.submit(application=application, by=signatory, now=now)
    answer = sign_in(agent).get(f"{FILE}depot.json", {"depot": which})

    assert answer.status_code == (404 if which == "3" else 200)


def test_what_was_submitted_is_downloaded_as_it_was_hashed(application, agent, signatory, sign_in, now):
    say_not_coastal(application, agent, now)
    client = sign_in(agent)
    assert client.get(f"{FILE}depot.json").status_code == 404

    actions.submit(application=application, by=signatory, now=now)
    content = client.get(f"{FILE}depot.json").content
    assert hashlib.sha256(content).hexdigest() in client.get(f"{FILE}accuse/").text
    assert list(json.loads(content)) == ["answers", "context", "evidence", "framework", "initiatives"]


def test_a_question_of_initiatives_lists_those_of_its_axis_alone(application, agent, now, sign_in):
    save(application, agent, now, axis="b")

    page = sign_in(agent).get(f"/dossiers/{application.territory.code}/2027/questions/i/").text

    assert "Aucune initiative de cet enjeu ne sert d’abord l’axe «\u202fInclusion\u202f»\u202f: 0 point sur 4." in page
    assert "Permanences numériques" not in page
