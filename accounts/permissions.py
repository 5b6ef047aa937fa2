"""May this person? Whoever asks asks here: what the organiser's people may do, by role, and who acts for a territory.

Each check raises with the reason; nobody learns more from a page than from the refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django_htmx.middleware import HtmxDetails

from accounts.models import Helper, Invitation, Mandate, Membership, MembershipState, OrganiserRole, Role, User
from accounts.refusals import NotAllowed
from territories.models import Territory

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """The request of a page behind `login_required`: the user is a person."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


class Right(TextChoices):
    """Each is a sentence of the page « Qui peut faire quoi »."""

    FIGURES = "figures", lazy("Suivre l’édition : tableaux de bord, chiffres et exports")
    PEOPLE = "people", lazy("Répondre aux demandes de rattachement, inviter, retirer un rattachement")
    OUTBOX = "outbox", lazy("Voir les courriels et les tâches, relancer celles qui ont échoué")
    HELP = "help", lazy("Voir les dossiers d’une personne à sa place, pour l’aider, sans rien modifier")
    SEASON = "season", lazy("Conduire l’édition : calendrier, référentiel, jury, messages, publication")
    TRAIL = "trail", lazy("Lire le journal de tout ce qui a été fait")
    ORGANISERS = "organisers", lazy("Nommer et retirer celles et ceux qui organisent, effacer un compte")


RIGHTS = {
    OrganiserRole.ORGANISER: frozenset(Right),
    OrganiserRole.SUPPORT: frozenset({Right.FIGURES, Right.PEOPLE, Right.OUTBOX, Right.HELP}),
    OrganiserRole.FIGURES: frozenset({Right.FIGURES}),
}


def rights_of(user: User | AnonymousUser) -> frozenset[Right]:
    """None for who does not organise."""
    if not user.is_authenticated or user.organiser_role is None:
        return frozenset()
    return RIGHTS[user.organiser_role]


def may(user: User | AnonymousUser, right: Right) -> bool:
    return right in rights_of(user)


def check_may(user: User, right: Right) -> None:
    if not may(user, right):
        raise NotAllowed(_("Cette action revient à l’organisateur du label."))


def right_required(right: Right) -> Callable[[View[P]], View[P]]:
    """Pages of the organiser: sign in first. A colleague without this right is told; anyone else learns nothing."""

    def decorate(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.user.organiser_role is None:
                raise Http404
            check_may(request.user, right)
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def confirmed_again(view: View[P]) -> View[P]:
    """The password or the second factor was given in the last minutes: a borrowed session is not enough."""
    return cast("View[P]", reauthentication_required(view))


def organiser_required(view: View[P]) -> View[P]:
    """The pages that conduct the season."""
    return right_required(Right.SEASON)(view)


def check_can_write(membership: Membership) -> None:
    if membership.role == Role.READER:
        raise NotAllowed(_("Votre accès est en lecture : demandez un accès en contribution pour modifier ce dossier."))


def check_can_sign(membership: Membership) -> None:
    if membership.role != Role.SIGNATORY:
        raise NotAllowed(_("Seule une personne qui signe pour la collectivité peut déposer la candidature."))


def check_can_organise(user: User) -> None:
    check_may(user, Right.SEASON)


def check_can_invite(*, user: User, membership: Membership | None, role: str, signed: bool = True) -> None:
    """Nobody gives more than they have, but for one thing: where nobody signs yet (`signed`), who writes the file may
    invite the person who will, whom the organiser confirms."""
    if may(user, Right.PEOPLE):
        return
    if membership is None:
        raise NotAllowed(_("Vous ne faites pas, ou plus, partie de l’équipe de cette collectivité."))
    if membership.mandate_id:
        raise NotAllowed(_("Vous aidez cette collectivité par un mandat : c’est à elle d’inviter ses collègues."))
    if role == Role.SIGNATORY and membership.role == Role.CONTRIBUTOR and not signed:
        return
    if Role.values.index(role) < Role.values.index(membership.role):
        raise NotAllowed(
            _(
                "Vous ne pouvez pas donner plus de droits que vous n’en avez. La personne peut demander elle-même son "
                "rattachement : l’organisateur vérifiera sa demande."
            )
        )


def may_invite(*, user: User, membership: Membership | None, role: str, signed: bool) -> bool:
    try:
        check_can_invite(user=user, membership=membership, role=role, signed=signed)
    except NotAllowed:
        return False
    return True


def check_can_cancel(*, user: User, own: Membership | None) -> None:
    """Who may invite may cancel an invitation; a reader changes nothing of the team."""
    if may(user, Right.PEOPLE):
        return
    if own is not None and own.mandate_id:
        raise NotAllowed(_("Vous aidez cette collectivité par un mandat : ses invitations ne dépendent que d’elle."))
    if own is None or own.role == Role.READER:
        raise NotAllowed(
            _("Votre accès est en lecture : demandez à une personne qui contribue d’annuler cette invitation.")
        )


def check_can_erase(*, user: User, person: User) -> None:
    if user != person and not may(user, Right.ORGANISERS):
        raise NotAllowed(_("Chacun efface son propre compte ; l’organisateur peut effacer celui d’une autre personne."))


def check_can_consent(own: Membership | None) -> None:
    """To a mandate: it opens the files of the territory to others."""
    if not _signs_for_sure(own):
        raise NotAllowed(_("Seule une personne qui signe pour la collectivité peut accorder ou refuser un mandat."))


def _signs_for_sure(own: Membership | None) -> bool:
    """What changes the rights of others waits until the organiser has confirmed who signs."""
    return own is not None and own.role == Role.SIGNATORY and not own.to_confirm


def check_can_help(*, user: User, helper: Helper) -> None:
    if not helper.people.contains(user):
        raise NotAllowed(_("Vous ne faites pas ou plus partie de cette structure."))


def check_can_end_mandate(*, user: User, own: Membership | None, mandate: Mandate) -> None:
    """Either side, at once: who signs for the territory, and the people of the helper."""
    if mandate.helper.people.contains(user):
        return
    if own is None or own.role != Role.SIGNATORY:
        raise NotAllowed(_("Seule une personne qui signe pour la collectivité peut mettre fin à un mandat."))


def check_can_remove_from(*, user: User, person: User) -> None:
    if user != person and not may(user, Right.PEOPLE):
        raise NotAllowed(_("Chacun quitte sa structure ; l’organisateur peut en retirer une autre personne."))


def check_can_end(*, user: User, own: Membership | None, membership: Membership) -> None:
    """One leaves freely; a colleague is removed by someone who signs, or by the organiser."""
    if may(user, Right.PEOPLE) or membership.user_id == user.pk:
        return
    if not _signs_for_sure(own):
        raise NotAllowed(_("Seule une personne qui signe pour la collectivité peut retirer un rattachement."))


# --- which rows: a stranger finds none


def memberships_seen_by(user: User) -> QuerySet[Membership]:
    """One's own, those of one's colleagues, or all for the organiser; a stranger finds none."""
    rows = Membership.objects.select_related("user", "territory")
    if may(user, Right.PEOPLE):
        return rows
    return rows.filter(Q(user=user) | Q(territory__in=_territories_of(user)))


def invitations_seen_by(user: User) -> QuerySet[Invitation]:
    rows = Invitation.objects.select_related("territory", "invited_by")
    return rows if may(user, Right.PEOPLE) else rows.filter(territory__in=_territories_of(user))


def territories_seen_by(user: User) -> QuerySet[Territory]:
    """Whose team this person may see."""
    rows = Territory.objects.select_related("department")
    return rows if may(user, Right.PEOPLE) else rows.filter(pk__in=_territories_of(user))


def mandates_seen_by(user: User) -> QuerySet[Mandate]:
    """Of one's own helper, or of the territories whose team one belongs to."""
    rows = Mandate.objects.select_related("helper", "territory")
    return rows.filter(Q(helper__people=user) | Q(territory__in=_territories_of(user))).distinct()


def _territories_of(user: User) -> QuerySet[Membership, int]:
    return Membership.objects.filter(user=user, state=MembershipState.ACTIVE).values_list("territory_id", flat=True)
