"""« Besoin d’aide »: what somebody asks from any page, and the organiser's list of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors.limits import HELP, visitor
from accounts.permissions import Right, SignedInRequest, right_required
from season import forms
from season.actions import following as actions
from season.models import HelpRequest

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """`?page=` is the page where the person was."""
    person = request.user if request.user.is_authenticated else None
    initial: dict[str, object] = {"page": request.GET.get("page", "/")[:300], "email": person.email if person else ""}
    initial["claim"] = "claim" in request.GET
    form = forms.HelpForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        HELP.spend(person.pk if person else visitor(request), now=timezone.now())
        actions.ask_help(**form.cleaned_data, by=person, now=timezone.now())
        said = (
            _("Votre signalement est gardé : l’organisation du label l’examine et vous répondra par courriel.")
            if form.cleaned_data["claim"]
            else _("Votre demande est gardée : l’organisation du label vous répondra par courriel.")
        )
        messages.success(request, said)
        return redirect(form.cleaned_data["page"])
    return render(request, "season/help.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_safe
@right_required(Right.HELP)
def requests(request: SignedInRequest) -> HttpResponse:
    rows = HelpRequest.objects.select_related("by").order_by("closed_at", "-at")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "season/help_requests.html", {"page": page})


@require_POST
@right_required(Right.HELP)
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    actions.close_help(asked=get_object_or_404(HelpRequest, pk=pk), by=request.user, now=timezone.now())
    messages.success(request, _("La demande est close."))
    return redirect("season:help_requests")
