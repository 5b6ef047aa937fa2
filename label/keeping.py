"""Public pages, kept whole for who is not signed in: rendered once for each state of what is public.

It is not a matter of time: the state is read from the database at each request, so that every process sees a
publication, a withdrawal, a correction or the instant of an announcement at the first request after it."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from instance import queries as instance
from results.queries import public_state

# What they show depends on nothing but the address and the public state.
PAGES = frozenset(
    {
        "home",
        "accessibility",
        "accessibility_audit",
        "contact",
        "legal_notice",
        "site_map",
        "personal_data",
        "guide",
        "guide_page",
        "api-schema",
        "api-docs",
        "assessments:api-editions",
        "results:directory",
        "results:territory",
        "results:badge",
        "results:badge_page",
        "results:compare",
        "results:examples",
        "results:replay",
        "results:initiatives",
        "results:initiative",
        "results:method",
        "results:questionnaire",
        "results:spread",
        "results:api-benchmarks",
        "results:question",
        "results:api-list",
        "results:api-detail",
        "results:api-application",
        "results:api-initiatives",
        "results:palmares-schema",
        "territories:search",
        "territories:api-list",
        "territories:api-detail",
    }
)
# Of a person: signed in, or with something to be told.
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")
HEADERS = (
    "Content-Type",
    "Content-Language",
    "Link",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "HX-Push-Url",
    "Cross-Origin-Resource-Policy",
)
LONGEST = 3600  # seconds: what is asked again so late is rendered again; no answer depends on it
LONG_ADDRESS = 500
HTTP_OK = 200
GetResponse = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Kept:
    """An answer, compressed once. `digest` tells it from every other one."""

    packed: bytes
    digest: str
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HttpResponse) -> "Kept":
        headers = {name: response[name] for name in HEADERS if response.has_header(name)}
        digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
        return cls(gzip.compress(response.content, compresslevel=6, mtime=0), digest, headers)

    def answer(self, request: HttpRequest) -> HttpResponse:
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        etag = f'"{self.digest}-gzip"' if packed else f'"{self.digest}"'
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if etag in known or "*" in known:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(self.packed if packed else gzip.decompress(self.packed))
            for name, value in self.headers.items():
                response[name] = value
            if packed:
                response["Content-Encoding"] = "gzip"
            response["Content-Length"] = str(len(response.content))
        response["ETag"] = etag
        response["Cache-Control"] = "public, no-cache"
        patch_vary_headers(response, ["Accept-Encoding", "Cookie", "HX-Request", "Authorization"])
        return response


def answer(request: HttpRequest, get_response: GetResponse) -> HttpResponseBase:
    """From what is kept, else rendered and kept; as it is for everything that is not to be kept."""
    address = _address(request)
    if address is None:
        return get_response(request)
    pages, key = caches["pages"], _key(address)
    kept: Kept | None = pages.get(key)
    if kept is None:
        response = get_response(request)
        if not isinstance(response, HttpResponse) or response.status_code != HTTP_OK or response.cookies:
            return response
        kept = Kept.of(response)
        # Rendered across a change, it would be kept under the state before it.
        if _key(address) == key:
            pages.set(key, kept, LONGEST)
    return kept.answer(request)


def _address(request: HttpRequest) -> str | None:
    """What the answer depends on besides the public state; None when it is not to be kept."""
    if not settings.KEEP_PAGES or request.method != "GET" or "Authorization" in request.headers:
        return None
    if any(name in request.COOKIES for name in PERSONAL) or len(request.get_full_path()) > LONG_ADDRESS:
        return None
    try:
        host, match = request.get_host(), resolve(request.path_info)
        request.resolver_match = match  # for the log: a page that is kept goes no further
    except (DisallowedHost, Resolver404):
        return None
    fragment = "HX-Request" in request.headers
    return f"{request.scheme} {host} {request.get_full_path()} {fragment}" if match.view_name in PAGES else None


def _key(address: str) -> str:
    state = public_state(now=timezone.now())
    whole = f"{instance.current()} {state} {address}"
    return hashlib.blake2b(whole.encode(), digest_size=20).hexdigest()
