"""The engine beside its reference points, in one run: ratios, since absolute times drift from machine to machine.

All the communes of the official list, with seeded answers to the questionnaire of 2027. Times are those of the
processor, on one thread, the best of several rounds.
"""

import csv
import gzip
import os
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is loaded

import numpy as np

from scoring import batch, engine, framework, robustness
from scoring.answers import UNKNOWN, Application, parse_application
from scoring.batch import CODES, PENDING, STATES, Array, Column, Columns
from scoring.credits import FULL, HIGHEST_MATURITY, credit
from scoring.engine import ANSWERED, CLAIMED, MISSING
from scoring.model import (
    BOOLEAN,
    CHOICE,
    INITIATIVES,
    MATURITY,
    MULTIPLE,
    NUMBER,
    Framework,
    Question,
)
from scoring.robustness import DRAWS
from scoring.rules import CONTEXT

ROOT = Path(__file__).parents[1]
FRAMEWORK = ROOT / "assessments" / "editions" / "2027" / "framework.yaml"
COMMUNES = ROOT / "territories" / "data" / "communes.csv.gz"
SEED = 2027
SCALAR_SAMPLE = 400
TEN_TIMES = 350_000
CHUNK = 4096  # rows of the reference product, so that its result fits in memory
CLAIMS = 0.002  # of the questions that apply: most of what does not apply is hidden by its rule


@dataclass(frozen=True)
class Measure:
    """One line of the report: what was measured, its ratio to the reference, and the ratio aimed at."""

    work: str
    reference: str
    ratio: float
    aim: str


def main() -> None:
    """Measure, and print the report."""
    rules = framework.load(FRAMEWORK.read_bytes())
    listed = list(communes())
    columns = seeded_columns(rules, listed)
    print(f"{len(rules.questions)} questions, {columns.size} communes, one thread")
    for measure in [one_application(rules, columns), *all_communes(rules, columns), all_draws(rules, columns)]:
        print(f"{measure.work:44} / {measure.reference:44} {measure.ratio:8.2f}  (aim: {measure.aim})", flush=True)
    for measure in ten_times(rules, listed, columns):
        print(f"{measure.work:44} / {measure.reference:44} {measure.ratio:8.2f}  (aim: {measure.aim})", flush=True)


def best(*works: Callable[[], Any], rounds: int = 7) -> list[float]:
    """The least processor time that each work takes, in seconds: by turns, since a machine is busier at one moment."""
    times = []
    for _ in range(rounds):
        for work in works:
            started = time.process_time()
            work()
            times.append(time.process_time() - started)
    return [min(times[rank :: len(works)]) for rank in range(len(works))]


# --- the work and its reference points


def one_application(rules: Framework, columns: Columns) -> Measure:
    """One application with its trace, beside a plain loop that only sums."""
    parsed = [parse_application(rules, document(rules, columns, row)) for row in sample(columns)]
    traced, plain = best(
        lambda: [engine.score(rules, application).lines for application in parsed],
        lambda: [plain_loop(rules, application) for application in parsed],
    )
    micros = f"{traced / len(parsed) * 1e6:.0f} µs"
    return Measure(
        f"one application with its full trace ({micros})", "plain loop without trace", traced / plain, "≤ 3, ≤ 1 ms"
    )


def plain_loop(rules: Framework, application: Application) -> Fraction:
    """The overall score and nothing else, in the plainest way."""
    credits: dict[str, int | None] = {}
    earned, possible = dict.fromkeys(rules.axis_by_id, 0), dict.fromkeys(rules.axis_by_id, 0)
    for question in rules.by_dependency:
        credits[question.id] = 0
        if question.rule and not question.rule.verdict(application.context, credits):
            continue
        if question.kind == INITIATIVES:
            credit_given = credit(question, application.initiatives[question.id], evidence=True)
        else:
            answer = application.answers.get(question.id)
            if rules.schema == 1 and answer and answer.reason:
                continue
            valued = answer is not None and answer.state is None
            credit_given = credit(question, answer.value, evidence=answer.evidence) if answer and valued else 0
        credits[question.id] = credit_given
        earned[question.axis] += question.points * credit_given
        possible[question.axis] += question.points * FULL
    weights = {axis.id: axis.weight for axis in rules.axes if possible[axis.id]}
    mean = sum((Fraction(weight * earned[name], possible[name]) for name, weight in weights.items()), Fraction())
    return mean / sum(weights.values())


def all_communes(rules: Framework, columns: Columns) -> list[Measure]:
    """Every commune from arrays, beside the scalar path and a single reading of every answer."""
    parsed = [parse_application(rules, document(rules, columns, row)) for row in sample(columns)]
    scalar, arrays, reading = best(
        lambda: [engine.score(rules, application) for application in parsed],
        lambda: batch.score(rules, columns),
        lambda: [part.sum() for each in columns.answers.values() for part in vars(each).values()],
    )
    scalar *= columns.size / len(parsed)
    scores = batch.score(rules, columns)
    for row, application in zip(sample(columns), parsed, strict=True):
        if scores.result(row, application).as_document() != engine.score(rules, application).as_document():
            raise SystemExit(f"row {row}: the two paths differ")
    return [
        Measure("all communes, scalar path", "all communes from arrays", scalar / arrays, "≥ 50"),
        Measure("all communes from arrays", "reading every answer once", arrays / reading, "-"),
    ]


def all_draws(rules: Framework, columns: Columns) -> Measure:
    """The thousand draws of every commune, beside one matrix product of that size."""
    scores = batch.score(rules, columns)
    left = np.ascontiguousarray(scores.credits.T.astype(np.float64))
    right = np.random.default_rng(SEED).random((len(rules.questions), DRAWS))
    room = np.empty((CHUNK, DRAWS))

    def product() -> None:
        for start in range(0, len(left), CHUNK):
            rows = left[start : start + CHUNK]
            np.matmul(rows, right, out=room[: len(rows)])

    weighed, multiplied = best(
        lambda: robustness.draws_by_level(rules, scores.credits, scores.counted), product, rounds=21
    )
    return Measure("robustness, 1,000 draws × all communes", "one matrix product", weighed / multiplied, "≤ 2")


def ten_times(rules: Framework, communes: list[dict[str, str]], columns: Columns) -> list[Measure]:
    """Ten times as many applications, beside as many times the time and the memory."""
    many = seeded_columns(rules, (communes * (TEN_TIMES // len(communes) + 1))[:TEN_TIMES])
    growth = many.size / columns.size

    def weigh(each: Columns) -> None:
        scores = batch.score(rules, each)
        robustness.draws_by_level(rules, scores.credits, scores.counted)

    def measure(what: str, small: float, large: float) -> Measure:
        return Measure(f"{many.size} applications, {what}", "as many times the communes", large / small / growth, "≤ 1")

    return [
        measure("batch, time", *best(*(partial(batch.score, rules, each) for each in (columns, many)))),
        measure("batch, memory", *(_peak(partial(batch.score, rules, each)) for each in (columns, many))),
        measure("robustness, time", *best(*(partial(weigh, each) for each in (columns, many)), rounds=3)),
        measure("robustness, memory", *(_peak(partial(weigh, each)) for each in (columns, many))),
    ]


def _peak(work: Callable[[], Any]) -> int:
    """The most memory that the work holds at once, in bytes, beside what was there."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


# --- seeded answers


def communes() -> Iterator[dict[str, str]]:
    with gzip.open(COMMUNES, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def sample(columns: Columns) -> range:
    return range(0, columns.size, columns.size // SCALAR_SAMPLE)


def seeded_columns(rules: Framework, communes: list[dict[str, str]]) -> Columns:
    """Answers that look like those of communes: the larger, the further; the same at each run."""
    rng = np.random.default_rng(SEED)
    population = np.array([int(commune["population"] or 0) for commune in communes])
    drive = np.clip(rng.normal(0.25 + 0.06 * np.log10(population + 1), 0.15), 0.02, 0.98)
    return Columns(
        size=len(communes),
        context=_context(rules, communes, population, rng),
        answers={asked.id: _column(rules, asked, drive, rng) for asked in rules.questions if asked.takes_answer},
        initiatives={asked.id: rng.binomial(4, drive * 0.6) for asked, _ in rules.pools},
        words=_WORDS,
    )


_WORDS: dict[str, int] = {}


def _context(
    rules: Framework, communes: list[dict[str, str]], population: Array, rng: np.random.Generator
) -> dict[str, tuple[Array, Array]]:
    def words(values: list[str]) -> Array:
        return np.array([_WORDS.setdefault(value, len(_WORDS)) for value in values], np.int64)

    regions = [commune["code_region"] for commune in communes]
    context = {
        "kind": words(["commune"] * len(communes)),
        "population": population,
        "department": words([commune["code_departement"] for commune in communes]),
        "region": words(regions),
        "overseas": np.array([region < "11" for region in regions]),
    }
    for rank, (name, kind) in enumerate(rules.context.items()):
        exceptions = rng.random(len(communes)) < 0.01
        likely = population >= (100, 500, 1_000, 3_500, 10_000)[rank % 5]
        context[name] = likely ^ exceptions if kind == "boolean" else population // 100
    return {name: (column, np.ones(len(communes), np.bool_)) for name, column in context.items()}


def _column(rules: Framework, question: Question, drive: Array, rng: np.random.Generator) -> Column:
    """No claim is ruled: since schema 2 each then counts against the file."""
    size = len(drive)
    claimed = CODES[CLAIMED] if rules.schema == 1 else PENDING
    kinds = [CODES[ANSWERED], CODES[MISSING], CODES[UNKNOWN], claimed]
    states = rng.choice(kinds, size, p=[0.88 - CLAIMS, 0.08, 0.04, CLAIMS]).astype(np.uint8)
    return Column(states, rng.random(size) < 0.6, _values(question, drive, rng))


def _values(question: Question, drive: Array, rng: np.random.Generator) -> Array:
    if question.kind == NUMBER:
        return rng.integers(question.scale[0][0], question.scale[-1][0] + 1, len(drive))
    if question.kind == MULTIPLE:
        return rng.random((len(drive), len(question.options))) < drive[:, None]
    highest = {BOOLEAN: 1, MATURITY: HIGHEST_MATURITY}.get(question.kind, len(question.options) - 1)
    return rng.binomial(highest, drive).astype(np.uint16)


def document(rules: Framework, columns: Columns, row: int) -> dict[str, Any]:
    """One row of the columns as an application."""
    words = {rank: word for word, rank in columns.words.items()}
    types = CONTEXT | dict(rules.context)
    context = {name: column[row].item() for name, (column, _) in columns.context.items()}
    return {
        "context": {name: words[value] if types[name] == "string" else value for name, value in context.items()},
        "answers": {name: answer for name in columns.answers if (answer := _answer(rules, columns, name, row))},
        "initiatives": _initiatives(rules, columns, row),
    }


def _initiatives(rules: Framework, columns: Columns, row: int) -> dict[str, Any]:
    """The counts of a row as an application has them: by issue, and since schema 2 by axis."""
    counts: dict[str, Any] = {}
    for asked, (issue, axis) in rules.pools:
        count = int(columns.initiatives[asked.id][row])
        if axis is None:
            counts[issue] = count
        else:
            counts.setdefault(issue, {})[axis] = count
    return counts


def _answer(rules: Framework, columns: Columns, name: str, row: int) -> dict[str, Any] | None:
    question, column = rules.question_by_id[name], columns.answers[name]
    code = int(column.state[row])
    state = CLAIMED if code == PENDING else STATES[code]
    if state == ANSWERED:
        value = column.value[row].tolist()
        if question.kind == BOOLEAN:
            value = bool(value)
        elif question.kind == CHOICE:
            value = question.options[value].id
        elif question.kind == MULTIPLE:
            value = [option.id for option, chosen in zip(question.options, value, strict=True) if chosen]
        return {"value": value, "evidence": bool(column.evidence[row])}
    if state == UNKNOWN:
        return {"state": UNKNOWN}
    return {"state": "not_applicable", "reason": "sans objet ici"} if state == CLAIMED else None


if __name__ == "__main__":
    main()
