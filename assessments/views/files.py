"""My files, one file, and what is asked about the territory once."""

from collections import defaultdict
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Helper, Mandate, Membership, Role, User
from accounts.permissions import SignedInRequest
from accounts.queries import active_memberships, helpers_at_work, requested_memberships
from accounts.refusals import NotNow, Refused
from accounts.rules import texts
from assessments import actions, forms, policies, queries, wording
from assessments.doors import scorecards
from assessments.enums import State
from assessments.models import Application
from assessments.pages import panels, road
from assessments.pages.news import news
from assessments.queries import Sheet
from assessments.views.access import (
    WRONG,
    file_context,
    file_or_404,
    file_to_write,
    gaps,
    signing,
    why_read_only,
)
from scoring import parts
from scoring.model import Question


@require_safe
@login_required
def applications(request: SignedInRequest) -> HttpResponse:
    """My files, and those that I may start: one a territory in the edition that is open."""
    files = list(queries.files_of(user=request.user))
    own, by_mandate = [], set()
    for membership in active_memberships(user=request.user):
        if membership.mandate_id:
            by_mandate.add(membership.territory_id)
        else:
            own.append(membership)
    edition = queries.open_edition(now=timezone.now())
    departments = {each.territory.department_id for each in own}
    started = {file.territory_id for file in files if edition and file.edition_id == edition.pk}
    context = {
        "files": [file for file in files if file.territory_id not in by_mandate],
        "memberships": own,
        "asked": requested_memberships(user=request.user),
        "to_confirm": [each for each in own if each.to_confirm],
        "helped": _helped(request.user, files, to_start=by_mandate - started if edition else set()),
        "edition": edition,
        "to_start": [each for each in own if each.territory_id not in started] if edition else [],
        "upcoming": None if edition else queries.upcoming_edition(now=timezone.now()),
        # Whose hour is said beside that of Paris: their own, when they are all of one place.
        "department": departments.pop() if len(departments) == 1 else "",
    }
    return render(request, "assessments/applications.html", context)


def _helped(
    user: User, files: list[Application], *, to_start: set[int]
) -> list[tuple[Helper, list[tuple[Mandate, list[Application], bool]]]]:
    """Each helper of this person, with its mandates: the files that one opens, whether this year's may be started."""
    by_territory = defaultdict(list)
    for file in files:
        by_territory[file.territory_id].append(file)
    return [
        (
            helper,
            [(row, by_territory[row.territory_id], row.territory_id in to_start) for row in helper.mandates.all()],
        )
        for helper in helpers_at_work(user=user)
    ]


@require_POST
@login_required
def start(request: SignedInRequest) -> HttpResponse:
    """Start the file of a territory in the open edition; the one that a colleague started is shown as it is."""
    code = request.POST.get("territory", "")
    membership = active_memberships(user=request.user).filter(territory__code=code).first()
    if membership is None:
        raise Http404
    now = timezone.now()
    edition = queries.open_edition(now=now)
    if edition is None:
        raise NotNow(_("Aucune édition n’est ouverte aux candidatures aujourd’hui."))
    application = actions.start(edition=edition, territory=membership.territory, by=request.user, now=now)
    done = bool(application.declared_context)
    name = "assessments:application" if done else "assessments:context"
    return redirect(name, code, application.edition.year)


@require_safe
@login_required
def application(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """One file: where it stands, what it is worth, what to do next."""
    file, membership = file_or_404(request, code, year)
    sheet = queries.sheet(file)
    around = queries.around(file, answers=sheet.latest.values())
    result = scorecards.live(file, sheet=sheet)
    missing = gaps(file, result)
    signs = membership.role == Role.SIGNATORY
    context = file_context(
        file,
        membership,
        sheet,
        result,
        tiles=panels.mosaic(result),
        leads=panels.leads(result, most=3) if file.state == State.DRAFT else [],
        asked_before=around.complements,
        earlier=around.earlier if file.state == State.DRAFT else None,
        mine=panels.mine(result, around, request.user),
        replied=panels.replied(result, around),
        step=panels.next_step(file, result, missing, signs=signs),
        gaps=missing,
        members=sum(around.roles.values()),
        road=road.road(result, missing, initiatives=sheet.initiatives, signatories=around.roles.get(Role.SIGNATORY, 0))
        if file.state == State.DRAFT
        else [],
        evidence_count=around.pieces,
        parked=_parked(file, sheet),
        can_withdraw=signs and policies.why_not_withdraw(file) is None,
        deadline=policies.deadline(file),
        results_day=policies.moment(file.edition.results_at),
    )
    context["news"] = news(file, user=request.user, since=context["previous_visit"])
    return render(request, "assessments/application.html", context)


def _parked(file: Application, sheet: Sheet) -> list[tuple[Question, str, datetime]]:
    """What was answered to questions that the file no longer has, in the words of the version that asked."""
    said = queries.parked(file, sheet.latest)
    asked_by = queries.asked_by(sheet.latest[name] for name in said)
    rows = []
    for name, row in said.items():
        question = asked_by[name].parsed.question_by_id[name]
        rows.append((question, wording.answer(question, row), row.at))
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def context(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """What is asked about the territory once, so that useless questions are not."""
    if request.method == "POST":
        return _save_context(request, code, year)
    file, membership = file_or_404(request, code, year)
    framework = file.framework.parsed
    initial = forms.context_initial(framework, file.declared_context) | {"seen": actions.context_version(file)}
    form = forms.ContextForm(framework, file.official_context, initial=initial)
    return _context_page(request, file, membership, form)


def _save_context(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    file, membership = file_to_write(request, code, year)
    form = forms.ContextForm(file.framework.parsed, file.official_context, request.POST)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        actions.set_context(application=file, values=form.values(), seen=seen, by=request.user, now=timezone.now())
        messages.success(request, _("C’est noté. Les questions qui ne vous concernent pas ne seront pas posées."))
        if not file.answers.exists():
            return redirect("assessments:questions", code, year, parts.EXPRESS)
        return redirect("assessments:application", code, year)
    return _context_page(request, file, membership, form, status=WRONG)


def _context_page(
    request: SignedInRequest,
    file: Application,
    membership: Membership,
    form: forms.ContextForm,
    status: int = 200,
) -> HttpResponse:
    official = file.official_context
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "form": form,
        "read_only": why_read_only(file, membership, context=True),
        "population": wording.number(official["population"]),
        "missing": [form[name] for name in form.asked if _is_missing(file, name)],
        **signing(file, membership),
    }
    return render(request, "assessments/context.html", context, status=status)


def _is_missing(file: Application, name: str) -> bool:
    return bool(file.declared_context) and file.declared_context.get(name) is None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdrawal(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Take the candidature back: asked once, with what cannot be undone."""
    file, membership = file_or_404(request, code, year)
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            raise Refused(_("Cochez la case pour confirmer le retrait."))
        reason = texts.taken(request.POST.get("reason", ""))
        actions.withdraw(application=file, by=request.user, reason=reason, now=timezone.now())
        messages.success(request, _("La candidature est retirée. Le dossier reste consultable."))
        return redirect("assessments:application", code, year)
    policies.check_can_withdraw(file)
    context = {"application": file, "territory": file.territory, "edition": file.edition}
    return render(request, "assessments/withdrawal.html", context | {"signs": membership.role == Role.SIGNATORY})
