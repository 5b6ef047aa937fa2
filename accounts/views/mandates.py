"""Helpers: the organiser declares them, they ask territories for a mandate, territories answer; either side ends it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions, queries
from accounts.actions import mandates as actions
from accounts.doors.limits import MAILS, limited
from accounts.forms import HelperForm
from accounts.models import Helper, User
from accounts.permissions import Right, SignedInRequest, may, right_required
from accounts.refusals import Refused
from accounts.views.account import WRONG
from documents import french
from territories import queries as territories
from territories.models import Territory


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.PEOPLE)
def helpers(request: SignedInRequest) -> HttpResponse:
    """Every helper with its people; a post adds a person, and the helper when it is new."""
    form = HelperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        helper = actions.add_to_helper(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(
            request,
            _("%(email)s agit pour %(helper)s.") % {"email": form.cleaned_data["email"], "helper": helper},
        )
        return redirect("accounts:helpers")
    people = Prefetch("people", queryset=User.objects.order_by("name", "email"))
    known = Helper.objects.prefetch_related(people).order_by("name", "pk")
    status = WRONG if form.errors else 200
    return render(request, "accounts/helpers.html", {"form": form, "helpers": known}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited(MAILS)
def helper(request: SignedInRequest, siren: str) -> HttpResponse:
    """The mandates of my structure; a post asks a territory for one."""
    helper = get_object_or_404(request.user.helpers, siren=siren)
    q = request.POST.get("q", "") or request.GET.get("q", "")
    if request.method == "POST":
        territory = Territory.objects.filter(code=request.POST.get("territory", "")).first()
        if territory is None:
            raise Refused(_("Cherchez la collectivité, puis choisissez-la dans la liste."))
        actions.ask_mandate(helper=helper, territory=territory, by=request.user, now=timezone.now())
        messages.success(request, _("La demande attend la réponse %(whose)s.") % {"whose": french.of(territory.name)})
        return redirect("accounts:helper", siren)
    context = {
        "helper": helper,
        "mandates": queries.mandates_of(helper),
        "people": helper.people.order_by("name", "email"),
        "answer": territories.answer(q.strip()[: territories.LONGEST]),
    }
    return render(request, "accounts/helper.html", context)


@require_POST
@login_required
def remove_person(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    seen = Helper.objects.all() if may(request.user, Right.PEOPLE) else request.user.helpers.all()
    helper = get_object_or_404(seen, siren=siren)
    person = get_object_or_404(helper.people, pk=pk)
    actions.remove_from_helper(helper=helper, person=person, by=request.user, now=timezone.now())
    messages.success(request, _("%(person)s n’agit plus pour %(helper)s.") % {"person": person, "helper": helper})
    return redirect("accounts:account" if person == request.user else "accounts:helpers")


@require_POST
@login_required
def grant(request: SignedInRequest, code: str) -> HttpResponse:
    """From the page of the team: without having been asked."""
    territory = get_object_or_404(permissions.territories_seen_by(request.user), code=code)
    helper = Helper.objects.filter(siren=request.POST.get("helper", "")).first()
    if helper is None:
        raise Refused(_("Choisissez la structure dans la liste."))
    actions.grant_mandate(helper=helper, territory=territory, by=request.user, now=timezone.now())
    messages.success(request, _("%(helper)s peut maintenant contribuer à vos dossiers.") % {"helper": helper})
    return redirect("accounts:team", code)


@require_POST
@login_required
def mandate(request: SignedInRequest, pk: int) -> HttpResponse:
    """`do`: accept, refuse or end."""
    mandate = get_object_or_404(permissions.mandates_seen_by(request.user), pk=pk)
    do, now = request.POST.get("do"), timezone.now()
    if do in ("accept", "refuse"):
        actions.answer_mandate(mandate=mandate, accepted=do == "accept", by=request.user, now=now)
        messages.success(
            request,
            _("Votre réponse est enregistrée : %(helper)s la verra à la page de ses mandats.")
            % {"helper": mandate.helper},
        )
    elif do == "end":
        actions.end_mandate(mandate=mandate, by=request.user, now=now)
        messages.success(request, _("Le mandat est terminé : l’accès est fermé."))
    else:
        raise Refused(_("La page est incomplète : rechargez-la."))
    if mandate.helper.people.contains(request.user):
        return redirect("accounts:helper", mandate.helper.siren)
    return redirect("accounts:team", mandate.territory.code)
