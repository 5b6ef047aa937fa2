"""The words of the field in plain French: those that a question uses are explained beside it.

The source is `glossary.md`, a section a theme, a paragraph a word: it is prose, and decides no point."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.utils.text import slugify

from scoring.model import Question

SOURCE = Path(__file__).with_name("glossary.md")
# How the label itself speaks: these words stand in every question, which need not explain them again.
OURS = "Le label"
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
ENTRY = re.compile(r"^\*\*(.+?)\.\*\* (.+)$", re.MULTILINE)
ENDING = r"(?:e?s|e|x)?"


@dataclass(frozen=True)
class Word:
    """`term` as it is listed: « Délégué à la protection des données (DPD) », « Candidature, dossier »."""

    term: str
    meaning: str

    @property
    def anchor(self) -> str:
        return f"mot-{slugify(self.term)}"

    @cached_property
    def _written(self) -> re.Pattern[str]:
        """Each of its names, singular or plural; an acronym only in capitals: ENT is no end of « vraiment »."""
        names = [name.strip() for name in re.split(r"[,()]", self.term) if name.strip()]
        return re.compile("|".join(rf"(?<!\w)(?:{_forms(name)})(?!\w)" for name in names))

    def taken_from(self, text: str) -> tuple[str, int]:
        """What is left of the text without this word, and how often it stood there."""
        return self._written.subn("…", text)


@dataclass(frozen=True)
class Section:
    title: str
    words: tuple[Word, ...]

    @property
    def anchor(self) -> str:
        return f"theme-{slugify(self.title)}"


@cache
def sections() -> tuple[Section, ...]:
    """In the order of the source."""
    _intro, *pieces = SECTION.split(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        Section(title, tuple(Word(*found) for found in ENTRY.findall(body)))
        for title, body in zip(pieces[::2], pieces[1::2], strict=True)
    )


def of(question: Question) -> tuple[Word, ...]:
    """The words that the question or its help uses."""
    return _within(question.text["fr"], question.help["fr"] if question.help else "")


@cache
def _within(*texts: str) -> tuple[Word, ...]:
    """In the order of the glossary. The longest go first: « plan communal de sauvegarde » is about no backup."""
    known = [word for section in sections() if section.title != OURS for word in section.words]
    text, found = "\n".join(texts), set()
    for word in sorted(known, key=lambda word: len(word.term), reverse=True):
        text, times = word.taken_from(text)
        found |= {word} if times else set()
    return tuple(word for word in known if word in found)


def _forms(name: str) -> str:
    """Any word of a name may be plural or feminine."""
    if name.isupper():
        return re.escape(name)
    return "(?i:" + r"\s+".join(re.escape(word) + ENDING for word in name.split()) + ")"
