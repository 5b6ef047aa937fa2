"""The words of the questionnaire, for anyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.pages import glossary as words


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "assessments/glossary.html", {"sections": words.sections()})
