"""The organiser's pages on requests to join a territory."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, queries
from accounts.forms import RefusalForm
from accounts.models import Membership, MembershipState, Role
from accounts.pages import requests as pages
from accounts.permissions import Right, SignedInRequest, right_required
from accounts.views.account import WRONG

PAGE = 50


@require_safe
@right_required(Right.PEOPLE)
def requests(request: SignedInRequest) -> HttpResponse:
    """`?etat=`: those that wait unless another state is asked for."""
    state = request.GET.get("etat", "")
    state = state if state in MembershipState.values else MembershipState.REQUESTED.value
    page = Paginator(queries.requests(state=state), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "states": MembershipState.choices,
        "to_confirm": queries.signatures_to_confirm(),
    }
    return render(request, "accounts/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.PEOPLE)
def request_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read one request; approve it, or refuse it with a reason."""
    membership = get_object_or_404(Membership.objects.select_related("user", "territory__department"), pk=pk)
    team = list(queries.team(territory=membership.territory))
    decision = request.POST.get("decision")
    form = RefusalForm(request.POST if decision == "refuse" else None)
    if decision == "approve":
        former = [member for member in team if str(member.pk) in request.POST.getlist("replaces")]
        actions.approve_membership(membership=membership, replaces=former, by=request.user)
        messages.success(request, _("C’est fait : %(person)s a rejoint la collectivité.") % {"person": membership.user})
        return redirect("accounts:requests")
    if decision == "refuse" and form.is_valid():
        actions.refuse_membership(membership=membership, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("La demande de %(person)s est refusée.") % {"person": membership.user})
        return redirect("accounts:requests")
    others = queries.own_memberships(user=membership.user).exclude(pk=membership.pk)
    context = {
        "membership": membership,
        "form": form,
        "team": team,
        "clues": pages.clues(membership, team=team, others=list(others)),
        "signing": [member for member in team if member.role == Role.SIGNATORY],
    }
    return render(request, "accounts/request.html", context, status=WRONG if request.method == "POST" else 200)


@require_POST
@right_required(Right.PEOPLE)
def confirm_signature(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    actions.confirm_signature(membership=membership, by=request.user)
    messages.success(request, _("La signature de %(person)s est confirmée.") % {"person": membership.user})
    return redirect("accounts:requests")
