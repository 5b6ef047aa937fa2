"""The calendar of an edition: its own dates and the jury's milestones, changed together."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow, Refused
from assessments import actions
from assessments.models import Edition
from assessments.policies import check_dates, refuse, why_not_change_dates
from results.jobs import publication
from season import policies, queries
from season.jobs import campaign
from season.models import Milestone, MilestoneKind

Dates = Mapping[str, datetime | None]
OF_EDITION = ("opens_at", "closes_at", "results_at")


@transaction.atomic
def change_calendar(*, edition: Edition, dates: Dates, reason: str, by: User, now: datetime) -> None:
    """`dates`: the three of the edition, and one for each kind of milestone, None where there is none.

    An announcement that moves after the publication is planned anew. Raises Refused without a reason, NotNow for dates
    that cannot be."""
    check_can_organise(by)
    if not reason.strip():
        raise Refused(_("Dites pourquoi les dates changent : la raison est gardée."))
    own = _own(dates)
    check_calendar(edition, dates, now=now)
    if _moved(edition, own):
        actions.change_dates(edition=edition, **own, reason=reason, by=by, now=now)
        edition.refresh_from_db()
        if edition.published_at is not None:
            publication.plan_announcement(edition)
        _follow(edition)
    _set_milestones(edition, dates, reason=reason, by=by)


def check_calendar(edition: Edition, dates: Dates, *, now: datetime) -> None:
    """May it have these dates? Raises NotNow: for the dates themselves, then for what they wait for."""
    own = _own(dates)
    check_dates(edition.year, **own)
    _check_milestones(own["closes_at"], dates, own["results_at"])
    moved = _moved(edition, own)
    if moved:
        applications = bool({"opens_at", "closes_at"} & moved)
        refuse(why_not_change_dates(edition, applications_moved=applications, now=now))
    if not edition.draft and "opens_at" in moved:
        refuse(policies.why_not_open(_approvals(edition), at=max(own["opens_at"], now)))


def _own(dates: Dates) -> dict[str, datetime]:
    return {name: when for name in OF_EDITION if (when := dates[name])}


def _moved(edition: Edition, own: Mapping[str, datetime]) -> set[str]:
    return {name for name, when in own.items() if getattr(edition, name) != when}


def _follow(edition: Edition) -> None:
    """Reminders leave so many days before the closing, wherever that is now."""
    waiting = edition.messages.filter(planned_at__isnull=False, cancelled_at=None, left_at=None)
    for message in waiting.filter(days_before__isnull=False).select_related("edition"):
        campaign.plan(message)


def _check_milestones(closes_at: datetime, dates: Dates, results_at: datetime) -> None:
    steps = [closes_at, *(when for kind in MilestoneKind if (when := dates[kind])), results_at]
    if steps != sorted(steps):
        raise NotNow(
            _("Après la clôture viennent, dans cet ordre : la fin des lectures, la séance du jury, puis l’annonce.")
        )


def _set_milestones(edition: Edition, dates: Dates, *, reason: str, by: User) -> None:
    before = queries.milestones(edition)
    after = {kind: when for kind in MilestoneKind if (when := dates[kind])}
    if before == after:
        return
    Milestone.objects.filter(edition=edition).delete()
    Milestone.objects.bulk_create(Milestone(edition=edition, kind=kind, at=when) for kind, when in after.items())
    said = {kind: when.isoformat() for kind, when in after.items()}
    audit.record(by=by, verb="edition.milestones_set", on=edition, reason=reason.strip(), **said)


@transaction.atomic
def show_edition(*, edition: Edition, by: User) -> Edition:
    """Raises NotNow while its questionnaire is not approved for its opening."""
    check_can_organise(by)
    refuse(policies.why_not_show(edition, _approvals(edition)) if edition.draft else None)
    return actions.show_edition(edition=edition, by=by)


@transaction.atomic
def open_now(*, edition: Edition, by: User, now: datetime) -> Edition:
    """Raises NotNow while its questionnaire is not approved by two people, or by one for a day."""
    check_can_organise(by)
    refuse(policies.why_not_open(_approvals(edition), at=now))
    return actions.open_now(edition=edition, by=by, now=now)


def _approvals(edition: Edition) -> list[datetime]:
    return [approval.at for approval in queries.approvals(edition.framework)]


@transaction.atomic
def clone_edition(*, edition: Edition, by: User) -> Edition:
    """The next year's as a draft, with the milestones of this one a season later."""
    made = actions.clone_edition(edition=edition, by=by)
    Milestone.objects.bulk_create(
        Milestone(edition=made, kind=kind, at=when + actions.ONE_SEASON)
        for kind, when in queries.milestones(edition).items()
    )
    return made
