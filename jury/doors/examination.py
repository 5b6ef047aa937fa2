"""A file as the jury examines it: what was declared, what the jury accepted of it, and what follows for the score."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from assessments.doors import scorecards
from assessments.doors.scorecards import Rulings
from assessments.enums import AnswerState, Basis, State
from assessments.jobs import benchmarks, robustness
from assessments.jobs.benchmarks import Comparison
from assessments.jobs.robustness import Firmness
from assessments.models import Answer, Application, Scorecard
from assessments.queries import Sheet, declared_scorecards, pictures, sheet
from jury.models import Decision, Ruling
from prepared import prepared
from scoring.engine import Result


def standing_rulings(application: Application) -> list[Ruling]:
    """In their order, so that the last one on a thing wins. A ruling lapses when its object was rewritten since, or
    when it was taken back."""
    told = application.declared_context
    return [
        row
        for row in _rulings(application=application.pk)
        if not row.context_name or row.told == told.get(row.context_name)
    ]


_rewritten = Answer.objects.filter(
    application=OuterRef("application"), question_id=OuterRef("question_id"), at__gt=OuterRef("at")
)
_rulings = prepared(
    lambda application: (
        Ruling.objects.filter(application=application, taken_back_at=None)
        .exclude(~Q(question_id="") & Exists(_rewritten))
        .exclude(initiative__updated_at__gt=F("at"))
        .select_related("by__user")
    )
)


def as_rulings(rows: list[Ruling]) -> Rulings:
    """What the engine's door takes."""
    moved = {row.initiative_id: row.instead for row in rows if row.initiative_id}
    corrected = {row.context_name: row.instead for row in rows if row.context_name}
    return Rulings(
        claims={row.question_id: row.accepted for row in rows if row.question_id},
        evidence={row.evidence_id: row.accepted for row in rows if row.evidence_id},
        initiatives={row.initiative_id: row.accepted for row in rows if row.initiative_id},
        places={pk: (place["axis"], place["issues"]) for pk, place in moved.items() if place},
        context={name: value for name, value in corrected.items() if value is not None},
    )


def rulings_of(application: Application) -> Rulings:
    return as_rulings(standing_rulings(application))


def live(application: Application) -> Result:
    """The score with the rulings as they stand."""
    return scorecards.live(application, rulings=rulings_of(application))


def decided(decision: Decision) -> Result:
    """The score that a decision was taken on."""
    return scorecards.replayed(decision.application, decision.scorecard)


def is_claimed(application: Application, question_id: str) -> bool:
    answer = sheet(application).answers.get(question_id)
    return answer is not None and answer.state == AnswerState.NOT_APPLICABLE


def told(application: Application) -> dict[str, Any]:
    """What the commune said of itself, by name, in the order of the questionnaire."""
    given = scorecards.declared_context(application)
    return {name: given[name] for name in application.framework.parsed.context if name in given}


def unsettled(application: Application, rulings: Rulings) -> list[str]:
    """What the commune did not know of itself and the jury has not said yet."""
    return [name for name in scorecards.unknown(application) if name not in rulings.context]


def awaiting(application: Application, result: Result) -> int:
    """How many things of the file the decision waits for: claims, and what the commune did not know of itself."""
    return len(result.claims_pending) + len(unsettled(application, rulings_of(application)))


def bearing(result: Result) -> set[str]:
    """The questions that earn less without their proof: a piece on one of them asks for a ruling of its own."""
    lines = (line for line in result.lines if line.answer is not None and line.answer.evidence and line.earned)
    return {line.question.id for line in lines if line.question.unproven_credit < 100}


@dataclass(frozen=True)
class Examination:
    """`examined` is the score with the rulings so far, `declared` the frozen one, `firmness` how it holds its level,
    `comparison` where it stands since the closing."""

    card: Scorecard
    sheet: Sheet
    declared: Result
    firmness: Firmness | None
    comparison: Comparison | None
    examined: Result
    rows: list[Ruling]
    rulings: Rulings
    # Does an initiative show a picture?
    pictured: bool

    @property
    def pending(self) -> list[str]:
        """Claims to rule on, in the file as examined: refusing one may bring another to light."""
        return self.examined.claims_pending


def as_declared(examination: Examination) -> Examination:
    """Without what a jury made of it."""
    return replace(examination, examined=examination.declared, rows=[], rulings=as_rulings([]))


def examine(application: Application) -> Examination:
    """Four queries. The file has been submitted."""
    card = (
        declared_scorecards(application)
        .annotate(
            robustness=robustness.document_of(OuterRef("result_hash")),
            benchmark=benchmarks.document_of(OuterRef("application"), Basis.DECLARED),
            pictured=Exists(pictures(application).filter(file__isnull=False)),
        )
        .first()
    )
    assert card is not None  # noqa: S101 -- no file reaches the jury without it
    rows = standing_rulings(application)
    rulings = as_rulings(rows)
    rows_now = sheet(application, refused=rulings.refused_evidence)
    declared = scorecards.replayed(application, card)
    # What a commune is changing is not shown before it comes back: the score stands as the jury had it.
    if application.state == State.RETURNED:
        kept = application.complement.before.get("examined") if application.complement else None
        examined = scorecards.score(application, kept) if kept else declared
    else:
        examined = scorecards.live(application, sheet=rows_now, rulings=rulings)
    return Examination(
        card=card,
        sheet=rows_now,
        declared=declared,
        firmness=robustness.firmness(card.robustness, declared.framework),
        comparison=benchmarks.of_framework(card.benchmark, declared.framework),
        examined=examined,
        rows=rows,
        rulings=rulings,
        pictured=card.pictured,
    )


def count_claims(application: Application) -> None:
    """Those that await a ruling as the file is examined now, where lists read them. The caller holds its row."""
    card = declared_scorecards(application).first()
    if card is not None:
        card.claims_pending = awaiting(application, live(application))
        card.save(update_fields=["claims_pending"])
