"""What is shown of a result elsewhere: on the commune’s own site, an image that says what is true each time it is seen;
on social networks, the image of its page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from results import visibility
from results.models import Card
from results.pages import badge as pages
from results.views.checking import stored
from territories.models import Territory


@require_safe
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """Never kept longer than it is true: asked again at each view, and answered 304 while nothing changed."""
    answer = render(request, "results/badge.svg", {"badge": _badge(code)}, content_type="image/svg+xml")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Cache-Control"] = "public, no-cache"
    return answer


@require_safe
def badge_page(request: HttpRequest, code: str) -> HttpResponse:
    """How it looks on light and on dark, and what to copy."""
    shown = _badge(code)
    site = settings.SITE_URL
    context = {
        "badge": shown,
        "code": code,
        "image": site + reverse("results:badge", args=[code]),
        "page": site + reverse("results:territory", args=[code]),
    }
    return render(request, "results/badge_page.html", context)


@require_safe
def card(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """Of a result in force alone: nothing once it is withdrawn, the new one's once it is replaced."""
    results = visibility.in_force(now=timezone.now()).filter(territory__code=code, edition__year=year)
    found = get_object_or_404(Card.objects.select_related("file"), result__in=results)
    return stored(found.file, f"{code}-{year}.png")


def _badge(code: str) -> pages.Badge:
    territory = Territory.objects.filter(code=code).first()
    found = pages.badge(territory, now=timezone.now()) if territory else None
    if found is None:
        raise Http404
    return found
