"""The job that works out the figures of a panel. They are kept, so that a page never computes them.

There is one document, of the files that the chair may see: the same is published. So nobody has two to compare, the
chair's own and the public's, or those before and after, whose difference would tell how a hidden file was read."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import ScorecardKind
from assessments.models import Scorecard
from jury import queries
from jury.models import Juror, Panel, PanelFigures
from outbox import jobs
from outbox.models import Job, Queue
from territories.models import PopulationBand


def of(panel: Panel) -> PanelFigures | None:
    return PanelFigures.objects.select_related("panel__edition__framework").filter(panel=panel).first()


def may_see(row: PanelFigures, juror: Juror) -> bool:
    """Not once this person is recused from a file that they were computed from."""
    return row.content is None or set(queries.files_hidden_from(juror)) <= set(row.content.get("hidden", []))


def why_not_ask(panel: Panel) -> str | None:
    if panel.edition.published_at is None:
        return None
    return _("Ces chiffres sont publiés avec les résultats : ils ne changent plus.")


@transaction.atomic
def ask(panel: Panel, *, now: datetime) -> PanelFigures:
    """The worker computes them again; those there are stay until then."""
    figures, _created = PanelFigures.objects.update_or_create(panel=panel, defaults={"asked_at": now})
    work_out.schedule(figures=figures.pk, panel=panel.pk, asked_at=now.isoformat())
    return figures


def in_words(row: PanelFigures) -> dict[str, Any]:
    """What may be published, with the names of its groups; nothing before it is computed."""
    if row.content is None:
        return {}
    public = row.content["public"]
    axes = row.panel.edition.framework.parsed.axes
    return {
        "public": public,
        "axes": [(axis.title["fr"], public["alpha"]["axes"].get(axis.id)) for axis in axes],
        "bands": [
            (
                _("autres strates") if one["group"] is None else PopulationBand(one["group"]).label,
                one["files"],
                one["gap"],
            )
            for one in public["bands"]
        ],
        "regions": [(one["group"] or _("autres régions"), one["files"], one["gap"]) for one in public["regions"]],
    }


@jobs.kind(
    "jury.figures",
    key="jury-figures:{panel}:{asked_at}",
    queue=Queue.SCORES,
    words=gettext_lazy("Chiffres du jury"),
)
def work_out(job: Job) -> None:
    """Payload: `figures`."""
    row = PanelFigures.objects.select_related("panel__edition__framework").get(pk=job.payload["figures"])
    content = compute(row.panel)
    with jobs.finish(job):
        PanelFigures.objects.filter(pk=row.pk).update(content=content, computed_at=timezone.now())


def compute(panel: Panel) -> dict[str, Any]:
    """Four queries: the readings handed in that count, the decisions that stand, the chair and what is hidden from it.
    `hidden` is the latter, and never shown."""
    from jury.rules.agreement import Decided, Reading, figures  # noqa: PLC0415 -- NumPy stays out of web

    declared = Scorecard.objects.filter(application=OuterRef("application"), kind=ScorecardKind.DECLARED)
    chair = panel.jurors.filter(is_chair=True, left_at=None).first()
    hidden = queries.files_hidden_from(chair) if chair else []
    rows = (
        queries.live_assignments()
        .filter(application__edition=panel.edition_id, review__submitted_at__isnull=False)
        .exclude(application__in=hidden)
        .select_related("review", "application__territory__department__region")
        .annotate(computed=Subquery(declared.order_by("-round").values("level")[:1]))
        .order_by("application", "pk")
    )
    readings = [
        Reading(
            file=row.application_id,
            juror=row.juror_id,
            marks=row.review.marks,
            level=row.review.proposed_level or 0,
            computed=row.computed,
            minutes=row.review.worked.total_seconds() / 60,
            band=row.application.territory.band,
            region=row.application.territory.department.region.name,
        )
        for row in rows
    ]
    standing = queries.standing_decisions().filter(application__edition=panel.edition_id)
    standing = standing.exclude(application__in=hidden)
    decisions = [Decided(level, examined) for level, examined in standing.values_list("level", "examined_level")]
    axes = [axis.id for axis in panel.edition.framework.parsed.axes]
    return figures(readings, decisions, axes=axes) | {"hidden": hidden}
