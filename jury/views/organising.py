"""The organiser composes the panel and distributes the files, and sees nothing of what the jury thinks."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import NotNow, Refused
from accounts.rules import texts
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.queries import editions
from assessments.transitions import MOVES
from jury import actions, policies, queries
from jury.forms import InterestForm, JurorForm, MemberForm, ReasonForm, RulesForm, asked_name, page_number
from jury.jobs import planning
from jury.models import Juror, Panel, Proposal
from jury.queries import departures, organising
from territories import queries as territories


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def panel(request: SignedInRequest, year: int) -> HttpResponse:
    """Who sits; the POST seats one more person, and opens the panel with the first."""
    edition = get_object_or_404(editions(), year=year)
    form = JurorForm(request.POST or None, edition=edition)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_panel(edition=edition, by=request.user)
            juror = actions.add_juror(panel=opened, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            status = refusal.status
        else:
            messages.success(request, _("%(juror)s siège au jury.") % {"juror": juror})
            return redirect("jury:panel", year)
    found = Panel.objects.filter(edition=edition).first()
    rules = {"quorum": found.quorum, "chair_reads": found.chair_reads} if found else {}
    context = {
        "edition": edition,
        "year": year,
        "form": form,
        "rules": RulesForm(initial=rules) if found else None,
        "jurors": organising.panel_rows(edition),
        "renewable": queries.renewable(edition),
        "axes": {axis.id: axis.title["fr"] for axis in edition.framework.parsed.axes},
    }
    return render(request, "jury/panel.html", context, status=status)


@require_POST
@organiser_required
def quorum(request: SignedInRequest, year: int) -> HttpResponse:
    found = get_object_or_404(Panel, edition__year=year)
    form = RulesForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Le quorum est un nombre de 1 à 99."))
    actions.set_rules(panel=found, by=request.user, **form.cleaned_data)
    messages.success(request, _("Les règles du jury sont enregistrées."))
    return redirect("jury:panel", year)


@require_POST
@organiser_required
def renew(request: SignedInRequest, year: int) -> HttpResponse:
    """Those of the panel before whose term goes on are seated again."""
    edition = get_object_or_404(editions(), year=year)
    rows = actions.renew(edition=edition, by=request.user, now=timezone.now())
    words = ngettext("%(n)s membre reconduit.", "%(n)s membres reconduits.", len(rows)) % {"n": len(rows)}
    messages.success(request, words)
    return redirect("jury:panel", year)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def member(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """One who sits, changed in place: name, function, axis, term, presidency."""
    found = Juror.objects.select_related("user", "panel__edition__framework")
    juror = get_object_or_404(found, pk=pk, panel__edition__year=year, left_at=None)
    edition = juror.panel.edition
    start: dict[str, object] = {"name": juror.user.name, "function": juror.user.function}
    start |= {"expertise": juror.expertise, "until": juror.until or "", "is_chair": juror.is_chair}
    form = MemberForm(request.POST or None, edition=edition, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_juror(juror=juror, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("is_chair", refusal.reason)
        else:
            messages.success(request, _("Les changements sont enregistrés."))
            return redirect("jury:panel", year)
    chair = Juror.objects.filter(panel=juror.panel_id, is_chair=True, left_at=None).select_related("user").first()
    context = {"year": year, "juror": juror, "form": form, "chair": chair}
    return render(request, "jury/member.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def remove_juror(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """What the departure of somebody breaks; the POST takes them off the panel."""
    juror = get_object_or_404(Juror.objects.select_related("user", "panel"), pk=pk, panel__edition__year=year)
    if request.method != "POST":
        if juror.left_at is not None:
            return redirect("jury:panel", year)
        context = {"year": year, "juror": juror, "departure": departures.of(juror)}
        return render(request, "jury/departure.html", context)
    actions.remove_juror(juror=juror, by=request.user, now=timezone.now())
    messages.success(request, _("%(juror)s ne siège plus.") % {"juror": juror})
    return redirect("jury:panel", year)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def juror_interests(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The register of one juror: declared interests and recusals; the POST declares one for them."""
    found = Juror.objects.select_related("user", "panel__edition")
    juror = get_object_or_404(found, pk=pk, panel__edition__year=year)
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.declare_interest(juror=juror, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Le lien est inscrit au registre."))
        return redirect("jury:juror_interests", year, pk)
    context = {
        "year": year,
        "juror": juror,
        "form": form,
        "answer": territories.answer(asked_name(request)),
        "interests": juror.interests.select_related("territory").order_by("territory__sort_key"),
        "recusals": organising.register_of(juror, seen_by=request.user),
    }
    return render(request, "jury/juror.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def assignments(request: SignedInRequest, year: int) -> HttpResponse:
    """Workload, files with their readers, and the distribution proposed by the worker, which the POST confirms."""
    _edition, panel_row = _panel(year)
    proposal = _proposal(panel_row)
    if request.method == "POST":
        if proposal is None:
            raise NotNow(_("Cette répartition a déjà été confirmée, ou abandonnée."))
        seen = request.POST.get("digest", "")
        rows = actions.confirm(proposal=proposal, by=request.user, now=timezone.now(), seen=seen)
        words = ngettext("%(n)s lecture confiée.", "%(n)s lectures confiées.", len(rows)) % {"n": len(rows)}
        messages.success(request, words)
        return redirect("jury:assignments", year)
    page = page_number(request.GET)
    files, more = organising.files_to_assign(panel_row, seen_by=request.user, page=page)
    context = {
        "year": year,
        "panel": panel_row,
        "proposal": proposal,
        **_shown(request, proposal),
        "workload": organising.workload(panel_row),
        "files": files,
        "page": page,
        "more": more,
    }
    return render(request, "jury/assignments.html", context)


def _proposal(panel_row: Panel) -> Proposal | None:
    return Proposal.objects.filter(panel=panel_row).select_related("panel__edition").first()


def _shown(request: SignedInRequest, proposal: Proposal | None) -> dict[str, object]:
    """The whole distribution once worked out, less the files hidden from the organiser who looks."""
    if proposal is None or proposal.pairs is None:
        return {}
    plan = planning.plan(proposal)
    files = organising.organised_files(proposal.panel, seen_by=request.user)
    shown = set(files.values_list("pk", flat=True))
    return {
        "plan": plan,
        "proposed": {file: jurors for file, jurors in plan.readers.items() if file.pk in shown},
        "short": [file for file in plan.short if file.pk in shown],
    }


@require_POST
@organiser_required
def propose(request: SignedInRequest, year: int) -> HttpResponse:
    edition, _panel_row = _panel(year)
    actions.propose(edition=edition, by=request.user, now=timezone.now())
    return redirect("jury:assignments", year)


@require_POST
@organiser_required
def adjust(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    """In the proposal, one reader of one file is replaced by another."""
    _edition, panel_row = _panel(year)
    application, proposal = _file(request, panel_row, code), _proposal(panel_row)
    if proposal is None:
        raise NotNow(_("Cette répartition a déjà été confirmée, ou abandonnée."))
    juror, instead = _juror(request, panel_row), _juror(request, panel_row, field="instead")
    actions.adjust(proposal=proposal, application=application, juror=juror, instead=instead, by=request.user)
    words = _("%(territory)s serait lu par %(juror)s.") % {"territory": application.territory, "juror": instead}
    messages.success(request, words)
    return redirect("jury:assignments", year)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def readers(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    """One file: its readers, who may become one, and the door out for a file that breaks the rules."""
    _edition, panel_row = _panel(year)
    application = _file(request, panel_row, code)
    if request.method == "POST":
        juror = _juror(request, panel_row)
        actions.assign(application=application, juror=juror, by=request.user, now=timezone.now())
        messages.success(request, _("Le dossier est confié à %(juror)s.") % {"juror": juror})
        return redirect("jury:readers", year, code)
    context = {
        "year": year,
        "application": application,
        "assignments": queries.readings(application),
        "able": organising.may_be_assigned(application),
        "proposed": organising.proposed_readers(application),
        "why_not": policies.why_not_read(application),
        "may_end": (State(application.state), State.INELIGIBLE) in MOVES,
    }
    return render(request, "jury/readers.html", context)


@require_POST
@organiser_required
def unassign(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    _edition, panel_row = _panel(year)
    application = _file(request, panel_row, code)
    juror = _juror(request, panel_row)
    actions.unassign(application=application, juror=juror, by=request.user)
    messages.success(request, _("Le dossier n’est plus confié à %(juror)s.") % {"juror": juror})
    return redirect("jury:readers", year, code)


@require_POST
@organiser_required
def ineligible(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    _edition, panel_row = _panel(year)
    application = _file(request, panel_row, code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Écrivez une raison, en 300 caractères au plus : la collectivité la lira."))
    reason = form.cleaned_data["reason"]
    actions.mark_ineligible(application=application, by=request.user, reason=reason, now=timezone.now())
    messages.success(
        request, _("Le dossier est déclaré non recevable ; la collectivité en lit la raison à la page du dossier.")
    )
    return redirect("jury:assignments", year)


def _panel(year: int) -> tuple[Edition, Panel]:
    """Before anyone sits there is nothing to distribute: the page of the panel comes first."""
    edition = get_object_or_404(editions(), year=year)
    found = Panel.objects.select_related("edition").filter(edition=edition).first()
    if found is None:
        raise Refused(_("Composez d’abord le jury de cette édition : personne n’y siège encore."))
    return edition, found


def _file(request: SignedInRequest, panel_row: Panel, code: str) -> Application:
    found = organising.organised_files(panel_row, seen_by=request.user).filter(territory__code=code).first()
    if found is None:
        raise Http404
    return found


def _juror(request: SignedInRequest, panel_row: Panel, *, field: str = "juror") -> Juror:
    pk = texts.whole(request.POST.get(field, ""))
    if pk is None:
        raise Refused(_("Choisissez un membre du jury."))
    return get_object_or_404(Juror.objects.select_related("user", "panel__edition"), pk=pk, panel=panel_row)


@require_safe
@organiser_required
def appeals(request: SignedInRequest, year: int) -> HttpResponse:
    """What communes ask to be seen again, and what was answered. The person who presides answers."""
    edition = get_object_or_404(editions(), year=year)
    rows = organising.appeals(edition, seen_by=request.user)
    return render(request, "jury/organised_appeals.html", {"edition": edition, "year": year, "appeals": rows})
