"""What an initiative says, and what two versions of it say differently, in words. Reads no row."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from assessments import wording
from assessments.actions.initiatives import FIELDS
from assessments.models import Initiative, InitiativeVersion
from assessments.rules import eligibility
from assessments.rules.eligibility import Place, Terms
from territories.rules.names import search_name

# More than that is parted into groups, and searched.
FEW = 12


@dataclass(frozen=True)
class Row:
    """One initiative of the list. `counts`: in one place at least."""

    initiative: Initiative
    lacks: list[str]
    places: list[Place]

    @property
    def counts(self) -> bool:
        return any(place.question for place in self.places)


class Group(NamedTuple):
    """`unfinished`: what lacks something to count."""

    title: str
    rows: list[Row]
    unfinished: bool = False


class Listed(NamedTuple):
    """`groups`: none is empty; one without a title for a file with few."""

    groups: list[Group]
    found: int
    many: bool


def listed(rows: Iterable[Initiative], words: str, terms: Terms, *, proven: Collection[int]) -> Listed:
    """Those that hold every word. Of many, what there is left to do comes first, then each axis, or each issue where
    initiatives have no axis."""
    every, wanted = list(rows), search_name(words).split()
    many = len(every) > FEW
    framework = terms.framework
    found = [
        Row(row, eligibility.what_lacks(row, terms, proven=row.pk in proven), eligibility.places(row, framework))
        for row in every
        if all(word in search_name(f"{row.title} {row.description}") for word in wanted)
    ]
    if not many:
        return Listed([Group("", found)] if found else [], len(found), many)
    under: dict[str, list[Row]] = {"": []}
    by_axis = framework.schema > 1
    titles = {part.id: part.title["fr"] for part in (framework.axes if by_axis else framework.issues)}
    for row in found:
        first = row.initiative.axis if by_axis else next(iter(row.initiative.issues), "")
        under.setdefault(first if row.counts and not row.lacks else "", []).append(row)
    groups = [
        Group(_("À compléter"), under[""], unfinished=True),
        *(Group(title, under.get(name, [])) for name, title in titles.items()),
    ]
    return Listed([group for group in groups if group.rows], len(found), many)


@dataclass(frozen=True)
class Difference:
    """One field: what stands, and what was typed meanwhile."""

    label: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Version:
    """One version, and the names of what it says otherwise than the one before; otherwise than what stands when it was
    put `aside`. `kept` is what is restored, None for what stands now."""

    row: Initiative
    at: datetime
    who: User | None
    facts: list[wording.Told]
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
        Version(
            current,
            current.updated_at,
            current.updated_by,
            wording.described(current, titles),
            _changed(written, current),
        )
    ]
    for n, (each, row) in enumerate(kept):
        before = [current] if each.aside else [older for other, older in kept[n + 1 :] if not other.aside]
        told.append(Version(row, each.at, each.author, wording.described(row, titles), _changed(before, row), each))
    return told


def _changed(before: list[Initiative], after: Initiative) -> list[str]:
    """What the row says otherwise than the first of these, by name; nothing when there is none."""
    names = [name for row in before[:1] for name in FIELDS if getattr(row, name) != getattr(after, name)]
    return [wording.field(name) for name in names]


def differences(current: Initiative, proposed: Mapping[str, Any], titles: Mapping[str, str]) -> list[Difference]:
    """Every field that differs. `titles`: those of the issues and of the axes, by id."""
    return [
        Difference(
            wording.field(name),
            wording.field_said(name, stored, titles),
            wording.field_said(name, proposed[name], titles),
        )
        for name in FIELDS
        if name in proposed and (stored := getattr(current, name)) != proposed[name]
    ]
