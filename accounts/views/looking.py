"""Seeing somebody's files as they do, to help them: announced to them, written in the trail, and changing nothing.

`label.middleware.looking` shows the pages of `/dossiers/` as that person's, and refuses every change there."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import LookForm
from accounts.models import User
from accounts.permissions import Right, SignedInRequest, may, right_required
from accounts.views.account import WRONG

LOOKING = "looking"  # in the session: the person, and until when
DURATION = timedelta(minutes=30)


def looked_at(request: HttpRequest) -> User | None:
    """Whose files this session sees in their place, while it lasts and the right stands."""
    looking = request.session.get(LOOKING)
    if not looking or looking["until"] < timezone.now().timestamp() or not may(request.user, Right.HELP):
        return None
    return User.objects.filter(pk=looking["person"], is_active=True, is_organiser=False, desk="").first()


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.HELP)
def look(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why, then see."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        actions.look_as(person=person, reason=form.cleaned_data["reason"], by=request.user, now=now)
        request.session[LOOKING] = {"person": person.pk, "until": (now + DURATION).timestamp()}
        return redirect("assessments:applications")
    status = WRONG if form.errors else 200
    return render(request, "accounts/look.html", {"person": person, "form": form}, status=status)


@require_POST
@right_required(Right.HELP)
def leave(request: SignedInRequest) -> HttpResponse:
    person = looked_at(request)
    request.session.pop(LOOKING, None)
    if person is not None:
        actions.stop_looking(person=person, by=request.user)
    messages.success(request, _("Vous avez quitté les dossiers de cette personne."))
    return redirect("accounts:people")
