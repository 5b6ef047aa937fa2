"""What narrows a list of initiatives: each filter with its values, their numbers and the address that each leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from results.rules.ideas import FACETS, Answer, Wanted

Names = Mapping[str, Mapping[str, str]]
TITLES = {
    "axis": _("Axe"),
    "issue": _("Enjeu"),
    "band": _("Taille"),
    "cost": _("Coût par an"),
    "operator": _("Portée par"),
    "department": _("Département"),
}
MOST = 8  # values shown of a long list, those that answer most; the field « Où » has every department


@dataclass(frozen=True)
class Option:
    """`part`: of the most frequent, in hundredths, for the bar."""

    label: str
    count: int
    part: int
    href: str
    on: bool


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    options: list[Option]
    left_out: int = 0


def facets(answer: Answer, wanted: Wanted, *, names: Names, address: QueryDict) -> list[Facet]:
    """Those with a choice to make."""
    found = [_facet(name, answer, wanted, names[name], address) for name in TITLES]
    return [facet for facet in found if len(facet.options) > 1]


def _facet(name: str, answer: Answer, wanted: Wanted, names: Mapping[str, str], address: QueryDict) -> Facet:
    counts = {str(value): count for value, count in answer.counts.get(name, {}).items()}
    shown = [value for value in names if counts.get(value)]
    if name in ("issue", "department"):
        shown.sort(key=lambda value: -counts[value])
    kept = shown[: MOST if name == "department" else None]
    top = max(counts.values(), default=1)
    asked = str(wanted.get(name, ""))
    return Facet(
        name,
        str(TITLES[name]),
        [
            Option(
                names[value].split(" · ")[-1],
                counts[value],
                round(100 * counts[value] / top),
                href(address, name, None if value == asked else value),
                value == asked,
            )
            for value in kept
        ],
        len(shown) - len(kept),
    )


def chosen(wanted: Wanted, *, names: Names, address: QueryDict) -> list[tuple[str, str, str]]:
    """Each filter in force: its title, its value, and the address without it."""
    return [
        (str(TITLES[name]), names[name].get(str(wanted[name]), ""), href(address, name, None))
        for name in FACETS
        if name in wanted
    ]


def href(address: QueryDict, name: str, value: str | None) -> str:
    """The address with another value of one filter, from the first page; short, without what is blank."""
    asked = {key: text for key, text in address.items() if text and key not in ("page", name)}
    kept = QueryDict(mutable=True)
    kept.update(asked | ({name: value} if value else {}))  # type: ignore[arg-type]
    return f"?{kept.urlencode()}" if kept else "?"
