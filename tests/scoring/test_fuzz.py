"""Whatever the bytes, `check` and `score` answer with sentences, soon, and within bounds."""

import json
import random
import time
import tracemalloc
from pathlib import Path

import pytest

from scoring import answers, engine, framework
from scoring.answers import ApplicationError
from scoring.faults import Fault
from scoring.framework import FrameworkError
from tests.scoring.builders import BY_KIND, COMMUNE, document, load, proven, question

pytestmark = pytest.mark.trial

SECONDS = 2
CASES = Path(__file__).parent / "cases"
WORDS = [
    *"{}[]:,-?&*!|>'\"%@`#\\\n\t\r\0 ",
    *(
        "---\n",
        "...\n",
        "<<: ",
        "&a ",
        "*a",
        "!!python/object/apply:os.system ",
        "%YAML 1.1\n",
        "\ufeff",
        "\u2028",
        "\x85",
    ),
    *("1e999", "-0", "010", "no", "~", "1.5", "9" * 400, "\\ud800", "é😀", "null", "true", "0x1F", "12:30"),
    *("applies_when: ", "credit('A-1') > 0", "not " * 60, "(" * 60, " and ", "population"),
]


def corpora():
    whole = document(
        *[question(f"A-{index}", kind, applies_when="population > 3") for index, kind in enumerate(BY_KIND)]
    )
    sources = [json.dumps(whole), json.dumps(whole, indent=1), "a: &a [x]\nb: [*a, *a]\n", "schema: 1\nid: x\n"]
    return [*sources, *(path.read_text() for path in sorted((CASES / "faults").glob("*.yaml")))]


def mutated(rng, source):
    for _ in range(rng.randrange(1, 6)):
        at, to = sorted(rng.randrange(len(source) + 1) for _ in range(2))
        piece = rng.choice([rng.choice(WORDS), source[at:to][:200], source[at:to][:20] * rng.randrange(30)])
        source = source[:at] + piece + source[min(to, at + rng.randrange(9)) :]
    return source


def as_bytes(rng, text):
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data and rng.random() < 0.2:
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def tell(faults):
    assert faults
    for fault in faults:
        assert isinstance(fault, Fault)
        assert "\n" not in str(fault)
        assert fault.line is None or fault.line >= 1


def within_seconds(attempt):
    """Repeat the attempt with fresh randomness for a bounded time; each must end soon."""
    rng = random.Random(20270101)
    end = time.monotonic() + SECONDS
    count = 0
    while time.monotonic() < end:
        started = time.monotonic()
        attempt(rng)
        assert time.monotonic() - started < 5
        count += 1
    assert count > 100


def test_check_of_damaged_frameworks():
    sources = corpora()

    def attempt(rng):
        source = as_bytes(rng, mutated(rng, rng.choice(sources)))
        faults = framework.check(source, strict=rng.random() < 0.2)
        if faults:
            tell(faults)
        else:
            framework.load(source)

    within_seconds(attempt)


def test_score_of_damaged_applications():
    rules = load(*[question(kind, kind) for kind in BY_KIND], context={"coastal": "boolean"})
    given = {"boolean": proven(True), "maturity": {"state": "unknown"}, "multiple": {"value": ["all", "some"]}}
    given["number"] = {"state": "not_applicable", "reason": "r", "accepted": None}
    source = json.dumps({"id": "x", "context": COMMUNE, "answers": given, "initiatives": {"i": 2}})

    def attempt(rng):
        try:
            application = answers.load(rules, as_bytes(rng, mutated(rng, source)))
        except ApplicationError as error:
            tell(error.faults)
        else:
            assert engine.score(rules, application).as_document()["result_hash"]

    within_seconds(attempt)


def test_rules_of_random_words():
    words = [
        "population",
        "credit('A-1')",
        "'x'",
        "3",
        "not",
        "and",
        "or",
        "in",
        "(",
        ")",
        ",",
        "==",
        "<",
        "True",
        "kind",
    ]

    def attempt(rng):
        rule = " ".join(rng.choice(words) for _ in range(rng.randrange(1, 14)))
        try:
            made = load(question("B", applies_when=rule), question("A-1"))
        except FrameworkError as error:
            tell(error.faults)
        else:
            assert made.questions[0].rule.verdict(COMMUNE, {"A-1": 0}) in (True, False)

    within_seconds(attempt)


@pytest.mark.parametrize(
    "source",
    [
        "[" * 500_000,
        '{"a":' * 300_000,
        "{a: " * 300_000,
        "- " * 500_000,
        "? " * 500_000,
        "&a " * 300_000,
        "!" * 500_000,
        "'" * 500_000,
        "a: " + "9" * 500_000,
        '"' + "\\u00e9" * 150_000 + '"',
        "[" + "1.5," * 100_000 + "1]",
        "{" + ",".join(f'"k{index}":1' for index in range(12_000)) + "}",
        "[" + "{}," * 30_000 + "{}]",
        "x\n" * 500_000,
        "%" * 500_000,
        "a: |\n" + " " * 500_000,
        "\n" * 1_000_000,
        "\ud800" * 1000,
    ],
    ids=range(18),
)
def test_large_hostile_document_ends_soon_and_within_memory(source):
    tracemalloc.start()
    started = time.monotonic()
    tell(framework.check(source))
    taken = time.monotonic() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 60  # with memory traced, several times slower than in life
    assert peak < 64 * 1024 * 1024


def test_many_questions_with_rules_end_soon():
    names = {f"n{index}": "integer" for index in range(40)}
    rule = " or ".join(f"{name} > {index} and {name} < {index}" for index, name in enumerate(names))[:1900].rsplit(
        " or ", 1
    )[0]
    made = document(*[question(f"A-{index}", applies_when=rule) for index in range(40)], context=names)
    started = time.monotonic()
    framework.check(json.dumps(made), strict=True)
    assert time.monotonic() - started < 60
