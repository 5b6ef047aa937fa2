from datetime import timedelta

import pytest

from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments import queries as file_queries
from assessments.doors import scorecards
from assessments.models import Evidence, Initiative
from jury import actions
from jury.doors import examination
from jury.models import Ruling

from .conftest import accept_claim


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
