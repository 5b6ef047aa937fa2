"""What an initiative says, and what two versions of it say differently, in words. Reads no row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.actions.initiatives import FIELDS
from assessments.models import Initiative
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
