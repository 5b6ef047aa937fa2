"""What was answered to one question: by whom, when, from what to what; and what colleagues changed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest
from accounts.queries import acting_for
from assessments import actions, forms, queries
from assessments.pages import news as pages
from assessments.pages import questionnaire
from assessments.views.access import (
    file_context,
    file_or_404,
    file_to_write,
    question_or_404,
    sheet_and_score,
    why_read_only,
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def history(request: SignedInRequest, code: str, year: int, part: str, question_id: str) -> HttpResponse:
    """Every version, the latest first; a post says an older one again, as a new version."""
    if request.method == "POST":
        return _restore(request, code, year, part, question_id)
    file, membership = file_or_404(request, code, year)
    question = question_or_404(file, part, question_id)
    helpers = acting_for(territory=file.territory)
    changes = questionnaire.changes(question, list(queries.versions(file, question_id)), helpers)
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "part": part,
        "question": question,
        "changes": changes,
        "seen": changes[0].answer.version if changes else 0,
        "read_only": why_read_only(file, membership, questions=[question.id]),
    }
    return render(request, "assessments/history.html", context)


def _restore(request: SignedInRequest, code: str, year: int, part: str, question_id: str) -> HttpResponse:
    version, seen = (forms.read_seen(request.POST, name) for name in ("version", "seen"))
    file, _membership = file_to_write(request, code, year)
    question_or_404(file, part, question_id)
    actions.restore_answer(
        application=file,
        question_id=question_id,
        version=version,
        seen=seen,
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("La réponse est rétablie."))
    return redirect(reverse("assessments:questions", args=[code, year, part]) + f"#{question_id}")


@require_safe
@login_required
def news(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """All that colleagues changed since the previous visit, or since the last reading (`?depuis=relecture`)."""
    file, membership = file_or_404(request, code, year)
    reread = request.GET.get("depuis") == "relecture"
    context = file_context(file, membership, *sheet_and_score(file), reread=reread)
    since = queries.last_reading(file, user=request.user) if reread else context["previous_visit"]
    context["news"] = pages.news(file, user=request.user, since=since, most=pages.LOOKED_AT)
    return render(request, "assessments/news.html", context)
