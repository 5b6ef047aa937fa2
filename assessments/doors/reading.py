"""The whole file as who signs reads it: what was told, answered, described and joined, in words. Reads no row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assessments import wording
from assessments.doors import scorecards
from assessments.models import Application, Evidence, Initiative, Picture
from assessments.queries import Sheet
from assessments.wording import Told
from scoring import facts, parts
from scoring.engine import Line, Result
from scoring.framework import Framework
from scoring.model import INITIATIVES, Question


@dataclass(frozen=True)
class Said:
    """One question that is asked of the territory, what was answered, and what proves it."""

    question: Question
    words: str
    proofs: Sequence[Evidence] = ()

    @property
    def text(self) -> str:
        return self.question.text["fr"]


@dataclass(frozen=True)
class Chapter:
    """One issue."""

    id: str
    title: str
    rows: list[Said]


@dataclass(frozen=True)
class Described:
    """One initiative: every field that says something, but its title and its description."""

    initiative: Initiative
    facts: list[Told]
    pictures: Sequence[Picture] = ()
    proofs: Sequence[Evidence] = ()


@dataclass(frozen=True)
class Reading:
    context: list[Told]
    chapters: list[Chapter]
    initiatives: list[Described]


def reading(
    application: Application,
    sheet: Sheet,
    result: Result,
    *,
    evidence: Iterable[Evidence],
    pictures: Iterable[Picture],
) -> Reading:
    """In the order of the questionnaire; questions that are not asked are left out."""
    framework = application.framework.parsed
    of_question: dict[str, list[Evidence]] = {}
    of_initiative: dict[int, list[Evidence]] = {}
    for piece in evidence:
        for use in piece.uses.all():
            if use.initiative_id:
                of_initiative.setdefault(use.initiative_id, []).append(piece)
            else:
                of_question.setdefault(use.question_id, []).append(piece)
    shown: dict[int, list[Picture]] = {}
    for picture in pictures:
        shown.setdefault(picture.initiative_id, []).append(picture)
    titles = {issue.id: issue.title["fr"] for issue in framework.issues}
    titles |= {axis.id: axis.title["fr"] for axis in framework.axes}
    return Reading(
        context=_context(application, framework),
        chapters=_chapters(framework, sheet, result, of_question),
        initiatives=[
            Described(row, wording.described(row, titles), shown.get(row.pk, ()), of_initiative.get(row.pk, ()))
            for row in sheet.initiatives
        ],
    )


def _context(application: Application, framework: Framework) -> list[Told]:
    declared, names = scorecards.declared_context(application), facts.asked(framework, application.official_context)
    return [Told(wording.asked(framework, name), wording.told(declared.get(name))) for name in names]


def _chapters(
    framework: Framework, sheet: Sheet, result: Result, proofs: Mapping[str, Sequence[Evidence]]
) -> list[Chapter]:
    lines = {line.question.id: line for line in result.lines}
    found = []
    for part in parts.parts(framework):
        asked = [lines[question.id] for question in part.questions if lines[question.id].applies]
        rows = [_said(line, sheet, proofs.get(line.question.id, ())) for line in asked]
        if rows:
            found.append(Chapter(part.id, part.title, rows))
    return found


def _said(line: Line, sheet: Sheet, proofs: Sequence[Evidence]) -> Said:
    question = line.question
    answer = line.answer if question.kind == INITIATIVES else sheet.answers.get(question.id)
    return Said(question, wording.answer(question, answer), proofs)


def paragraphs(text: str) -> list[str]:
    """What was written in Markdown, without its marks: one paragraph or item of a list each."""
    found, depth = [], 0
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        words = _plain(token) if token.type == "inline" else token.content.strip()
        if words:
            found.append(f"– {words}" if depth else words)
    return found


def _plain(token: Token) -> str:
    words, address = "", ""
    for child in token.children or []:
        if child.type == "link_open":
            address = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            words, address = words if words.endswith(address) else f"{words} ({address})", ""
        else:
            words += " " if child.type in ("softbreak", "hardbreak") else child.content
    return words
