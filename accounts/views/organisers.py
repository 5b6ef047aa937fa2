"""The organiser's pages on the organiser's own people, and the page that says who may do what."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, queries, wording
from accounts.forms import OrganiserForm
from accounts.models import AuditEntry, User
from accounts.pages import rights as pages
from accounts.permissions import Right, SignedInRequest, right_required
from accounts.refusals import Refused
from accounts.views.account import WRONG

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.ORGANISERS)
def organisers(request: SignedInRequest) -> HttpResponse:
    """Who has a role; a post gives one, or another."""
    form = OrganiserForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.name_organiser(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            status = refusal.status
        else:
            role = user.organiser_role
            messages.success(
                request, _("%(person)s : %(role)s.") % {"person": user, "role": role.label if role else ""}
            )
            return redirect("accounts:organisers")
    if form.errors and status == 200:
        status = WRONG
    context = {"form": form, "people": queries.desk()}
    return render(request, "accounts/organisers.html", context, status=status)


@require_POST
@right_required(Right.FIGURES)
def end_organiser(request: SignedInRequest, pk: int) -> HttpResponse:
    """Anybody may give up their own role."""
    user = get_object_or_404(queries.desk(), pk=pk)
    actions.end_organiser(user=user, by=request.user)
    messages.success(request, _("%(person)s n’a plus de rôle dans l’organisation.") % {"person": user})
    return redirect("start" if user == request.user else "accounts:organisers")


@require_safe
@right_required(Right.FIGURES)
def rights(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/rights.html", {"tables": pages.tables()})


@require_safe
@right_required(Right.TRAIL)
def trail(request: SignedInRequest) -> HttpResponse:
    """`?q=`: who did what, on what, when; an account that still is there is named."""
    q = request.GET.get("q", "").strip()[:100]
    verbs, models = wording.meant(q)
    page = Paginator(queries.trail(q=q, verbs=verbs, models=models), PAGE).get_page(request.GET.get("page"))
    accounts = {int(entry.object_id) for entry in page if _is_account(entry)}
    known = User.objects.in_bulk(accounts | {entry.actor_id for entry in page if entry.actor_id})
    lines = [
        {
            "entry": entry,
            "actor": known.get(entry.actor_id) if entry.actor_id else None,
            "done": wording.done(entry.verb),
            "object": wording.named(entry.object_type),
            "detail": [(wording.detail(key), value) for key, value in entry.detail.items()],
            "person": known.get(int(entry.object_id)) if _is_account(entry) else None,
        }
        for entry in page
    ]
    return render(request, "accounts/trail.html", {"page": page, "lines": lines, "q": q})


def _is_account(entry: AuditEntry) -> bool:
    """Of a sign-in that failed without an account there is none."""
    return entry.object_type == User._meta.label and entry.object_id != ""
