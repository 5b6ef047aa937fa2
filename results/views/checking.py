"""Is this certificate genuine? Anyone may ask, with its number or its file, with or without JavaScript."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.refusals import NotNow
from outbox.doors import files
from outbox.models import StoredFile
from results import actions, policies, queries
from results.doors.throttles import limited
from results.forms import FileForm, NumberForm
from results.pages.status import Status, standing, status_of
from results.rules import numbers


# Nothing here is done in anyone's name: without a token, the page needs no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def verify(request: HttpRequest) -> HttpResponse:
    """The two forms. A number of the right form has its own address; another is said to be mistyped, at once."""
    if request.method == "POST":
        return _verify_file(request)
    form = NumberForm(request.GET if "numero" in request.GET else None)
    typed = form.cleaned_data["numero"].strip() if form.is_valid() else ""
    if not typed:
        return render(request, "results/verify.html", {"form": form, "file_form": FileForm()})
    number = numbers.read(typed)
    if numbers.is_well_formed(number):
        return redirect("results:certificate", number)
    context = {"form": form, "file_form": FileForm(), "mistyped": typed}
    return render(request, "results/verify.html", context, status=404)


def _verify_file(request: HttpRequest) -> HttpResponse:
    """A file has its own address too, that nobody else knows."""
    policies.check_can_be_read(size=int(request.META.get("CONTENT_LENGTH") or 0))
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        check = actions.check_file(content=form.cleaned_data["fichier"].read(), now=timezone.now())
        return redirect("results:file_check", check.token)
    return render(request, "results/verify.html", {"form": NumberForm(), "file_form": form}, status=422)


@require_safe
def file_check(request: HttpRequest, token: str) -> HttpResponse:
    """What the file is worth; while a worker reads it, a page that asks again."""
    now = timezone.now()
    check = get_object_or_404(queries.file_checks(now=now), token=token)
    if check.answer and "HX-Request" in request.headers:
        return HttpResponseClientRefresh()
    template = "results/file_check.html#waiting" if "HX-Request" in request.headers else "results/file_check.html"
    answer = render(request, template, {"check": check, "found": standing(check, now=now), "form": NumberForm()})
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@limited
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    found = status_of(number, now=timezone.now())
    context = {"found": found, "form": NumberForm(), "status": found.status.value}
    return render(request, "results/certificate.html", context, status=404 if found.status is Status.UNKNOWN else 200)


@require_safe
@limited
def certificate_file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The PDF of a certificate in force; any other is sent to the page that says what became of it."""
    found = status_of(number, now=timezone.now())
    if found.status is not Status.IN_FORCE or found.certificate is None:
        return redirect("results:certificate", number)
    row = found.certificate
    if row.file is None:
        raise NotNow(_("Cette attestation est en cours de fabrication : revenez dans quelques minutes."))
    return stored(row.file, f"attestation-{row.number}.pdf")


def stored(file: StoredFile, name: str) -> FileResponse:
    """A file that may be withdrawn at any moment: to be asked again each time."""
    answer = FileResponse(files.open_stored(file), content_type=file.content_type)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-cache"
    return answer
