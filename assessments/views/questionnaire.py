"""Answering: one part a page, one answer a request."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import retarget

from accounts.permissions import SignedInRequest
from accounts.refusals import NotAllowed, Refused
from assessments import actions, forms, policies, queries
from assessments.actions import StaleAnswer
from assessments.doors import scorecards
from assessments.enums import AnswerState
from assessments.models import Answer, Application
from assessments.pages import panels, questionnaire
from assessments.pages.questionnaire import Card
from assessments.views.access import WRONG, file_context, file_or_404, sheet_and_score
from scoring import parts
from scoring.framework import Framework
from scoring.model import Question


@require_safe
@login_required
def questions(request: SignedInRequest, code: str, year: int, part: str) -> HttpResponse:
    """The entry path, an issue or an axis: its questions, then those that do not concern the territory, folded."""
    file, membership = file_or_404(request, code, year)
    current = parts.part(file.framework.parsed, part)
    if current is None:
        raise Http404
    sheet = queries.sheet(file)
    shared = queries.shared(file, answers=sheet.latest.values())
    result = scorecards.live(file, sheet=sheet)
    now = timezone.now()
    closed = {q.id: policies.why_not_change(file, now, questions=[q.id]) or "" for q in current.questions}
    page = questionnaire.page(current, sheet, result, queries.proofs(file), shared, closed)
    context = file_context(
        file,
        membership,
        sheet,
        result,
        page=page,
        progress=page.progress,
        express=current.id == parts.EXPRESS,
    )
    return render(request, "assessments/questions.html", context)


@require_safe
@login_required
def find_questions(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The questions that hold the words of `?q=`, all or those without an answer, each with its place."""
    file, membership = file_or_404(request, code, year)
    sheet, result = sheet_and_score(file)
    query, unanswered = request.GET.get("q", "")[:80], "sans-reponse" in request.GET
    rows = questionnaire.find(sheet, result, query, unanswered=unanswered) if query or unanswered else []
    context = file_context(file, membership, sheet, result, query=query, unanswered=unanswered, rows=rows)
    return render(request, "assessments/find_questions.html", context)


@require_POST
@login_required
def answer(request: SignedInRequest, code: str, year: int, part: str, question_id: str) -> HttpResponse:
    """Save one answer. HTMX gets its card and the score; without it, back to the page, at the question."""
    try:
        saved = actions.answer_question(
            code=code,
            year=year,
            question_id=question_id,
            read=lambda framework, question: _read(framework, part, question, request.POST),
            by=request.user,
            now=timezone.now(),
        )
    except Application.DoesNotExist:
        raise Http404 from None
    except StaleAnswer as stale:
        file, _membership = file_or_404(request, code, year)
        return _answer_again(request, file, part, question_id, conflict=stale.current, typed=stale.proposed, status=409)
    except NotAllowed:
        raise
    except Refused as refusal:
        status = WRONG if refusal.status == 400 else refusal.status
        file, _membership = file_or_404(request, code, year)
        typed = _typed(file, question_id, request.POST)
        shown = {"refusal": refusal.reason, "typed": typed}
        if typed is None and "number" in request.POST:
            shown["written"] = request.POST["number"]
        return _answer_again(request, file, part, question_id, **shown, status=status)
    if not request.htmx:
        return redirect(reverse("assessments:questions", args=[code, year, part]) + f"#{question_id}")
    file = saved.application
    result = scorecards.live(file, sheet=saved.sheet)
    line = next(line for line in result.lines if line.question.id == question_id)
    card = questionnaire.card(line, saved.sheet)
    whole = _redraws(request, saved.answer)
    if saved.answer.author_id == request.user.pk:
        saved.answer.author = request.user
    current = parts.part(file.framework.parsed, part)
    context = {
        "score": panels.score(file, saved.sheet, result, now=timezone.now()),
        "progress": questionnaire.progress(current, result) if current else None,
        "fresh": True,
        "whole": whole,
    }
    return _fragment(request, "assessments/questions.html#saved", file, part, card, context, whole=whole)


def _read(framework: Framework, part: str, question: Question, posted: QueryDict) -> actions.Given:
    if parts.part(framework, part) is None:
        raise Http404
    return forms.read_answer(question, posted)


def _redraws(request: SignedInRequest, given: Answer) -> bool:
    """Must the controls change too, or a box above them go (`boxed`)? Else they stay as the person has them, who may
    have gone on choosing meanwhile."""
    overruled = request.POST.get("touched") and request.POST.get("answer") in forms.STATES
    return given.state == AnswerState.CLEARED or bool(overruled) or "boxed" in request.POST


def _answer_again(
    request: SignedInRequest, file: Application, part: str, question_id: str, *, status: int, **fields: Any
) -> HttpResponse:
    """The card with what was typed, and why it was not written. Nothing is lost: both are on the screen."""
    sheet, result = sheet_and_score(file)
    line = next(line for line in result.lines if line.question.id == question_id)
    card = questionnaire.card(line, sheet, **fields)
    if request.htmx:
        return _fragment(request, "assessments/questions.html#again", file, part, card, {}, status=status, whole=True)
    context = {"application": file, "territory": file.territory, "edition": file.edition, "card": card, "part": part}
    return render(request, "assessments/answer.html", context, status=status)


def _fragment(
    request: SignedInRequest,
    template: str,
    file: Application,
    part: str,
    card: Card,
    context: dict[str, Any],
    *,
    whole: bool,
    status: int = 200,
) -> HttpResponse:
    """A piece of page, without what only whole pages need (menus and their queries): the state of a card, or all of
    its form (`whole`)."""
    context = {
        "application": file,
        "card": card,
        "part": part,
        "csrf_token": get_token(request),
        **context,
    }
    response = HttpResponse(render_to_string(template, context), status=status)
    return retarget(response, f"#reponse-{card.question.id}") if whole else response


def _typed(file: Application, question_id: str, posted: QueryDict) -> Answer | None:
    """None for what cannot be read."""
    try:
        given = forms.read_answer(file.framework.parsed.question_by_id[question_id], posted)
    except Refused:
        return None
    return Answer(question_id=question_id, state=given.state, value=given.value, reason=given.reason)
