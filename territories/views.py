"""Find a territory while typing; the same page answers a plain form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from territories import queries
from territories.models import Kind


class PageRequest(HttpRequest):
    htmx: HtmxDetails


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """`?q=&kind=&department=`. HTMX gets the choices alone, to be put inside a form."""
    q = request.GET.get("q", "").strip()[: queries.LONGEST]
    kind = request.GET.get("kind")
    answer = queries.answer(
        q, kind=kind if kind in Kind.values else None, department=request.GET.get("department") or None
    )
    template = "territories/choices.html" if request.htmx else "territories/search.html"
    return render(request, template, {"answer": answer})
