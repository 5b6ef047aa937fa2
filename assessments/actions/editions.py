"""The organiser's verbs on an edition. Its life is read from its dates: to open or close now is to move a date."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow, Refused
from assessments import policies
from assessments.actions.applications import first_fields
from assessments.jobs import benchmarks
from assessments.models import Application, Edition, Framework
from territories.models import Territory

# A year later, on the same day of the week.
ONE_SEASON = timedelta(weeks=52)


def create_edition(
    *,
    year: int,
    framework: Framework,
    opens_at: datetime,
    closes_at: datetime,
    results_at: datetime,
    by: User | None,
    simulated: bool = False,
    draft: bool = False,
) -> Edition:
    """One edition a year. A draft is the organiser's alone, until it is shown.

    Raises NotNow when the year is taken or the dates are not in order."""
    policies.check_dates(year, opens_at, closes_at, results_at)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                year=year,
                framework=framework,
                opens_at=opens_at,
                closes_at=closes_at,
                results_at=results_at,
                reference_on=timezone.localdate(closes_at),
                simulated=simulated,
                draft=draft,
            )
            audit.record(by=by, verb="edition.created", on=edition, framework=framework.hash, **_dates(edition))
            benchmarks.ask(edition)
    except IntegrityError:
        raise NotNow(_("L’édition %(year)s existe déjà.") % {"year": year}) from None
    return edition


def clone_edition(*, edition: Edition, by: User) -> Edition:
    """The next year's, as a draft: same questionnaire, same dates a season later."""
    check_can_organise(by)
    return create_edition(
        year=edition.year + 1,
        framework=edition.framework,
        opens_at=edition.opens_at + ONE_SEASON,
        closes_at=edition.closes_at + ONE_SEASON,
        results_at=edition.results_at + ONE_SEASON,
        by=by,
        draft=True,
    )


@transaction.atomic
def show_edition(*, edition: Edition, by: User) -> Edition:
    """The public may know of it from now on; its dates say the rest. Showing twice changes nothing."""
    check_can_organise(by)
    if Edition.objects.filter(pk=edition.pk, draft=True).update(draft=False):
        audit.record(by=by, verb="edition.shown", on=edition)
    edition.draft = False
    return edition


def delete_edition(*, edition: Edition, by: User) -> None:
    """As long as it is empty: nobody has a file in it, nobody sits. Raises NotNow otherwise."""
    check_can_organise(by)
    try:
        with transaction.atomic():
            audit.record(by=by, verb="edition.deleted", on=edition, year=edition.year)
            benchmarks.forget(edition)
            edition.delete()
    except ProtectedError:
        raise NotNow(
            _("L’édition %(year)s ne se supprime plus : elle a des dossiers ou un jury.") % {"year": edition.year}
        ) from None


def change_dates(
    *,
    edition: Edition,
    opens_at: datetime,
    closes_at: datetime,
    results_at: datetime,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> Edition:
    """Move the dates. Once the results are published only the announcement moves, and only until it has happened.

    The day that initiatives are judged by follows the closing until the edition opens: then it is fixed, and no date
    that moves changes what counts."""
    policies.check_dates(edition.year, opens_at, closes_at, results_at)
    with transaction.atomic():
        fresh = Edition.objects.select_for_update().get(pk=edition.pk)
        moved = (fresh.opens_at, fresh.closes_at) != (opens_at, closes_at)
        policies.refuse(policies.why_not_change_dates(fresh, applications_moved=moved, now=now))
        before, closed_at = _dates(fresh), fresh.closes_at
        if now < fresh.opens_at:
            fresh.reference_on = timezone.localdate(closes_at)
        fresh.opens_at, fresh.closes_at, fresh.results_at = opens_at, closes_at, results_at
        fresh.save(update_fields=["opens_at", "closes_at", "results_at", "reference_on"])
        audit.record(
            by=by, verb="edition.dates_changed", on=fresh, before=before, after=_dates(fresh), reason=reason.strip()
        )
        if closes_at != closed_at:
            benchmarks.begin_again(fresh, now=now)
    edition.opens_at, edition.closes_at, edition.results_at = opens_at, closes_at, results_at
    edition.reference_on = fresh.reference_on
    return edition


def open_now(*, edition: Edition, by: User, now: datetime) -> Edition:
    if policies.phase(edition, now) != policies.Phase.UPCOMING:
        raise NotNow(_("Les candidatures sont déjà ouvertes, ou closes."))
    closes_at, results_at = edition.closes_at, edition.results_at
    return change_dates(edition=edition, opens_at=now, closes_at=closes_at, results_at=results_at, by=by, now=now)


def close_now(*, edition: Edition, by: User, now: datetime) -> Edition:
    if policies.phase(edition, now) != policies.Phase.OPEN:
        raise NotNow(_("Les candidatures ne sont pas ouvertes."))
    opens_at, results_at = edition.opens_at, edition.results_at
    return change_dates(edition=edition, opens_at=opens_at, closes_at=now, results_at=results_at, by=by, now=now)


@transaction.atomic
def grant_delay(
    *, edition: Edition, territory: Territory, until: datetime, reason: str, by: User, now: datetime
) -> Application:
    """One territory may fill in and submit its file until then, whatever the closing. Its file is made if it has none.

    A later call replaces the delay. Raises Refused without a reason, NotNow when the delay would serve nothing."""
    check_can_organise(by)
    if not reason.strip():
        raise Refused(_("Dites pourquoi cette collectivité a un délai : la raison est gardée."))
    policies.refuse(policies.why_not_grant_delay(edition, until=until, now=now))
    application, _made = Application.objects.select_for_update(of=("self",)).get_or_create(
        edition=edition,
        territory=territory,
        defaults=first_fields(edition, territory, by=by, now=now),
    )
    policies.refuse(policies.why_not_have_delay(application))
    application.extended_until, application.extended_because = until, reason.strip()
    application.save(update_fields=["extended_until", "extended_because"])
    audit.record(
        by=by, verb="application.delay_granted", on=application, until=until.isoformat(), reason=reason.strip()
    )
    return application


def _dates(edition: Edition) -> dict[str, str]:
    return {name: getattr(edition, name).isoformat() for name in ("opens_at", "closes_at", "results_at")}
