"""The automatic distribution of an edition: what it would do now. The same rows give the same plan."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from assessments.models import Application
from jury import assignment, conflicts, policies, queries
from jury.models import Assignment, Juror, Panel


@dataclass(frozen=True)
class Plan:
    """`pairs` to add; `loads` of each reader after it, files already given included; `short`: files that stay without
    enough readers because too few may read them."""

    pairs: list[tuple[Application, Juror]]
    before: dict[Juror, int]
    short: list[Application]

    def as_ids(self) -> list[list[int]]:
        return [[application.pk, juror.pk] for application, juror in self.pairs]

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.as_ids()).encode()).hexdigest()[:16]

    @property
    def loads(self) -> list[tuple[Juror, int, int]]:
        """Each reader with the number of files before and after."""
        added = Counter(juror for _application, juror in self.pairs)
        return [(juror, count, count + added[juror]) for juror, count in self.before.items()]


def plan(panel: Panel) -> Plan:
    """A few queries, and one a juror. The chair arbitrates and gets no file by this door."""
    jurors = {juror.pk: juror for juror in queries.sitting(panel) if not juror.is_chair}
    open_files = Application.objects.filter(edition=panel.edition_id, state__in=policies.READABLE)
    files = {row.pk: row for row in open_files.select_related("territory").order_by("territory__code")}
    live = list(queries.live_assignments().filter(application__edition=panel.edition_id))
    readers = Counter(row.application_id for row in live)
    loads = Counter(dict.fromkeys(jurors, 0))
    loads.update(row.juror_id for row in live if row.juror_id in jurors)
    needs = {pk: panel.readers_per_file - readers[pk] for pk in files if readers[pk] < panel.readers_per_file}
    eligible = _eligible(open_files, jurors, needs)
    pairs = assignment.balance(needs=needs, eligible=eligible, loads=loads)
    given = Counter(file for file, _juror in pairs)
    return Plan(
        pairs=[(files[file], jurors[juror]) for file, juror in pairs],
        before={juror: loads[pk] for pk, juror in jurors.items()},
        short=[files[pk] for pk, need in needs.items() if given[pk] < need],
    )


def _eligible(
    open_files: QuerySet[Application], jurors: dict[int, Juror], needs: dict[int, int]
) -> dict[int, set[int]]:
    """Who may become a reader of each file: on no list of its readers, past ones included, and not recused."""
    eligible = {file: set(jurors) for file in needs}
    for pk, juror in jurors.items():
        for file in open_files.filter(conflicts.files_hidden_from(juror)).values_list("pk", flat=True):
            eligible.get(file, set()).discard(pk)
    for file, pk in Assignment.objects.filter(application__in=open_files).values_list("application", "juror"):
        eligible.get(file, set()).discard(pk)
    return eligible
