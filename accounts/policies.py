"""Does the state allow it? Each check raises with the reason."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import Invitation, Mandate, Membership, MembershipState, User
from accounts.refusals import NotAllowed, NotNow

INVITATION_LIFE = timedelta(days=30)


def check_invitation_open(invitation: Invitation, *, now: datetime) -> None:
    if invitation.accepted_at:
        raise NotNow(_("Cette invitation a déjà été acceptée : elle ne sert qu’une fois."))
    if invitation.cancelled_at:
        raise NotNow(_("Cette invitation a été annulée. Demandez-en une nouvelle à qui vous l’a envoyée."))
    if invitation.expires_at <= now:
        raise NotNow(_("Cette invitation a expiré. Demandez-en une nouvelle à qui vous l’a envoyée."))


def check_invitation_is_for(invitation: Invitation, *, user: User | AnonymousUser) -> None:
    """Someone not signed in yet may be the right person."""
    if user.is_authenticated and user.email.lower() != invitation.email.lower():
        raise NotAllowed(
            _("Cette invitation est faite à une autre adresse que la vôtre. Connectez-vous avec l’adresse invitée.")
        )


def check_invitation_cancellable(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.cancelled_at:
        raise NotNow(_("Cette invitation n’est plus en attente."))


def check_can_be_erased(user: User, *, other_organisers: bool) -> None:
    if not user.is_active:
        raise NotNow(_("Ce compte est déjà effacé."))
    check_somebody_organises(user, other_organisers=other_organisers)


def check_somebody_organises(user: User, *, other_organisers: bool) -> None:
    """Without this person."""
    if user.is_organiser and not other_organisers:
        raise NotNow(_("Une seule personne organise le label : nommez-en une autre d’abord."))


def check_request_pending(membership: Membership) -> None:
    if membership.state != MembershipState.REQUESTED:
        raise NotNow(_("Cette demande a déjà été traitée."))


def check_mandate_requested(mandate: Mandate) -> None:
    if mandate.state != MembershipState.REQUESTED:
        raise NotNow(_("Cette demande de mandat a déjà reçu une réponse."))


def check_mandate_alive(mandate: Mandate) -> None:
    if mandate.state not in (MembershipState.REQUESTED, MembershipState.ACTIVE):
        raise NotNow(_("Ce mandat est déjà terminé."))


def check_membership_alive(membership: Membership) -> None:
    if membership.state not in (MembershipState.REQUESTED, MembershipState.ACTIVE):
        raise NotNow(_("Ce rattachement est déjà terminé."))


def check_can_be_looked_at(person: User) -> None:
    """Only who works on files: an organiser's pages, and a jury's, are nobody else's."""
    if not person.is_active or person.organiser_role is not None:
        raise NotNow(_("Ce compte est effacé, ou la personne organise le label : ses pages ne s’ouvrent à personne."))
