"""What programs take: files, manifest, catalogue, feeds; and what search engines are told."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents import french
from instance.queries import current
from outbox.queries import database_now
from results import queries, visibility
from results.doors import datafiles
from results.doors.tables import TABLES
from results.jobs import publication
from results.models import DataFile, DataRelease, PublishedResult
from results.views.checking import stored
from results.views.credentials import ANY_SITE

# Seconds: what the clock takes to see a change, about; what is left of the papers that come before.
SOON, LATER = 20, 300
NEWEST = 200
Kept = tuple[DataRelease, list[DataFile]]


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Every file, by edition; what the columns say, and where programs begin."""
    now = timezone.now()
    release = visibility.data(now=now)
    files = list(queries.data_files(release)) if release else []
    scopes = {
        scope: [
            (table, found)
            for table in TABLES.values()
            if (found := [file for file in files if (file.scope, file.table) == (scope, table.name)])
        ]
        for scope in dict.fromkeys(file.scope for file in files)
    }
    whole = scopes.pop(DataFile.WHOLE, [])
    years = visibility.announced_editions(now=now).order_by("-year")
    context = {
        "release": release,
        "whole": whole,
        "scopes": sorted(scopes.items(), reverse=True),
        "years": years,
        "tables": TABLES.values(),
        "licence": datafiles.LICENCE,
        "simulated": any(edition.simulated for edition in years),
    }
    return render(request, "results/data.html", context)


@require_safe
def file(request: HttpRequest, scope: str, table: str, kind: str) -> HttpResponseBase:
    """One file of the version that is true now. While a worker makes the next one, nothing: never the former."""
    now = timezone.now()
    known = scope == DataFile.WHOLE or visibility.announced_editions(now=now).filter(year=_year(scope)).exists()
    if not known or table not in TABLES or kind not in datafiles.KINDS:
        raise Http404
    release = visibility.data(now=now)
    if release is None:
        return _in_the_making(request)
    row = get_object_or_404(queries.data_files(release), scope=scope, table=table, kind=kind)
    made = release.made_at.replace(microsecond=0)
    answer: HttpResponseBase | None = get_conditional_response(
        request, etag=quote_etag(row.file.sha256), last_modified=int(made.timestamp())
    )
    if answer is None:
        answer = stored(row.file, f"{table}-{scope}.{kind}")
        answer["Content-Disposition"] = f'attachment; filename="{table}-{scope}.{kind}"'
        answer["Link"] = f'<{datafiles.LICENCE["path"]}>; rel="license"'
        answer["Last-Modified"] = http_date(made.timestamp())
    answer["ETag"] = quote_etag(row.file.sha256)
    answer["Cache-Control"] = "public, no-cache"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _year(scope: str) -> int:
    """0 for what is no year."""
    return int(scope) if scope.isascii() and scope.isdigit() and len(scope) == 4 else 0


def _in_the_making(request: HttpRequest) -> HttpResponse:
    seconds = LATER if publication.at_work(now=database_now()) else SOON
    answer = render(request, "results/data_soon.html", {"seconds": seconds}, status=503)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def package(request: HttpRequest) -> HttpResponse:
    """The manifest: every file of this version with its digest."""
    found = _current()
    return _json(datafiles.package(*found), "application/json") if found else _in_the_making(request)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """DCAT-AP, for the portals that harvest."""
    found = _current()
    return _json(datafiles.catalogue(*found), "application/ld+json") if found else _in_the_making(request)


def _current() -> Kept | None:
    release = visibility.data(now=timezone.now())
    return (release, list(queries.data_files(release))) if release else None


@require_safe
def schema(request: HttpRequest, table: str) -> HttpResponse:
    if table not in TABLES:
        raise Http404
    return _json(datafiles.table_schema(TABLES[table]), "application/json")


def _json(document: object, content_type: str) -> HttpResponse:
    told = {"ensure_ascii": False, "indent": 1}
    answer = JsonResponse(document, json_dumps_params=told, content_type=content_type, headers=ANY_SITE)
    answer["Cache-Control"] = "public, no-cache"
    return answer


@require_safe
def results_feed(request: HttpRequest) -> HttpResponse:
    """The latest results that stand, those of an announcement at its instant."""
    rows = visibility.in_force(now=timezone.now()).select_related("edition", "territory", "certificate")
    feed = _feed(_("Résultats"), _("Les derniers résultats publiés."), "results:results-feed")
    for row in rows.defer("document").order_by("-edition__results_at", "-published_at", "territory__sort_key")[:NEWEST]:
        told = _("{year} : {level}").format(year=row.edition.year, level=french.level(row.level))
        _entry(feed, row, told=told, when=max(row.published_at, row.edition.results_at))
    return _atom(feed)


@require_safe
def withdrawals_feed(request: HttpRequest) -> HttpResponse:
    """What no longer stands: withdrawn, or replaced by another copy, with why."""
    rows = queries.ended(now=timezone.now())[:NEWEST]
    feed = _feed(_("Retraits et corrections"), _("Les résultats qui ne valent plus."), "results:withdrawals-feed")
    for row in rows:
        when = max(row.ended_at, row.edition.results_at)
        if row.withdrawn_at:
            told = _("{year} : résultat retiré. {why}").format(year=row.edition.year, why=row.withdrawn_reason)
        else:
            why = row.correction or _("Le jury a réexaminé le dossier.")
            told = _("{year} : résultat remplacé. {why}").format(year=row.edition.year, why=why)
        _entry(feed, row, told=told, when=when)
    return _atom(feed)


def _feed(title: str, text: str, name: str) -> Atom1Feed:
    whose = current()
    return Atom1Feed(
        title=f"{whose.name} : {title}",
        link=settings.SITE_URL + reverse("results:directory"),
        description=text,
        subtitle=_("Démonstration : les résultats sont simulés.") if whose.demo else text,
        feed_url=settings.SITE_URL + reverse(name),
        author_name=whose.organiser,
        language="fr",
    )


def _entry(feed: Atom1Feed, row: PublishedResult, *, told: str, when: datetime) -> None:
    """Known for ever by the number of its certificate."""
    feed.add_item(
        title=f"{row.territory.name}, {told}",
        link=settings.SITE_URL + reverse("results:territory", args=[row.territory.code]),
        description=told,
        unique_id=settings.SITE_URL + reverse("results:certificate", args=[row.certificate.number]),
        pubdate=when,
        updateddate=when,
    )


def _atom(feed: Atom1Feed) -> HttpResponse:
    answer = HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8", headers=ANY_SITE
    )
    answer["Cache-Control"] = "public, no-cache"
    return answer


# For search engines

PAGES = (
    "home",
    "results:directory",
    "results:initiatives",
    "results:method",
    "results:data",
    "results:verify",
    "guide",
    "assessments:glossary",
    "api-docs",
    "accessibility",
    "accessibility_audit",
    "contact",
    "site_map",
    "legal_notice",
    "personal_data",
)
PRIVATE = ("/compte/", "/dossiers/", "/jury/", "/organisation/", "/depart/", "/verifier/")
MOST = 50_000  # addresses that one file may hold


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page, with the day of what it says."""
    addresses: list[tuple[str, datetime | None]] = [(reverse(name), None) for name in PAGES]
    addresses += [(reverse("results:territory", args=[code]), day) for code, day in queries.shown(now=timezone.now())]
    addresses += [
        (reverse("results:initiative", args=[number]), day)
        for number, day in queries.initiative_numbers(now=timezone.now())
    ]
    context = {"site": settings.SITE_URL, "addresses": addresses[:MOST]}
    return _text(render(request, "results/sitemap.xml", context, content_type="application/xml; charset=utf-8"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed: Iterable[str] = ("/",) if current().demo else PRIVATE
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('results:sitemap')}", ""]
    return _text(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def _text(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "public, no-cache"
    return answer
