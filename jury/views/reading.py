"""A juror's pages: the queue, one page a file, what a reader writes on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import SignedInRequest
from accounts.refusals import NotNow, Refused
from accounts.rules import texts
from assessments.models import Application, Evidence, Initiative
from assessments.queries import evidence as live_evidence
from assessments.queries import pictures as live_pictures
from assessments.views.downloads import attachment, picture
from jury import actions, permissions, policies, queries
from jury.actions import Reading, StaleReview
from jury.actions.rulings import Subject, Told
from jury.forms import (
    ComplementForm,
    InterestForm,
    ReasonForm,
    RulingForm,
    asked_name,
    posted_keys,
    posted_reading,
    posted_rest,
    posted_version,
)
from jury.models import Interest, PreviewPage, Review
from jury.pages import trace
from jury.queries import Seat
from jury.views import sheets
from territories import queries as territories


def seated(request: SignedInRequest, code: str, year: int) -> Seat:
    """The file through the person's seat; whoever may not see it cannot tell that it exists."""
    seat = queries.file_for(user=request.user, code=code, year=year)
    if seat is None:
        raise Http404
    permissions.check_sits(seat.juror)
    return seat


@require_safe
@login_required
def queue(request: SignedInRequest) -> HttpResponse:
    """What this juror reads, what is left first; every panel on which they sit."""
    seats = queries.all_seats_of(user=request.user.pk)
    if not seats:
        raise Http404
    return render(request, "jury/queue.html", {"seats": [sheets.seat(juror, now=timezone.now()) for juror in seats]})


@require_safe
@login_required
def file(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Its parts are folded, and fetched when opened; `?tout=oui` has everything on one page, to search or to print."""
    seat = seated(request, code, year)
    return render(request, "jury/file.html", sheets.file(seat, whole="tout" in request.GET))


@require_safe
@login_required
def initiative(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """One initiative; what the fold of the file's page fetches, or a page by itself."""
    context = sheets.part(seated(request, code, year))
    item = next((item for item in context["trace"].items if item.initiative.pk == pk), None)
    if item is None:
        raise Http404
    template = "jury/_initiative.html" if request.htmx else "jury/part.html"
    return render(request, template, context | {"item": item})


@require_safe
@login_required
def axis(request: SignedInRequest, code: str, year: int, axis: str) -> HttpResponse:
    """The reasons of the score on one axis; what the fold of the file's page fetches, or a page by itself."""
    context = sheets.part(seated(request, code, year))
    shown = next((one for one in context["trace"].axes if one.id == axis), None)
    if shown is None:
        raise Http404
    template = "jury/_axis.html" if request.htmx else "jury/part.html"
    return render(request, template, context | {"axis": shown})


@require_safe
@login_required
def piece(request: SignedInRequest, code: str, year: int, kind: str, name: str) -> HttpResponse:
    """One thing to judge; what its fold on the desk fetches, or a page by itself."""
    context = sheets.piece(seated(request, code, year), kind, name)
    if context is None:
        raise Http404
    return render(request, "jury/_judged.html" if request.htmx else "jury/part.html", context)


@require_POST
@login_required
def review(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Autosave, save, or hand in (`rendre`). What was typed is kept before anything more is asked for."""
    seat = seated(request, code, year)
    application, juror = seat.application, seat.juror
    now, seen = timezone.now(), posted_version(request.POST)
    reading = posted_reading(request.POST, application.framework.parsed)
    try:
        if "reviser" in request.POST:
            actions.revise_review(application=application, by=juror, reading=reading, seen=seen, now=now)
            messages.success(request, _("Votre lecture est révisée ; ce qu’elle disait avant est gardé."))
            return redirect(reverse("jury:file", args=[code, year]) + "#lecture")
        saved = actions.save_review(application=application, by=juror, reading=reading, seen=seen, now=now)
        if "rendre" not in request.POST:
            return _saved(request, application, saved)
        actions.submit_review(application=application, by=juror, reading=reading, seen=saved.version, now=now)
    except Refused as refusal:
        return _not_saved(request, seat, reading, refusal)
    messages.success(request, _("Votre lecture est rendue."))
    following = seat.following
    return _go(request, reverse("jury:file", args=[following["code"], year]) if following else reverse("jury:queue"))


def _go(request: SignedInRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _saved(request: SignedInRequest, application: Application, saved: Review) -> HttpResponse:
    if request.htmx:
        return render(request, "jury/file.html#saved", {"review": saved})
    messages.success(request, _("Votre lecture est enregistrée. Elle n’est pas encore rendue."))
    return redirect("jury:file", application.territory.code, application.edition.year)


def _not_saved(request: SignedInRequest, seat: Seat, typed: Reading, refusal: Refused) -> HttpResponse:
    """The same page with the reason: what was typed stays in the form, what another window saved is shown beside."""
    said: dict[str, Any] = {"refusal": refusal.reason}
    if isinstance(refusal, StaleReview):
        said["current"] = refusal.current
    status = sheets.status_of(refusal)
    if request.htmx:
        kept = queries.review_of(seat.juror, seat.application)
        # The client swaps 409 and 422; a page that may no longer be written to says so in the same place.
        return render(
            request, "jury/file.html#saved", {"review": kept, **said}, status=422 if status == 403 else status
        )
    return render(request, "jury/file.html", sheets.file(seat, typed=typed) | said, status=status)


@require_POST
@login_required
def rule(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """A ruling on one claim, one piece of evidence, one initiative or one answer of the context."""
    seat = seated(request, code, year)
    application, juror = seat.application, seat.juror
    form = RulingForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Donnez votre avis et sa raison : la collectivité la lira."))
    kind, name = form.cleaned_data["kind"], form.cleaned_data["id"]
    actions.rule(
        application=application,
        on=_subject(application, kind, name),
        accepted=form.cleaned_data["accepted"],
        reason=form.cleaned_data["reason"],
        instead=form.instead(application.framework.parsed),
        by=juror,
        now=timezone.now(),
    )
    if request.htmx:
        return render(request, "jury/file.html#ruled", sheets.piece(seated(request, code, year), kind, name))
    messages.success(request, _("Votre avis est enregistré : le score instruit en tient compte."))
    return redirect(trace.address_of(application, kind, name))


def _subject(application: Application, kind: str, name: str) -> Subject:
    if kind == "claim":
        return name
    if kind == "context":
        return Told(name)
    pk = texts.whole(name)
    if kind == "evidence":
        return get_object_or_404(Evidence, application=application, pk=pk, removed_at=None)
    return get_object_or_404(Initiative, application=application, pk=pk)


@require_POST
@login_required
def accept_rest(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """What a part of the file has left without a ruling, as the page listed it, accepted together."""
    seat = seated(request, code, year)
    names, part = posted_rest(request.POST), str(request.POST.get("part", ""))
    things = _things(seat.application, names)
    if len(things) < len(names):
        raise NotNow(_("Un de ces éléments n’est plus dans le dossier : rechargez la page."))
    now, title = timezone.now(), trace.parts_to_judge(seat.application.framework.parsed).get(part, "")
    given = actions.accept_as_read(application=seat.application, on=things, part=title, by=seat.juror, now=now)
    words = ngettext("%(n)s élément est accepté.", "%(n)s éléments sont acceptés.", len(given)) % {"n": len(given)}
    return _grouped(request, code, year, part, words)


@require_POST
@login_required
def take_back(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Undo it."""
    seat = seated(request, code, year)
    keys, part = posted_keys(request.POST, "ruling"), str(request.POST.get("part", ""))
    n = actions.take_back(application=seat.application, rulings=keys, by=seat.juror, now=timezone.now())
    words = ngettext("%(n)s avis est repris.", "%(n)s avis sont repris.", n) % {"n": n}
    return _grouped(request, code, year, part, words)


def _things(application: Application, names: list[tuple[str, str]]) -> list[Subject]:
    keys = {kind: [texts.whole(name) or 0 for one, name in names if one == kind] for kind in ("evidence", "initiative")}
    pieces = live_evidence(application).filter(pk__in=keys["evidence"])
    initiatives = Initiative.objects.filter(application=application, pk__in=keys["initiative"])
    return [*pieces, *initiatives, *(Told(name) for kind, name in names if kind == "context")]


def _grouped(request: SignedInRequest, code: str, year: int, part: str, words: str) -> HttpResponse:
    """The part again, in the page; without a script the page, at the part."""
    if request.htmx:
        context = sheets.group(seated(request, code, year), part) | {"words": words}
        return render(request, "jury/file.html#grouped", context)
    messages.success(request, words)
    return redirect(reverse("jury:file", args=[code, year]) + f"#part-{part}")


@require_POST
@login_required
def recuse(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    seat = seated(request, code, year)
    application, juror = seat.application, seat.juror
    reason = _reason(request)
    actions.recuse(juror=juror, application=application, reason=reason, by=request.user, now=timezone.now())
    messages.success(request, _("Votre déport est enregistré : ce dossier ne vous est plus montré."))
    return redirect("jury:queue")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def complement(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Ask the commune for more: the reason, and the points that open for it. `?part=` ticks one."""
    seat = seated(request, code, year)
    application, juror = seat.application, seat.juror
    permissions.check_can_examine(juror, application)
    policies.check_can_read(application)
    form = ComplementForm(request.POST or None, application=application, initial={"parts": request.GET.getlist("part")})
    if request.method == "POST" and form.is_valid():
        actions.return_to_applicant(application=application, by=juror, now=timezone.now(), **form.cleaned_data)
        messages.success(
            request, _("Le complément est demandé : la collectivité lit votre message à la page de son dossier.")
        )
        return redirect("jury:file", code, year)
    context = sheets.asking(application, form) | {"application": application, "form": form}
    return render(request, "jury/complement.html", context, status=422 if request.method == "POST" else 200)


def _reason(request: SignedInRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Écrivez une raison, en 300 caractères au plus."))
    return str(form.cleaned_data["reason"])


@require_safe
@login_required
def evidence(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """A file among the evidence, to whoever may see the application."""
    application = seated(request, code, year).application
    piece = get_object_or_404(Evidence.objects.select_related("file"), application=application, pk=pk, removed_at=None)
    if piece.file is None:
        raise Http404
    return attachment(piece.file, piece.file_name)


@require_safe
@login_required
def pages(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """The first pages of a piece of evidence as images; a fragment of the file's page, or a page by itself."""
    application = seated(request, code, year).application
    piece = get_object_or_404(previewed(application), pk=pk)
    context = {"application": application, "piece": piece, "pages": piece.preview.pages.all()}
    return render(request, "jury/pages.html#pages" if request.htmx else "jury/pages.html", context)


@require_safe
@login_required
def page(request: SignedInRequest, code: str, year: int, pk: int, number: int) -> HttpResponseBase:
    """One of these images, to whoever may see the application."""
    application = seated(request, code, year).application
    pages_drawn = PreviewPage.objects.filter(preview__evidence__in=previewed(application).filter(pk=pk))
    return picture(get_object_or_404(pages_drawn.select_related("file"), number=number).file)


@require_safe
@login_required
def initiative_picture(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """Of an initiative, to whoever may see the application."""
    application = seated(request, code, year).application
    shown = get_object_or_404(live_pictures(application), pk=pk, file__isnull=False)
    assert shown.file is not None  # noqa: S101 -- as looked up
    return picture(shown.file)


def previewed(application: Application) -> QuerySet[Evidence]:
    drawn = Evidence.objects.filter(application=application, removed_at=None, preview__total__gt=0)
    return drawn.select_related("preview", "file")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def interests(request: SignedInRequest) -> HttpResponse:
    """What hides files from this juror, by their own declaration; one page for every panel on which they sit."""
    seats = list(queries.seats_of(user=request.user))
    if not seats:
        raise Http404
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        for juror in seats:
            actions.declare_interest(juror=juror, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Le lien est déclaré : les dossiers concernés ne vous sont plus montrés."))
        return redirect("jury:interests")
    declared = Interest.objects.filter(juror__in=seats).select_related("territory", "juror__panel__edition")
    context = {
        "form": form,
        "answer": territories.answer(asked_name(request)),
        "declared": all(juror.declared_at for juror in seats),
        "interests": declared.order_by("-juror__panel__edition__year", "territory__sort_key"),
    }
    return render(request, "jury/interests.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def declare(request: SignedInRequest) -> HttpResponse:
    """« Ma déclaration est complète »: for every panel on which this person sits."""
    seats = list(queries.seats_of(user=request.user))
    if not seats:
        raise Http404
    for juror in seats:
        actions.declare(juror=juror, by=request.user, now=timezone.now())
    messages.success(request, _("Votre déclaration est faite : vous pouvez lire les dossiers qui vous sont confiés."))
    return redirect("jury:queue")


@require_POST
@login_required
def remove_interest(request: SignedInRequest, pk: int) -> HttpResponse:
    interest = get_object_or_404(Interest, pk=pk, juror__in=queries.seats_of(user=request.user))
    actions.remove_interest(interest=interest, by=request.user, now=timezone.now())
    messages.success(request, _("Le lien est retiré."))
    return redirect("jury:interests")
