"""The first start: the page of the one-time address, then what is left to set."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from season import forms, queries
from season.actions import start

WRONG = 422


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, secret: str) -> HttpResponse:
    """Who holds the address printed on the terminal becomes the organiser, and is signed in."""
    if not start.opens(secret):
        raise Http404
    form = forms.FirstOrganiserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = start.make_first_organiser(secret=secret, **form.person())
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("season:setting")
    return render(request, "season/first.html", {"form": form}, status=WRONG if request.method == "POST" else 200)


@require_safe
@organiser_required
def setting(request: SignedInRequest) -> HttpResponse:
    return render(request, "season/setting.html", {"setting": queries.setting()})
