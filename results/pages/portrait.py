"""All that the page of a territory shows, made ready: the template only writes it down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from assessments.jobs.benchmarks import Comparison, comparison
from assessments.wording import NATURES
from documents import french, radar
from results import queries, wording
from results.models import Certificate, PastLaureate, PublishedInitiative, PublishedResult
from results.pages.years import Chart, chart
from results.rules.strengths import Part, strengths
from scoring.display import percentage
from territories.models import Kind, Territory


@dataclass(frozen=True)
class Shelf:
    """The public lines of an axis, and what the confidential ones bring together."""

    axis: Part
    lines: list[dict[str, Any]]
    confidential: Part | None


@dataclass(frozen=True)
class Portrait:
    """`result` is the one shown, None when the territory has none in force; the rest describes it. Each initiative
    comes with the titles of its issues. `missing`: the edition that was asked has none in force."""

    territory: Territory
    history: list[PublishedResult]
    palmares: list[PastLaureate]
    missing: bool = False
    result: PublishedResult | None = None
    certificate: Certificate | None = None
    meaning: str = ""
    overall: Fraction | None = None
    axes: tuple[Part, ...] = ()
    issues: tuple[Part, ...] = ()
    strengths: tuple[Part, ...] = ()
    shelves: tuple[Shelf, ...] = ()
    initiatives: tuple[tuple[PublishedInitiative, list[str]], ...] = ()
    comparison: Comparison | None = None
    # Of an intercommunalité: its communes, each with its `public_results`.
    members: tuple[Territory, ...] = ()

    @property
    def labelled(self) -> list[Territory]:
        """The communes that have a result, the highest level first."""
        rows: list[Any] = [row for row in self.members if row.public_results]  # type: ignore[attr-defined]
        return sorted(rows, key=lambda row: -row.public_results[0].level)

    @property
    def structured(self) -> dict[str, Any]:
        """What search engines read (schema.org)."""
        territory = self.territory
        place = {"@type": "AdministrativeArea", "name": territory.department.name}
        code = {
            "@type": "PropertyValue",
            "propertyID": "SIREN" if territory.siren else "INSEE",
            "value": territory.code,
        }
        body: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "GovernmentOrganization",
            "name": territory.name,
            "identifier": code,
            "areaServed": place,
        }
        if self.result:
            body["award"] = _("%(level)s, édition %(year)s") % {
                "level": french.level(self.result.level),
                "year": self.result.edition.year,
            }
        return body

    @property
    def compared(self) -> Comparison | None:
        """The comparison, when there are enough peers to make one."""
        return self.comparison if self.comparison and self.comparison.group else None

    @property
    def withdrawn(self) -> list[PublishedResult]:
        return [row for row in self.history if row.withdrawn_at]

    @property
    def radar(self) -> str:
        medians = {each.title: each.quartiles[1] for each in self.compared.axes} if self.compared else {}
        spokes = [
            radar.Spoke(axis.title, float(percentage(axis.share) or 0), _hundredths(medians.get(axis.title)))
            for axis in self.axes
        ]
        title = _("Les axes, les mêmes chiffres que dans le tableau qui suit")
        return mark_safe(radar.svg(spokes, title, radius=72, margins=(98, 44)))  # noqa: S308 -- escaped by `radar`

    @property
    def charts(self) -> list[tuple[str, Chart]]:
        """The years, drawn once for a desk and once for a phone; none below two known years."""
        ours = {row.edition.year: row.level for row in self.history if not row.withdrawn_at}
        others = {row.year: row.level for row in self.palmares if row.level}
        drawn = [
            ("wide-only", chart(ours, others, width=820, every=2)),
            ("narrow-only", chart(ours, others, width=330, every=5)),
        ]
        return [(only, each) for only, each in drawn if each]

    @property
    def highlights(self) -> list[tuple[PublishedInitiative, list[str], str]]:
        return highlights(self.initiatives)

    @property
    def ranked(self) -> list[Part]:
        """The issues that have points to earn, the strongest first."""
        return sorted((part for part in self.issues if part.share is not None), key=lambda part: -(part.share or 0))

    @property
    def document(self) -> dict[str, Any]:
        return self.result.document if self.result else {}


def portrait(territory: Territory, *, year: int | None, now: datetime) -> Portrait:
    """Of the result of `year` when it is in force, else of the latest. Three queries; two more for its communes."""
    history = queries.history(territory, now=now)
    palmares = list(PastLaureate.objects.filter(territory=territory).order_by("-year"))
    standing = [result for result in history if result.withdrawn_at is None]
    asked = [result for result in standing if year in (None, result.edition.year)]
    missing = year is not None and not asked
    result = next(iter(asked or standing), None)
    members = tuple(queries.members(territory, now=now)) if territory.kind == Kind.EPCI else ()
    if result is None:
        return Portrait(territory, history, palmares, missing, members=members)
    document = result.document
    issues = _parts(document["issues"])
    return Portrait(
        territory=territory,
        members=members,
        history=history,
        palmares=palmares,
        missing=missing,
        result=result,
        certificate=result.certificate,
        meaning=str(wording.MEANINGS[result.level]),
        overall=Fraction(document["overall"]),
        axes=_parts(document["axes"]),
        issues=issues,
        strengths=strengths(issues),
        shelves=tuple(_shelf(axis, document["lines"]) for axis in document["axes"]),
        initiatives=tuple(
            (row, [issue.title for issue in issues if issue.id in row.issues])
            for row in result.initiatives.select_related("inspired_by").order_by("pk")
        ),
        comparison=comparison(
            result.benchmark,
            axes={part["id"]: part["title"] for part in document["axes"]},
            issues={part["id"]: part["title"] for part in document["issues"]},
        ),
    )


def highlights(
    initiatives: Iterable[tuple[PublishedInitiative, list[str]]],
) -> list[tuple[PublishedInitiative, list[str], str]]:
    """Three at most, each by a rule that is written beside it: the most complete, the best measured, the latest."""
    left = list(initiatives)
    rules: tuple[tuple[str, Callable[[PublishedInitiative], Any], Callable[[PublishedInitiative], bool]], ...] = (
        (_("la plus complète"), _completeness, lambda row: True),
        (_("un résultat mesuré"), lambda row: len(row.results), lambda row: bool(row.results)),
        (_("la plus récente"), lambda row: row.started_on, lambda row: row.started_on is not None),
    )
    chosen = []
    for words, weight, fits in rules:
        best = max((pair for pair in left if fits(pair[0])), key=lambda pair: weight(pair[0]), default=None)
        if best:
            left.remove(best)
            chosen.append((*best, words))
    return chosen


def _completeness(row: PublishedInitiative) -> tuple[int, int]:
    told = (row.results, row.partners, row.cost, row.link, row.contact, row.pictures, row.started_on)
    return sum(map(bool, told)), len(row.description)


def _hundredths(share: Fraction | None) -> float | None:
    return None if share is None else float(percentage(share) or 0)


def _parts(rows: Iterable[dict[str, Any]]) -> tuple[Part, ...]:
    return tuple(_part(row, row["id"], row["title"]) for row in rows)


def _part(row: dict[str, Any], name: str, title: str) -> Part:
    return Part(name, title, row["earned"], row["possible"])


def _shelf(axis: dict[str, Any], lines: list[dict[str, Any]]) -> Shelf:
    hidden = axis["confidential"]
    return Shelf(
        axis=_part(axis, axis["id"], axis["title"]),
        lines=[_shown(line) for line in lines if line["axis"] == axis["id"]],
        confidential=_part(hidden, axis["id"], axis["title"]) if hidden["possible"] else None,
    )


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    return line | {
        "state_words": wording.STATES[line["state"]],
        "nature_words": NATURES[line["nature"]],
        "proof_words": _proof(line),
    }


def _proof(line: dict[str, Any]) -> str:
    """Said of a value only: initiatives bring their own, « je ne sais pas » has none."""
    answer = line["answer"]
    if line["state"] != "answered" or answer is None:
        return ""
    return _("Avec preuve") if answer.get("evidence") else _("Sans preuve")
