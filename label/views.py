"""Pages that belong to no room: home, where to start, legal notice, health, statements, errors."""

import sys
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from accounts.models import Role
from accounts.permissions import Right, SignedInRequest, organiser_required, right_required
from accounts.queries import membership_of, own_memberships, works_on_files
from assessments.enums import State
from assessments.queries import files_of
from instance.queries import current
from jury.queries import is_juror
from label import api_pages, charter, ends, faults, metrics, overview, rgaa
from label import guide as user_guide
from label.health import UP
from label.health import detail as parts_of_health
from label.middleware import PLAIN
from label.problems import KINDS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "latest": overview.latest(now=now),
        "open_edition": overview.open_edition(now=now),
        "initiatives": overview.some_initiatives(now=now),
    }
    return render(request, "label/home.html", context)


@require_safe
@login_required
def start(request: SignedInRequest) -> HttpResponse:
    """After signing in: the page where this person's work is. `?collectivite=`: the file of this one, which who signs
    comes to read."""
    if file := files_of(user=request.user).filter(territory__code=request.GET.get("collectivite", "")).first():
        own = membership_of(user=request.user, territory=file.territory)
        reads = own is not None and own.role == Role.SIGNATORY and file.state == State.DRAFT
        page = "assessments:reading" if reads else "assessments:application"
        return redirect(page, file.territory.code, file.edition.year)
    if request.user.organiser_role:
        return redirect("organisation")
    if is_juror(user=request.user) and not works_on_files(user=request.user):
        return redirect("jury:queue")
    # Who has never asked for anything has nothing else to do.
    works = works_on_files(user=request.user) or own_memberships(user=request.user).exists()
    return redirect("assessments:applications" if works else "accounts:join")


@require_safe
@organiser_required
def style(request: SignedInRequest) -> HttpResponse:
    return render(request, "label/style.html", charter.context())


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    failed = [criterion for criterion in rgaa.criteria() if criterion.result == rgaa.Result.NOT_MET]
    return render(request, "label/accessibility.html", _audit() | {"failed": failed})


@require_safe
def accessibility_audit(request: HttpRequest) -> HttpResponse:
    """Every criterion, with what was found and how."""
    context = _audit() | {"themes": rgaa.by_theme(), "sample": rgaa.SAMPLE}
    return render(request, "label/accessibility_audit.html", context)


def _audit() -> dict[str, object]:
    counted = rgaa.counts()
    met, not_met = counted[rgaa.Result.MET], counted[rgaa.Result.NOT_MET]
    return {
        "day": rgaa.AUDITED_ON,
        "rate": rgaa.rate(),
        "met": met,
        "not_met": not_met,
        "applicable": met + not_met,
        "not_applicable": counted[rgaa.Result.NOT_APPLICABLE],
    }


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    return render(request, "label/legal_notice.html", {"source": settings.SOURCE_URL})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "label/contact.html")


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    parts = (
        (
            _("Les résultats"),
            (
                ("home", _("Accueil")),
                ("results:directory", _("Annuaire")),
                ("results:compare", _("Comparer des collectivités")),
                ("results:initiatives", _("Initiatives")),
                ("results:verify", _("Vérifier un document")),
            ),
        ),
        (
            _("La méthode et les données"),
            (
                ("results:method", _("La méthode")),
                ("results:spread", _("La répartition des notes")),
                ("results:data", _("Données ouvertes")),
                ("api-docs", _("API")),
            ),
        ),
        (
            _("Candidater"),
            (
                ("account_login", _("Se connecter")),
                ("account_signup", _("Créer mon compte")),
                ("guide", _("Le guide")),
                ("assessments:glossary", _("Glossaire")),
                ("season:help", _("Besoin d’aide")),
            ),
        ),
        (
            _("Le service"),
            (
                ("contact", _("Contact")),
                ("accessibility", _("Accessibilité")),
                ("accessibility_audit", _("Les 106 critères d’accessibilité")),
                ("legal_notice", _("Mentions légales")),
                ("personal_data", _("Données personnelles")),
            ),
        ),
    )
    return render(request, "label/site_map.html", {"parts": parts})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For what asks for it unread: feeds, papers, old browsers. Pages name theirs."""
    return redirect(static("images/favicon.svg"))


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to tell of a weakness (RFC 9116)."""
    until = timezone.now().replace(microsecond=0) + timedelta(days=180)
    fields = {
        "Contact": f"mailto:{current().contact}",
        "Expires": until.isoformat(),
        "Preferred-Languages": "fr, en",
        "Canonical": request.build_absolute_uri(),
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "label/personal_data.html", {"ends": ends.ENDS})


@require_safe
def guide(request: HttpRequest, name: str = user_guide.INDEX) -> HttpResponse:
    pages = user_guide.pages()
    if name not in pages:
        raise Http404
    return render(request, "label/guide.html", {"page": pages[name], "pages": pages.values()})


@require_safe
@never_cache
def health(request: SignedInRequest) -> HttpResponseBase:
    """Every part, for the organiser and for a monitor that holds MONITOR_TOKEN."""
    return _parts() if is_monitor(request) else _parts_for_organisers(request)


@right_required(Right.OUTBOX)
def _parts_for_organisers(request: SignedInRequest) -> JsonResponse:
    return _parts()


def _parts() -> JsonResponse:
    state = parts_of_health()
    return JsonResponse(state, status=200 if state["status"] == UP else 503)


@require_safe
@never_cache
def measures(request: SignedInRequest) -> HttpResponseBase:
    """For Prometheus, and for the same readers as `health`."""
    return _measures() if is_monitor(request) else _measures_for_organisers(request)


@right_required(Right.OUTBOX)
def _measures_for_organisers(request: SignedInRequest) -> HttpResponse:
    return _measures()


def _measures() -> HttpResponse:
    return HttpResponse(metrics.written(), content_type=CONTENT_TYPE_LATEST)


def is_monitor(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.MONITOR_TOKEN) and constant_time_compare(given, settings.MONITOR_TOKEN)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(api_pages.rendered(), content_type="application/vnd.oai.openapi+json")


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    context = {
        "operations": api_pages.operations(),
        "problems": [(status, *words) for status, words in KINDS.items()],
    }
    return render(request, "label/api_docs.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def untrusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer this browser's: somebody signed in since the page was opened, in another tab
    most often. What was typed comes back, to be sent again knowingly; what another site sent does not, nor a
    password."""
    if getattr(request, "htmx", False):
        words = _("Quelqu’un s’est connecté dans un autre onglet : rechargez cette page. Votre saisie est gardée.")
        return HttpResponse(words, status=403, content_type=PLAIN)
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    fields = [
        (name, value, "\n" in value or len(value) > 80)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    secret = any("password" in name for name, *_rest in fields)
    context = {"fields": fields if ours and not secret else [], "files": bool(request.FILES)}
    return render(request, "label/untrusted.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """What allauth answers beyond its own limits, which all are a minute's."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing else may be working: no context is asked for."""
    fault = faults.of(sys.exc_info()[1])
    template = fault.value if fault else "500.html"
    answer = HttpResponse(render_to_string(template), status=int(template.removesuffix(".html")))
    if fault:
        answer["Retry-After"] = "60"
    return answer
