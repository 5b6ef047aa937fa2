"""The organiser's page on people: find an account; when its owner asks, sign it out everywhere, take its lost second
factor away, erase it."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, queries, wording
from accounts.models import User
from accounts.permissions import Right, SignedInRequest, confirmed_again, right_required

PAGE = 50


@require_safe
@right_required(Right.PEOPLE)
def people(request: SignedInRequest) -> HttpResponse:
    """`?q=`: nobody is listed before a word is given."""
    q = request.GET.get("q", "").strip()
    page = Paginator(queries.people(q=q), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page, "q": q})


@require_POST
@right_required(Right.PEOPLE)
def end_sessions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Of somebody who says that a device is lost: everywhere."""
    user = get_object_or_404(User, pk=pk)
    count = actions.end_sessions(sessions=UserSession.objects.filter(user=user), by=request.user)
    messages.success(request, wording.signed_out(count))
    return redirect("accounts:people")


@require_POST
@right_required(Right.ORGANISERS)
@confirmed_again
def reset_second_factor(request: SignedInRequest, pk: int) -> HttpResponse:
    actions.reset_second_factor(user=get_object_or_404(User, pk=pk), by=request.user)
    messages.success(request, _("Le second facteur est retiré : la personne en est avertie par courriel."))
    return redirect("accounts:people")


@require_POST
@right_required(Right.ORGANISERS)
def erase_person(request: SignedInRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    actions.erase_user(user=user, by=request.user, now=timezone.now())
    messages.success(request, _("Le compte est effacé. Ce que la personne a écrit est gardé, sans son nom."))
    return redirect("accounts:people")
