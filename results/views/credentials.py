"""What other machines read to verify a credential without us: open to any site."""

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.refusals import NotNow
from outbox.models import StoredFile
from results import queries
from results.doors.throttles import limited
from results.jobs.credentials import issuer
from results.models import CredentialKey, StatusList
from results.pages.status import Status, status_of
from results.views.checking import stored

ANY_SITE = {"Access-Control-Allow-Origin": "*"}
KINDS = ("json", "png", "svg")


@require_safe
@limited
def credential(request: HttpRequest, number: str, kind: str) -> HttpResponseBase:
    """The credential of a certificate in force; any other is sent to the page that says what became of it."""
    if kind not in KINDS:
        raise Http404
    found = status_of(number, now=timezone.now())
    if found.status is not Status.IN_FORCE or found.certificate is None:
        return redirect("results:certificate", number)
    row = queries.credential(found.certificate)
    if row is None:
        raise NotNow(_("Ce justificatif est en cours de fabrication\u202f: revenez dans quelques minutes."))
    return _open(getattr(row, kind), f"justificatif-{found.number}.{kind}")


@require_safe
def did(request: HttpRequest) -> JsonResponse:
    """The keys of the issuer, all those that ever signed: what `did:web` leads to."""
    keys = list(CredentialKey.objects.order_by("since", "pk").values_list("multikey", flat=True))
    return JsonResponse(issuer().document(keys), headers=ANY_SITE)


@require_safe
def profile(request: HttpRequest) -> JsonResponse:
    return JsonResponse(issuer().profile(), headers=ANY_SITE)


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    row = StatusList.objects.filter(number=number).select_related("file").first()
    if row is None or row.file is None:
        raise Http404
    return _open(row.file, f"statuts-{number}.json")


def _open(file: StoredFile, name: str) -> HttpResponseBase:
    answer = stored(file, name)
    for header, value in ANY_SITE.items():
        answer[header] = value
    return answer
