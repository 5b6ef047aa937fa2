"""One's own account: details, territories, keys."""

from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, permissions, queries, wording
from accounts.doors import links, remembering
from accounts.doors.limits import MAILS, limited
from accounts.forms import DetailsForm, MembershipRequestForm, PaceForm, TokenForm
from accounts.models import Pace, User
from accounts.pages import own
from accounts.permissions import SignedInRequest, confirmed_again
from accounts.refusals import NotNow, Refused
from accounts.rules import texts
from territories import queries as territories

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: SignedInRequest) -> HttpResponse:
    """My details, my territories, my keys."""
    if request.method != "POST":
        return _account_page(request)
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _account_page(request, details=form, status=WRONG)
    actions.change_details(**form.cleaned_data, by=request.user)
    messages.success(request, _("Vos coordonnées sont enregistrées."))
    return redirect("accounts:account")


@require_safe
@login_required
@confirmed_again
def own_data(request: SignedInRequest) -> JsonResponse:
    """All that is kept about me, to take with me: it is much at once, so the password is asked again."""
    now = timezone.now()
    elsewhere = {name: kept(request.user) for name, kept in remembering.KEPT.items()}
    document = own.document(request.user, **queries.kept_about(user=request.user), now=now) | elsewhere
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="mes-donnees-{now:%Y-%m-%d}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@login_required
def pace(request: SignedInRequest) -> HttpResponse:
    form = PaceForm(request.POST)
    if not form.is_valid():
        return _account_page(request, pace_form=form, status=WRONG)
    actions.choose_pace(user=request.user, pace=Pace(form.cleaned_data["pace"]))
    messages.success(request, _("Votre choix est enregistré."))
    return redirect("accounts:account")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more such mails. A mail program posts here by itself, without our form (RFC 8058)."""
    person = get_object_or_404(User, pk=links.stopped(token), is_active=True)
    if request.method == "POST":
        actions.choose_pace(user=person, pace=Pace.DAILY if request.POST.get("reprendre") else Pace.NEVER)
    return render(request, "accounts/stop.html", {"stopped": person.pace == Pace.NEVER})


@require_POST
@login_required
@confirmed_again
def end_sessions(request: SignedInRequest) -> HttpResponse:
    """Elsewhere: the one that is named (`pk`), or all."""
    sessions = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    if "pk" in request.POST:
        sessions = sessions.filter(pk=texts.whole(request.POST["pk"]) or 0)
    count = actions.end_sessions(sessions=sessions, by=request.user)
    messages.success(request, wording.signed_out(count))
    return redirect("usersessions_list")


@require_POST
@login_required
@confirmed_again
def erase(request: SignedInRequest) -> HttpResponse:
    """My account, for good: asked once more by the box to tick."""
    if request.POST.get("sure") != "yes":
        raise Refused(_("Cochez la case pour confirmer l’effacement de votre compte."))
    actions.erase_user(user=request.user, by=request.user, now=timezone.now())
    logout(request)
    messages.success(request, _("Votre compte est effacé. Merci pour ce que vous avez apporté."))
    return redirect("home")


@require_POST
@login_required
@confirmed_again
def create_token(request: SignedInRequest) -> HttpResponse:
    """The answer shows the key itself, this once: no redirect could carry it without keeping it somewhere."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, token_form=form, status=WRONG)
    asked = form.cleaned_data
    expires_at = timezone.now() + timedelta(days=asked["days"])
    token, secret = actions.create_token(
        name=asked["name"], scope=asked["scope"], expires_at=expires_at, by=request.user
    )
    return _account_page(request, created=token, secret=secret, status=201)


@require_POST
@login_required
def revoke_token(request: SignedInRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.tokens, pk=pk)
    actions.revoke_token(token=token, by=request.user, now=timezone.now())
    messages.success(request, _("La clé « %(name)s » ne fonctionne plus.") % {"name": token.name})
    return redirect("accounts:account")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(MAILS)
def join(request: SignedInRequest) -> HttpResponse:
    """Ask to act for a territory: find it, choose a role, say why."""
    form = MembershipRequestForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            membership = actions.request_membership(**form.cleaned_data, by=request.user)
        except NotNow as refusal:
            form.add_error(None, refusal.reason)
            status = refusal.status
        else:
            messages.success(
                request,
                _("Votre demande pour %(territory)s est enregistrée. La réponse paraîtra ici.")
                % {"territory": membership.territory},
            )
            return redirect("accounts:account")
    if form.errors and status == 200:
        status = WRONG
    q = request.POST.get("q", "") or request.GET.get("q", "") or request.POST.get("territory", "")
    answer = territories.answer(q.strip()[: territories.LONGEST])
    return render(request, "accounts/join.html", {"form": form, "answer": answer}, status=status)


@require_POST
@login_required
def end_membership(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(permissions.memberships_seen_by(request.user), pk=pk)
    actions.end_membership(membership=membership, by=request.user)
    messages.success(
        request,
        _("%(person)s ne fait plus partie de l’équipe de %(territory)s.")
        % {"person": membership.user, "territory": membership.territory},
    )
    if membership.user == request.user:
        return redirect("accounts:account")
    return redirect("accounts:team", membership.territory.code)


def _account_page(request: SignedInRequest, *, status: int = 200, **context: object) -> HttpResponse:
    user = request.user
    page = {
        "details": DetailsForm(initial={"name": user.name, "function": user.function}),
        "pace_form": PaceForm(initial={"pace": user.pace}),
        "token_form": TokenForm(),
        "memberships": queries.own_memberships(user=user),
        "helpers": queries.helpers_of(user=user),
        "second_factor": is_mfa_enabled(user),
        "tokens": user.tokens.filter(revoked_at=None).order_by("-created_at", "-pk"),
    }
    return render(request, "accounts/account.html", page | context, status=status)
