"""What the organiser decides about a territory that is no longer in being."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as people
from accounts.actions import audit, mandates
from accounts.models import Membership, MembershipState, Role, User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow
from assessments.actions import applications
from jury.actions import recusals
from season import queries
from season.doors import letters
from territories.actions import settle, succeed
from territories.models import Change, Territory


@transaction.atomic
def hand_over(*, change: Change, by: User, now: datetime) -> None:
    """Its files that are not over go on in the name of its successor, with the people who wrote them; nobody becomes a
    signatory that way. Refused where the successor has a file of the same edition."""
    _begin(change, by, now)
    old, successor = change.territory, change.territory.successor
    if successor is None:
        raise NotNow(_("Dites d’abord dans quelle collectivité elle est aujourd’hui."))
    for file in queries.open_files(old):
        applications.hand_over(application=file, to=successor, by=by, now=now)
    for membership in Membership.objects.filter(territory=old, state=MembershipState.ACTIVE, mandate=None):
        role = Role.READER if membership.role == Role.READER else Role.CONTRIBUTOR
        people.attach(user=membership.user, territories=[successor], role=role, by=by, now=now)


@transaction.atomic
def name_successor(*, change: Change, successor: Territory, by: User, now: datetime) -> None:
    """What the list did not say. Rights follow and people are told, as when it says it; files are still to decide."""
    check_can_organise(by)
    succeed(ended=change.territory, successor=successor)
    change.refresh_from_db()
    mandates.follow(old=change.territory, new=successor, now=now)
    recusals.follow(old=change.territory, new=successor, now=now)
    for membership in Membership.objects.filter(territory=change.territory, state=MembershipState.ACTIVE):
        letters.territory_ended(change, to=membership.user)
    audit.record(by=by, verb="territory.successor_named", on=change.territory, successor=successor.code)


@transaction.atomic
def leave(*, change: Change, by: User, now: datetime) -> None:
    """Nothing is to be done."""
    _begin(change, by, now)


def _begin(change: Change, by: User, now: datetime) -> None:
    check_can_organise(by)
    if not settle(change=change, now=now):
        raise NotNow(_("Cette question est déjà réglée."))
    audit.record(by=by, verb="territory.settled", on=change.territory)
