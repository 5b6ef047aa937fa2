import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.grammar import RuleError
from scoring.rules import CONTEXT, compile_rule
from tests.scoring.builders import is_helpful

TYPES = CONTEXT | {"coastal": "boolean", "beaches": "integer", "port": "string"}
QUESTIONS = {"X-1", "X-2"}
COMMUNE = {
    "kind": "commune",
    "population": 3500,
    "department": "2A",
    "region": "94",
    "overseas": False,
    "coastal": True,
    "beaches": 2,
    "port": "Ajaccio",
}


def rule(source):
    return compile_rule(source, TYPES, QUESTIONS)


def holds(source, credits=None, **context):
    return rule(source).verdict(COMMUNE | context, credits or {})


def faults_of(source):
    with pytest.raises(RuleError) as caught:
        rule(source)
    assert all(is_helpful(*fault) for fault in caught.value.faults)
    return [what for what, _ in caught.value.faults]


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("True", True),
        ("False", False),
        ("coastal", True),
        ("overseas", False),
        ("not overseas", True),
        ("coastal and overseas", False),
        ("coastal or overseas", True),
        ("overseas or overseas", False),
        ("not coastal or overseas", False),
        ("population == 3500", True),
        ("population != 3500", False),
        ("population < 3500", False),
        ("population <= 3500", True),
        ("population > 3500", False),
        ("population >= 3500", True),
        ("0 < beaches < population", True),
        ("0 < beaches > population", False),
        ("3 > beaches != population > 10", True),
        ("kind == 'commune'", True),
        ("'epci' == kind", False),
        ("kind in ('commune', 'epci')", True),
        ("department in ('2A', '2B')", True),
        ("department not in ('2A', '2B')", False),
        ("port not in ('x',)", True),
        ("coastal == True != overseas", True),
        ("overseas in (True, True)", False),
        ("beaches in (1, 3)", False),
    ],
)
def test_verdict(source, verdict):
    assert holds(source) is verdict


@pytest.mark.parametrize(("credit", "verdict"), [(0, False), (49, False), (50, True), (100, True)])
@pytest.mark.parametrize("source", ["{} >= 50", "not {} < 50", "overseas or {} >= 50", "coastal and {} in (50, 100)"])
def test_verdict_on_a_credit(source, credit, verdict):
    assert holds(source.format("credit('X-1')"), {"X-1": credit}) is verdict


@pytest.mark.parametrize("source", ["population > 3 or True", "True or coastal", "not coastal and False"])
def test_verdict_without_a_name_whatever_the_rest(source):
    assert rule(source).verdict({}, {}) is None


def test_verdict_on_an_undecided_question():
    assert holds("coastal or credit('X-1') > 0", {"X-1": None}) is None


def test_mentions_each_name_and_question_once():
    made = rule("coastal and not coastal or credit('X-2') > credit('X-1') or population > 3 or credit('X-2') == 0")
    assert (made.names, made.questions) == (("coastal", "population"), ("X-2", "X-1"))


def test_reads_tells_what_the_rule_saw():
    made = rule("coastal and population > 3 or credit('X-1') > credit('X-2')")
    seen = made.reads({"population": 12}, {"X-1": 50, "X-2": None})
    assert seen == {"coastal": None, "population": 12, 'credit("X-1")': 50, 'credit("X-2")': None}


@pytest.mark.parametrize(
    "source",
    [
        "population",
        "'x'",
        "1",
        "credit('X-1')",
        "not population",
        "coastal and 1",
        "coastal or port",
        "coastal < overseas",
        "port <= 'x'",
        "population > True",
        "population == True",
        "overseas == 0",
        "population == '3'",
        "population in ('3',)",
        "port in (1,)",
        "overseas in (0, 1)",
        "credit('X-1') == 'x'",
        "1 < population < 'x'",
        "kind == port",
        "port == kind",
        "kind == kind",
        "kind != 'comune'",
        "kind in ('commune', 'comune')",
        "'x' == kind",
        "kind",
        "unknown",
        "unknown > 3",
        "unknown in (3,)",
        "credit('X-9') > 0",
    ],
)
def test_rule_of_wrong_types_or_names(source):
    assert faults_of(source)


def test_rule_packed_and_unpacked_says_the_same():
    """Pieces of pages are kept by the question that they show."""
    again = pickle.loads(pickle.dumps(rule("population >= 3500")))

    assert [again.verdict({"population": n}, {}) for n in (3499, 3500)] == [False, True]


def test_every_fault_of_a_rule_at_once():
    told = faults_of("popluation > 3 and kind == 'comune' and credit('Y') > 0 and population == 'x'")
    assert len(told) == 4


def test_same_fault_told_once():
    assert len(faults_of("x and x and x")) == 1


@pytest.mark.parametrize(
    ("source", "mend"),
    [
        ("popluation > 3", "Vouliez-vous dire «\u202fpopulation\u202f»\u202f?"),
        ("credit('X1') > 3", "Vouliez-vous dire «\u202fX-1\u202f»\u202f?"),
        ("kind == 'comune'", "Vouliez-vous dire «\u202fcommune\u202f»\u202f?"),
        ("kind == port", 'Écrivez "commune" ou "epci".'),
        ("zzz", "Déclarez-le sous «\u202fcontext\u202f»."),
    ],
)
def test_fault_tells_how_to_mend(source, mend):
    with pytest.raises(RuleError) as caught:
        rule(source)
    assert caught.value.faults[0][1] == mend


@pytest.mark.parametrize(
    ("source", "blamed"),
    [
        ("port <= 3", "«\u202fport\u202f»"),
        ("population > True", "true"),
        ("credit('X-1') == 'x'", 'credit("X-1")'),
        ("population", "«\u202fpopulation\u202f»"),
        ("population == port", "un entier («\u202fpopulation\u202f») à une chaîne («\u202fport\u202f»)"),
    ],
)
def test_fault_quotes_what_it_blames(source, blamed):
    assert blamed in faults_of(source)[0]


atoms = st.sampled_from(
    ["population > 3", "beaches <= 2", "coastal", "overseas", "1 < beaches < 3", "port in ('a', 'b')", "port == 'a'"]
)
sources = st.recursive(
    atoms,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map("({0[0]}) {0[1]} ({0[2]})".format)
        | inner.map("not ({})".format)
    ),
    max_leaves=8,
)


@given(sources, st.integers(0, 5), st.integers(0, 4), st.booleans(), st.booleans(), st.sampled_from("abc"))
def test_verdict_is_that_of_python(source, population, beaches, coastal, overseas, port):
    context = {"population": population, "beaches": beaches, "coastal": coastal, "overseas": overseas, "port": port}
    verdict = rule(source).verdict(context, {})
    assert verdict is eval(source, {}, context)


def chosen(values, known):
    return {name: values[name] for name in values if name in known}


@given(
    sources,
    st.integers(0, 5),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
    st.sampled_from("abc"),
    st.sets(st.sampled_from(["population", "beaches", "coastal", "overseas", "port"])),
)
def test_what_is_settled_holds_whatever_the_rest(source, population, beaches, coastal, overseas, port, known):
    context = {"population": population, "beaches": beaches, "coastal": coastal, "overseas": overseas, "port": port}
    settled = rule(source).settled(chosen(context, known))
    assert settled in (None, rule(source).verdict(context, {}))


@pytest.mark.parametrize(
    ("source", "settled"),
    [
        ("True", True),
        ("coastal", None),
        ("not coastal", None),
        ("population > 3", True),
        ("coastal and population > 9000", False),
        ("coastal and population > 3", None),
        ("coastal or population > 3", True),
        ("coastal or population > 9000", None),
        ("not (coastal and population > 9000)", True),
        ("population > 3 and overseas", False),
        ("port in ('a', 'b')", None),
        ("department in ('2A', '2B')", True),
        ("1 < beaches < 3", None),
        ("population > 3 and kind == 'commune'", True),
        ("population > 9000 or overseas", False),
        ("not (population > 3 and kind == 'commune')", False),
        ("credit('X-1') > 0", None),
        ("credit('X-1') > 0 and overseas", False),
    ],
)
def test_rule_is_settled_by_what_is_known(source, settled):
    known = {name: value for name, value in COMMUNE.items() if name in CONTEXT}
    assert rule(source).settled(known) is settled
