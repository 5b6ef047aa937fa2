"""Where Django meets the engine: from the rows of a file to the document of an application, and to its score.

Every score of a file is computed here, and all that was submitted put in the one text that its fingerprint covers."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from assessments import queries
from assessments.enums import AnswerState, ScorecardKind
from assessments.models import Answer, Application, Evidence, Initiative, Picture, Scorecard
from assessments.queries import Sheet
from assessments.rules import eligibility
from assessments.rules.eligibility import Terms
from outbox import jobs
from outbox.models import StoredFile
from scoring import answers as engine_answers
from scoring import engine, facts
from scoring.engine import Result
from scoring.hashing import canonical


@dataclass(frozen=True)
class Rulings:
    """What the jury ruled, the last word on each thing: accepted or not, by question id, evidence id, initiative id.

    A thing without a ruling counts as declared."""

    claims: Mapping[str, bool] = field(default_factory=dict)
    evidence: Mapping[int, bool] = field(default_factory=dict)
    initiatives: Mapping[int, bool] = field(default_factory=dict)
    # Of an initiative, the axis and the issues that it serves; of the context, the answer.
    places: Mapping[int, tuple[str, list[str]]] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def refused_evidence(self) -> frozenset[int]:
        return frozenset(pk for pk, accepted in self.evidence.items() if not accepted)

    @property
    def refused_initiatives(self) -> frozenset[int]:
        return frozenset(pk for pk, accepted in self.initiatives.items() if not accepted)


NO_RULINGS = Rulings()


def inputs(
    application: Application,
    *,
    sheet: Sheet | None = None,
    rulings: Rulings = NO_RULINGS,
    now: datetime | None = None,
) -> dict[str, Any]:
    """The file as the engine takes it: {"context", "answers", "initiatives"}, see the specification of scoring.

    `sheet` spares the two queries when it was just read; it must have been read without the refused evidence. `now`
    (the clock's by default) is when a file that is still being written is judged."""
    if sheet is None:
        sheet = queries.sheet(application, refused=rulings.refused_evidence)
    known = application.framework.parsed
    return {
        "context": context(application) | dict(rulings.context),
        "answers": {
            name: answer_document(row, proven=name in sheet.proven, accepted=rulings.claims.get(name))
            for name, row in sheet.answers.items()
            if name in known.question_by_id
        },
        "initiatives": _initiatives(sheet, terms(application, now), rulings),
    }


def context(application: Application) -> dict[str, Any]:
    """What is official of the territory and what it told. Of what it is not asked, what decides nothing; of what it
    does not know, what asks the most, until the jury says how it is."""
    official: dict[str, Any] = application.official_context
    framework = application.framework.parsed
    guessed = facts.guessed(framework, official, unknown(application))
    return official | facts.presumed(framework, official) | declared_context(application) | guessed


def unknown(application: Application) -> list[str]:
    """What the territory does not know of itself."""
    return [name for name, value in declared_context(application).items() if value == facts.UNKNOWN]


def declared_context(application: Application) -> dict[str, Any]:
    """What was told of the territory, less the names that an earlier version of the questionnaire asked for."""
    known = application.framework.parsed.context
    return {name: value for name, value in application.declared_context.items() if name in known}


def answer_document(row: Answer, *, proven: bool = False, accepted: bool | None = None) -> dict[str, Any]:
    """One answer in the words of the specification. Evidence is only said of a value, a ruling only of a claim."""
    if row.state == AnswerState.ANSWERED:
        return {"value": row.value, "evidence": proven}
    if row.state == AnswerState.UNKNOWN:
        return {"state": "unknown"}
    return {"state": "not_applicable", "reason": row.reason, "accepted": accepted}


def terms(application: Application, now: datetime | None = None) -> Terms:
    """What the initiatives of a file are held to."""
    return eligibility.terms(application, application.framework.parsed, now or timezone.now())


def placed(row: Initiative, rulings: Rulings) -> Initiative:
    """An initiative with the axis and the issues that the jury gave it, if it did. Never to be saved."""
    if row.pk in rulings.places:
        row = copy(row)
        row.axis, row.issues = rulings.places[row.pk]
    return row


def _initiatives(sheet: Sheet, terms: Terms, rulings: Rulings) -> dict[str, Any]:
    """How many eligible initiatives serve each issue and, since schema 2, each axis."""
    counted = Counter(
        (issue, row.axis)
        for row in (placed(each, rulings) for each in sheet.initiatives if each.pk not in rulings.refused_initiatives)
        if eligibility.counts(row, terms, proven=row.pk in sheet.proven_initiatives)
        for issue in row.issues
        if issue in terms.framework.issue_by_id
    )
    by_issue: dict[str, Any] = {}
    for (issue, axis), count in counted.items():
        if terms.by_axis:
            by_issue.setdefault(issue, {})[axis] = count
        else:
            by_issue[issue] = by_issue.get(issue, 0) + count
    return by_issue


def score(application: Application, document: Mapping[str, Any]) -> Result:
    framework = application.framework.parsed
    return engine.score(framework, engine_answers.parse_application(framework, document))


def live(
    application: Application,
    *,
    sheet: Sheet | None = None,
    rulings: Rulings = NO_RULINGS,
    now: datetime | None = None,
) -> Result:
    """The score of the file as it stands, computed in the request: two queries, or none with the sheet."""
    return score(application, inputs(application, sheet=sheet, rulings=rulings, now=now))


def replayed(application: Application, card: Scorecard) -> Result:
    """The frozen score with its lines, computed again from its inputs: the same hash, whoever does it."""
    return score(application, json.loads(card.inputs))


def answered(files: Collection[Application]) -> dict[int, int]:
    """How many of the questions asked of each have an answer, as `Result.answered` says it of one: for lists, in one
    query and without a score. Theirs is needed only where a rule reads the credit of another question."""
    said = queries.given(files)
    return {file.pk: len(said[file.pk] & _asked(file)) for file in files}


def _asked(file: Application) -> set[str]:
    framework = file.framework.parsed
    if any(question.rule and question.rule.questions for question in framework.questions):
        return {line.question.id for line in live(file).lines if line.applies and line.question.takes_answer}
    known = {name: value for name, value in context(file).items() if value is not None}
    return {
        question.id
        for question in framework.questions
        if question.takes_answer and (question.rule is None or question.rule.verdict(known, {}))
    }


def freeze(
    *,
    application: Application,
    kind: ScorecardKind,
    now: datetime,
    sheet: Sheet | None = None,
    rulings: Rulings = NO_RULINGS,
) -> Scorecard:
    """A row with the inputs and the result as they are now, byte for byte as hashed. Each call is a new round.

    A worker then says how firmly it holds its level (`robustness`). Call it in the transaction of its cause, with the
    application's row locked."""
    document = inputs(application, sheet=sheet, rulings=rulings, now=now)
    result = score(application, document)
    with transaction.atomic():
        last = Scorecard.objects.filter(application=application, kind=kind).aggregate(last=Max("round"))["last"]
        card = Scorecard.objects.create(
            application=application,
            kind=kind,
            round=(last or 0) + 1,
            inputs=canonical(document).decode(),
            result=canonical(result.as_document()).decode(),
            level=result.level,
            overall_sort=None if result.level is None or result.overall is None else int(result.overall * 10_000),
            claims_pending=len(result.claims_pending)
            + sum(name not in rulings.context for name in unknown(application)),
            framework_hash=result.framework.hash,
            input_hash=result.input_hash,
            result_hash=result.result_hash,
            frozen_at=now,
        )
        if card.level is not None:
            jobs.named("robustness.make").schedule(scorecard=card.pk, result=card.result_hash)
    return card


# Of an initiative, what is submitted as it is written.
WORDS = ("title", "description", "operator", "axis", "issues", "link", "results", "partners", "cost", "contact")


def in_full(application: Application, sheet: Sheet) -> str:
    """All that is submitted of a file, as one canonical text: what the fingerprint of a receipt covers.

    RFC 8785: context and answers as they stand, every word of the initiatives, digests of pictures and proofs."""
    shown: dict[int, list[Picture]] = {}
    for picture in queries.pictures(application).select_related("sent"):
        shown.setdefault(picture.initiative_id, []).append(picture)
    document = {
        "framework": application.framework.hash,
        "context": application.official_context | declared_context(application),
        "answers": {name: answer_document(row) for name, row in sheet.answers.items()},
        "initiatives": [_initiative_in_full(row, shown.get(row.pk, [])) for row in sheet.initiatives],
        "evidence": [_evidence_in_full(row) for row in queries.evidence(application)],
    }
    return canonical(document).decode()


def _initiative_in_full(row: Initiative, pictures: list[Picture]) -> dict[str, Any]:
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in WORDS},
        "started_on": row.started_on.isoformat() if row.started_on else None,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "pictures": [{"alternative": each.alternative, "sha256": _digest(each.sent or each.file)} for each in pictures],
    }


def _evidence_in_full(row: Evidence) -> dict[str, Any]:
    proves = [use.question_id or use.initiative_id for use in row.uses.all()]
    known = {"id": row.pk, "title": row.title, "url": row.url, "sha256": row.digest or None}
    return known | {"proves": sorted(proves, key=str)}


def _digest(file: StoredFile | None) -> str | None:
    return file.sha256 if file else None
