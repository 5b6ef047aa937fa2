from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments.enums import State
from jury import actions as jury
from outbox.models import Job, JobState, Mail
from results import actions, visibility
from results.models import PastLaureate, PublishedResult
from results.pages.status import Status, status_of
from territories.models import Kind
from tests.conftest import make_territory

pytestmark = pytest.mark.django_db


def test_publish_needs_the_organiser(edition, make_file, aubaine, agent, now):
    make_file(aubaine)

    with pytest.raises(NotAllowed):
        actions.publish(edition=edition, by=agent, now=now)


def test_publish_leaves_a_trace(edition, make_file, aubaine, organiser, now):
    make_file(aubaine)

    actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)

    assert AuditEntry.objects.filter(verb="edition.publication_asked", actor_id=organiser.pk).count() == 1


def test_publish_without_signed_minutes_asks_why(edition, make_file, aubaine, organiser, now):
    make_file(aubaine)

    with pytest.raises(NotNow, match="1 décision n’est dans aucun procès-verbal"):
        actions.publish(edition=edition, by=organiser, unsigned="  ", now=now)

    actions.publish(edition=edition, by=organiser, unsigned="Elle signera demain.", now=now)
    told = AuditEntry.objects.get(verb="edition.publication_asked").detail
    assert told == {"without_minutes": 1, "reason": "Elle signera demain."}


def test_publish_with_signed_minutes_asks_nothing(edition, make_file, aubaine, chair, organiser, now):
    make_file(aubaine)
    chair.declared_at = now
    chair.save(update_fields=["declared_at"])
    jury.sign_minutes(by=chair, held_on=timezone.localdate(now), place="Lyon", present=[chair], statement=True, now=now)

    assert actions.publish(edition=edition, by=organiser, now=now)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED])
def test_publish_waits_for_every_decision(edition, make_file, aubaine, beaupre, organiser, now, state):
    make_file(aubaine)
    waiting = make_file(beaupre, state=State.SUBMITTED)
    waiting.state, waiting.state_reason = state, "Il manque une date."
    waiting.save()

    with pytest.raises(NotNow, match="1 dossier attend"):
        actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)


def test_publish_before_closing_is_refused(edition, make_file, aubaine, organiser):
    make_file(aubaine)

    with pytest.raises(NotNow, match="ouvertes"):
        actions.publish(edition=edition, by=organiser, now=edition.closes_at - timedelta(seconds=1))


def test_publish_nothing_is_refused(edition, organiser, now):
    with pytest.raises(NotNow, match="rien à publier"):
        actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)


def test_publish_twice_is_refused(edition, make_file, aubaine, organiser, now):
    make_file(aubaine)
    actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)

    with pytest.raises(NotNow, match="déjà lancée"):
        actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)


def test_withdraw_takes_the_result_out_of_force(published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    assert not visibility.in_force(now=now).exists()
    assert visibility.public(now=now).get().withdrawn_reason == "Fausse déclaration."


def test_withdraw_tells_the_members(published, organiser, agent, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    assert "Fausse déclaration." in Mail.objects.get(to=agent.email).text


def test_withdraw_without_a_reason_is_refused(published, organiser, now):
    with pytest.raises(Refused, match="Dites pourquoi"):
        actions.withdraw(result=published, reason=" ", by=organiser, now=now)


def test_withdraw_twice_is_refused(published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    with pytest.raises(NotNow, match="déjà été retiré"):
        actions.withdraw(result=published, reason="Encore.", by=organiser, now=now)


def test_withdraw_a_replaced_result_is_refused(published, organiser, now):
    PublishedResult.objects.update(replaced_at=now)

    with pytest.raises(NotNow, match="remplacé"):
        actions.withdraw(result=published, reason="Erreur.", by=organiser, now=now)


def test_withdraw_needs_the_organiser(published, agent, now):
    with pytest.raises(NotAllowed):
        actions.withdraw(result=published, reason="Erreur.", by=agent, now=now)


def correct(published, organiser, now, **fields):
    said = {"name": "Aubaine-sur-Seine", "honours": ["Numérique libre"], "reason": "Le nom était mal écrit."}
    return actions.correct(result=published, **said | fields, by=organiser, now=now)


def test_correct_puts_another_copy_in_place_of_the_old_one(published, organiser, now):
    new = correct(published, organiser, now)

    assert visibility.in_force(now=now).get() == new
    assert (new.document["territory"]["name"], new.level, new.replaces) == ("Aubaine-sur-Seine", 3, published)
    assert PublishedResult.objects.get(pk=published.pk).document == published.document
    assert set(Job.objects.filter(key__endswith=f":{new.certificate.pk}").values_list("kind", flat=True)) >= {
        "certificate.make",
        "credential.issue",
    }


def test_correct_makes_the_old_number_say_by_which_it_is_replaced_and_why(published, organiser, now, client):
    new = correct(published, organiser, now, honours=[])

    found = status_of(published.certificate.number, now=now)
    assert (found.status, found.replaced_by) == (Status.REPLACED, new.certificate.number)
    page = client.get(f"/verifier/{published.certificate.number}/").text
    assert "par une attestation corrigée" in page
    assert "Le nom était mal écrit." in page
    assert client.get("/annuaire/01901/").text.count("Numérique libre") == 0


def test_correct_tells_the_members(published, organiser, agent, now):
    new = correct(published, organiser, now)

    text = Mail.objects.get(to=agent.email, subject__contains="corrigée").text
    assert "Le nom était mal écrit." in text
    assert new.certificate.number in text


@pytest.mark.parametrize(("field", "value"), [("reason", " "), ("name", " "), ("name", "Aubaine")])
def test_correct_nothing_or_without_a_reason_is_refused(published, organiser, now, field, value):
    with pytest.raises(Refused):
        correct(published, organiser, now, **{field: value})


def test_correct_a_withdrawn_result_is_refused(published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    with pytest.raises(NotNow, match="retiré"):
        correct(published, organiser, now)


def test_correct_needs_the_organiser(published, agent, now):
    with pytest.raises(NotAllowed):
        correct(published, agent, now)


def test_retry_gives_dead_jobs_another_life(published, edition, organiser, now):
    Job.objects.filter(kind="certificate.make").update(state=JobState.DEAD, finished_at=now, error="OSError: full")

    assert actions.retry_failed(edition=edition, by=organiser) == 1
    assert Job.objects.get(kind="certificate.make").state == JobState.TODO


@pytest.fixture
def every_laureate(department):
    for row in {row["code"]: row for row in actions._rows("laureates.csv")}.values():
        kind = Kind.COMMUNE if row["kind"] == "commune" else Kind.EPCI
        make_territory(department, row["code"], row["name"], 1_000, kind=kind)


def test_load_laureates_again_changes_nothing(every_laureate):
    assert actions.load_laureates() == (221, [])
    first = list(PastLaureate.objects.order_by("pk").values())

    actions.load_laureates()

    assert list(PastLaureate.objects.order_by("pk").values()) == first
    assert len(first) == 221


def test_load_laureates_cites_readable_sources(every_laureate):
    actions.load_laureates()

    laureate = PastLaureate.objects.get(year=2009, territory__code="76476")
    assert laureate.source == (
        "«\u202fRecord : seize communes en tête du label 2009\u202f», banquedesterritoires.fr (Localtis), décembre 2009"
    )
    assert laureate.name == "Notre-Dame-de-Gravenchon"


def test_load_laureates_names_unknown_codes(db):
    loaded, unknown = actions.load_laureates()

    assert (loaded, len(unknown)) == (0, 147)
