"""What a file is worth and what it lacks, ready to be shown: the score, the issues, the next step. Reads no row."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assessments import wording
from assessments.enums import State
from assessments.models import Application
from assessments.policies import awaits_decision, closing_of, moment, why_not_edit
from assessments.queries import Shared, Sheet
from assessments.rules import zones
from assessments.visibility import shown_state
from documents import french
from scoring import parts
from scoring.answers import UNKNOWN
from scoring.engine import MISSING, Result
from scoring.gaps import Gaps
from scoring.model import Level, Question

WEAK = Fraction(1, 3)  # of the points of an issue


@dataclass(frozen=True)
class Bar:
    """What is earned of what can be, in hundredths of a point, under a name; `low`: under the next level's minimum."""

    id: str
    title: str
    sums: tuple[int, int]
    low: bool = False


@dataclass(frozen=True)
class Tile:
    """One issue of the mosaic: how much is answered, how much is earned, how many initiatives count in it."""

    id: str
    title: str
    asked: int
    done: int
    points: tuple[int, int]
    initiatives: int = 0

    @property
    def begun(self) -> bool:
        """Something counts here already: no « 0 % » for what has not begun."""
        return bool(self.done or self.points[0])

    @property
    def earned(self) -> str:
        return wording.whole_percent(wording.share(self.points))

    @property
    def icon(self) -> str:
        if not self.asked:
            return "minus"
        if not self.done:
            return "todo"
        return "pencil" if self.done < self.asked else "warning" if self.is_weak else "ok"

    @property
    def word(self) -> str:
        if not self.asked:
            return _("initiatives")
        if not self.begun:
            return _("à commencer")
        if self.fed_by_initiatives:
            words = ngettext("%(n)s initiative", "%(n)s initiatives", self.initiatives)
            return words % {"n": self.initiatives}
        if self.done < self.asked:
            return self.count
        return _("point faible") if self.is_weak else _("complet")

    @property
    def count(self) -> str:
        return _("%(done)d sur %(asked)d") % {"done": self.done, "asked": self.asked}

    @property
    def fed_by_initiatives(self) -> bool:
        """Points without an answer: the word says where they come from."""
        return bool(self.initiatives and self.points[0]) and not self.done

    @property
    def is_weak(self) -> bool:
        """Complete, and earns little."""
        share = wording.share(self.points)
        return share is not None and share < WEAK


@dataclass(frozen=True)
class Lead:
    """A question without an answer, and what the best one would add to the overall score, as a fraction of 1."""

    question: Question
    gain: Fraction

    @property
    def text(self) -> str:
        return self.question.text["fr"]

    @property
    def words(self) -> str:
        return wording.gain(self.gain)


@dataclass(frozen=True)
class Score:
    """The side panel of a file. `thresholds`: each level with its least overall score; `minimum`: what the next one
    asks of each axis, in percent."""

    level: int | None
    thresholds: list[tuple[int, int]]
    minimum: int | None
    overall: Fraction | None
    axes: list[Bar]
    done: int
    asked: int
    missing_to_next: str
    if_accepted: str
    saved: str
    is_open: bool


@dataclass(frozen=True)
class Step:
    """What to do next: a sentence, the words of the button, the name of the page and its argument."""

    text: str
    button: str
    view: str
    part: str = ""


def score(application: Application, sheet: Sheet, result: Result, *, now: datetime) -> Score:
    done, asked = result.answered
    following = next_level(result)
    minimum = following.min_axis if following else 0
    open_now = why_not_edit(application, now) is None
    return Score(
        level=result.level,
        thresholds=[(level.level, level.min_overall) for level in result.framework.levels if level.min_overall],
        minimum=minimum or None,
        overall=result.overall,
        axes=[
            Bar(axis.id, axis.title["fr"], result.axes[axis.id], low=is_under(minimum, result.axes[axis.id]))
            for axis in result.framework.axes
        ],
        done=done,
        asked=asked,
        missing_to_next=to_next_level(result) if open_now else "",
        if_accepted=if_accepted(application, result),
        saved=saved(application, sheet, now=now),
        is_open=open_now,
    )


def next_level(result: Result) -> Level | None:
    """None at the top, or while the score is incomplete."""
    if result.level is None or result.overall is None:
        return None
    return next((level for level in result.framework.levels if level.level == result.level + 1), None)


def is_under(minimum: int, sums: tuple[int, int]) -> bool:
    share = wording.share(sums)
    return share is not None and share * 100 < minimum


def mosaic(result: Result) -> list[Tile]:
    """Every issue, whatever it asks."""
    lines, tiles = {line.question.id: line for line in result.lines}, []
    for part in parts.parts(result.framework):
        states = [result.questions[q.id][0] for q in part.questions if q.takes_answer]
        asked = [state for state in states if state not in ("not_applicable", "undecided")]
        done = len(asked) - asked.count(MISSING)
        pools = {
            result.framework.pool(q): answer.value
            for q in part.questions
            if not q.takes_answer and (answer := lines[q.id].answer) is not None
        }
        tiles.append(Tile(part.id, part.title, len(asked), done, result.issues[part.id], sum(pools.values())))
    return tiles


def leads(result: Result, *, most: int = 5) -> list[Lead]:
    """The open questions that can raise the overall score most, the strongest first."""
    weights = {axis.id: axis.weight for axis in result.framework.axes if result.axes[axis.id][1]}
    whole = sum(weights.values())
    found = [
        Lead(line.question, Fraction(weights[axis] * line.possible, whole * result.axes[axis][1]))
        for line in result.lines
        if line.state in (MISSING, UNKNOWN) and line.question.takes_answer and line.possible
        for axis in (line.question.axis,)
        if weights.get(axis)
    ]
    return sorted(found, key=lambda lead: lead.gain, reverse=True)[:most]


def mine(result: Result, shared: Shared, person: User) -> list[Question]:
    """The questions given to this person, by themselves or with their issue, that have no answer yet."""
    return [
        line.question
        for line in result.lines
        if line.state == MISSING and line.question.takes_answer and shared.carer(line.question) == person
    ]


def replied(result: Result, shared: Shared) -> list[Question]:
    """Those without an answer, to which somebody who was asked by a link replied."""
    return [line.question for line in result.lines if line.state == MISSING and shared.replies.get(line.question.id)]


def to_next_level(result: Result) -> str:
    """What the next level asks, and where the file stands; nothing at the top or while the score is incomplete."""
    if result.level is None or result.overall is None:
        return ""
    level = next_level(result)
    if level is None:
        return _("Votre dossier atteint le plus haut niveau.")
    figures = {
        "n": level.level,
        "overall": level.min_overall,
        "now": wording.percent(result.overall),
        "lacking": wording.lacking(Fraction(level.min_overall, 100) - result.overall),
    }
    words = ngettext(
        "La première arobase demande %(overall)s %% en tout ; vous en êtes à %(now)s",
        "%(n)s arobases demandent %(overall)s %% en tout ; vous en êtes à %(now)s",
        level.level,
    )
    short = result.overall * 100 < level.min_overall
    words = (words + (_(" : il manque %(lacking)s.") if short else ".")) % figures
    low = [axis.title["fr"] for axis in result.framework.axes if is_under(level.min_axis, result.axes[axis.id])]
    if low:
        words += " " + _("Il faut aussi %(n)s %% au moins sur chaque axe : %(axes)s est en dessous.") % {
            "n": level.min_axis,
            "axes": ", ".join(low),
        }
    if obligations := wording.obligations_lacking(result, level):
        words += " " + _("Il faut aussi %(lacking)s.") % {"lacking": obligations}
    return words


def if_accepted(application: Application, result: Result, *, own: bool = True) -> str:
    """Both figures, until the decision; nothing when no claim waits."""
    return wording.if_accepted(result, own=own) if awaits_decision(application) else ""


def saved(application: Application, sheet: Sheet, *, now: datetime) -> str:
    """« Enregistré à 14 h 05 – pas encore déposé », by the state of the file."""
    state = State(application.state)
    if state not in (State.DRAFT, State.RETURNED):
        return _SITUATIONS[shown_state(application, now)]()
    times = [row.at for row in sheet.latest.values()] + [row.updated_at for row in sheet.initiatives]
    where = _("pas encore déposé") if state == State.DRAFT else _("complément demandé, pas encore redéposé")
    if not times:
        return _("Rien d’enregistré – %(where)s") % {"where": where}
    return _("Enregistré %(when)s – %(where)s") % {"when": at(max(times), now=now), "where": where}


_SITUATIONS = {
    State.SUBMITTED: lambda: _("Déposé"),
    State.UNDER_REVIEW: lambda: _("Déposé, en cours de lecture par le jury"),
    State.DECIDED: lambda: _("Le jury a délibéré"),
    State.PUBLISHED: lambda: _("Résultat publié"),
    State.INELIGIBLE: lambda: _("Candidature non recevable"),
    State.WITHDRAWN: lambda: _("Candidature retirée"),
}


def at(when: datetime, *, now: datetime) -> str:
    """« à 14 h 05 » today, « le 12 novembre 2027 à 14 h 05 » otherwise."""
    local = timezone.localtime(when)
    if local.date() == timezone.localdate(now):
        return _("à %(clock)s") % {"clock": french.clock(local)}
    return _("le %(moment)s") % {"moment": moment(when)}


def next_step(application: Application, result: Result, gaps: Gaps, *, signs: bool) -> Step | None:
    """The one thing to do now while the file is in the applicant's hands."""
    if application.state not in (State.DRAFT, State.RETURNED):
        return None
    if application.complement is not None:
        return Step(
            _("Complétez ce que le jury demande, puis la personne qui signe dépose à nouveau le dossier."),
            _("Relire et déposer"),
            "assessments:submission",
        )
    if gaps.context:
        return Step(
            _("Quelques questions sur votre collectivité évitent de vous en poser d’inutiles."),
            _("Décrire ma collectivité"),
            "assessments:context",
        )
    if gaps.express:
        words = ngettext(
            "Encore %(n)d des dix premières questions, et le dossier peut être déposé.",
            "Encore %(n)d des dix premières questions, et le dossier peut être déposé.",
            len(gaps.express),
        ) % {"n": len(gaps.express)}
        return Step(words, _("Répondre aux premières questions"), "assessments:questions", parts.EXPRESS)
    weakest = most_to_win(result)
    if weakest:
        words = _("« %(title)s » est l’enjeu qui peut encore vous apporter le plus de points.") % {
            "title": weakest.title
        }
        return Step(words, _("Continuer le questionnaire"), "assessments:questions", weakest.id)
    if signs:
        return Step(_("Toutes les questions ont une réponse."), _("Relire et déposer"), "assessments:submission")
    return Step(
        _("Toutes les questions ont une réponse : la personne qui signe peut déposer le dossier."),
        _("Relire le dossier"),
        "assessments:submission",
    )


def most_to_win(result: Result) -> Tile | None:
    """The issue whose unanswered questions hold most points; None when all are answered."""
    unfinished = [tile for tile in mosaic(result) if tile.done < tile.asked]
    return max(unfinished, key=lambda tile: held(result, tile.id), default=None)


def time_left(application: Application, *, now: datetime) -> str:
    """« 60 jours », « jusqu’à 18 h 00, heure de Paris » on the last day; nothing once it is over, or once submitted."""
    closes_at = closing_of(application)
    if application.state != State.DRAFT or closes_at <= now:
        return ""
    days = (timezone.localdate(closes_at) - timezone.localdate(now)).days
    if days:
        return ngettext("%(n)d jour", "%(n)d jours", days) % {"n": days}
    return _("jusqu’à %(clock)s") % {"clock": zones.clock(closes_at, application.territory.department_id)}


def held(result: Result, issue: str) -> int:
    """The points, in hundredths, that the unanswered questions of an issue still hold."""
    return sum(line.possible for line in result.lines if line.question.issue == issue and line.state == MISSING)
