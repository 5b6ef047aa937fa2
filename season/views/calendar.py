"""An edition in time: its dates on one line, what each step still lacks, the delays, next year's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import Refused
from assessments import actions, policies
from assessments.models import Edition
from assessments.queries import counts_by_state, editions
from instance import queries as instance
from season import forms, queries
from season import policies as policies_of_season
from season.actions import calendar as calendars
from season.pages import calendar as pages
from season.pages import steps
from season.queries import following

WRONG = 422


@require_safe
@organiser_required
def calendar(request: SignedInRequest, year: int) -> HttpResponse:
    known, now = _edition(year), timezone.now()
    milestones = queries.milestones(known)
    context = {
        "edition": known,
        "phase": policies.phase(known, now),
        "line": pages.line(known, milestones, now=now),
        "steps": steps.steps(known, following.facts(known, now=now), instance.current(), now=now),
        "delays": queries.delays(known),
        "drafts": counts_by_state(known).get("draft", 0),
        "now": now,
        "refusal": policies_of_season.why_not_show(known, [row.at for row in queries.approvals(known.framework)])
        if known.draft
        else None,
    }
    return render(request, "season/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def dates(request: SignedInRequest, year: int) -> HttpResponse:
    """Two posts: the first says what the change does, the second does it. What cannot be is refused at the first."""
    known, now = _edition(year), timezone.now()
    form = forms.CalendarForm(request.POST or None, initial=_today(known))
    context: dict[str, object] = {"edition": known, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            calendars.check_calendar(known, form.dates, now=now)
            if not form.cleaned_data["confirmed"]:
                told = pages.consequences(known, form.dates, counts_by_state(known), now=now)
                return render(request, "season/dates_confirm.html", context | {"told": told})
            calendars.change_calendar(
                edition=known, dates=form.dates, reason=form.cleaned_data["reason"], by=request.user, now=now
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Les dates sont enregistrées."))
            return redirect("season:calendar", year)
    if form.errors:
        status = WRONG
    return render(request, "season/dates.html", context, status=status)


def _today(edition: Edition) -> dict[str, object]:
    own = {name: getattr(edition, name) for name in calendars.OF_EDITION}
    return {name: timezone.localtime(when) for name, when in (own | queries.milestones(edition)).items()}


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def delay(request: SignedInRequest, year: int) -> HttpResponse:
    known = _edition(year)
    form = forms.DelayForm(request.POST or None, initial={"territory": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        try:
            file = actions.grant_delay(edition=known, **form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            said = _("%(territory)s peut déposer jusqu’au %(when)s.")
            when = policies.moment(policies.closing_of(file))
            messages.success(request, said % {"territory": file.territory, "when": when})
            return redirect("season:calendar", year)
    status = WRONG if request.method == "POST" else 200
    return render(request, "season/delay.html", {"edition": known, "form": form}, status=status)


@require_POST
@organiser_required
def open_now(request: SignedInRequest, year: int) -> HttpResponse:
    calendars.open_now(edition=_edition(year), by=request.user, now=timezone.now())
    messages.success(request, _("Les candidatures sont ouvertes."))
    return redirect("season:calendar", year)


@require_POST
@organiser_required
def show(request: SignedInRequest, year: int) -> HttpResponse:
    calendars.show_edition(edition=_edition(year), by=request.user)
    messages.success(request, _("L’édition %(year)s est visible : ses dates disent la suite.") % {"year": year})
    return redirect("season:calendar", year)


@require_POST
@organiser_required
def clone(request: SignedInRequest, year: int) -> HttpResponse:
    made = calendars.clone_edition(edition=_edition(year), by=request.user)
    messages.success(request, _("L’édition %(year)s est préparée : vérifiez ses dates.") % {"year": made.year})
    return redirect("season:calendar", made.year)


@require_POST
@organiser_required
def delete(request: SignedInRequest, year: int) -> HttpResponse:
    actions.delete_edition(edition=_edition(year), by=request.user)
    messages.success(request, _("L’édition %(year)s est supprimée.") % {"year": year})
    return redirect("assessments:editions")


def _edition(year: int) -> Edition:
    return get_object_or_404(editions(), year=year)
