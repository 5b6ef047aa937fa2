"""Reads on people and the territories they act for."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Membership, MembershipState, User
from territories.models import Territory


def active_memberships(*, user: User) -> QuerySet[Membership]:
    return user.memberships.filter(state=MembershipState.ACTIVE).select_related("territory")


def has_membership(*, user: User) -> bool:
    """Requested ones count: the page that says « votre demande est en cours » must be in the menu."""
    return user.memberships.filter(state__in=[MembershipState.ACTIVE, MembershipState.REQUESTED]).exists()


def membership_of(*, user: User | AnonymousUser, territory: Territory) -> Membership | None:
    """The active membership of this person for this territory, if any: what rights are read from."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(user=user, territory=territory, state=MembershipState.ACTIVE).first()
