"""The public copy of a result: everything that a page, a call or a file will ever say of it, frozen at publication.

A `confidential` question leaves no trace but its part in the points of its axis: the points of an issue, the
obligations and the completeness are counted over the public questions alone: nothing is found by subtraction. Nor is
any hash of confidential answers here: ten answers are few enough to be tried one after the other (docs/adr/0007)."""

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from assessments import wording
from assessments.doors import scorecards
from assessments.models import Application, Evidence
from assessments.queries import declared_scorecard
from jury.models import Decision
from results import queries
from scoring.answers import Answer, initiatives_of
from scoring.model import INITIATIVES, Framework, Question
from territories.models import Territory

SCHEMA = 1
Document = dict[str, Any]
Line = dict[str, Any]


def copy_of(*, application: Application, decision: Decision) -> Document:
    """The copy of a decided application, from its frozen scorecards."""
    examined, declared = decision.scorecard, declared_scorecard(application)
    framework = application.framework.parsed
    result, inputs = json.loads(examined.result), json.loads(examined.inputs)
    proofs = queries.public_links(application)
    lines = [
        _line(framework, question, result["questions"][question.id], inputs, proofs.get(question.id, ()))
        for question in _public(framework)
    ]
    return {
        "schema": SCHEMA,
        "territory": identity(application),
        "year": application.edition.year,
        "level": {
            "declared": declared.level if declared else None,
            "examined": examined.level,
            "granted": decision.level,
        },
        "reasons": decision.reasons if decision.level != examined.level else "",
        "honours": decision.honours,
        "overall": result["overall"],
        "axes": [_axis(framework, axis.id, result) for axis in framework.axes],
        "issues": [
            {"id": issue.id, "title": issue.title["fr"], **_sums(line for line in lines if line["issue"] == issue.id)}
            for issue in framework.issues
        ],
        "completeness": _completeness(framework, lines),
        "obligations": _obligations(lines),
        "lines": lines,
        "framework_hash": examined.framework_hash,
        "replay": _replay(application, framework, inputs),
        "simulated": application.simulated,
    }


def _replay(application: Application, framework: Framework, inputs: dict[str, Any]) -> dict[str, Any]:
    """What anyone may score again, without the confidential answers, and the hashes that this gives."""
    public = {question.id for question in _public(framework)}
    document = inputs | {"answers": {name: answer for name, answer in inputs["answers"].items() if name in public}}
    result = scorecards.score(application, document)
    return {"application": document, "input_hash": result.input_hash, "result_hash": result.result_hash}


def overall_sort(document: Document) -> int:
    """Ten-thousandths of the overall score, rounded down: only to sort lists."""
    return int(Fraction(document["overall"]) * 10_000)


def revised(document: Document, *, level: int, reasons: str) -> Document:
    """The copy after an appeal: the same facts, another level, and why."""
    return document | {"level": document["level"] | {"granted": level}, "reasons": reasons}


def corrected(document: Document, *, name: str, honours: list[str]) -> Document:
    """The copy after a correction: what was wrongly written, and nothing of the decision."""
    return document | {"territory": document["territory"] | {"name": name}, "honours": honours}


def identity(application: Application) -> dict[str, Any]:
    """Who the territory was when it applied: a new census or a new name changes no published result."""
    territory = application.territory
    department, epci = territory.department, territory.epci
    return {
        "code": territory.code,
        "name": territory.name,
        "kind": territory.kind,
        "population": application.official_context.get("population", territory.population),
        "band": territory.band,
        "department": {"code": department.code, "name": department.name},
        "region": {"code": department.region.code, "name": department.region.name},
        "epci": _named(epci),
    }


def _named(territory: Territory | None) -> dict[str, str] | None:
    return {"code": territory.code, "name": territory.name} if territory else None


def _public(framework: Framework) -> Iterable[Question]:
    return (question for question in framework.questions if not question.confidential)


def _line(
    framework: Framework, question: Question, scored: list[Any], inputs: dict[str, Any], proofs: Iterable[Evidence]
) -> Line:
    state, credit, earned, possible = scored
    answer = inputs.get("answers", {}).get(question.id)
    return {
        "id": question.id,
        "axis": question.axis,
        "issue": question.issue,
        "text": question.text["fr"],
        "nature": question.nature,
        "references": [{"title": reference.title, "url": reference.url} for reference in question.references],
        "rule": question.applies_when,
        "answer": answer,
        "words": wording.answer(question, _said(framework, question, inputs)),
        "links": [{"title": piece.title, "url": queries.address_of(piece)} for piece in proofs],
        "state": state,
        "credit": credit,
        "earned": earned,
        "possible": possible,
    }


def without(document: Document, address: str) -> Document:
    """The copy without a proof that its commune no longer shows."""
    lines = [
        line | {"links": [link for link in line.get("links", []) if link["url"] != address]}
        for line in document["lines"]
    ]
    return document | {"lines": lines}


def _said(framework: Framework, question: Question, inputs: dict[str, Any]) -> Answer | None:
    """What was frozen, as the engine reads it; of initiatives, how many count."""
    if question.kind == INITIATIVES:
        return Answer(initiatives_of(framework, inputs.get("initiatives", {}), question))
    answer = inputs.get("answers", {}).get(question.id)
    return (
        None
        if answer is None
        else Answer(answer.get("value"), state=answer.get("state"), reason=answer.get("reason", ""))
    )


def _axis(framework: Framework, axis: str, result: dict[str, Any]) -> dict[str, Any]:
    earned, possible = result["axes"][axis]
    hidden = [question.id for question in framework.questions if question.confidential and question.axis == axis]
    scored = [result["questions"][question] for question in hidden]
    return {
        "id": axis,
        "title": framework.axis_by_id[axis].title["fr"],
        "weight": framework.axis_by_id[axis].weight,
        "earned": earned,
        "possible": possible,
        "confidential": {"earned": sum(line[2] for line in scored), "possible": sum(line[3] for line in scored)},
    }


def _sums(lines: Iterable[Line]) -> dict[str, int]:
    kept = list(lines)
    return {"earned": sum(line["earned"] for line in kept), "possible": sum(line["possible"] for line in kept)}


def _completeness(framework: Framework, lines: list[Line]) -> list[int]:
    """The questions that people answered, over those that they were asked: initiatives are counted."""
    asked = [
        line
        for line in lines
        if line["state"] not in ("not_applicable", "undecided") and framework.question_by_id[line["id"]].takes_answer
    ]
    return [sum(line["state"] != "missing" for line in asked), len(asked)]


def _obligations(lines: list[Line]) -> list[int]:
    due = [line for line in lines if line["nature"] == "obligation" and line["possible"]]
    return [sum(line["state"] == "answered" and line["credit"] == 100 for line in due), len(due)]
