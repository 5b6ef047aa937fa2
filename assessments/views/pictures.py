"""Pictures of an initiative, and thumbnails of evidence: added, shown to the team, removed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors.limits import UPLOADS, limited
from accounts.permissions import SignedInRequest, check_can_write
from accounts.refusals import Refused
from assessments import actions, forms, queries
from assessments.models import Application, Initiative
from assessments.views import downloads
from assessments.views.access import WRONG, file_or_404, file_to_write, say_on_form, why_read_only


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(UPLOADS)
def add_picture(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    file, membership = file_or_404(request, code, year)
    initiative = _initiative(file, pk)
    if request.method == "POST":
        check_can_write(membership)
    form = forms.PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _add(request, file, initiative, form):
        messages.success(request, _("L’image est jointe ; elle se prépare et paraîtra dans un instant."))
        return redirect("assessments:initiative", code, year, pk)
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "initiative": initiative,
        "form": form,
        "read_only": why_read_only(file, membership, initiatives=[initiative]),
    }
    status = WRONG if request.method == "POST" else 200
    return render(request, "assessments/picture_form.html", context, status=status)


def _add(request: SignedInRequest, file: Application, initiative: Initiative, form: forms.PictureForm) -> bool:
    """Was it added? Else the form says why not."""
    upload = form.cleaned_data["upload"]
    try:
        fresh, _membership = file_to_write(request, file.territory.code, file.edition.year)
        initiative.application = fresh
        actions.add_picture(
            initiative=initiative,
            alternative=form.cleaned_data["alternative"],
            upload=(upload.name or "", upload.read()),
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        say_on_form(form, refusal)
        return False
    return True


@require_POST
@login_required
def remove_picture(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    file, _membership = file_to_write(request, code, year)
    picture = get_object_or_404(queries.pictures(file), pk=pk)
    picture.initiative.application = file
    actions.remove_picture(picture=picture, by=request.user, now=timezone.now())
    messages.success(request, _("L’image est retirée."))
    return redirect("assessments:initiative", code, year, picture.initiative_id)


@require_safe
@login_required
def picture(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """As it was drawn, to the team of the file."""
    file, _membership = file_or_404(request, code, year)
    shown = get_object_or_404(queries.pictures(file), pk=pk, file__isnull=False)
    assert shown.file is not None  # noqa: S101 -- as looked up
    return downloads.picture(shown.file)


@require_safe
@login_required
def thumbnail(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """Of an image among the evidence."""
    file, _membership = file_or_404(request, code, year)
    piece = get_object_or_404(queries.evidence(file).select_related("thumbnail"), pk=pk, thumbnail__isnull=False)
    assert piece.thumbnail is not None  # noqa: S101 -- as looked up
    return downloads.picture(piece.thumbnail)


def _initiative(file: Application, pk: int) -> Initiative:
    row = Initiative.objects.filter(application=file, pk=pk, removed_at=None).first()
    if row is None:
        raise Http404
    row.application = file
    return row
