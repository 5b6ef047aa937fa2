"""Is this certificate genuine? Anyone may ask, with its number, with or without JavaScript."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.refusals import NotNow
from outbox import files
from results import numbers
from results.forms import NumberForm
from results.status import Status, status_of
from results.throttles import limited


@require_safe
@limited
def verify(request: HttpRequest) -> HttpResponse:
    """The form. A number of the right form has its own address; another is said to be mistyped, at once."""
    form = NumberForm(request.GET if "numero" in request.GET else None)
    typed = form.cleaned_data["numero"].strip() if form.is_valid() else ""
    if not typed:
        return render(request, "results/verify.html", {"form": form})
    number = numbers.read(typed)
    if numbers.is_well_formed(number):
        return redirect("results:certificate", number)
    return render(request, "results/verify.html", {"form": form, "mistyped": typed}, status=404)


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
    answer = FileResponse(files.open_stored(row.file), content_type=row.file.content_type)
    answer["Content-Disposition"] = f'inline; filename="attestation-{row.number}.pdf"'
    answer["Cache-Control"] = "no-cache"
    return answer
