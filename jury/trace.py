"""The reasons of a score, as a reader sees them: by axis, each question with its answer, its proof and its points."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from assessments import eligibility, questionnaire, tracing, wording
from assessments.models import Application, Evidence, Initiative, Picture
from assessments.queries import find_inspirations
from jury.examination import Examination
from jury.models import Ruling
from scoring.answers import NOT_APPLICABLE, UNKNOWN
from scoring.engine import NOT_APPLICABLE as HIDDEN
from scoring.engine import UNDECIDED, Line, Sums
from scoring.model import Reference

# A question, or an initiative by its key.
Place = tuple[str, int | None]


@dataclass(frozen=True)
class Proof:
    """A piece of evidence with the jury's last word on it, if any. `again`: the page has already shown it."""

    piece: Evidence
    ruling: Ruling | None
    again: bool

    @property
    def pages(self) -> int:
        """How many pages a worker found in it: 0 for a link, for an office file, or as long as it is not drawn."""
        preview = getattr(self.piece, "preview", None)
        return preview.total if preview else 0


@dataclass(frozen=True)
class Row:
    """One question: `proof` says what the evidence changed, `rule` when it is asked, as it is written. `earned` and
    `possible` are points in French; `claim` is the reason given with « pas concerné », `ruling` the jury's last word on
    it."""

    id: str
    text: str
    answer: str
    claim: str
    ruling: Ruling | None
    proofs: list[Proof]
    proven: bool
    proof: str
    rule: str
    references: tuple[Reference, ...]
    earned: str
    possible: str
    confidential: bool
    # A question that the commune answers, unlike the count of its initiatives.
    asked: bool


@dataclass(frozen=True)
class AxisTrace:
    """`declared` is « 61,3 % », or a dash when no question of the axis applies; `hidden` counts those that do not."""

    id: str
    title: str
    declared: Sums
    examined: Sums
    earned: str
    possible: str
    rows: list[Row]
    hidden: int


@dataclass(frozen=True)
class Item:
    """An initiative: `lacks` says in words why it does not count, nothing when it does."""

    initiative: Initiative
    issues: list[str]
    lacks: list[str]
    proofs: list[Proof]
    ruling: Ruling | None
    pictures: list[Picture]


class Trace:
    """Everything of a file that a reader may be asked to judge. Reads no row: evidence comes with its `uses`."""

    def __init__(
        self,
        application: Application,
        examination: Examination,
        evidence: Sequence[Evidence],
        pictures: Sequence[Picture] = (),
    ) -> None:
        self.application = application
        self.examination = examination
        self.evidence = evidence
        self.pictures = pictures
        rows = examination.rows
        self._claims = {row.question_id: row for row in rows if row.question_id}
        self._evidence = {row.evidence_id: row for row in rows if row.evidence_id}
        self._initiatives = {row.initiative_id: row for row in rows if row.initiative_id}

    @cached_property
    def axes(self) -> list[AxisTrace]:
        """The lines of the examined score; points are exact, so that a column sums to its total."""
        return [self._axis(axis.id, axis.title["fr"]) for axis in self.examination.examined.framework.axes]

    @cached_property
    def items(self) -> list[Item]:
        titles = self.examination.examined.framework.issue_by_id
        sheet = self.examination.sheet
        find_inspirations(sheet.initiatives)
        return [
            Item(
                initiative=row,
                issues=[titles[issue].title["fr"] for issue in row.issues if issue in titles],
                lacks=eligibility.what_lacks(
                    row, proven=row.pk in sheet.proven_initiatives, edition=self.application.edition
                ),
                proofs=self._proofs(initiative=row.pk),
                ruling=self._initiatives.get(row.pk),
                pictures=[picture for picture in self.pictures if picture.initiative_id == row.pk],
            )
            for row in sheet.initiatives
        ]

    def _axis(self, name: str, title: str) -> AxisTrace:
        declared, examined = self.examination.declared, self.examination.examined
        lines = [line for line in examined.lines if line.question.axis == name]
        shown = [line for line in lines if _is_shown(line)]
        earned, possible = examined.axes[name]
        return AxisTrace(
            id=name,
            title=title,
            declared=declared.axes[name],
            examined=examined.axes[name],
            earned=wording.points(earned),
            possible=wording.points(possible),
            rows=[self._row(line) for line in shown],
            hidden=len(lines) - len(shown),
        )

    def _row(self, line: Line) -> Row:
        name, answer = line.question.id, line.answer
        claimed = answer is not None and answer.state == NOT_APPLICABLE
        return Row(
            id=name,
            text=line.question.text["fr"],
            answer=_said(line),
            claim=answer.reason if answer and claimed else "",
            ruling=self._claims.get(name) if claimed else None,
            proofs=self._proofs(question=name),
            proven=answer is not None and answer.evidence,
            proof=tracing.proof(line),
            rule=line.question.applies_when or "",
            references=line.question.references,
            earned=wording.points(line.earned),
            possible=wording.points(line.possible),
            confidential=line.question.confidential,
            asked=line.question.takes_answer,
        )

    def _proofs(self, *, question: str = "", initiative: int | None = None) -> list[Proof]:
        place = (question, initiative)
        return [
            Proof(piece, self._evidence.get(piece.pk), again=place != self._first_place[piece.pk])
            for piece in self._pieces.get(place, ())
        ]

    @cached_property
    def _pieces(self) -> dict[Place, list[Evidence]]:
        """What proves something, by what it proves."""
        pieces: defaultdict[Place, list[Evidence]] = defaultdict(list)
        for piece in self.evidence:
            for place in {(use.question_id, use.initiative_id) for use in piece.uses.all()}:
                pieces[place].append(piece)
        return pieces

    @cached_property
    def _first_place(self) -> dict[int, Place]:
        """Where each piece is met first: a page shows initiatives, then questions in their order."""
        places: list[Place] = [("", row.pk) for row in self.examination.sheet.initiatives]
        places += [(line.question.id, None) for line in self.examination.examined.lines if _is_shown(line)]
        return {piece.pk: place for place in reversed(places) for piece in self._pieces.get(place, ())}


def _is_shown(line: Line) -> bool:
    return line.state not in (HIDDEN, UNDECIDED)


def _said(line: Line) -> str:
    if line.answer is None:
        return _("Sans réponse")
    if line.answer.state is not None:
        return _("Je ne sais pas") if line.answer.state == UNKNOWN else _("Pas concerné")
    if not line.question.takes_answer:
        return _("Initiatives retenues : %(n)s") % {"n": line.answer.value}
    return questionnaire.value_said(line.question, line.answer.value)
