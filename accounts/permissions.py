"""May this person? Each check raises with the reason; nobody learns more from a page than from the refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import Membership, Role
from accounts.refusals import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def organiser_required(view: View[P]) -> View[P]:
    """Pages of the organiser: sign in first; anyone else learns nothing of them."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_organiser:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def check_can_write(membership: Membership) -> None:
    if membership.role == Role.READER:
        raise NotAllowed(_("Votre accès est en lecture : demandez un accès en contribution pour modifier ce dossier."))


def check_can_sign(membership: Membership) -> None:
    if membership.role != Role.SIGNATORY:
        raise NotAllowed(_("Seule une personne qui signe pour la collectivité peut déposer la candidature."))
