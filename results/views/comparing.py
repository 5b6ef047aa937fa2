"""« Comparer avec… »: up to five territories, chosen one after the other, at an address that can be shared."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from results import visibility
from results.pages.compared import MOST, compared
from territories import queries as territories
from territories.models import Territory

WRONG = 422
LONGEST = 120  # characters of what is typed


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """`?c=` for each territory; `?q=` looks for one more."""
    codes = list(dict.fromkeys(code.strip().upper()[:9] for code in request.GET.getlist("c") if code.strip()))
    kept = codes[:MOST]
    rows = {row.code: row for row in Territory.objects.filter(code__in=kept).select_related("department")}
    chosen = [rows[code] for code in kept if code in rows]
    results = visibility.in_force(now=timezone.now()).filter(territory__in=chosen) if chosen else ()
    q = request.GET.get("q", "")[:LONGEST].strip()
    unknown = [code for code in kept if code not in rows]
    context = {
        "compared": compared(chosen, results),
        "codes": [row.code for row in chosen],
        "q": q,
        "answer": territories.answer(q, limit=8) if q else None,
        "room": MOST - len(chosen),
        "too_many": len(codes) > MOST,
        "unknown": unknown,
    }
    wrong = unknown or context["too_many"]
    return render(request, "results/compare.html", context, status=WRONG if wrong else None)
