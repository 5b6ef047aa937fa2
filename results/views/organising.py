"""The organiser publishes an edition, follows it, mends what failed, withdraws a result."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import Stale
from assessments.models import Edition
from assessments.queries import editions
from assessments.views import downloads
from results import actions, policies, queries
from results.forms import CorrectionForm, WithdrawalForm
from results.models import PublishedResult
from results.views.pages import page_number
from territories.rules.names import search_name

# Of the files that a publication waits for, how many are named.
MOST_PENDING = 100


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def publication(request: SignedInRequest, year: int) -> HttpResponse:
    """What would be published and what blocks it; the POST of the confirmed form starts it."""
    edition, now = get_object_or_404(editions(), year=year), timezone.now()
    if request.method == "POST":
        actions.publish(edition=edition, by=request.user, unsigned=request.POST.get("unsigned", ""), now=now)
        messages.success(request, _("La publication est lancée : cette page en montre l’avancement."))
        return redirect("results:publication", year)
    counts, progress = queries.counts_by_state(edition), queries.progress(edition)
    context = {
        "edition": edition,
        "progress": progress,
        "counts": counts,
        "waiting": sum(counts.get(state, 0) for state in policies.WAITING),
        "left_out": sum(counts.get(state, 0) for state in policies.LEFT_OUT),
        "levels": queries.levels_to_publish(edition),
        "refusal": policies.why_not_publish(edition, started=progress is not None, counts=counts, now=now),
        "announced": edition.results_at <= now,
        "archive": queries.last_archive(edition),
        **(_results(request, edition) if progress else _rehearsed(edition)),
    }
    return render(request, "results/publication.html", context)


def _rehearsed(edition: Edition) -> dict[str, object]:
    """What the organiser reads before publishing: nothing of it blocks but the files that wait."""
    return {
        "departures": queries.departures(edition),
        "unreported": queries.unreported(edition),
        "pending": queries.pending(edition, policies.WAITING)[:MOST_PENDING],
    }


def _results(request: HttpRequest, edition: Edition) -> dict[str, object]:
    """A page of the copies made, found by name: where a withdrawal starts. Replaced ones are kept out."""
    rows = PublishedResult.objects.filter(edition=edition, replaced_at=None).select_related("territory", "certificate")
    name = search_name(request.GET.get("q", "")[:120])
    if name:
        rows = rows.filter(territory__search_name__contains=name)
    page = page_number(request)
    found = list(
        rows.defer("document").order_by("territory__sort_key")[(page - 1) * queries.PAGE : page * queries.PAGE + 1]
    )
    return {
        "results": found[: queries.PAGE],
        "has_next": len(found) > queries.PAGE,
        "page": page,
    }


def _progress_tag(request: HttpRequest, year: int) -> str:
    progress = queries.progress(get_object_or_404(editions(), year=year))
    return f'"{hashlib.sha256(repr(progress).encode()).hexdigest()[:32]}"'


@require_safe
@organiser_required
@condition(etag_func=_progress_tag)
def publication_progress(request: HttpRequest, year: int) -> HttpResponse:
    """The small fragment that the page asks again while the work goes on; 304 when nothing moved."""
    edition = get_object_or_404(editions(), year=year)
    progress = queries.progress(edition)
    if progress and progress.finished and "HX-Request" in request.headers:
        # The whole page has something new to show: the results, each with its way to a withdrawal.
        return HttpResponseClientRefresh()
    answer = render(request, "results/publication.html#progress", {"edition": edition, "progress": progress})
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_POST
@organiser_required
def retry(request: SignedInRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(editions(), year=year)
    revived = actions.retry_failed(edition=edition, by=request.user)
    messages.success(request, ngettext("%(n)s tâche relancée.", "%(n)s tâches relancées.", revived) % {"n": revived})
    return redirect("results:publication", year)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def archive(request: SignedInRequest, year: int) -> HttpResponseBase:
    """Ask for every certificate in one file, then download the last one made."""
    edition = get_object_or_404(editions(), year=year)
    if request.method == "POST":
        actions.ask_archive(edition=edition, by=request.user, now=timezone.now())
        messages.success(request, _("L’archive est en cours de fabrication : elle paraîtra sur cette page."))
        return redirect("results:publication", year)
    found = queries.last_archive(edition)
    if found is None or found.file is None:
        raise Http404
    return downloads.attachment(found.file, f"attestations-{year}.zip")


def _standing(request: HttpRequest, year: int, code: str) -> PublishedResult:
    """The copy that stands, whose number the form carries: what is posted was written about it, and about no other."""
    rows = PublishedResult.objects.select_related("territory", "edition", "certificate")
    result = get_object_or_404(rows, edition__year=year, territory__code=code, replaced_at=None)
    if request.method == "POST" and request.POST.get("seen") != result.certificate.number:
        raise Stale(
            _("Ce résultat vient d’être remplacé (correction ou réexamen)\u202f: relisez-le avant de recommencer.")
        )
    return result


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def correction(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    result = _standing(request, year, code)
    written = {"name": result.document["territory"]["name"], "honours": "\n".join(result.honours)}
    form = CorrectionForm(request.POST or None, initial=written)
    if form.is_valid():
        actions.correct(result=result, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(
            request, _("Le résultat est corrigé\u202f: une nouvelle attestation est en cours de fabrication.")
        )
        return redirect("results:publication", year)
    context = {"result": result, "form": form, "refusal": policies.why_not_correct(result)}
    return render(request, "results/correction.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def withdrawal(request: SignedInRequest, year: int, code: str) -> HttpResponse:
    result = _standing(request, year, code)
    form = WithdrawalForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.withdraw(result=result, reason=reason, by=request.user, now=timezone.now())
        messages.success(request, _("Le résultat est retiré. La collectivité en lit la raison sur sa page."))
        return redirect("results:publication", year)
    context = {"result": result, "form": form, "refusal": policies.why_not_withdraw(result)}
    return render(request, "results/withdrawal.html", context, status=422 if form.is_bound else 200)
