"""A questionnaire as a committee reads it: faults in their place, what it holds, what it changes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments import wording
from assessments.wording import NATURES
from scoring import answers, engine
from scoring.faults import Fault
from scoring.framework import Framework
from scoring.model import Fact, Level, Question, Text
from season.wording import keys_in_words


@dataclass(frozen=True)
class Located:
    """A fault, and the line of the text where it stands."""

    fault: Fault
    text: str


@dataclass(frozen=True)
class Difference:
    """One thing that changes: what it is, what it was and what it becomes; either may be empty."""

    what: str
    before: str
    after: str


def located(faults: Iterable[Fault], source: str) -> list[Located]:
    lines = source.splitlines()
    return [Located(fault, _line(lines, fault.line)) for fault in faults]


def _line(lines: list[str], number: int | None) -> str:
    return lines[number - 1].strip() if number and number <= len(lines) else ""


def issues(framework: Framework) -> list[tuple[str, list[Question]]]:
    """Each issue's title with its questions, in their order."""
    return [
        (issue.title["fr"], [question for question in framework.questions if question.issue == issue.id])
        for issue in framework.issues
    ]


FACTS = "situation"


def part(framework: Framework, name: str) -> tuple[str, frozenset[str]] | None:
    """Title and ids of what a page of texts holds: an issue's questions, or the facts. None for no such part."""
    if name == FACTS:
        return _("La situation de la collectivité"), frozenset(framework.context)
    for issue in framework.issues:
        if issue.id == name:
            return issue.title["fr"], frozenset(row.id for row in framework.questions if row.issue == name)
    return None


def differences(old: Framework, new: Framework) -> list[Difference]:
    """What a commune would notice, from the whole to the detail: levels, then questions that go, come or change."""
    return [*_whole(old, new), *_levels(old, new), *_facts(old, new), *_questions(old, new)]


# What the differences show before and after; of the other keys, that they change.
SHOWN_OF_ALL = ("schema", "id", "edition", "context", "questions", "levels")
SHOWN_OF_QUESTION = ("text", "short", "points", "nature", "help", "evidence_hint", "applies_when", "options")


def _whole(old: Framework, new: Framework) -> Iterator[Difference]:
    if changed := _changed(old.document, new.document, SHOWN_OF_ALL):
        yield Difference(_("Change aussi"), "", changed)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], shown: Collection[str]) -> str:
    """The keys that differ, in words."""
    keys = [key for key in sorted(old.keys() | new.keys()) if key not in shown and old.get(key) != new.get(key)]
    return keys_in_words(keys)


def _levels(old: Framework, new: Framework) -> Iterator[Difference]:
    before, after = ({level.level: level for level in version.levels} for version in (old, new))
    for number in sorted(before.keys() | after.keys()):
        said = [_minima(levels.get(number)) for levels in (before, after)]
        if said[0] != said[1]:
            yield Difference(_("Seuils du niveau %(n)s") % {"n": number}, *said)


def _minima(level: Level | None) -> str:
    if level is None:
        return ""
    said = {"overall": level.min_overall, "axis": level.min_axis, "obligations": level.min_obligations}
    if level.min_obligations:
        return _("%(overall)s %% du total, %(axis)s %% par axe, %(obligations)s %% des obligations") % said
    return _("%(overall)s %% du total, %(axis)s %% par axe") % said


def _facts(old: Framework, new: Framework) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.facts, *new.facts]):
        said = [_fact(name, version.facts.get(name)) for version in (old, new)]
        if said[0] != said[1]:
            yield Difference(_("Demandé sur la situation de la collectivité"), *said)


def _fact(name: str, fact: Fact | None) -> str:
    """Schema 1 has no words for it but its name."""
    return " ".join(filter(None, (_french(fact.text), _french(fact.help)))) or name if fact else ""


def _questions(old: Framework, new: Framework) -> Iterator[Difference]:
    for question in old.questions:
        if question.id not in new.question_by_id:
            yield Difference(_("Question retirée"), question.text["fr"], "")
    written = [{one["id"]: one for one in version.document["questions"]} for version in (old, new)]
    for question in new.questions:
        before = old.question_by_id.get(question.id)
        if before is None:
            yield Difference(_("Question nouvelle"), "", question.text["fr"])
            continue
        yield from _changes(before, question)
        if changed := _changed(written[0][question.id], written[1][question.id], SHOWN_OF_QUESTION):
            yield Difference(_("Change aussi : %(question)s") % {"question": question.text["fr"]}, "", changed)


def _changes(old: Question, new: Question) -> Iterator[Difference]:
    name = new.text["fr"]
    for what, before, after in (
        (_("Texte de la question"), old.text["fr"], name),
        (_("Titre court : %(question)s"), _french(old.short), _french(new.short)),
        (_("Points : %(question)s"), str(old.points), str(new.points)),
        (_("Nature : %(question)s"), str(NATURES[old.nature]), str(NATURES[new.nature])),
        (_("Aide : %(question)s"), _french(old.help), _french(new.help)),
        (_("Preuve attendue : %(question)s"), _french(old.evidence_hint), _french(new.evidence_hint)),
        (_("À qui elle se pose : %(question)s"), old.applies_when or "", new.applies_when or ""),
        (_("Réponses : %(question)s"), _options(old), _options(new)),
    ):
        if before != after:
            yield Difference(what % {"question": name} if "%" in what else what, before, after)


def _french(text: Text | None) -> str:
    return text["fr"] if text else ""


def _options(question: Question) -> str:
    return " / ".join(f"{option.text['fr']} ({option.credit}\u202f%)" for option in question.options)


@dataclass(frozen=True)
class Met:
    """A question as a territory meets it. `asked`: True, False, or None while it depends on what it tells."""

    question: Question
    asked: bool | None
    why: str


def met_by(framework: Framework, *, kind: str, population: int) -> list[tuple[str, list[Met]]]:
    """Each issue with its questions, those that are not asked to such a territory too, and why."""
    context = {"kind": kind, "population": population, "department": "01", "region": "84", "overseas": False}
    document = {"context": context, "answers": {}, "initiatives": {}}
    result = engine.score(framework, answers.parse_application(framework, document))
    lines = {line.question.id: line for line in result.lines}
    return [
        (title, [Met(row, lines[row.id].applies, wording.rule(row)) for row in questions])
        for title, questions in issues(framework)
    ]
