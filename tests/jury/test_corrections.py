"""Rulings that correct: an initiative counted elsewhere, an answer of the context, in a questionnaire of schema 2."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.models import AuditEntry
from accounts.refusals import NotNow, Refused
from assessments import actions as files
from assessments.doors import frameworks, scorecards
from assessments.enums import ScorecardKind
from assessments.models import Edition, Initiative, Scorecard
from assessments.policies import CONTEXT
from jury import actions
from jury.actions.rulings import Told
from jury.doors import examination
from jury.models import Ruling
from jury.pages import board
from jury.pages.trace import Trace
from results import queries as results
from tests.scoring.builders import axes, question, two

from .conftest import document, read

FILE = "/jury/01901/2027/"
HTMX = {"HX-Request": "true"}
WHY = "Elle sert d’abord à économiser l’énergie."
PLACE = {"axis": "b", "issues": ["j"]}


@pytest.fixture
def edition(db, now):
    named = axes(a=1, b=1)
    for axis, title in zip(named, ("Inclusion", "Écologie"), strict=True):
        axis["title"] = {"fr": title}
    asked = two(
        question("OBL", axis="a", points=4),
        question("INA", "initiatives", axis="a", points=4, credits=[100]),
        question("INB", "initiatives", axis="b", issue="j", points=4, credits=[100]),
        question("SEA", axis="b", points=4, applies_when="coastal"),
        axes=named,
        issues=[{"id": "i", "title": {"fr": "Médiation"}}, {"id": "j", "title": {"fr": "Énergie"}}],
        context={
            "coastal": {"type": "boolean", "text": {"fr": "Avez-vous une plage ?"}, "help": {"fr": "De mer."}},
            "beaches": {"type": "integer", "text": {"fr": "Combien de plages ?"}},
        },
    )
    return Edition.objects.create(
        year=2027,
        framework=frameworks.load(json.dumps(asked)),
        opens_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=30),
        results_at=now + timedelta(days=90),
    )


@pytest.fixture
def submitted(edition, aubaine, signatory, now):
    """One initiative on « a », no beach, everything else answered."""
    application = files.start(edition=edition, territory=aubaine, by=signatory, now=now)
    initiative = document(now)["initiatives"][0] | {"axis": "a", "issues": ["i"]}
    given = {
        "context": {"coastal": False, "beaches": 3},
        "answers": {"OBL": {"value": True}},
        "initiatives": [initiative],
    }
    files.fill(application=application, document=given, by=signatory, now=now)
    files.submit(application=application, by=signatory, now=now)
    return application


def move(application, juror, now, *, accepted=True, reason=WHY, instead=PLACE):
    on = Initiative.objects.get()
    return actions.rule(
        application=application, on=on, accepted=accepted, reason=reason, instead=instead, by=juror, now=now
    )


def correct(application, juror, now, *, name="coastal", accepted=False, instead=True):
    return actions.rule(
        application=application,
        on=Told(name),
        accepted=accepted,
        reason="Elle a deux plages.",
        instead=instead,
        by=juror,
        now=now,
    )


def shares(application):
    return examination.examine(application).examined.axes


def test_initiative_moved_counts_where_the_jury_says(in_reading, jeanne, now):
    assert shares(in_reading) == {"a": (800, 800), "b": (0, 400)}
    move(in_reading, jeanne, now)
    assert shares(in_reading) == {"a": (400, 800), "b": (400, 400)}
    assert Initiative.objects.get().axis == "a"


def test_answer_of_the_context_corrected_asks_what_it_hid(in_reading, jeanne, now):
    correct(in_reading, jeanne, now)
    seen = examination.examine(in_reading)
    assert (seen.declared.axes["b"], seen.examined.axes["b"]) == ((0, 400), (0, 800))


def test_reader_is_told_in_french_why_a_question_is_asked_or_not(in_reading, jeanne, now):
    def told():
        return Trace(in_reading, examination.examine(in_reading), []).row_of("SEA")

    before = told()
    assert before.counted is False
    assert before.rule.startswith("ne concerne pas la collectivité, parce que")
    correct(in_reading, jeanne, now)
    after = told()
    assert after.counted is True
    assert after.rule.startswith("posée, pour la raison dite à la collectivité")
    assert "coastal" not in before.rule


@pytest.mark.parametrize("kind", ["initiative", "context"])
def test_latest_ruling_takes_the_correction_back(in_reading, jeanne, jules, now, kind):
    before = shares(in_reading)
    again = {"accepted": True, "instead": None}
    ruled = {"initiative": move, "context": correct}[kind]
    ruled(in_reading, jeanne, now)
    assert shares(in_reading) != before
    ruled(in_reading, jules, now, **again)
    assert shares(in_reading) == before
    assert Ruling.objects.count() == 2


@pytest.mark.parametrize("ruled", [move, correct])
def test_same_correction_twice_is_one(in_reading, jeanne, now, ruled):
    assert ruled(in_reading, jeanne, now) == ruled(in_reading, jeanne, now)
    assert Ruling.objects.count() == 1


def test_correction_lapses_when_the_commune_answers_otherwise(in_reading, jeanne, signatory, now):
    correct(in_reading, jeanne, now, name="beaches", instead=2)
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=[CONTEXT], now=now)
    files.fill(application=in_reading, document={"context": {"beaches": 4}}, by=signatory, now=now)
    files.submit(application=in_reading, by=signatory, now=now)
    assert examination.rulings_of(in_reading).context == {}


def test_correction_is_written_in_the_trail(in_reading, jeanne, now):
    move(in_reading, jeanne, now)
    assert AuditEntry.objects.get(verb="jury.ruled").detail["instead"] == PLACE


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"axis": "", "issues": ["i"]}, "à quoi l’initiative sert d’abord"),
        ({"axis": "z", "issues": ["i"]}, "à quoi l’initiative sert d’abord"),
        ({"axis": "b", "issues": []}, "un ou deux enjeux servis"),
        ({"axis": "b", "issues": ["i", "z"]}, "un ou deux enjeux servis"),
        ({"axis": "b", "issues": ["i", "i"]}, "un ou deux enjeux servis"),
    ],
)
def test_initiative_moved_nowhere_is_refused_in_words(in_reading, jeanne, now, instead, words):
    with pytest.raises(Refused, match=words):
        move(in_reading, jeanne, now, instead=instead)
    assert not Ruling.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"instead": None}, "la bonne réponse"),
        ({"instead": False}, "déjà ce que la collectivité a répondu"),
        ({"instead": 1}, "n’a pas une valeur permise"),
        ({"accepted": True}, "ne corrige rien"),
    ],
)
def test_answer_of_the_context_corrected_wrongly_is_refused_in_words(in_reading, jeanne, now, fields, words):
    with pytest.raises(Refused, match=words):
        correct(in_reading, jeanne, now, **fields)
    assert not Ruling.objects.exists()


def test_initiative_refused_goes_nowhere(in_reading, jeanne, now):
    with pytest.raises(Refused, match="ne corrige rien"):
        move(in_reading, jeanne, now, accepted=False)


def test_correction_needs_a_reason(in_reading, jeanne, now):
    with pytest.raises(Refused, match="Donnez une raison"):
        move(in_reading, jeanne, now, reason=" ")


def test_name_that_the_commune_was_not_asked_is_refused(in_reading, jeanne, now):
    with pytest.raises(NotNow):
        correct(in_reading, jeanne, now, name="population", instead=3)


def test_row_cannot_put_something_in_the_place_of_a_claim(in_reading, jeanne, now):
    fields = {"application": in_reading, "by": jeanne, "reason": WHY, "accepted": True}
    with pytest.raises(IntegrityError):
        Ruling.objects.create(question_id="OBL", instead=PLACE, **fields)


def test_decision_freezes_the_corrections_and_the_public_copy_follows(in_reading, jeanne, jules, chair, now):
    for juror in (jeanne, jules):
        read(in_reading, juror, now, marks={"a": 3, "b": 2}, proposed_level=3)
    move(in_reading, jeanne, now)
    correct(in_reading, jeanne, now)
    level = examination.examine(in_reading).examined.level
    actions.decide(application=in_reading, level=level, by=chair, now=now)
    inputs = json.loads(Scorecard.objects.get(kind="examined").inputs)
    assert (inputs["initiatives"], inputs["context"]["coastal"]) == ({"j": {"b": 1}}, True)
    assert [(row.axis, row.issues) for row in results.public_initiatives(in_reading)] == [("b", ["j"])]


def test_file_with_a_correction_is_not_undisputed(in_reading, jeanne, jules, chair, now):
    for juror in (jeanne, jules):
        level = examination.examine(in_reading).declared.level
        read(in_reading, juror, now, marks={"a": 3, "b": 2}, proposed_level=level)
    assert board.undisputed(chair).exists()
    move(in_reading, jeanne, now)
    assert not board.undisputed(chair).exists()


# --- pages


def test_desk_has_the_answers_of_the_context_to_judge(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    assert "Avez-vous une plage ?" in client.get(FILE).text
    page = client.get(f"{FILE}a-juger/context/coastal/").text
    assert ("De mer." in page, "Je corrige\u202f: «\u202fOui\u202f»" in page) == (True, True)
    assert client.get(f"{FILE}a-juger/context/population/").status_code == 404


def test_answer_of_the_context_is_corrected_on_the_desk(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    posted = {"kind": "context", "id": "coastal", "accepted": "non", "value": "Oui", "reason": "Elle a deux plages."}
    page = client.post(f"{FILE}avis/", posted, headers=HTMX).text
    assert "Corrigée par le jury\u202f: «\u202fOui\u202f»" in page
    assert examination.rulings_of(in_reading).context == {"coastal": True}


def test_number_of_the_context_is_corrected_as_people_write_it(in_reading, jeanne, sign_in):
    posted = {"kind": "context", "id": "beaches", "accepted": "non", "value": "1 200", "reason": "Comptées."}
    answer = sign_in(jeanne.user).post(f"{FILE}avis/", posted)
    assert answer.url == f"{FILE}a-juger/context/beaches/"
    assert examination.rulings_of(in_reading).context == {"beaches": 1200}


@pytest.mark.parametrize("value", ["", "beaucoup", "12,5"])
def test_number_of_the_context_that_is_none_is_refused(in_reading, jeanne, sign_in, value):
    posted = {"kind": "context", "id": "beaches", "accepted": "non", "value": value, "reason": "Comptées."}
    assert sign_in(jeanne.user).post(f"{FILE}avis/", posted).status_code == 400
    assert not Ruling.objects.exists()


def test_initiative_is_moved_from_its_page(in_reading, jeanne, sign_in):
    client, pk = sign_in(jeanne.user), Initiative.objects.get().pk
    assert "La compter ailleurs" in client.get(f"{FILE}initiatives/{pk}/").text
    posted = {"kind": "initiative", "id": pk, "accepted": "oui", "axis": "b", "issues": ["j"], "reason": WHY}
    page = client.get(client.post(f"{FILE}avis/", posted).url).text
    assert "comptée ailleurs («\u202fÉcologie\u202f: Énergie\u202f»)" in page
    assert WHY in page


def test_initiative_moved_without_a_reason_is_refused(in_reading, jeanne, sign_in):
    posted = {"kind": "initiative", "id": Initiative.objects.get().pk, "accepted": "oui", "axis": "b", "issues": ["j"]}
    assert sign_in(jeanne.user).post(f"{FILE}avis/", posted).status_code == 400
    assert not Ruling.objects.exists()


# --- what the commune does not know of itself


@pytest.fixture
def unknowing(in_reading):
    """Has Aubaine a beach? It does not know."""
    in_reading.declared_context["coastal"] = "unknown"
    in_reading.save(update_fields=["declared_context"])
    return in_reading


def test_an_unknown_fact_asks_what_follows_until_the_jury_says_it(unknowing, jeanne, now):
    assert examination.live(unknowing).axes["b"] == (0, 800)
    correct(unknowing, jeanne, now, instead=False)
    assert examination.live(unknowing).axes["b"] == (0, 400)


def test_an_unknown_fact_waits_for_its_ruling_before_the_decision(unknowing, jeanne, chair, now):
    assert examination.awaiting(unknowing, examination.live(unknowing)) == 1
    with pytest.raises(NotNow, match="attend encore l’avis du jury"):
        actions.decide(application=unknowing, level=1, reasons="", honours=[], waiver="Vue", by=chair, now=now)
    correct(unknowing, jeanne, now, instead=True)
    assert examination.awaiting(unknowing, examination.live(unknowing)) == 0


@pytest.mark.parametrize("fields", [{"accepted": True, "instead": None}, {"instead": "unknown"}])
def test_an_unknown_fact_is_ruled_by_yes_or_no(unknowing, jeanne, now, fields):
    with pytest.raises(Refused):
        correct(unknowing, jeanne, now, **fields)
    assert not Ruling.objects.exists()


def test_an_unknown_fact_comes_first_on_the_desk_and_takes_one_press(unknowing, jeanne, sign_in):
    client = sign_in(jeanne.user)
    page = client.get(f"{FILE}a-juger/context/coastal/").text
    assert "Je ne sais pas" in page
    assert "J’accepte" not in page

    posted = {"kind": "context", "id": "coastal", "accepted": "non", "value": "Non", "reason": "Elle est en montagne."}
    assert client.post(f"{FILE}avis/", posted).status_code == 302
    assert examination.rulings_of(unknowing).context == {"coastal": False}


def test_an_unknown_fact_is_counted_at_the_deposit(unknowing):
    card = scorecards.freeze(application=unknowing, kind=ScorecardKind.DECLARED, now=unknowing.submitted_at)
    assert card.claims_pending == 1


def test_a_number_that_is_not_known_is_told_by_the_jury(in_reading, jeanne, sign_in):
    in_reading.declared_context["beaches"] = "unknown"
    in_reading.save(update_fields=["declared_context"])
    client = sign_in(jeanne.user)
    page = client.get(f"{FILE}a-juger/context/beaches/").text
    assert "C’est la réponse" in page
    assert "J’accepte" not in page

    posted = {"kind": "context", "id": "beaches", "accepted": "non", "value": "2", "reason": "Comptées sur le plan."}
    assert client.post(f"{FILE}avis/", posted | {"value": "Je ne sais pas"}).status_code == 400
    assert client.post(f"{FILE}avis/", posted).status_code == 302
    assert examination.rulings_of(in_reading).context == {"beaches": 2}
    assert examination.awaiting(in_reading, examination.live(in_reading)) == 0
