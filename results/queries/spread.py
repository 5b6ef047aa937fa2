"""The published scores, from what a worker found of each result: short rows, never the whole public copies."""

from datetime import datetime
from fractions import Fraction

from assessments.enums import Basis
from assessments.models import Benchmark
from results import visibility
from results.rules.distributions import Scored
from territories.models import PopulationBand


def scored(*, kind: str, year: int | None, now: datetime) -> list[Scored]:
    """Of the results in force, of one edition or of all. One query."""
    results = visibility.in_force(now=now).filter(territory__kind=kind)
    if year is not None:
        results = results.filter(edition__year=year)
    rows = Benchmark.objects.filter(basis=Basis.PUBLISHED, application__in=results.values("application"))
    region = "application__territory__department__region"
    columns = rows.order_by("pk").values_list(
        "document", f"{region}__code", f"{region}__name", "application__edition__year"
    )
    return [
        Scored(
            kind=kind,
            band=(f"{document['band']:05}", str(PopulationBand(document["band"]).label)),
            region=(code, name),
            edition=(str(edition), str(edition)),
            scores={(node, name): Fraction(score) for node, name, score, *_rest in document["standings"]},
        )
        for document, code, name, edition in columns
    ]
