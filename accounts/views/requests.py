"""The organiser's pages on requests to join a territory."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, queries
from accounts.forms import RefusalForm
from accounts.models import Membership, MembershipState
from accounts.permissions import SignedInRequest, organiser_required
from accounts.views.account import WRONG

PAGE = 50


@require_safe
@organiser_required
def requests(request: SignedInRequest) -> HttpResponse:
    """`?etat=`: those that wait unless another state is asked for."""
    state = request.GET.get("etat", "")
    state = state if state in MembershipState.values else MembershipState.REQUESTED.value
    page = Paginator(queries.requests(state=state), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": MembershipState.choices}
    return render(request, "accounts/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def request_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read one request; approve it, or refuse it with a reason."""
    membership = get_object_or_404(Membership.objects.select_related("user", "territory__department"), pk=pk)
    decision = request.POST.get("decision")
    form = RefusalForm(request.POST if decision == "refuse" else None)
    if decision == "approve":
        actions.approve_membership(membership=membership, by=request.user)
        messages.success(request, _("%(person)s est rattaché.") % {"person": membership.user})
        return redirect("accounts:requests")
    if decision == "refuse" and form.is_valid():
        actions.refuse_membership(membership=membership, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("La demande de %(person)s est refusée.") % {"person": membership.user})
        return redirect("accounts:requests")
    context = {"membership": membership, "form": form, "team": queries.team(territory=membership.territory)}
    return render(request, "accounts/request.html", context, status=WRONG if request.method == "POST" else 200)
