"""Where a score comes from, question by question, in words. The columns sum to the totals shown, to the hundredth."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import wording
from assessments.pages import panels, questionnaire
from assessments.pages.panels import Bar
from assessments.queries import Sheet
from scoring.engine import CLAIMED, MISSING, NOT_APPLICABLE, UNDECIDED, Line, Result
from scoring.model import INITIATIVES, Axis, Reference


@dataclass(frozen=True)
class Row:
    """One question of the trace."""

    id: str
    text: str
    said: str
    proof: str
    rule: str
    earned: str
    possible: str
    counted: bool
    confidential: bool
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class AxisTrace:
    """An axis, its rows, and the totals of its columns."""

    bar: Bar
    rows: list[Row]
    earned: str
    possible: str
    words: str


def axes(result: Result, sheet: Sheet) -> list[AxisTrace]:
    return [_axis(result, sheet, axis) for axis in result.framework.axes]


def _axis(result: Result, sheet: Sheet, axis: Axis) -> AxisTrace:
    lines = [line for line in result.lines if line.question.axis == axis.id]
    earned, possible = result.axes[axis.id]
    return AxisTrace(
        bar=Bar(axis.id, axis.title["fr"], (earned, possible)),
        rows=[row(result, line, sheet) for line in lines],
        earned=wording.points(earned),
        possible=wording.points(possible),
        words=_("%(points)s : %(lines)s") % {"points": wording.points_of(earned, possible), "lines": _counted(lines)},
    )


def _counted(lines: list[Line]) -> str:
    """How many of each sort: over the axes, those asked add up to what the whole file says that it asks."""
    asked = sum(bool(line.applies) and line.question.takes_answer for line in lines)
    counting = sum(bool(line.applies) and not line.question.takes_answer for line in lines)
    aside = len(lines) - asked - counting
    said = [
        (asked, ngettext("%(n)s question posée", "%(n)s questions posées", asked)),
        (counting, ngettext("%(n)s qui compte vos initiatives", "%(n)s qui comptent vos initiatives", counting)),
        (aside, ngettext("%(n)s non posée", "%(n)s non posées", aside)),
    ]
    return ", ".join(words % {"n": wording.number(n)} for n, words in said if n)


def row(result: Result, line: Line, sheet: Sheet) -> Row:
    question = line.question
    return Row(
        id=question.id,
        text=question.text["fr"],
        said=answered(line, sheet),
        proof=proof(line),
        rule=rule(result, line),
        earned=wording.points(line.earned),
        possible=wording.points(line.possible),
        counted=line.possible > 0,
        confidential=question.confidential,
        references=question.references,
    )


def answered(line: Line, sheet: Sheet) -> str:
    """What the applicant said, its reason included; of initiatives, how many count."""
    counted = line.question.kind == INITIATIVES
    return wording.answer(line.question, line.answer if counted else sheet.answers.get(line.question.id))


def proof(line: Line) -> str:
    """What the evidence changed."""
    question, answer = line.question, line.answer
    if question.kind == INITIATIVES or answer is None or answer.state is not None or not line.possible:
        return ""
    if answer.evidence:
        return _("Avec preuve")
    if question.unproven_credit == 100:
        return _("Sans preuve : elle n’est pas exigée")
    return _("Sans preuve : %(n)s %% des points") % {"n": question.unproven_credit}


def rule(result: Result, line: Line) -> str:
    """Why the question counts, or not."""
    if line.state == UNDECIDED:
        return _("En attente : il manque une information sur votre collectivité")
    if line.state == NOT_APPLICABLE:
        return _("Ne vous concerne pas, %(why)s") % {"why": questionnaire.why_not(result, line)}
    if line.state == CLAIMED:
        return _("Vous avez répondu « pas concerné » : le jury peut l’examiner")
    if line.state == MISSING and line.answer is not None:
        return _("Le jury n’a pas retenu votre « pas concerné »")
    if line.question.rule is None:
        return _("Posée à tout le monde")
    return _("Posée parce que %(rule)s") % {"rule": questionnaire.why(result, line)}


def level_reached(result: Result) -> str:
    """Why this level and not the next."""
    if result.level is None:
        return _("Le niveau ne peut pas encore être calculé : il manque des informations sur votre collectivité.")
    return panels.to_next_level(result)
