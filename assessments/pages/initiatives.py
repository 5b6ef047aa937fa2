"""What an initiative says, and what two versions of it say differently, in words. Reads no row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.actions.initiatives import FIELDS
from assessments.models import Initiative, InitiativeVersion
from documents import french

_EMPTY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Difference:
    """One field: what stands, and what was typed meanwhile."""

    label: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Fact:
    """Something told, under its name."""

    label: str
    words: str


@dataclass(frozen=True)
class Version:
    """One version, and the names of what it says otherwise than the one before; otherwise than what stands when it was
    put `aside`. `kept` is what is restored, None for what stands now."""

    row: Initiative
    at: datetime
    who: User | None
    facts: list[Fact]
    changed: list[str]
    kept: InitiativeVersion | None = None

    @property
    def aside(self) -> bool:
        return self.kept is not None and self.kept.aside


def versions(
    current: Initiative, past: Iterable[tuple[InitiativeVersion, Initiative]], titles: Mapping[str, str]
) -> list[Version]:
    """What stands, then all that was kept, the latest first, as `past` is: each with the row that it would make."""
    kept = list(past)
    written = [row for each, row in kept if not each.aside]
    told = [
        Version(current, current.updated_at, current.updated_by, facts(current, titles), _changed(written, current))
    ]
    for n, (each, row) in enumerate(kept):
        before = [current] if each.aside else [older for other, older in kept[n + 1 :] if not other.aside]
        told.append(Version(row, each.at, each.author, facts(row, titles), _changed(before, row), each))
    return told


def _changed(before: list[Initiative], after: Initiative) -> list[str]:
    """What the row says otherwise than the first of these, by name; nothing when there is none."""
    names = [name for row in before[:1] for name in FIELDS if getattr(row, name) != getattr(after, name)]
    return [_label(name) for name in names]


def facts(row: Initiative, titles: Mapping[str, str]) -> list[Fact]:
    """Every field that says something, but the title and the description. `titles`: as of `differences`."""
    return [
        Fact(_label(name), _said(name, value, titles))
        for name in FIELDS
        if name not in ("title", "description", "contact_public") and (value := getattr(row, name)) not in _EMPTY
    ]


def differences(current: Initiative, proposed: Mapping[str, Any], titles: Mapping[str, str]) -> list[Difference]:
    """Every field that differs. `titles`: those of the issues and of the axes, by id."""
    return [
        Difference(_label(name), _said(name, stored, titles), _said(name, proposed[name], titles))
        for name in FIELDS
        if name in proposed and (stored := getattr(current, name)) != proposed[name]
    ]


def _label(name: str) -> str:
    return _("Enjeux servis") if name == "issues" else capfirst(str(Initiative._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _said(name: str, value: Any, titles: Mapping[str, str]) -> str:
    if value in _EMPTY:
        return _("rien")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, date):
        return french.day(value)
    if name == "axis":
        return titles.get(value, value)
    if isinstance(value, list):
        return ", ".join(titles.get(issue, issue) for issue in value)
    return str(dict(Initiative._meta.get_field(name).flatchoices).get(value, value))  # type: ignore[union-attr]
