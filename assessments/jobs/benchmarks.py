"""Where each file stands among its peers: found for a whole edition by a worker, at its closing and its publication."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.enums import Basis, ScorecardKind
from assessments.jobs import robustness
from assessments.models import Benchmark, Edition, Scorecard
from assessments.transitions import COUNTED
from outbox import jobs
from outbox.models import Job, Queue
from scoring import benchmark as engine
from scoring.benchmark import OVERALL, Node, Peer
from scoring.model import Framework
from territories.models import PopulationBand

# Progress is written once in so many files; it keeps the lease.
STRIDE = 25
BANDS = list(PopulationBand)
Titles = Mapping[str, str]


def ask(edition: Edition) -> Job:
    """Due at the closing."""
    return make.schedule(edition=edition.pk, closing=edition.closes_at.isoformat(), due_at=edition.closes_at)


def begin_again(edition: Edition, *, now: datetime) -> None:
    """The closing moved. Until it comes, nobody stands anywhere « à la clôture »: what was found at another is no more,
    and a worker who was finding it will find its job gone."""
    forget(edition)
    if edition.closes_at > now:
        Benchmark.objects.filter(application__edition=edition, basis=Basis.DECLARED).delete()
    ask(edition)


def forget(edition: Edition) -> None:
    """Whatever waits, is at work or is done for its closing."""
    Job.objects.filter(kind="benchmark.make", key__startswith=f"benchmark:{edition.pk}:").delete()


@jobs.kind(
    "benchmark.make",
    key="benchmark:{edition}:{closing}",
    queue=Queue.BULK,
    words=gettext_lazy("Étalonnage d’une édition close"),
)
def make(job: Job) -> None:
    """What the closing leaves: benchmarks of the declared scores, and the robustness that may lack. Payload: `edition`.

    A job of a release that did not forget it when the closing moved later has nothing to do."""
    edition = Edition.objects.get(pk=job.payload["edition"])
    if edition.closes_at > timezone.now():
        with jobs.finish(job):
            return
    robustness.remake(Scorecard.objects.filter(application__edition=edition))
    found = list(compare(job, declared(edition), Basis.DECLARED))
    with jobs.finish(job):
        keep(edition, Basis.DECLARED, found)


def declared(edition: Edition) -> list[Peer]:
    """The files submitted, neither withdrawn nor ineligible, each at its last declared score."""
    last = Scorecard.objects.filter(application=OuterRef("pk"), kind=ScorecardKind.DECLARED).order_by("-round")
    files = edition.applications.filter(state__in=COUNTED).annotate(frozen=Subquery(last.values("result")[:1]))
    rows = files.exclude(frozen=None).order_by("pk").values_list("pk", "official_context", "frozen")
    return [
        peer(pk, context["kind"], context["population"], **_sums(frozen))
        for pk, context, frozen in rows.iterator(chunk_size=STRIDE)
    ]


def _sums(frozen: str) -> dict[str, Any]:
    result = json.loads(frozen)
    return {name: result[name] for name in ("overall", "axes", "issues")}


def peer(
    pk: int,
    kind: str,
    population: int,
    *,
    overall: str | None,
    axes: Mapping[str, Sequence[int]],
    issues: Mapping[str, Sequence[int]],
) -> Peer:
    """`axes` and `issues`: earned and possible by id; `overall`: « n/d »."""
    scores: dict[Node, Fraction] = {} if overall is None else {("overall", OVERALL): Fraction(overall)}
    for name, parts in (("axis", axes), ("issue", issues)):
        scores |= {(name, id_): Fraction(earned, possible) for id_, (earned, possible) in parts.items() if possible}
    return Peer(str(pk), kind, BANDS.index(PopulationBand.of(population)), scores)


def compare(job: Job, peers: Sequence[Peer], basis: Basis) -> Iterator[Benchmark]:
    """The row of each, not yet saved. Too few peers make a row too, which says so."""
    for number, (me, found) in enumerate(zip(peers, engine.benchmarks(peers), strict=True)):
        if number % STRIDE == 0:
            jobs.progress(job, done=number, total=len(peers))
        yield Benchmark(application_id=int(me.id), basis=basis, document=_document(me, found))


def _document(me: Peer, found: engine.Benchmark | None) -> dict[str, Any]:
    """{"kind", "band", "group", "size", "standings": [[node, id, score, percentile, quartiles, peers], …]}, fractions
    written « n/d »."""
    return {
        "kind": me.kind,
        "band": int(BANDS[me.band]),
        "group": found.group if found else None,
        "size": found.size if found else 0,
        "standings": [
            [*node, str(each.score), str(each.percentile), [str(quartile) for quartile in each.quartiles], each.peers]
            for node, each in (found.standings if found else {}).items()
        ],
    }


def keep(edition: Edition, basis: Basis, found: Sequence[Benchmark]) -> None:
    """In the caller's transaction: these take the place of those of before."""
    Benchmark.objects.filter(application__edition=edition, basis=basis).delete()
    Benchmark.objects.bulk_create(found, batch_size=200)


def document_of(application: OuterRef, basis: Basis) -> Subquery:
    """On any rows that name an application: what was found for it, None while there is nothing."""
    return Subquery(Benchmark.objects.filter(application=application, basis=basis).values("document")[:1])


@dataclass(frozen=True)
class Standing:
    """One score among those of the peers: the share that it is ahead of, and their three quartiles."""

    title: str
    score: Fraction
    ahead: Fraction
    quartiles: list[Fraction]


@dataclass(frozen=True)
class Comparison:
    """A document, for a page. `group` says who the peers are; nothing is compared with fewer than five of them."""

    group: str
    overall: Standing | None
    axes: list[Standing]
    issues: list[Standing]


def comparison(document: Mapping[str, Any] | None, *, axes: Titles, issues: Titles) -> Comparison | None:
    """`axes`, `issues`: titles by id, in the order to show. None while nothing was found."""
    if document is None:
        return None
    titles = {("overall", OVERALL): _("Ensemble")}
    titles |= {("axis", name): title for name, title in axes.items()}
    titles |= {("issue", name): title for name, title in issues.items()}
    found = {
        (node, name): Standing(title, Fraction(score), Fraction(ahead), [Fraction(each) for each in quartiles])
        for node, name, score, ahead, quartiles, _peers in document["standings"]
        if (title := titles.get((node, name)))
    }
    return Comparison(
        group=_group(document),
        overall=found.get(("overall", OVERALL)),
        axes=[found["axis", name] for name in axes if ("axis", name) in found],
        issues=[found["issue", name] for name in issues if ("issue", name) in found],
    )


def of_framework(document: Mapping[str, Any] | None, framework: Framework) -> Comparison | None:
    return comparison(
        document,
        axes={axis.id: axis.title["fr"] for axis in framework.axes},
        issues={issue.id: issue.title["fr"] for issue in framework.issues},
    )


def _group(document: Mapping[str, Any]) -> str:
    """« 23 autres communes (de 500 à 1 999 habitants) »; nothing when there are too few peers."""
    size, name = document["size"], document["group"]
    if name is None:
        return ""
    if document["kind"] == "epci":
        return ngettext("%(n)s autre intercommunalité", "%(n)s autres intercommunalités", size) % {"n": size}
    others = ngettext("%(n)s autre commune", "%(n)s autres communes", size) % {"n": size}
    band = PopulationBand(document["band"]).label
    if name == engine.BAND:
        return _("%(others)s (%(band)s)") % {"others": others, "band": band}
    if name == engine.ADJACENT_BANDS:
        return _("%(others)s (%(band)s, et les deux strates voisines)") % {"others": others, "band": band}
    return _("%(others)s, de toutes tailles") % {"others": others}
