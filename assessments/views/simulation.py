"""« Et si… »: other answers, and the score that they would give. Nothing is written."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest
from assessments import forms, queries, wording
from assessments.doors import scorecards
from assessments.pages import plans
from assessments.pages.simulation import Simulation, weakest
from assessments.views.access import file_context, file_or_404, sheet_and_score
from scoring import parts


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def simulation(request: SignedInRequest, code: str, year: int, part: str = "") -> HttpResponse:
    """The questions of an issue or an axis, the weakest one by default, or those of the plan, supposed done. What is
    posted is supposed, and shown beside what stands today; HTMX gets the effect alone. Whoever may read the file may
    suppose."""
    file, membership = file_or_404(request, code, year)
    sheet, today = sheet_and_score(file)
    framework = file.framework.parsed
    current, supposed = parts.part(framework, part or weakest(today)), today
    if part == plans.PART:
        way = plans.way(file, today, *queries.plan_of(file, today.input_hash))
        if way.simulation is None:
            return redirect("assessments:plan", code, year)
        current, supposed = plans.part(way), way.simulation.supposed
    if current is None:
        raise Http404
    if request.method == "POST":
        inputs = forms.read_supposed(framework, request.POST, today.application.inputs)
        supposed = scorecards.score(file, inputs)
    shown = Simulation(today, supposed)
    own, elsewhere = shown.page(current)
    context = file_context(
        file,
        membership,
        sheet,
        today,
        part=current,
        title=wording.part(current),
        simulation=shown,
        own=own,
        elsewhere=elsewhere,
        framework=framework,
    )
    template = "assessments/simulation.html#effect" if request.htmx else "assessments/simulation.html"
    return render(request, template, context)
