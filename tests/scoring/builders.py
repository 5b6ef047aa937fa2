"""Small documents to test with, and generated ones."""

import re
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from scoring import framework
from scoring.answers import parse_application
from scoring.engine import Result, score
from scoring.faults import Fault
from scoring.framework import Framework
from scoring.model import Question

COMMUNE = {"kind": "commune", "population": 4154, "department": "91", "region": "11", "overseas": False}
LEVELS = [
    {"level": 1, "min_overall": 0},
    {"level": 2, "min_overall": 35},
    {"level": 3, "min_overall": 50},
    {"level": 4, "min_overall": 65, "min_axis": 25},
    {"level": 5, "min_overall": 75, "min_axis": 40},
]
LEVELS_TWO = [
    {"level": 1, "min_overall": 10},
    {"level": 2, "min_overall": 35},
    {"level": 3, "min_overall": 50, "min_obligations": 40},
    {"level": 4, "min_overall": 65, "min_axis": 25, "min_obligations": 60},
    {"level": 5, "min_overall": 75, "min_axis": 40, "min_obligations": 80},
]
ELIGIBILITY = {"min_description": 200, "max_issues": 2, "max_age_years": 2, "requires": ["dates", "operator", "proof"]}
STEPS = [{"fr": word} for word in ("Rien", "En projet", "En cours", "En place", "Évalué")]
OPTIONS = [
    {"id": "none", "text": {"fr": "Rien"}, "credit": 0},
    {"id": "some", "text": {"fr": "Un peu"}, "credit": 33},
    {"id": "all", "text": {"fr": "Tout"}, "credit": 100},
]
SCALE = [[0, 100], [7, 50], [30, 0]]
BY_KIND: dict[str, dict[str, Any]] = {
    "boolean": {},
    "maturity": {},
    "choice": {"options": OPTIONS},
    "multiple": {"options": OPTIONS},
    "number": {"unit": {"fr": "jours"}, "scale": SCALE},
    "initiatives": {"credits": [40, 70, 100]},
}


def question(name: str = "A-1", kind: str = "boolean", **fields: Any) -> dict[str, Any]:
    plain = {"id": name, "axis": "a", "issue": "i", "text": {"fr": name}, "kind": kind, "points": 1}
    return {**plain, "nature": "voluntary", **BY_KIND[kind], **fields}


def document(*questions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"schema": 1, "id": "test", "edition": 2027, "title": {"fr": "Essai"}}
    plain["axes"] = [{"id": "a", "title": {"fr": "A"}, "weight": 1}]
    plain["issues"] = [{"id": "i", "title": {"fr": "I"}}]
    return {**plain, "questions": list(questions) or [question()], "levels": LEVELS, **fields}


def two(*questions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The same in schema 2: every key that it asks for, where the questions do not say it."""
    plain: dict[str, Any] = {"schema": 2, "maturity": STEPS, "initiatives": ELIGIBILITY, "levels": LEVELS_TWO}
    asked = [
        {"min": -10, "max": 60, **each} if each["kind"] == "number" else each for each in questions or (question(),)
    ]
    return document(*asked, **{**plain, **fields})


def axes(**weights: int) -> list[dict[str, Any]]:
    return [{"id": name, "title": {"fr": name}, "weight": weight} for name, weight in weights.items()]


def load(*questions: dict[str, Any], **fields: Any) -> Framework:
    return framework.parse_document(document(*questions, **fields))


def result(
    rules: Framework, answers: dict[str, Any] | None = None, initiatives: dict[str, Any] | None = None, **context: Any
) -> Result:
    application = {"context": COMMUNE | context, "answers": answers or {}, "initiatives": initiatives or {}}
    return score(rules, parse_application(rules, application))


def everywhere(rules: Framework, count: int) -> dict[str, Any]:
    """So many eligible initiatives for each issue and, in schema 2, each axis."""
    each: Any = count if rules.schema == 1 else dict.fromkeys(rules.axis_by_id, count)
    return dict.fromkeys(rules.issue_by_id, each)


_SHOUTED = re.compile("[A-ZÉÈÀ’]{5}")


def is_helpful(what: str, mend: str) -> bool:
    """Whether a fault goes on from its place in a sentence, with advice in another. The words are free."""
    said = what.endswith(".") and not what[:1].isupper() and mend.endswith((".", "?")) and mend[:1].isupper()
    return said and not _SHOUTED.search(what + mend)


def places_of(faults: Iterable[Fault]) -> list[str]:
    """Where faults are, each told as it should be."""
    found = list(faults)
    assert all(is_helpful(fault.what, fault.mend) for fault in found)
    return [fault.place for fault in found]


def proven(value: Any) -> dict[str, Any]:
    return {"value": value, "evidence": True}


# --- generated

RULES = (
    "population >= 3500",
    "500 <= population < 100000 and kind == 'commune'",
    "not overseas and region not in ('84',)",
    'department in ("59", "2A", "971") or population < 2000',
    "coastal",
    "coastal == True or population > -1",
    "beaches > 2 or kind != 'epci'",
)
credits = st.integers(0, 100)


@st.composite
def questions(draw: st.DrawFn, index: int, axis_ids: list[str], schema: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(list(BY_KIND)))
    fields: dict[str, Any] = {"axis": draw(st.sampled_from(axis_ids)), "issue": draw(st.sampled_from(["i", "j"]))}
    fields["points"] = draw(st.sampled_from([0, 1, 3, 8, 1000]))
    fields["nature"] = draw(st.sampled_from(["obligation", "recommended", "voluntary"]))
    if kind in ("choice", "multiple"):
        worths = draw(st.lists(credits, min_size=1, max_size=4))
        worths += [100] if kind == "choice" else []
        fields["options"] = [{"id": f"o{i}", "text": {"fr": "o"}, "credit": worth} for i, worth in enumerate(worths)]
    if kind == "number":
        values = sorted(draw(st.sets(st.integers(-5, 50), min_size=2, max_size=4)))
        fields["scale"] = [[value, draw(credits)] for value in values]
    if kind == "initiatives":
        fields["credits"] = sorted(draw(st.lists(credits, min_size=1, max_size=4)))
    else:
        fields["unproven_credit"] = draw(st.sampled_from([0, 33, 50, 100]))
    rules = [None, None, *RULES]
    if index and schema == 1:
        rules.append(f'credit("Q-{draw(st.integers(0, index - 1))}") >= {draw(st.sampled_from([0, 1, 25, 50, 101]))}')
    rule = draw(st.sampled_from(rules))
    if rule:
        fields["applies_when"] = rule
    fields["effort"] = draw(st.integers(1, 5))
    if schema > 1:
        _complete(draw, kind, fields)
    return question(f"Q-{index}", kind, **fields)


def _complete(draw: st.DrawFn, kind: str, fields: dict[str, Any]) -> None:
    """What schema 2 asks for besides: full marks, bounds, points for an obligation; and efforts of options."""
    if kind in ("choice", "multiple"):
        fields["options"][-1]["credit"] = 100
        for option in fields["options"]:
            if effort := draw(st.sampled_from([None, 1, 3, 5])):
                option["effort"] = effort
    if kind == "number":
        fields["scale"][-1][1] = 100
        fields |= {"min": -10, "max": 60, "decimals": draw(st.integers(0, 3))}
    if kind == "initiatives":
        fields["credits"][-1] = 100
    if fields["nature"] == "obligation":
        fields["points"] = max(fields["points"], 1)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Of either schema."""
    schema = draw(st.sampled_from([1, 2]))
    weights = draw(st.lists(st.sampled_from([0, 1, 2, 1000]), min_size=1, max_size=3))
    weights[0] = weights[0] or 1
    named = axes(**{f"a{index}": weight for index, weight in enumerate(weights)})
    axis_ids = [axis["id"] for axis in named]
    asked = [draw(questions(index, axis_ids, schema)) for index in range(draw(st.integers(1, 7)))]
    issues = [{"id": name, "title": {"fr": name}} for name in "ij"]
    facts: dict[str, Any] = {"coastal": "boolean", "beaches": "integer"}
    asked = draw(st.permutations(asked))
    if schema == 1:
        return document(*asked, axes=named, issues=issues, context=facts)
    facts = {name: {"type": kind, "text": {"fr": name}} for name, kind in facts.items()}
    return two(*_one_for_a_pool(asked), axes=named, issues=issues, context=facts)


def _one_for_a_pool(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the questions that would count the initiatives of a pair that another one counts."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for each in asked:
        pool = each["issue"], each["axis"]
        if each["kind"] != "initiatives" or pool not in seen:
            kept.append(each)
        if each["kind"] == "initiatives":
            seen.add(pool)
    return kept


def frameworks() -> st.SearchStrategy[Framework]:
    return documents().map(framework.parse_document)


def contexts(*, complete: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    names: dict[str, st.SearchStrategy[Any]] = {
        "kind": st.sampled_from(["commune", "epci"]),
        "population": st.sampled_from([0, 499, 500, 1999, 2000, 3499, 3500, 99999, 100000]),
        "department": st.sampled_from(["91", "59", "2A", "971"]),
        "region": st.sampled_from(["11", "84"]),
        "overseas": st.booleans(),
        "coastal": st.booleans(),
        "beaches": st.integers(0, 4),
    }
    if complete:
        return st.fixed_dictionaries(names)
    return st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in names.items()})


def values(asked: Question) -> st.SearchStrategy[Any]:
    options = st.sampled_from([option.id for option in asked.options] or [""])
    return {
        "boolean": st.booleans(),
        "maturity": st.integers(0, 4),
        "choice": options,
        "multiple": st.lists(options, max_size=4),
        "number": st.integers(-10, 60),
    }[asked.kind]


@st.composite
def answers(draw: st.DrawFn, asked: Question) -> dict[str, Any] | None:
    """A valid answer, or None for no answer."""
    shape = draw(st.sampled_from(["value", "value", "value", "unknown", "claim", "none"]))
    if shape == "value":
        given_with = draw(st.sampled_from([{}, {"evidence": False}, {"evidence": True}]))
        return {"value": draw(values(asked)), **given_with}
    if shape == "unknown":
        return {"state": "unknown"}
    if shape == "claim":
        ruling = draw(st.sampled_from([{}, {"accepted": None}, {"accepted": True}, {"accepted": False}]))
        return {"state": "not_applicable", "reason": "pas chez nous", **ruling}
    return None


@st.composite
def applications(draw: st.DrawFn, rules: Framework, *, complete: bool = False) -> dict[str, Any]:
    given = {asked.id: draw(answers(asked)) for asked in rules.questions if asked.takes_answer}
    counts: st.SearchStrategy[Any] = st.integers(0, 5)
    if rules.schema > 1:
        counts = st.dictionaries(st.sampled_from(sorted(rules.axis_by_id)), counts)
    return {
        "context": draw(contexts(complete=complete)),
        "answers": {name: answer for name, answer in given.items() if answer is not None},
        "initiatives": draw(st.dictionaries(st.sampled_from(["i", "j"]), counts)),
    }


@st.composite
def files(draw: st.DrawFn, *, complete: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """A framework document and an application made for it."""
    made = draw(documents())
    return made, draw(applications(framework.parse_document(made), complete=complete))
