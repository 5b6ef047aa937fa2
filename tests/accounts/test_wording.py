import ast
import re
from pathlib import Path

import pytest

from accounts import wording
from accounts.actions import audit
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


def test_every_detail_recorded_has_its_words():
    keys = set()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "record":
                    named = {keyword.arg for keyword in call.keywords if keyword.arg}
                    keys |= named - {"by", "verb", "on"} if "verb" in named else set()

    assert sorted(keys - set(wording.DETAILS)) == []


@pytest.mark.parametrize("words", ["Connexion", "connexion manquée", "COMPTE"])
def test_trail_is_searched_in_french(agent, client, organiser, sign_in, words):
    client.post("/compte/connexion/", {"login": agent.email, "password": "pas le bon"})

    assert "user.sign_in_failed" in sign_in(organiser).get("/organisation/journal/", {"q": words}).text


def test_trail_is_searched_by_its_detail_and_by_whom_it_is_about(agent, aubaine, organiser, sign_in):
    audit.record(by=organiser, verb="invitation.sent", on=agent, territory="01901", reason="Élu en mars")
    page = sign_in(organiser)

    for words in ("01901", "Élu en", agent.name):
        assert "Invitation faite" in page.get("/organisation/journal/", {"q": words}).text, words
    assert "Invitation faite" not in page.get("/organisation/journal/", {"q": "01902"}).text
