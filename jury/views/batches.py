"""What the person who presides does with several files at once: chosen on the board, seen first, then done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest
from assessments.models import Application
from assessments.queries import applications
from documents.workbook import CONTENT_TYPE
from jury import actions, permissions, queries
from jury.forms import WantedForm, posted_act
from jury.models import Juror
from jury.pages import batches, board, workbook
from jury.pages.batches import Act, Line


def presiding(request: SignedInRequest, year: int) -> Juror:
    """The seat of who presides something of this edition."""
    juror = queries.seat_of(user=request.user, year=year)
    if juror is None:
        raise Http404
    permissions.check_sits(juror)
    if not juror.is_chair and not queries.presides_something(juror):
        raise Http404
    return juror


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def batch(request: SignedInRequest, year: int) -> HttpResponse:
    """What would become of each file chosen, and why some are left out; the POST does it."""
    juror = presiding(request, year)
    asked = request.POST if request.method == "POST" else request.GET
    act = posted_act(asked)
    codes = asked.getlist("file")[: board.PAGE]
    files = applications().filter(pk__in=queries.files_presided(juror).values("pk"), territory__code__in=codes)
    lines = batches.preview(act, files.order_by("territory__sort_key", "pk"), juror) if act else []
    if act is None or not lines:
        messages.warning(request, _("Cochez des dossiers du tableau, puis choisissez ce que vous voulez en faire."))
        return redirect("jury:board", year)
    ready = [line for line in lines if line.why_not is None]
    form = WantedForm(request.POST or None, edition=juror.panel.edition, today=timezone.localdate())
    if request.method == "POST" and ready and (act != Act.WANT or form.is_valid()):
        done = DOING[act](ready, juror, form)
        words = ngettext("C’est fait pour %(n)s dossier.", "C’est fait pour %(n)s dossiers.", done) % {"n": done}
        messages.success(request, words)
        for line in lines:
            if line.why_not is not None:
                messages.warning(request, f"{line.application.territory}\u202f: {line.why_not}")
        return redirect("jury:board", year)
    context = {
        "year": year,
        "act": act,
        "form": form if act == Act.WANT else None,
        "ready": ready,
        "left_out": [line for line in lines if line.why_not is not None],
    }
    return render(request, "jury/batch.html", context, status=422 if request.method == "POST" else 200)


def _want(lines: list[Line], juror: Juror, form: WantedForm) -> int:
    files = [line.application for line in lines]
    actions.want_by(applications=files, day=form.cleaned_data["day"], by=juror, now=timezone.now())
    return len(files)


def _vote(lines: list[Line], juror: Juror, _form: Any) -> int:
    for line in lines:
        actions.open_ballot(application=line.application, by=juror, now=timezone.now())
    return len(lines)


def _decide(lines: list[Line], juror: Juror, _form: Any) -> int:
    agreed: list[tuple[Application, int]] = [(line.application, line.level or 0) for line in lines]
    return len(actions.accept(files=agreed, by=juror, now=timezone.now()).decisions)


DOING: dict[Act, Callable[[list[Line], Juror, WantedForm], int]] = {
    Act.WANT: _want,
    Act.VOTE: _vote,
    Act.DECIDE: _decide,
}


@require_safe
@login_required
def board_file(request: SignedInRequest, year: int) -> HttpResponse:
    """The board, the readings and the rulings, to whoever presides; less what the pages hide from them."""
    juror = presiding(request, year)
    answer = HttpResponse(workbook.written(juror), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="deliberation-{year}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer
