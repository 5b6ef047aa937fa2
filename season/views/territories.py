"""What the official list changed, and what the organiser decides about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import Refused
from season import queries
from season.actions import territories as actions
from territories.models import Change, Territory

SHOWN = 200


@require_safe
@organiser_required
def territories(request: SignedInRequest) -> HttpResponse:
    changes = list(queries.changes()[:SHOWN])
    waiting = [(change, queries.open_files(change.territory)) for change in changes if change.settled_at is None]
    settled = [change for change in changes if change.settled_at is not None]
    return render(request, "season/territories.html", {"waiting": waiting, "settled": settled})


@require_POST
@organiser_required
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    """`decision`: hand the files over to the successor, name a successor, or nothing."""
    change = get_object_or_404(Change.objects.select_related("territory__successor"), pk=pk)
    by, now = request.user, timezone.now()
    match request.POST.get("decision"):
        case "hand_over":
            actions.hand_over(change=change, by=by, now=now)
            messages.success(request, _("Les dossiers se poursuivent au nom de la nouvelle collectivité."))
        case "successor":
            code = request.POST.get("successor", "").strip().upper()
            successor = Territory.objects.filter(code=code, ended_on=None).first()
            if successor is None:
                raise Refused(_("Aucune collectivité de la liste n’a ce code."))
            actions.name_successor(change=change, successor=successor, by=by, now=now)
            messages.success(request, _("C’est enregistré : un courriel est écrit aux personnes concernées."))
        case "done":
            actions.leave(change=change, by=by, now=now)
        case _other:
            raise Refused(_("Choisissez ce qu’il faut faire."))
    return redirect("season:territories")
