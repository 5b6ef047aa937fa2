"""The pages of the person who presides: the board of an edition, the decision on a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest
from accounts.refusals import NotAllowed, Refused
from assessments.queries import applications
from assessments.views.downloads import attachment
from jury import actions, permissions, policies, queries
from jury.forms import DecisionForm, MinutesForm, ReasonForm, asked_filters, posted_batch
from jury.jobs import figures as jury_figures
from jury.jobs import minutes as papers
from jury.models import Juror, Panel
from jury.pages import board as boards
from jury.pages.batches import Act
from jury.queries import organising
from jury.views import sheets
from jury.views.reading import seated
from territories.models import PopulationBand


@require_safe
@login_required
def board(request: SignedInRequest, year: int) -> HttpResponse:
    """The files that this person decides, filtered; nobody else has this page."""
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None:
        raise Http404
    permissions.check_sits(juror)
    facets = boards.facets(juror)
    if not juror.is_chair and not facets.total:
        raise Http404
    filters = asked_filters(request.GET)
    rows, more = boards.page(juror, filters)
    context = {
        "juror": juror,
        "year": year,
        "facets": facets,
        "states": [(state.value, state.label, count) for state, count in facets.states.items()],
        "bands": PopulationBand.choices,
        "filters": filters,
        "lines": [boards.line(row) for row in rows],
        "more": more,
        "levels": juror.panel.edition.framework.parsed.grades,
        "orders": boards.ORDER_LABELS.items(),
        "acts": Act.choices,
        "ticked": request.GET.get("cocher") == "tout",
    }
    return render(request, "jury/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def undisputed(request: SignedInRequest, year: int) -> HttpResponse:
    """A page of files on which nobody differs, decided together; what changed meanwhile is left out and said."""
    juror = _presiding(request, year)
    if juror is None:
        raise Http404
    if request.method == "POST":
        levels = posted_batch(request.POST, juror.panel.edition.framework.parsed.grades)
        files = applications().filter(pk__in=queries.files_presided(juror), territory__code__in=levels)
        batch = [(application, levels[application.territory.code]) for application in files[: boards.PAGE]]
        if not batch:
            raise Refused(_("Cochez au moins un dossier."))
        done = actions.accept(files=batch, by=juror, now=timezone.now())
        words = ngettext("%(n)s dossier décidé.", "%(n)s dossiers décidés.", len(done.decisions))
        messages.success(request, words % {"n": len(done.decisions)})
        for application, reason in done.refusals:
            messages.warning(request, f"{application.territory} : {reason}")
        return redirect("jury:undisputed", year)
    rows = list(boards.undisputed(juror)[: boards.PAGE + 1])
    context = {"year": year, "rows": rows[: boards.PAGE], "more": len(rows) > boards.PAGE}
    return render(request, "jury/undisputed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes(request: SignedInRequest, year: int) -> HttpResponse:
    """Minutes signed, for who signed them and the organisers; who presides finds what awaits some, and signs."""
    rows = papers.readable_by(request.user, year=year)
    juror = _presiding(request, year)
    if juror is None and not request.user.is_organiser:
        raise Http404
    context: dict[str, object] = {"year": year, "minutes": rows}
    if juror is None:
        if request.method == "POST":
            raise NotAllowed(_("Seule la personne qui préside signe le procès-verbal."))
        return render(request, "jury/minutes.html", context)
    decisions = papers.decisions_to_report(juror)
    form = MinutesForm(
        request.POST or None,
        sitting=queries.sitting(juror.panel),
        seen=set(papers.seen_at_work(juror, decisions)),
        initial={"held_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_minutes(by=juror, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            if sheets.status_of(refusal) != 422:
                raise
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Le procès-verbal est signé ; son document se prépare."))
            return redirect("jury:minutes", year)
    replaced = papers.replaced(decisions)
    context |= {
        "form": form,
        "decisions": [(row, replaced.get(row.application_id)) for row in decisions],
        "juror": juror,
    }
    return render(request, "jury/minutes.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@login_required
def minutes_file(request: SignedInRequest, year: int, pk: int) -> HttpResponseBase:
    row = get_object_or_404(papers.readable_by(request.user, year=year), pk=pk)
    if row.file is None:
        raise Http404
    return attachment(row.file, f"proces-verbal-{year}-{row.held_on}.pdf")


def _presiding(request: SignedInRequest, year: int) -> Juror | None:
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None or juror.is_chair or queries.presides_something(juror):
        return juror
    return None


@require_POST
@login_required
def third_reader(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    seat = seated(request, code, year)
    row = actions.call_third_reader(application=seat.application, by=seat.juror, now=timezone.now())
    messages.success(request, _("%(juror)s lira ce dossier.") % {"juror": row.juror})
    return redirect("jury:file", code, year)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def figures(request: SignedInRequest, year: int) -> HttpResponse:
    """Agreement, severity, drift and fairness, to the chair; the POST has them computed again."""
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None or not juror.is_chair:
        raise Http404
    permissions.check_sits(juror)
    if request.method == "POST":
        policies.refuse(jury_figures.why_not_ask(juror.panel))
        jury_figures.ask(juror.panel, now=timezone.now())
        return redirect("jury:figures", year)
    context: dict[str, object] = {"year": year, "why_not_ask": jury_figures.why_not_ask(juror.panel)}
    if row := jury_figures.of(juror.panel):
        waiting = row.computed_at is None or row.computed_at < row.asked_at
        context |= {"row": row, "waiting": waiting}
        if jury_figures.may_see(row, juror):
            context |= {"jurors": organising.with_names(row)} | jury_figures.in_words(row)
        else:
            context["withheld"] = True
    return render(request, "jury/figures.html", context)


@require_safe
@login_required
def register(request: SignedInRequest, year: int) -> HttpResponse:
    """Interests and recusals of the whole panel, to the chair and to the organiser."""
    panel = get_object_or_404(Panel.objects.select_related("edition"), edition__year=year)
    juror = queries.seat_of(user=request.user, year=year)
    if not request.user.is_organiser and not (juror and juror.is_chair):
        raise Http404
    interests = list(organising.declared(panel))
    context = {
        "year": year,
        "juror": juror,
        "interests": interests,
        "moved": sum(interest.followed_id is not None for interest in interests),
        "recusals": organising.register(panel, seen_by=request.user),
    }
    return render(request, "jury/register.html", context)


@require_POST
@login_required
def decide(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    seat = seated(request, code, year)
    permissions.check_can_preside(seat.juror, seat.application)
    form = DecisionForm(seat.application.framework.parsed, request.POST)
    refusal, status = "", 422
    if form.is_valid():
        try:
            actions.decide(application=seat.application, by=seat.juror, now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refusal, status = error.reason, sheets.status_of(error)
        else:
            messages.success(request, _("Le niveau est décidé. Il restera secret jusqu’à l’annonce."))
            return redirect("jury:board", year)
    context = sheets.file(seat) | {"form": form, "decision_refusal": refusal}
    return render(request, "jury/file.html", context, status=status)


@require_POST
@login_required
def reopen(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    seat = seated(request, code, year)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Dites pourquoi vous rouvrez ce dossier."))
    actions.reopen(application=seat.application, by=seat.juror, reason=form.cleaned_data["reason"], now=timezone.now())
    messages.success(request, _("Le dossier est rouvert : la décision précédente est gardée."))
    return redirect("jury:file", code, year)
