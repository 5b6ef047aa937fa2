"""What holds for every page: refusals become answers with their reason, pages of signed-in people stay private, and who
is no longer signed in is led to sign in without losing what was typed."""

import ipaddress
from collections.abc import Callable
from copy import copy
from urllib.parse import parse_qs, urlsplit

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from accounts.actions import ask_second_factor
from accounts.models import User
from accounts.refusals import Refused, TooMany
from accounts.rules.addresses import has_secret
from accounts.views.adapter import BEGAN, HOUR, USED_AT
from accounts.views.looking import looked_at
from jury.queries import is_juror
from label import keeping

PLAIN = "text/plain; charset=utf-8"
FILES = "/dossiers/"
# Where one chooses a second factor, signs out, reads what the pages are made of.
OWN = ("/compte/", "/static/", "/aide/")
NUL = "\0"
# In the session of who has a role: after how many seconds without use it ends.
IDLE = "idle"
GetResponse = Callable[[HttpRequest], HttpResponse]


def true_address(get_response: GetResponse) -> GetResponse:
    """REMOTE_ADDR is the visitor's, whatever stands between: limits, the trail and sessions all read it there.

    Each proxy adds at the right the address that it saw: with two proxies of ours, the second from the right is what
    the outer one saw. All that stands before it is what the visitor pleases."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            # Fewer than our proxies: the request came past them, and its peer is all that is known.
            if len(seen) >= settings.PROXIES:
                request.META["REMOTE_ADDR"] = _address(seen[-settings.PROXIES]) or request.META["REMOTE_ADDR"]
        return get_response(request)

    return middleware


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


class readable:
    """No address, form or document holds a NUL: no text has one, and PostgreSQL refuses to store it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> None:
        if any(NUL in str(value) for value in (*args, *kwargs.values())):
            raise Http404
        if any(NUL in value for key, values in request.GET.lists() for value in (key, *values)):
            raise BadRequest("a NUL in the query")
        if request.content_type == "application/json":
            if b"\\u0000" in request.body or b"\0" in request.body:
                raise BadRequest("a NUL in the document")
        elif any(NUL in value for key, values in request.POST.lists() for value in (key, *values)):
            raise BadRequest("a NUL in the form")


def wrong_method(get_response: GetResponse) -> GetResponse:
    """Visiting the address of a form leads to the page that it is on, the nearest one above; otherwise a page says what
    happened, as Django's own answer is blank."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content or request.path.startswith("/api/"):
            return response
        if request.method in ("GET", "HEAD") and (above := _page_above(request)):
            return redirect(above)
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def _page_above(request: HttpRequest) -> str:
    """The nearest address above this one that may be visited; nothing below the first level."""
    parts = request.path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        address = f"/{'/'.join(parts[:length])}/"
        if _page(request, request.build_absolute_uri(address), read=True):
            return address
    return ""


def second_factor(get_response: GetResponse) -> GetResponse:
    """Of organisers and jurors a second factor is asked, some days after they first sign in without one: then their
    pages wait until they have chosen it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        due = request.user.second_factor_by if request.user.is_authenticated else None
        if due and due <= timezone.now() and not request.path.startswith(OWN) and not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        came = request.user
        response = get_response(request)
        if not came.is_authenticated and request.user.is_authenticated and _has_role(request.user):
            request.session[IDLE] = settings.ROLE_IDLE
            request.session.set_expiry(settings.ROLE_IDLE)
            if request.user.second_factor_by is None and not is_mfa_enabled(request.user):
                ask_second_factor(user=request.user, now=timezone.now())
        return response

    return middleware


def _has_role(user: User) -> bool:
    """Beyond the files of their own territory."""
    return user.organiser_role is not None or is_juror(user=user)


def looking(get_response: GetResponse) -> GetResponse:
    """Who helps somebody sees their files as they do, and changes nothing there; every page says so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = looked_at(request)
        if person is not None:
            request.looked_at = person  # type: ignore[attr-defined]
            if request.path.startswith(FILES):
                if request.method not in ("GET", "HEAD"):
                    reason = _("Vous voyez ces dossiers à la place de quelqu’un : rien ne peut y être modifié.")
                    return render(request, "refused.html", {"reason": reason}, status=403)
                request.user = person
                with transaction.atomic():
                    response = get_response(request)
                    # Pages note who opens them, and this is not that person.
                    transaction.set_rollback(True)
                return response
        return get_response(request)

    return middleware


class refusals:
    """Turn a refusal raised by an action or a permission into a page that says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if getattr(request, "htmx", False):
            # A script shows the sentence where it was asked for: a whole page would be put inside this one.
            response = HttpResponse(error.reason, status=error.status, content_type=PLAIN)
        else:
            response = render(request, "refused.html", {"reason": error.reason}, status=error.status)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.seconds)
        return response


def private_pages(get_response: GetResponse) -> GetResponse:
    """Nothing seen while signed in, nor under an address that is a secret, is kept by a cache or a browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if has_secret(request.path) or (request.user.is_authenticated and not response.has_header("Cache-Control")):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def kept_pages(get_response: GetResponse) -> GetResponse:
    """Public pages come whole from what is kept, without a session, a template or the queries of the page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return keeping.answer(request, get_response)  # type: ignore[return-value]

    return middleware


def fragments(get_response: GetResponse) -> GetResponse:
    """A page and the part of it that htmx asks for share an address: what a browser, or this service, kept of one is
    never shown for the other, and a step back in the history is answered by the whole page. Said once for all that
    follow: the header is there, and asks for a part, or it is not."""

    def middleware(request: HttpRequest) -> HttpResponse:
        back = "HTTP_HX_HISTORY_RESTORE_REQUEST" in request.META
        if back or request.META.get("HTTP_HX_REQUEST") != "true":
            request.META.pop("HTTP_HX_REQUEST", None)
            request.__dict__.pop("headers", None)  # Django read them once, and would go on with those
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware


def lengthened(get_response: GetResponse) -> GetResponse:
    """A session ends some time after it last served, not after the sign-in: its time begins anew once an hour, until
    the longest that a session may last is over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session, now = request.session, timezone.now()
        # Nothing is asked of a page that looked at no session: it is the same for everybody.
        hour = int(now.timestamp()) // HOUR
        if session.accessed and session.get(USED_AT, hour) != hour:
            session[USED_AT] = hour
            left = settings.SESSION_LONGEST - (now.timestamp() - session[BEGAN])
            session.set_expiry(max(1, int(min(session.get(IDLE, settings.SESSION_COOKIE_AGE), left))))
        return response

    return middleware


def signed_out(get_response: GetResponse) -> GetResponse:
    """Lead whoever must sign in first. A script gets 401, a sentence and the way; a form that was sent comes back,
    after signing in, to the page that holds it: the browser kept what was typed, and an address that only takes forms
    answers nothing to a visit."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        script = getattr(request, "htmx", False)
        if not _must_sign_in(request, response) or not (script or request.method == "POST"):
            return response
        came_from = request.headers.get("HX-Current-URL" if script else "Referer", "")
        page = _page(request, came_from) or _page(request, request.build_absolute_uri())
        way = reverse(settings.LOGIN_URL, query={REDIRECT_FIELD_NAME: page} if page else None)
        if not script:
            return redirect(way)
        words = _("Votre session est terminée. Ce que vous avez saisi est gardé dans ce navigateur.")
        return HttpResponse(words, status=401, content_type=PLAIN, headers={"X-Sign-In": way})

    return middleware


def received(get_response: GetResponse) -> GetResponse:
    """Tell the browser which form was accepted, by the name that it gave itself: what it kept of it may go."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        name = request.POST.get("kept", "") if request.method == "POST" else ""
        script = getattr(request, "htmx", False)
        if (
            name.isascii()
            and name.isdecimal()
            and response.status_code < 400
            and not script
            and not _must_sign_in(request, response)
        ):
            response.set_cookie("kept", name[:20], max_age=24 * 3600, secure=settings.HTTPS, samesite="Lax")
        return response

    return middleware


def _must_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    """Is this what `login_required` answers?"""
    way = urlsplit(response.get("Location", ""))
    following = parse_qs(way.query).get(REDIRECT_FIELD_NAME, [""])[0]
    return way.path == resolve_url(settings.LOGIN_URL) and urlsplit(following).path == request.path


def _page(request: HttpRequest, address: str, *, read: bool = False) -> str:
    """The path of a page of ours, if it may be visited; else nothing. The view itself is asked. `read`: a page, not a
    file to download."""
    try:
        parts = urlsplit(address)
    except ValueError:  # what a browser says of itself may be anything
        return ""
    if parts.netloc != request.get_host():
        return ""
    visit = copy(request)
    visit.method, visit.path, visit.path_info = "HEAD", parts.path, parts.path
    try:
        found = resolve(parts.path)
        answer = found.func(visit, *found.args, **found.kwargs)
        refused = answer.status_code == 405
        if isinstance(answer, FileResponse) and answer.file_to_stream:
            answer.file_to_stream.close()  # the answer itself is not: that would end the request
            refused = read
    except ReauthenticationRequired:
        refused = False  # it may be, by who gives the password again
    except (Resolver404, Http404, Refused):
        return ""
    return "" if refused else parts._replace(scheme="", netloc="", fragment="").geturl()
