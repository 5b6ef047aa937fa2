"""The way to the next level: asked for, waited for, read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest
from assessments import actions, queries
from assessments.pages import plans
from assessments.views.access import file_context, file_or_404, sheet_and_score


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Where the plan is; HTMX gets that alone, again and again while it is being made. A post asks for it: whoever may
    read the file may."""
    file, membership = file_or_404(request, code, year)
    if request.method == "POST":
        actions.ask_plan(application=file)
        if not request.htmx:
            return redirect("assessments:plan", code, year)
    sheet, result = sheet_and_score(file)
    way = plans.way(file, result, *queries.plan_of(file, result.input_hash))
    template = "assessments/plan.html#plan" if request.htmx else "assessments/plan.html"
    return render(request, template, file_context(file, membership, sheet, result, way=way))
