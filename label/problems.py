"""Errors of the API, as problem details (RFC 9457): in French, with a code that a program can read.

One place for all of them: what DRF refuses, what an action refuses, and what never reached a view (an unknown address,
a method that is not taken, a fault of ours), which Django would tell in a page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import exception_handler

from accounts.doors.throttles import TOLD
from accounts.refusals import Refused, TooMany

API, DOCS = "/api/", "/api/docs/"
CONTENT_TYPE = "application/problem+json"
READING = ("GET", "HEAD")
# Calls allowed, calls left, seconds until one more: on each call that counts.
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")

# By status: the code, what it means, and what is said where the refusal says nothing itself.
KINDS = {
    400: ("invalid", gettext_lazy("Demande refusée"), gettext_lazy("La demande n’a pas été comprise.")),
    401: ("unauthenticated", gettext_lazy("Clé demandée"), gettext_lazy("Cet appel demande une clé valable.")),
    403: ("forbidden", gettext_lazy("Pas permis"), gettext_lazy("Vous n’avez pas ce droit.")),
    404: ("not_found", gettext_lazy("Introuvable"), gettext_lazy("Il n’y a rien à cette adresse.")),
    405: (
        "method_not_allowed",
        gettext_lazy("Méthode refusée"),
        gettext_lazy("Cette adresse ne prend pas cette méthode."),
    ),
    409: (
        "conflict",
        gettext_lazy("Pas maintenant"),
        gettext_lazy("L’état du dossier, ou une écriture plus récente, ne le permet pas."),
    ),
    413: ("too_large", gettext_lazy("Trop lourd"), gettext_lazy("Ce qui est envoyé est trop lourd.")),
    415: (
        "unsupported_media_type",
        gettext_lazy("Format refusé"),
        gettext_lazy("Ce format n’est pas pris à cette adresse."),
    ),
    429: (
        "too_many",
        gettext_lazy("Trop d’appels"),
        gettext_lazy("Attendez le nombre de secondes donné par « Retry-After »."),
    ),
    500: ("fault", gettext_lazy("Panne"), gettext_lazy("Le service a rencontré une panne. Rien n’a été modifié.")),
    503: (
        "unavailable",
        gettext_lazy("Indisponible"),
        gettext_lazy("Le service revient dans un instant. La demande n’a pas abouti."),
    ),
    507: ("no_room", gettext_lazy("Plus de place"), gettext_lazy("Il n’y a plus de place. Rien n’a été modifié.")),
}


def problems(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Every error under `/api/` is a problem; and who reads without a key may do so from the page of any site.

    Above what keeps answers: a kept answer, and a database that is away, pass here too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = ", ".join(READING)
            response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
            response["Access-Control-Max-Age"] = "86400"
        else:
            plain = settings.SECURE_SSL_REDIRECT and not request.is_secure() and not request.path.startswith(DOCS)
            response = HttpResponse(status=403) if plain else get_response(request)
            if plain:
                response.data = {"detail": _("Appelez cette adresse par https.")}  # type: ignore[attr-defined]
            if response.status_code >= 400:
                _tell(response)
        if limit := getattr(request, TOLD, None):
            for name, value in zip(LIMITS, limit, strict=True):
                response[name] = str(value)
        if request.method in (*READING, "OPTIONS") and "Authorization" not in request.headers:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = ", ".join(("ETag", "Link", "Retry-After", *LIMITS))
        return response

    return middleware


def _tell(response: HttpResponse) -> None:
    """Put the problem in place of a page, or of what DRF says; headers stay."""
    body = problem(response.status_code, getattr(response, "data", None))
    response.content = JSONEncoder(ensure_ascii=False).encode(body).encode()
    response["Content-Type"] = CONTENT_TYPE
    for name in ("Content-Encoding", "Content-Length", "ETag"):
        response.headers.pop(name, None)


def problem(status: int, said: Any) -> dict[str, Any]:
    """`said`: what the refusal says itself, a sentence and what goes with it; or what is wrong, by field."""
    code, title, detail = KINDS.get(status, KINDS[400 if status < 500 else 500])
    told: dict[str, Any] = {"detail": str(detail)}
    if isinstance(said, dict):
        told = said if isinstance(said.get("detail"), str) else {"detail": _field(said) or str(detail), "errors": said}
    return {
        "type": f"{settings.SITE_URL}{reverse('api-docs')}#error-{code}",
        "title": str(title),
        "status": status,
        "code": code,
        **told,
    }


def _field(errors: dict[str, Any]) -> str:
    """The first thing that is wrong, in a sentence."""
    for name, said in errors.items():
        if isinstance(said, list) and said and isinstance(said[0], str):
            if name == api_settings.NON_FIELD_ERRORS_KEY:
                return said[0]
            return _("{field}\u202f: {fault}").format(field=name, fault=said[0])
    return ""


def refusals(error: Exception, context: dict[str, object]) -> Response | None:
    """What an action refuses keeps its status and its words, as in the pages."""
    if isinstance(error, Refused):
        headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else None
        return Response({"detail": error.reason}, status=error.status, headers=headers)
    if isinstance(error, RequestDataTooBig):
        return Response(status=413)
    # The libraries say these in English, with names of our code.
    if isinstance(error, Http404):
        return Response(status=404)
    if isinstance(error, ParseError):
        return Response(status=400)
    return exception_handler(error, context)
