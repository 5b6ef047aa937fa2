"""« Étalonnages »: how the published scores are spread, to explore."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results import queries, visibility
from results.forms import SpreadForm
from results.pages import spread as pages
from results.queries import spread as scores
from results.rules.distributions import groups
from results.views.pages import short_address

WRONG = 422


@require_safe
def spread(request: HttpRequest) -> HttpResponse:
    address = short_address(request)
    if address != request.get_full_path():
        return redirect(address)
    now = timezone.now()
    editions = dict(visibility.announced_editions(now=now).order_by("-year").values_list("year", "simulated"))
    years = list(editions)
    measures = pages.measures(*queries.titles(now=now), overall=_("Ensemble"))
    form = SpreadForm(request.GET, years=years, measures=[(name, title) for name, (_node, title) in measures.items()])
    by, kind = form.asked("by") or "band", form.asked("kind") or "commune"
    asked = form.asked("edition")
    year = int(asked) if asked else (years[0] if years else None)
    node, title = measures[form.asked("measure") or "ensemble"]
    found = (
        []
        if form.refused or year is None
        else scores.scored(kind=kind, year=None if by == "edition" else year, now=now)
    )
    told = groups(found, lambda result: getattr(result, by))
    drawn = [
        ("wide-only", pages.chart(told, node, width=1180, left=270)),
        ("narrow-only", pages.chart(told, node, width=330, left=0)),
    ]
    context = {
        "form": form,
        "title": title,
        "year": year,
        "by": by,
        "groups": told,
        "rows": pages.rows(told, node),
        "charts": [(only, chart) for only, chart in drawn if chart],
        "hidden": pages.hidden(told),
        "simulated": any(editions.values()) if by == "edition" else year is not None and editions.get(year, False),
    }
    return render(request, "results/spread.html", context, status=WRONG if form.refused else None)
