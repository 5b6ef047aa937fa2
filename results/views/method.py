"""The questionnaire of each edition, question by question, at addresses that last."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import wording
from assessments.models import Edition
from results.pages import method
from scoring.model import Framework


def _framework(year: int) -> tuple[Edition, Framework]:
    """Of an edition that has begun: before that, its questionnaire may still change."""
    rows = Edition.objects.select_related("framework").defer("framework__document")
    edition = rows.filter(draft=False, opens_at__lte=timezone.now(), year=year).first()
    if edition is None:
        raise Http404
    return edition, edition.framework.parsed


@require_safe
def questionnaire(request: HttpRequest, year: int) -> HttpResponse:
    edition, framework = _framework(year)
    context = {
        "edition": edition,
        "framework": framework,
        "groups": method.groups(framework),
        "levels": [(level, method.needs(level)) for level in framework.levels],
        "obligations": method.obligations(framework),
    }
    return render(request, "results/questionnaire.html", context)


@require_safe
def question(request: HttpRequest, year: int, question_id: str) -> HttpResponse:
    edition, framework = _framework(year)
    found = framework.question_by_id.get(question_id)
    if found is None:
        raise Http404
    place = framework.questions.index(found)
    context = {
        "edition": edition,
        "question": found,
        "axis": framework.axis_by_id[found.axis],
        "issue": framework.issue_by_id[found.issue],
        "nature": wording.nature(found),
        "rule": wording.rule(found),
        "worth": method.worth(found),
        "unproven": wording.points(found.points * found.unproven_credit),
        "before": framework.questions[place - 1] if place else None,
        "after": framework.questions[place + 1] if place + 1 < len(framework.questions) else None,
    }
    return render(request, "results/question.html", context)
