"""The reasons of a score, as a reader sees them: by axis, each question with its answer, its proof and its points.

The page of a file shows its parts folded: what is said of one initiative, or of the questions of one axis, is only
worked out where it is shown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import wording
from assessments.doors import scorecards, spreadsheets
from assessments.models import Application, Evidence, EvidenceUse, Initiative, LinkedPage, Picture
from assessments.pages import questionnaire, tracing
from assessments.queries import pages_of_initiatives, uses
from assessments.rules import eligibility
from jury.doors import examination
from jury.doors.examination import Examination
from jury.models import Ruling
from scoring import facts
from scoring.answers import NOT_APPLICABLE
from scoring.engine import NOT_APPLICABLE as HIDDEN
from scoring.engine import UNDECIDED, Line, Sums
from scoring.framework import Framework
from scoring.model import Reference

# A question by its id, or an initiative by its key.
Place = str | int
# Parts of a file that are no axis.
INITIATIVES, CONTEXT = "initiatives", "description"


@dataclass(frozen=True)
class Proof:
    """A piece of evidence with the jury's last word on it, if any. `again`: the file shows it before, at `first`."""

    piece: Evidence
    ruling: Ruling | None
    first: Place
    again: bool

    @property
    def pages(self) -> int:
        """How many pages a worker found in it: 0 for a link, for an office file, or as long as it is not drawn."""
        preview = getattr(self.piece, "preview", None)
        return preview.total if preview else 0


@dataclass(frozen=True)
class Row:
    """One question: `proof` says what the evidence changed, `rule` why it is asked here. `earned` and `possible` are
    points in French; `ruling` is the jury's last word on a claim."""

    id: str
    text: str
    answer: str
    claimed: bool
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
    # Whether the rule asks it of this commune: a proof may be on a question that no longer is.
    counted: bool


@dataclass(frozen=True)
class AxisTrace:
    """One axis: shares, points in French; `hidden` counts the questions that do not apply."""

    id: str
    title: str
    declared: Sums
    examined: Sums
    earned: str
    possible: str
    hidden: int
    _lines: list[Line] = field(repr=False)
    _trace: "Trace" = field(repr=False)

    @cached_property
    def rows(self) -> list[Row]:
        return [self._trace.row(line) for line in self._lines]


@dataclass(frozen=True)
class Item:
    """An initiative: `lacks` says in words why it does not count, nothing when it does."""

    initiative: Initiative
    issues: list[str]
    lacks: list[str]
    ruling: Ruling | None
    # What it serves first, as declared; the same as the jury's last word has it count, in words too when it moved it.
    serves: str
    placed: Initiative
    instead: str
    _trace: "Trace" = field(repr=False)

    @property
    def proofs(self) -> list[Proof]:
        return self._trace.proofs(self.initiative.pk)

    @property
    def pictures(self) -> list[Picture]:
        return [picture for picture in self._trace.pictures if picture.initiative_id == self.initiative.pk]

    @property
    def page(self) -> LinkedPage | None:
        """What a worker found behind its link at the deposit."""
        return self._trace.linked.get(self.initiative.pk)


@dataclass(frozen=True)
class Piece:
    """One thing to judge, as a ruling names it: `kind` and `name`. `about` says what it is on, `points` what hangs on
    it; `awaited`: no decision before its ruling."""

    kind: str
    name: str
    title: str
    about: str
    points: str
    ruling: Ruling | None
    awaited: bool = False
    # What the ruling puts in the place of what was said, in words.
    instead: str = ""
    # The part of the file with which it may be accepted; none when it asks for a ruling of its own.
    part: str = ""


@dataclass(frozen=True)
class Group:
    """Things to judge that stand together: first those that ask for a ruling each, of no `part`, then, by part, those
    that one gesture may accept once they are read."""

    part: str
    title: str
    pieces: list[Piece]
    # What this reader accepted so, which stands and may be taken back.
    as_read: list[Ruling]

    @property
    def rest(self) -> list[Piece]:
        """What one gesture would accept."""
        return [piece for piece in self.pieces if piece.ruling is None] if self.part else []


@dataclass(frozen=True)
class Told:
    """An answer of the context: `question` and `help` as they were asked; `opposite`: to a yes or no, the other one;
    `unknown`: the commune does not know."""

    name: str
    question: str
    help: str
    answer: str
    kind: str
    opposite: str
    unknown: bool


def address(application: Application, place: Place) -> str:
    """The page of one initiative, or of the axis of a question."""
    file = [application.territory.code, application.edition.year]
    if isinstance(place, int):
        return reverse("jury:initiative", args=[*file, place])
    question = application.framework.parsed.question_by_id[place]
    return reverse("jury:axis", args=[*file, question.axis])


def parts_to_judge(framework: Framework) -> dict[str, str]:
    """In the order of judging, in words."""
    axes = {axis.id: axis.title["fr"] for axis in framework.axes}
    others = {INITIATIVES: _("Les initiatives"), CONTEXT: _("La description de la collectivité")}
    return {"": _("Un avis chacun"), **axes, **others}


class Trace:
    """Everything of a file that a reader may be asked to judge. `uses` of its evidence, each with its piece, and
    `pictures` are only gone through where something of them is shown."""

    def __init__(
        self,
        application: Application,
        examination: Examination,
        uses: Iterable[EvidenceUse],
        pictures: Iterable[Picture] = (),
        *,
        reader: int | None = None,
    ) -> None:
        self.application = application
        self.examination = examination
        self._uses = uses
        self.pictures = pictures
        self._reader = reader
        rows = examination.rows
        self._claims = {row.question_id: row for row in rows if row.question_id}
        self._evidence = {row.evidence_id: row for row in rows if row.evidence_id}
        self._initiatives = {row.initiative_id: row for row in rows if row.initiative_id}
        self._context = {row.context_name: row for row in rows if row.context_name}

    @property
    def framework(self) -> Framework:
        return self.examination.examined.framework

    @cached_property
    def axes(self) -> list[AxisTrace]:
        """The lines of the examined score; points are exact, so that a column sums to its total."""
        return [self._axis(axis.id, axis.title["fr"]) for axis in self.framework.axes]

    @cached_property
    def evidence(self) -> list[Evidence]:
        """What proves something, each piece once."""
        return list({use.evidence_id: use.evidence for use in self._uses}.values())

    @cached_property
    def linked(self) -> dict[int, LinkedPage]:
        return pages_of_initiatives(self.application)

    @cached_property
    def items(self) -> list[Item]:
        framework = self.framework
        titles = framework.issue_by_id
        sheet = self.examination.sheet
        terms = scorecards.terms(self.application)
        placed = {row.pk: scorecards.placed(row, self.examination.rulings) for row in sheet.initiatives}
        return [
            Item(
                initiative=row,
                issues=[titles[issue].title["fr"] for issue in row.issues if issue in titles],
                lacks=eligibility.what_lacks(placed[row.pk], terms, proven=row.pk in sheet.proven_initiatives),
                ruling=self._initiatives.get(row.pk),
                serves=framework.axis_by_id[row.axis].title["fr"] if row.axis in framework.axis_by_id else "",
                placed=placed[row.pk],
                instead=self._place(self._initiatives.get(row.pk)),
                _trace=self,
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
            hidden=len(lines) - len(shown),
            _lines=shown,
            _trace=self,
        )

    def row(self, line: Line) -> Row:
        name, answer = line.question.id, line.answer
        claimed = answer is not None and answer.state == NOT_APPLICABLE
        return Row(
            id=name,
            text=line.question.text["fr"],
            answer=wording.answer(line.question, line.answer),
            claimed=claimed,
            ruling=self._claims.get(name) if claimed else None,
            proofs=self.proofs(name),
            proven=answer is not None and answer.evidence,
            proof=tracing.proof(line),
            rule=self._rule(line),
            references=line.question.references,
            earned=wording.points(line.earned),
            possible=wording.points(line.possible),
            confidential=line.question.confidential,
            asked=line.question.takes_answer,
            counted=_is_shown(line),
        )

    def _rule(self, line: Line) -> str:
        """The reason in the words that the commune reads, which speak to it: said as such."""
        result = self.examination.examined
        if line.state == UNDECIDED:
            return _("on ne sait pas encore si elle concerne la collectivité")
        if line.state == HIDDEN:
            return _("ne concerne pas la collectivité, %(why)s") % {"why": questionnaire.why_not(result, line)}
        if line.question.rule is None:
            return _("posée à tout le monde")
        return _("posée, pour la raison dite à la collectivité : %(rule)s") % {"rule": questionnaire.why(result, line)}

    def proofs(self, place: Place) -> list[Proof]:
        pieces = self._pieces.get(place, ())
        firsts = [self.first_place[piece.pk] for piece in pieces]
        return [
            Proof(piece, self._evidence.get(piece.pk), first, again=first != place)
            for piece, first in zip(pieces, firsts, strict=True)
        ]

    @cached_property
    def pieces(self) -> list[Piece]:
        """All that a reader may rule on, in the order of judging: what the decision waits for, proofs, initiatives."""
        claims = [self._claim(line) for line in self.examination.examined.lines if _is_claim(line)]
        unknown, told = scorecards.unknown(self.application), examination.told(self.application)
        return [
            *sorted(claims, key=lambda claim: not claim.awaited),
            *(self._answer(name) for name in unknown),
            *(self._proof(piece) for piece in self.evidence if piece.pk in self.first_place),
            *(self._initiative(item) for item in self.items),
            *(self._answer(name) for name in told if name not in unknown),
        ]

    @cached_property
    def groups(self) -> list[Group]:
        """The same, as they are judged: what asks for a ruling of its own, then part by part."""
        by_part: defaultdict[str, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            by_part[piece.part].append(piece)
        parts = parts_to_judge(self.framework).items()
        return [Group(part, title, by_part[part], self._own(by_part[part])) for part, title in parts if part in by_part]

    def _own(self, pieces: list[Piece]) -> list[Ruling]:
        rulings = [piece.ruling for piece in pieces if piece.ruling]
        return [ruling for ruling in rulings if ruling.as_read and ruling.by_id == self._reader]

    def group_of(self, piece: Piece) -> Group:
        return next(group for group in self.groups if group.part == piece.part)

    @property
    def judged(self) -> int:
        return sum(piece.ruling is not None for piece in self.pieces)

    def _claim(self, line: Line) -> Piece:
        name = line.question.id
        about = _("« pas concerné » · %(id)s, %(nature)s") % {"id": name, "nature": _nature(line)}
        pending = name in self.examination.pending
        return Piece("claim", name, line.question.text["fr"], about, _points(line), self._claims.get(name), pending)

    def _proof(self, piece: Evidence) -> Piece:
        place, name = self.first_place[piece.pk], str(piece.pk)
        if isinstance(place, int):
            about, points, part = _("preuve d’une initiative"), "", self._part[place]
        else:
            line = self._line[place]
            about = _("preuve · %(id)s, %(nature)s") % {"id": place, "nature": _nature(line)}
            points, part = _points(line), line.question.axis
        if not self._bearing.isdisjoint(self._proved[piece.pk]):
            part = ""
        return Piece("evidence", name, piece.title, about, points, self._evidence.get(piece.pk), part=part)

    def _initiative(self, item: Item) -> Piece:
        about = _("initiative · %(issues)s") % {"issues": ", ".join(item.issues)}
        name, title, part = str(item.initiative.pk), item.initiative.title, self._part[item.initiative.pk]
        return Piece("initiative", name, title, about, "", item.ruling, instead=item.instead, part=part)

    def _answer(self, name: str) -> Piece:
        told, ruling = self.told_of(name), self._context.get(name)
        about = _("description de la collectivité · répondu : %(answer)s") % {"answer": told.answer}
        instead = "" if ruling is None else spreadsheets.context_said(ruling.instead)
        awaited = name in examination.unsettled(self.application, self.examination.rulings)
        part = "" if told.unknown else CONTEXT
        return Piece("context", name, told.question, about, "", ruling, awaited, instead=instead, part=part)

    def told_of(self, name: str) -> Told:
        framework, value = self.framework, examination.told(self.application)[name]
        return Told(
            name=name,
            question=wording.asked(framework, name),
            help=wording.asked_help(framework, name),
            answer=spreadsheets.context_said(value),
            kind=framework.context[name],
            opposite=spreadsheets.context_said(not value) if isinstance(value, bool) else "",
            unknown=value == facts.UNKNOWN,
        )

    def _place(self, ruling: Ruling | None) -> str:
        """« Écologie : Énergie, Mobilités »."""
        if ruling is None or ruling.instead is None:
            return ""
        framework = self.framework
        issues = ", ".join(framework.issue_by_id[name].title["fr"] for name in ruling.instead["issues"])
        axis = framework.axis_by_id[ruling.instead["axis"]].title["fr"]
        return _("%(axis)s : %(issues)s") % {"axis": axis, "issues": issues}

    def row_of(self, question_id: str) -> Row:
        return self.row(self._line[question_id])

    def proof_of(self, piece: Evidence) -> Proof:
        return Proof(piece, self._evidence.get(piece.pk), self.first_place[piece.pk], again=False)

    def proved(self, piece: Evidence) -> list[Row]:
        """The questions that a piece of evidence proves."""
        lines = self.examination.examined.lines
        return [self.row(line) for line in lines if line.question.id in self._proved[piece.pk]]

    @cached_property
    def _bearing(self) -> set[str]:
        """As declared: a piece that was refused asked for its ruling all the same."""
        return examination.bearing(self.examination.declared)

    @cached_property
    def _part(self) -> dict[int, str]:
        """Of each initiative: the axis that it serves first, where the questionnaire asks for it."""
        axes = self.framework.axis_by_id
        return {row.pk: row.axis if row.axis in axes else INITIATIVES for row in self.examination.sheet.initiatives}

    @cached_property
    def _line(self) -> dict[str, Line]:
        return {line.question.id: line for line in self.examination.examined.lines}

    @cached_property
    def _pieces(self) -> dict[Place, list[Evidence]]:
        """What proves something, by what it proves."""
        pieces: defaultdict[Place, list[Evidence]] = defaultdict(list)
        for use in self._uses:
            pieces[use.initiative_id or use.question_id].append(use.evidence)
        return pieces

    @cached_property
    def _proved(self) -> dict[int, set[str]]:
        """The questions that each piece proves, by its key; of an initiative, none."""
        names: defaultdict[int, set[str]] = defaultdict(set)
        for use in self._uses:
            names[use.evidence_id].add(use.question_id)
        return names

    @cached_property
    def first_place(self) -> dict[int, Place]:
        """Where each piece is met first, by its key: a file shows initiatives, then questions in their order."""
        places: list[Place] = [row.pk for row in self.examination.sheet.initiatives]
        places += [line.question.id for line in self.examination.examined.lines if _is_shown(line)]
        return {piece.pk: place for place in reversed(places) for piece in self._pieces.get(place, ())}


def _is_claim(line: Line) -> bool:
    return _is_shown(line) and line.answer is not None and line.answer.state == NOT_APPLICABLE


def _nature(line: Line) -> str:
    nature = wording.nature(line.question).lower()
    return _("%(nature)s, confidentielle") % {"nature": nature} if line.question.confidential else nature


def _points(line: Line) -> str:
    return f"{wording.points(line.earned)} / {wording.points(line.possible)}" if line.possible else "–"


def _is_shown(line: Line) -> bool:
    return line.state not in (HIDDEN, UNDECIDED)


def address_of(application: Application, kind: str, name: str) -> str:
    """Where a ruling shows: the page of an initiative, or of an axis, at the claim or the piece that it is on."""
    if kind == "initiative":
        return address(application, int(name))
    if kind == "context":
        return reverse("jury:piece", args=[application.territory.code, application.edition.year, kind, name])
    place: Place | None = name
    if kind == "evidence":
        place = Trace(application, examination.examine(application), uses(application)).first_place.get(int(name))
    if place is None:
        return reverse("jury:file", args=[application.territory.code, application.edition.year])
    return f"{address(application, place)}#{kind}-{name}"
