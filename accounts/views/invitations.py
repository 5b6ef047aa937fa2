"""A territory's team: who acts for it, who is invited, and the page that an invitation opens."""

from allauth.account.adapter import get_adapter
from allauth.account.views import signup
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, permissions, policies, queries
from accounts.doors.entrance_forms import SignUp
from accounts.doors.limits import MAILS, limited
from accounts.forms import INVITATION, InvitationForm
from accounts.models import Invitation, MembershipState, Role
from accounts.permissions import SignedInRequest, may_invite
from accounts.refusals import Refused
from accounts.views.account import WRONG
from instance import queries as instance


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(MAILS)
def team(request: SignedInRequest, code: str) -> HttpResponse:
    """Colleagues and invitations of one territory; a post invites."""
    territory = get_object_or_404(permissions.territories_seen_by(request.user), code=code)
    form = InvitationForm(request.POST or None)
    now, status = timezone.now(), 200
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(territory=territory, **form.cleaned_data, by=request.user, now=now)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            status = refusal.status
        else:
            messages.success(request, _invited(invitation))
            return redirect("accounts:team", code)
    if form.errors and status == 200:
        status = WRONG
    own, people = queries.membership_of(user=request.user, territory=territory), list(queries.team(territory=territory))
    signed = any(membership.role == Role.SIGNATORY for membership in people)
    roles = [role for role in Role if may_invite(user=request.user, membership=own, role=role, signed=signed)]
    form.offer(roles)
    context = {
        "territory": territory,
        "form": form,
        "team": people,
        "names_who_signs": Role.SIGNATORY in roles,
        "invitations": queries.open_invitations(territory=territory, now=now),
        "mandates": queries.mandates(territory=territory),
        "helpers": queries.helpers_free_for(territory),
        "own": own,
    }
    return render(request, "accounts/team.html", context, status=status)


@require_POST
@login_required
def cancel_invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(permissions.invitations_seen_by(request.user), pk=pk)
    actions.cancel_invitation(invitation=invitation, by=request.user, now=timezone.now())
    messages.success(request, _("L’invitation de %(email)s est annulée.") % {"email": invitation.email})
    return redirect("accounts:team", invitation.territory.code)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What the link of the mail opens. Opening it changes nothing: robots open links too; joining is a button."""
    invitation = queries.invitation_by_secret(secret)
    if invitation is None:
        raise Http404
    try:
        policies.check_invitation_open(invitation, now=timezone.now())
        policies.check_invitation_is_for(invitation, user=request.user)
        if request.method == "POST":
            return _accept(request, invitation)
    except Refused as refusal:
        return _page(request, invitation, reason=refusal.reason, status=refusal.status)
    has_account = queries.has_account(invitation.email)
    form = None if has_account or request.user.is_authenticated else SignUp(initial={"email": invitation.email})
    return _page(request, invitation, has_account=has_account, form=form, status=200)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if not request.user.is_authenticated:
        return _enter(request, invitation)
    actions.accept_invitation(invitation=invitation, by=request.user, now=timezone.now())
    messages.success(request, _("Vous avez rejoint %(territory)s.") % {"territory": invitation.territory})
    return redirect(_arrival(invitation))


def _arrival(invitation: Invitation) -> str:
    """The page where the work of this territory is."""
    return f"{reverse('start')}?collectivite={invitation.territory.code}"


def _enter(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The secret came by mail, so it proves the address: the sign-up, which this page may hold, needs no other
    confirmation."""
    if queries.has_account(invitation.email):
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    get_adapter(request).stash_verified_email(request, invitation.email)
    request.session[INVITATION] = invitation.pk
    return signup(request) if "password1" in request.POST else redirect("account_signup")


def _page(request: HttpRequest, invitation: Invitation, *, status: int, **context: object) -> HttpResponse:
    user = request.user
    joined = (
        user.is_authenticated
        and user.memberships.filter(territory=invitation.territory, state=MembershipState.ACTIVE).exists()
    )
    context |= {"invitation": invitation, "joined": joined, "arrival": _arrival(invitation)}
    return render(request, "accounts/invitation.html", context, status=status)


def _invited(invitation: Invitation) -> str:
    if instance.current().sends_mail:
        return _("L’invitation part à %(email)s.") % {"email": invitation.email}
    return _("L’invitation de %(email)s est écrite, mais aucun courriel ne part encore de ce site.") % {
        "email": invitation.email
    }
