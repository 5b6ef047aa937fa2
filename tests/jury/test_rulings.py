from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments import queries as file_queries
from assessments.doors import scorecards
from assessments.models import Evidence, Initiative
from jury import actions
from jury.doors import examination
from jury.models import Ruling

from .conftest import accept_claim, read


def rule(application, on, juror, now, *, accepted=False, reason="Rien ne le montre."):
    return actions.rule(application=application, on=on, accepted=accepted, reason=reason, by=juror, now=now)


def levels(application):
    seen = examination.examine(application)
    return seen.declared.level, seen.examined.level


def test_claim_awaits_a_ruling_until_there_is_one(in_reading, jeanne, now):
    assert examination.examine(in_reading).pending == ["SER-02"]
    accept_claim(in_reading, jeanne, now)
    assert examination.examine(in_reading).pending == []


def test_refused_claim_lowers_the_examined_score(in_reading, jeanne, now):
    rule(in_reading, "SER-02", jeanne, now)
    seen = examination.examine(in_reading)
    assert (seen.declared.axes["services"], seen.examined.axes["services"]) == ((1000, 1000), (1000, 2000))
    assert seen.pending == []


def test_refused_evidence_and_initiative_lower_the_examined_score(in_reading, jeanne, now):
    rule(in_reading, Evidence.objects.get(), jeanne, now)
    rule(in_reading, Initiative.objects.get(), jeanne, now)
    seen = examination.examine(in_reading)
    assert (seen.declared.axes["inclusion"], seen.examined.axes["inclusion"]) == ((2000, 3000), (1000, 3000))


def test_last_ruling_counts_and_earlier_ones_stay(in_reading, jeanne, jules, now):
    rule(in_reading, "SER-02", jeanne, now)
    accept_claim(in_reading, jules, now)
    assert examination.rulings_of(in_reading).claims == {"SER-02": True}
    assert Ruling.objects.count() == 2


def test_same_ruling_twice_is_one(in_reading, jeanne, now):
    assert rule(in_reading, "SER-02", jeanne, now) == rule(in_reading, "SER-02", jeanne, now)
    assert Ruling.objects.count() == 1


def test_ruling_lapses_when_the_claim_is_rewritten(in_reading, jeanne, signatory, now):
    accept_claim(in_reading, jeanne, now)
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["SER-02"], now=now)
    later = now + timedelta(hours=1)
    document = {"answers": {"SER-02": {"state": "not_applicable", "reason": "La maternité a fermé."}}}
    files.fill(application=in_reading, document=document, by=signatory, now=later)
    files.submit(application=in_reading, by=signatory, now=later)
    assert examination.examine(in_reading).pending == ["SER-02"]


def test_ruling_lapses_when_the_initiative_is_rewritten(in_reading, jeanne, signatory, now):
    rule(in_reading, Initiative.objects.get(), jeanne, now)
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-01"], now=now)
    Initiative.objects.update(updated_at=now + timedelta(hours=1))
    assert examination.rulings_of(in_reading).initiatives == {}


def test_rule_without_reason_is_refused(in_reading, jeanne, now):
    with pytest.raises(Refused):
        rule(in_reading, "SER-02", jeanne, now, reason=" ")
    assert not Ruling.objects.exists()


def test_rule_on_what_was_answered_is_refused(in_reading, jeanne, now):
    with pytest.raises(NotNow):
        rule(in_reading, "SER-01", jeanne, now)


def test_rule_on_the_evidence_of_another_file_is_refused(in_reading, other, jeanne, now):
    with pytest.raises(NotNow):
        rule(in_reading, other.evidence.get(), jeanne, now)


def test_rule_by_a_juror_who_does_not_read_it_is_refused(submitted, jeanne, chair, now):
    with pytest.raises(NotAllowed):
        rule(submitted, "SER-02", jeanne, now)


def test_rule_by_the_chair_is_allowed(submitted, chair, now):
    assert rule(submitted, "SER-02", chair, now).by == chair


def test_declared_score_is_computed_again_to_the_same_hash(in_reading):
    card = file_queries.declared_scorecard(in_reading)
    assert scorecards.replayed(in_reading, card).result_hash == card.result_hash


def test_what_a_commune_is_changing_is_not_examined(in_reading, jeanne, signatory, now):
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-02"], now=now)
    document = {"answers": {"INC-02": {"value": 0}}}
    files.fill(application=in_reading, document=document, by=signatory, now=now)
    assert levels(in_reading) == (4, 4)


# --- accepted together, once read


def accept_as_read(application, on, juror, now, part="Les initiatives"):
    return actions.accept_as_read(application=application, on=on, part=part, by=juror, now=now)


def test_rest_of_a_part_is_accepted_with_a_ruling_each(in_reading, jeanne, now):
    before = examination.examine(in_reading).examined.result_hash
    [ruling] = accept_as_read(in_reading, [Initiative.objects.get()], jeanne, now)
    assert (ruling.accepted, ruling.as_read, ruling.by) == (True, True, jeanne)
    assert "Les initiatives" in ruling.reason
    assert examination.examine(in_reading).examined.result_hash == before
    assert AuditEntry.objects.get(verb="jury.accepted_as_read").detail["rulings"] == [ruling.pk]


def test_what_was_ruled_on_meanwhile_keeps_its_ruling(in_reading, jeanne, jules, now):
    refused = rule(in_reading, Initiative.objects.get(), jules, now)
    assert accept_as_read(in_reading, [Initiative.objects.get()], jeanne, now) == []
    assert Ruling.objects.get() == refused


@pytest.mark.parametrize("on", ["a claim", "a proof on which points depend"])
def test_what_asks_for_a_ruling_of_its_own_is_not_accepted_with_others(in_reading, jeanne, now, on):
    alone = "SER-02" if on == "a claim" else Evidence.objects.get()
    with pytest.raises(NotNow, match="à lui seul"):
        accept_as_read(in_reading, [Initiative.objects.get(), alone], jeanne, now)
    assert not Ruling.objects.exists()


def test_proof_on_which_no_point_depends_is_accepted_with_others(in_reading, jeanne, now):
    piece = Evidence.objects.create(application=in_reading, title="Le site", url="https://aubaine.example/")
    piece.uses.create(question_id="INC-02")  # a whole credit without proof
    assert len(accept_as_read(in_reading, [piece], jeanne, now)) == 1


def test_who_neither_reads_nor_presides_accepts_nothing(submitted, jeanne, now):
    with pytest.raises(NotAllowed):
        accept_as_read(submitted, [Initiative.objects.get()], jeanne, now)


def test_accepted_as_read_is_taken_back_by_its_author_and_kept(in_reading, jeanne, jules, now):
    [ruling] = accept_as_read(in_reading, [Initiative.objects.get()], jeanne, now)
    assert actions.take_back(application=in_reading, rulings=[ruling.pk], by=jules, now=now) == 0
    assert actions.take_back(application=in_reading, rulings=[ruling.pk], by=jeanne, now=now) == 1
    assert actions.take_back(application=in_reading, rulings=[ruling.pk], by=jeanne, now=now) == 0
    assert (examination.standing_rulings(in_reading), Ruling.objects.get().taken_back_at) == ([], now)


def test_ruling_given_alone_is_not_taken_back(in_reading, jeanne, now):
    ruling = accept_claim(in_reading, jeanne, now)
    assert actions.take_back(application=in_reading, rulings=[ruling.pk], by=jeanne, now=now) == 0


def test_nothing_is_taken_back_once_decided(in_reading, jeanne, jules, chair, now):
    [ruling] = accept_as_read(in_reading, [Initiative.objects.get()], jeanne, now)
    for juror in (jeanne, jules):
        read(in_reading, juror, now)
    accept_claim(in_reading, jeanne, now)
    actions.decide(application=in_reading, level=4, by=chair, now=now)
    with pytest.raises(NotNow):
        actions.take_back(application=in_reading, rulings=[ruling.pk], by=jeanne, now=now)
