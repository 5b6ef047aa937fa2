import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import answers, batch, engine, framework
from scoring.answers import parse_application
from tests.scoring.builders import BY_KIND, COMMUNE, applications, axes, frameworks, load, proven, question

CASES = Path(__file__).parent / "cases"


def differences(rules, documents):
    """The rows where the two paths do not give the same document, or the same trace."""
    parsed = [parse_application(rules, document) for document in documents]
    scores = batch.score(rules, batch.encode(rules, parsed))
    found = []
    for row, application in enumerate(parsed):
        one, other = engine.score(rules, application), scores.result(row, application)
        if one.as_document() != other.as_document() or one.lines != other.lines:
            found.append((one.as_document(), other.as_document()))
    return found


@settings(max_examples=60)
@given(frameworks().flatmap(lambda rules: st.tuples(st.just(rules), st.lists(applications(rules), max_size=8))))
def test_batch_equals_scalar(made):
    assert differences(*made) == []


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in CASES.glob("*/framework.json")), ids=lambda path: path.name
)
def test_batch_of_cases(folder):
    rules = framework.load((folder / "framework.json").read_bytes())
    assert differences(rules, [json.loads(path.read_bytes()) for path in folder.glob("application-*.json")]) == []


def test_batch_in_several_chunks(monkeypatch):
    monkeypatch.setattr(batch, "CHUNK", 3)
    rules = load(question(kind="maturity"), question("B", applies_when="credit('A-1') > 50"))
    documents = [{"answers": {"A-1": {"value": value % 5}, "B": {"value": True}}} for value in range(11)]
    assert differences(rules, documents) == []


RULES = [
    "True",
    "not False and population != 3",
    "1 < 2 < population",
    "'x' == 'y' or 'x' in ('y', 'z')",
    "department == 'unseen' or region == 'unseen'",
    "department == region",
    "port == department",
    "overseas in (True,)",
    "kind not in ('epci',)",
    f"population < {10**30} and population != {-(10**25)} and population not in ({10**20}, 5)",
    f"credit('A') < {10**20} and credit('A') != -1",
    "credit('A') == population",
    "credit('A') in (0, 25, 100)",
]


@pytest.mark.parametrize("rule", RULES)
def test_rule_on_columns(rule):
    rules = load(question("Q", applies_when=rule), question("A", "maturity"), context={"port": "string"})
    contexts = [
        {},
        COMMUNE | {"port": "91"},
        {"kind": "epci", "population": 25, "department": "11", "region": "11", "overseas": True, "port": ""},
        {"population": 2**53 - 1, "department": "unseen", "port": None},
        {"population": 1 - 2**53},
    ]
    documents = [
        {"context": context, "answers": {"A": {"value": rank % 5}}} for rank, context in enumerate(contexts * 2)
    ]
    assert differences(rules, documents) == []


def test_numbers_at_the_limits_of_integers():
    limit = 2**53 - 1
    scale = [[-limit, 0], [-1, 100], [0, 3], [limit, 99]]
    rules = load(question(kind="number", scale=scale, unproven_credit=33))
    values = [-limit, 1 - limit, -2, -1, 0, 1, limit // 2, limit - 1, limit]
    assert differences(rules, [{"answers": {"A-1": {"value": value}}} for value in values]) == []


def test_initiatives_beyond_what_counts():
    rules = load(question(kind="initiatives"))
    assert differences(rules, [{"initiatives": {"i": count}} for count in (0, 1, 2, 3, 4, 2**53 - 1)]) == []


def test_choice_with_more_than_256_options():
    options = [{"id": f"o{rank}", "text": {"fr": "o"}, "credit": rank % 101} for rank in range(700)]
    rules = load(question(kind="choice", options=options), question("B", "multiple", options=options))
    documents = [
        {"answers": {"A-1": {"value": f"o{rank}"}, "B": {"value": [f"o{rank}"]}}} for rank in (0, 255, 256, 699)
    ]
    assert differences(rules, documents) == []


@pytest.mark.parametrize(("count", "kind"), [(2, np.int64), (8, object)])
def test_overall_beyond_64_bits(count, kind):
    names = [f"a{index}" for index in range(count)]
    asked = [question(f"{name}-{rank}", "number", axis=name, points=997 - rank) for name in names for rank in range(2)]
    rules = load(*asked, axes=axes(**{name: 991 + rank for rank, name in enumerate(names)}))
    given_values = [
        {"answers": {one["id"]: {"value": rank + seed} for rank, one in enumerate(asked)}} for seed in range(9)
    ]
    assert differences(rules, given_values) == []
    scores = batch.score(rules, batch.encode(rules, []))
    assert scores.overall[0].dtype == kind


def test_no_application_at_all():
    rules = load(*[question(kind, kind) for kind in BY_KIND])
    assert batch.score(rules, batch.encode(rules, [])).size == 0


def test_scores_are_read_by_question_and_row():
    rules = load(question("A"), question("B", applies_when="overseas"))
    parsed = [parse_application(rules, {"context": COMMUNE, "answers": made}) for made in ({}, {"A": proven(True)})]
    scores = batch.score(rules, batch.encode(rules, parsed))
    assert [[batch.STATES[code] for code in row] for row in scores.states] == [
        ["missing", "answered"],
        ["not_applicable", "not_applicable"],
    ]
    assert (scores.credits.tolist(), scores.level.tolist()) == ([[0, 100], [0, 0]], [1, 5])


def test_text_of_an_application_and_columns_agree():
    rules = load(question("A", "multiple"))
    application = answers.load(rules, '{"answers": {"A": {"value": ["all", "all"]}}}')
    scores = batch.score(rules, batch.encode(rules, [application]))
    assert scores.result(0, application).as_document() == engine.score(rules, application).as_document()


@pytest.mark.parametrize(("points", "kind"), [(922_337_203_685_477, np.int64), (922_337_203_685_478, object)])
def test_products_beyond_64_bits_are_held_by_integers_of_python(points, kind):
    rules = replace(load(question("A")), questions=(replace(load(question("A")).questions[0], points=points),))
    assert batch._wide_enough(rules) is kind
