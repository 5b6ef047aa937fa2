"""What anyone may read: the directory, the page of a territory, the initiatives, the method."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from accounts.rules import texts
from assessments.enums import Operator
from assessments.models import Edition
from assessments.views.downloads import attachment, published_picture
from jury.jobs.figures import in_words
from outbox.models import StoredFile
from results import queries, visibility
from results.forms import DirectoryForm, InitiativesForm
from results.pages.facets import chosen, facets
from results.pages.ideas import ideas as listed
from results.pages.map import france
from results.pages.portrait import portrait
from results.pages.rows import rows
from results.queries import ideas, strengths
from results.rules import contacts
from results.rules.ideas import Answer
from scoring.model import Framework
from territories import queries as territories
from territories.models import Territory

LAST_PAGE = 2_000
WRONG = 422
FOLLOWS = re.compile(r"utm_\w+|mtm_\w+|\w*clid")
LARGEST = 2**63 - 1  # number of a row


class PageRequest(HttpRequest):
    htmx: HtmxDetails


@require_safe
def directory(request: PageRequest) -> HttpResponse:
    """`?q=` and filters; HTMX gets the results alone, while typing."""
    address = short_address(request)
    if not request.htmx and address != request.get_full_path():
        return redirect(address)
    now = timezone.now()
    announced = visibility.announced_editions(now=now).select_related("framework").defer("framework__document")
    editions = list(announced.order_by("-year"))
    axes = {axis.id: axis.title["fr"] for row in editions for axis in row.framework.parsed.axes}
    form = DirectoryForm(request.GET, years=[row.year for row in editions], axes=axes)
    search = form.search(strengths.strongest(now=now) if form.asked("axis") else {})
    page = page_number(request)
    found = queries.Found([]) if form.refused else queries.directory(search, page=page, now=now)
    template = "results/directory.html#found" if request.htmx else "results/directory.html"
    context = {
        "form": form,
        "search": search,
        "found": found,
        "rows": rows(found.territories),
        "page": page,
        "filtered": bool(form.refused) or search.narrowed,
    }
    if not request.htmx:
        known = [(code, name) for code, name, *_region in queries.departments()]
        context["filters"] = form.without("q")
        context["map"] = france(queries.by_department(now=now), known)
    response = render(request, template, context, status=WRONG if form.refused else None)
    if request.htmx:
        response["HX-Push-Url"] = address
    return response


@require_safe
def territory(request: HttpRequest, code: str) -> HttpResponse:
    """`?edition=` shows an earlier result than the latest."""
    now = timezone.now()
    known = Territory.objects.select_related("department__region", "epci", "successor")
    found = known.filter(code=code.upper()).first()
    if found is None:
        return _moved(code.upper())
    asked = request.GET.get("edition", "")
    # What is no year is one that never was.
    shown = portrait(found, year=(texts.whole(asked) or 0) if asked else None, now=now)
    context = {"shown": shown, "asked": asked[:10]}
    return render(request, "results/territory.html", context, status=WRONG if shown.missing else None)


def _moved(code: str) -> HttpResponse:
    """An old code leads to the territory of today, for good."""
    today = territories.now_called(code)
    if today is None:
        raise Http404
    return redirect("results:territory", today.code, permanent=True)


@require_safe
def initiatives(request: PageRequest) -> HttpResponse:
    """`?q=` and filters, each with its number; HTMX gets the results alone, while typing."""
    address = short_address(request)
    if not request.htmx and address != request.get_full_path():
        return redirect(address)
    now = timezone.now()
    axes, issues = queries.titles(now=now)
    form = InitiativesForm(request.GET, axes=axes, issues=issues)
    words, wanted, page = form.asked("q") or "", form.wanted(), page_number(request)
    answer, found = (
        (Answer(), []) if form.refused else ideas.search(words, wanted, sort=form.asked("sort") or "", now=now)
    )
    names = form.names()
    context = {
        "form": form,
        "answer": answer,
        "words": words,
        "ideas": listed(found[(page - 1) * ideas.PAGE : page * ideas.PAGE], issues, answer.copies),
        "facets": facets(answer, wanted, names=names, address=request.GET),
        "chosen": chosen(wanted, names=names, address=request.GET),
        "has_next": len(answer.pks) > page * ideas.PAGE,
        "page": page,
    }
    template = "results/initiatives.html#found" if request.htmx else "results/initiatives.html"
    response = render(request, template, context, status=WRONG if form.refused else None)
    if request.htmx:
        response["HX-Push-Url"] = address
    return response


@require_safe
def initiative(request: HttpRequest, number: int) -> HttpResponse:
    """One initiative, at an address that corrections do not change."""
    now = timezone.now()
    row = ideas.initiative(number, now=now) if number <= LARGEST else None
    if row is None:
        raise Http404
    framework = row.result.edition.framework.parsed
    axis = framework.axis_by_id.get(row.axis)
    index = ideas.current(now=now)
    context = {
        "initiative": row,
        "axis": axis.title["fr"] if axis else "",
        "issues": [(issue.id, issue.title["fr"]) for issue in framework.issues if issue.id in row.issues],
        "operator": Operator(row.operator).label if row.operator else "",
        "contact": contacts.words(row.contact),
        "can_write": bool(contacts.address(row.contact)),
        "similar": index.similar(row.pk),
        "sources": index.sources(row.pk),
        "taken_up": index.taken_up(row.pk),
    }
    return render(request, "results/initiative.html", context)


@require_safe
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The nth picture of an initiative that is announced and stands."""
    row = get_object_or_404(visibility.initiatives(now=timezone.now()), pk=pk)
    if not 1 <= number <= len(row.pictures):
        raise Http404
    return published_picture(request, get_object_or_404(StoredFile, pk=row.pictures[number - 1]["file"]))


@require_safe
def proof(request: HttpRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """A file by which a territory proves an answer, without its metadata, as long as it shows it. Nobody keeps a copy
    on the way: it may be withheld at any time."""
    result = get_object_or_404(visibility.in_force(now=timezone.now()), territory__code=code, edition__year=year)
    piece = get_object_or_404(queries.shown_files(result), pk=pk)
    assert piece.cleaned is not None  # noqa: S101 -- as looked up
    return attachment(piece.cleaned, piece.public_name)


@require_safe
def examples(request: PageRequest, code: str, question_id: str) -> HttpResponse:
    """What others do about a question of the questionnaire in force, for this territory; HTMX gets the list alone."""
    now = timezone.now()
    framework = latest_framework(now)
    question = framework.question_by_id.get(question_id) if framework else None
    if question is None:
        raise Http404
    territory = get_object_or_404(Territory, code=code.upper())
    found = ideas.examples(question=question, territory=territory, now=now)
    template = "results/examples.html#found" if request.htmx else "results/examples.html"
    return render(request, template, {"question": question, "territory": territory, "examples": found})


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How a level is computed, from the framework of the latest edition opened."""
    now = timezone.now()
    framework = latest_framework(now)
    replayed = visibility.in_force(now=now).filter(document__has_key="replay").order_by("-edition__year", "pk")
    context: dict[str, object] = {
        "framework": framework,
        "opened": list(opened_years(now)),
        "example": replayed.values("territory__code", "edition__year").first(),
    }
    if figures := visibility.jury_figures(now=now):
        context |= {"read": figures.panel.edition, **in_words(figures)}
    return render(request, "results/method.html", context)


@require_safe
def replay(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """How to score a published result again, from the open data alone."""
    replayed = visibility.in_force(now=timezone.now()).filter(document__has_key="replay")
    result = get_object_or_404(replayed, territory__code=code.upper(), edition__year=year)
    axes = [
        (axis["title"], axis["earned"] - axis["confidential"]["earned"], axis["confidential"]["earned"], axis["earned"])
        for axis in result.document["axes"]
    ]
    context = {"document": result.document, "axes": axes, "site": settings.SITE_URL}
    return render(request, "results/replay.html", context)


def opened_years(now: datetime) -> Iterable[int]:
    opened = Edition.objects.filter(draft=False, opens_at__lte=now).order_by("-year")
    return opened.values_list("year", flat=True)


def latest_framework(now: datetime) -> Framework | None:
    editions = Edition.objects.select_related("framework").defer("framework__document")
    edition = editions.filter(draft=False, opens_at__lte=now).order_by("-year").first()
    return edition.framework.parsed if edition else None


def short_address(request: HttpRequest) -> str:
    """The address that is asked, one that can be shared: without what a form left blank in it, nor what other sites
    hang on a link to follow who clicks."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    kept = [(name, value) for name, value in asked if value and not FOLLOWS.fullmatch(name)]
    if kept == asked:
        return request.get_full_path()
    query = urlencode(kept)
    return f"{request.path}?{query}" if query else request.path


def page_number(request: HttpRequest) -> int:
    """From 1; anything that is no page is the first."""
    text = request.GET.get("page", "")
    return min(int(text), LAST_PAGE) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1
