import re
from pathlib import Path

import pytest

from accounts import wording
from accounts.models import MembershipState
from assessments.enums import State
from jury.models import AppealState

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("accounts", "assessments", "jury", "season", "results", "territories", "outbox", "label")
VERB = re.compile(r'verb=f?"([a-z_]+)\.(.+?)"[,)]')
# What a verb made of a state may end with.
STATES = {
    "application": [*State],
    "mandate": [*MembershipState],
    "membership": [*MembershipState],
    "appeal": [AppealState.UPHELD, AppealState.REJECTED],
    "evidence": ["published", "withheld"],
}


def recorded():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                for thing, what in VERB.findall(path.read_text()):
                    yield from (f"{thing}.{each}" for each in (STATES[thing] if "{" in what else [what]))


def test_every_verb_recorded_has_its_words():
    verbs = set(recorded())
    assert len(verbs) > 110
    assert sorted(verbs - set(wording.VERBS)) == []


def test_no_words_are_of_a_verb_that_nothing_records():
    assert sorted(set(wording.VERBS) - set(recorded())) == []


def test_verb_of_an_earlier_release_leads_to_one_of_today():
    assert set(wording.FORMER.values()) <= set(wording.VERBS)


@pytest.mark.parametrize(
    ("verb", "words"),
    [("user.signed_in", "Connexion"), ("result.withdraw", "Résultat retiré"), ("of.later", "Autre changement")],
)
def test_act_is_said_in_french(verb, words):
    assert wording.done(verb) == words


def test_thing_without_a_name_keeps_that_of_its_model():
    assert (wording.named("accounts.User"), wording.named("a.B")) == ("Compte", "a.B")
