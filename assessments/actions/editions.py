"""The organiser's verbs on an edition. Its life is read from its dates: to open or close now is to move a date."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import NotNow
from assessments import policies
from assessments.jobs import benchmarks
from assessments.models import Edition, Framework


def create_edition(
    *,
    year: int,
    framework: Framework,
    opens_at: datetime,
    closes_at: datetime,
    results_at: datetime,
    by: User | None,
    simulated: bool = False,
) -> Edition:
    """One edition a year. Raises NotNow when the year is taken or the dates are not in order."""
    _check_order(opens_at, closes_at, results_at)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                year=year,
                framework=framework,
                opens_at=opens_at,
                closes_at=closes_at,
                results_at=results_at,
                simulated=simulated,
            )
            audit.record(by=by, verb="edition.create", on=edition, framework=framework.hash, **_dates(edition))
            benchmarks.ask(edition)
    except IntegrityError:
        raise NotNow(_("L’édition %(year)s existe déjà.") % {"year": year}) from None
    return edition


def change_dates(
    *, edition: Edition, opens_at: datetime, closes_at: datetime, results_at: datetime, by: User | None
) -> Edition:
    """Move the dates, until the results are published. The embargo cannot move once they are."""
    _check_order(opens_at, closes_at, results_at)
    with transaction.atomic():
        fresh = Edition.objects.select_for_update().get(pk=edition.pk)
        if fresh.published_at is not None:
            raise NotNow(_("Les résultats sont publiés : les dates ne changent plus."))
        before = _dates(fresh)
        fresh.opens_at, fresh.closes_at, fresh.results_at = opens_at, closes_at, results_at
        fresh.save(update_fields=["opens_at", "closes_at", "results_at"])
        audit.record(by=by, verb="edition.dates", on=fresh, before=before, after=_dates(fresh))
        benchmarks.ask(fresh)
    edition.opens_at, edition.closes_at, edition.results_at = opens_at, closes_at, results_at
    return edition


def open_now(*, edition: Edition, by: User, now: datetime) -> Edition:
    if policies.phase(edition, now) != policies.Phase.UPCOMING:
        raise NotNow(_("Les candidatures sont déjà ouvertes, ou closes."))
    return change_dates(
        edition=edition, opens_at=now, closes_at=edition.closes_at, results_at=edition.results_at, by=by
    )


def close_now(*, edition: Edition, by: User, now: datetime) -> Edition:
    if policies.phase(edition, now) != policies.Phase.OPEN:
        raise NotNow(_("Les candidatures ne sont pas ouvertes."))
    return change_dates(edition=edition, opens_at=edition.opens_at, closes_at=now, results_at=edition.results_at, by=by)


def _check_order(opens_at: datetime, closes_at: datetime, results_at: datetime) -> None:
    if not opens_at < closes_at <= results_at:
        raise NotNow(_("L’ouverture vient avant la clôture, et la clôture avant l’annonce des résultats."))


def _dates(edition: Edition) -> dict[str, str]:
    return {name: getattr(edition, name).isoformat() for name in ("opens_at", "closes_at", "results_at")}
