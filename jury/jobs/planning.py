"""The automatic distribution of an edition: what it has to solve now, and what it proposes. The same rows give the same
plan."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass

from django.db.models import QuerySet

from assessments.models import Application
from jury import policies, queries, visibility
from jury.models import Assignment, Juror, Panel, Proposal


@dataclass(frozen=True)
class Problem:
    """What `assignment.balance` takes: files by id, jurors by id."""

    needs: dict[int, int]
    eligible: dict[int, list[int]]
    loads: dict[int, int]
    regions: dict[int, str]
    expertise: dict[int, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def problem(panel: Panel) -> Problem:
    """A few queries, and one a juror. Who has not declared gets no file by this door, nor the chair unless so
    wished.

    What is handed in, or given to somebody who still may read it, stays: only the readers that lack are asked for."""
    jurors = {juror.pk: juror for juror in readers(panel)}
    open_files = Application.objects.filter(edition=panel.edition_id, state__in=policies.READABLE)
    regions = dict(open_files.values_list("pk", "territory__department__region"))
    live = list(queries.live_assignments().filter(application__edition=panel.edition_id))
    given = Counter(row.application_id for row in live)
    loads = Counter(dict.fromkeys(jurors, 0))
    loads.update(row.juror_id for row in live if row.juror_id in jurors)
    needs = {pk: panel.readers_per_file - given[pk] for pk in regions if given[pk] < panel.readers_per_file}
    return Problem(
        needs=needs,
        eligible=_eligible(open_files, jurors, needs),
        loads=dict(loads),
        regions={pk: regions[pk] for pk in needs},
        expertise={pk: juror.expertise for pk, juror in jurors.items()},
    )


def readers(panel: Panel) -> list[Juror]:
    """Those who may be given files by this door."""
    return [one for one in queries.sitting(panel) if one.declared_at and (panel.chair_reads or not one.is_chair)]


def _eligible(
    open_files: QuerySet[Application], jurors: dict[int, Juror], needs: dict[int, int]
) -> dict[int, list[int]]:
    """Who may become a reader of each file: on no list of its readers, past ones included, and not recused."""
    eligible = {file: set(jurors) for file in needs}
    for pk, juror in jurors.items():
        for file in open_files.filter(visibility.files_hidden_from(juror)).values_list("pk", flat=True):
            eligible.get(file, set()).discard(pk)
    for file, pk in Assignment.objects.filter(application__in=open_files).values_list("application", "juror"):
        eligible.get(file, set()).discard(pk)
    return {file: sorted(able) for file, able in eligible.items()}


@dataclass(frozen=True)
class Plan:
    """A proposal worked out, in rows: `readers` of each file that gets some, `short` of files that stay without enough
    because too few may read them, `loads` of each juror before and after."""

    readers: dict[Application, list[Juror]]
    short: list[Application]
    loads: list[tuple[Juror, int, int]]
    count: int
    digest: str
    stale: bool


def plan(proposal: Proposal) -> Plan:
    """`stale`: files or jurors have changed since it was worked out, so that it may not be confirmed any more."""
    asked = problem(proposal.panel)
    jurors = {juror.pk: juror for juror in queries.sitting(proposal.panel)}
    files = Application.objects.filter(pk__in=asked.needs).select_related("territory__department")
    readers: dict[int, list[Juror]] = {pk: [] for pk in asked.needs}
    for file, juror in proposal.pairs or []:
        if file in readers and juror in jurors:
            readers[file].append(jurors[juror])
    rows = list(files.order_by("territory__sort_key", "pk"))
    added = Counter(juror for able in readers.values() for juror in able)
    return Plan(
        readers={row: readers[row.pk] for row in rows if readers[row.pk]},
        short=[row for row in rows if len(readers[row.pk]) < asked.needs[row.pk]],
        loads=[(jurors[pk], load, load + added[jurors[pk]]) for pk, load in asked.loads.items()],
        count=added.total(),
        digest=digest(proposal),
        stale=proposal.basis != asked.digest,
    )


def digest(proposal: Proposal) -> str:
    """Of the pairs as they stand: who confirms says which they saw."""
    return hashlib.sha256(json.dumps(proposal.pairs).encode()).hexdigest()[:16]
