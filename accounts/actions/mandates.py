"""Helpers and their mandates: who may work on the files of a territory that is not theirs, with its consent."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import policies, queries
from accounts.actions import audit
from accounts.actions import people as actions
from accounts.doors import letters
from accounts.models import Helper, Mandate, Membership, MembershipState, Role, User
from accounts.permissions import (
    Right,
    check_can_consent,
    check_can_end_mandate,
    check_can_help,
    check_can_remove_from,
    check_may,
)
from accounts.refusals import NotNow
from territories.models import Territory


@transaction.atomic
def add_to_helper(*, siren: str, name: str, email: str, by: User, now: datetime) -> Helper:
    """The organiser, who has verified who they are, lets a person act for a helper; the helper is made when new."""
    check_may(by, Right.PEOPLE)
    helper, _made = Helper.objects.get_or_create(siren=siren, defaults={"name": name})
    person = actions.ensure_user(email=email, name="", function="", by=by)
    if helper.people.contains(person):
        return helper
    helper.people.add(person)
    audit.record(by=by, verb="helper.person_added", on=helper, person=person.pk)
    for mandate in helper.mandates.filter(state=MembershipState.ACTIVE).select_related("territory"):
        _let_in(mandate, [person], by=by, now=now)
    return helper


@transaction.atomic
def remove_from_helper(*, helper: Helper, person: User, by: User, now: datetime) -> None:
    """What they did through its mandates stays; they do no more."""
    check_can_remove_from(user=by, person=person)
    helper.people.remove(person)
    _shut_out(Membership.objects.filter(user=person, mandate__helper=helper), by=by, now=now)
    audit.record(by=by, verb="helper.person_removed", on=helper, person=person.pk)


@transaction.atomic
def ask_mandate(*, helper: Helper, territory: Territory, by: User, now: datetime) -> Mandate:
    """Ask a territory for a mandate: whoever signs for it answers."""
    check_can_help(user=by, helper=helper)
    mandate = _new(helper, territory, state=MembershipState.REQUESTED, asked_by=by, asked_at=now)
    audit.record(by=by, verb="mandate.requested", on=mandate, territory=territory.code, helper=helper.siren)
    for signatory in queries.signatories(territory=territory):
        letters.mandate_requested(mandate, to=signatory)
    return mandate


@transaction.atomic
def grant_mandate(*, helper: Helper, territory: Territory, by: User, now: datetime) -> Mandate:
    """Without having been asked."""
    check_can_consent(queries.membership_of(user=by, territory=territory))
    mandate = _new(helper, territory, state=MembershipState.REQUESTED, asked_by=by, asked_at=now)
    _decide(mandate, state=MembershipState.ACTIVE, by=by, now=now)
    return mandate


@transaction.atomic
def answer_mandate(*, mandate: Mandate, accepted: bool, by: User, now: datetime) -> Mandate:
    mandate = _locked(mandate)
    check_can_consent(queries.membership_of(user=by, territory=mandate.territory))
    policies.check_mandate_requested(mandate)
    _decide(mandate, state=MembershipState.ACTIVE if accepted else MembershipState.REFUSED, by=by, now=now)
    return mandate


@transaction.atomic
def end_mandate(*, mandate: Mandate, by: User, now: datetime) -> Mandate:
    """By either side, at once; a request that waits is withdrawn."""
    mandate = _locked(mandate)
    check_can_end_mandate(user=by, own=queries.membership_of(user=by, territory=mandate.territory), mandate=mandate)
    policies.check_mandate_alive(mandate)
    _set_state(mandate, state=MembershipState.ENDED, by=by, now=now)
    _shut_out(mandate.memberships.all(), by=by, now=now)
    both = queries.signatories(territory=mandate.territory) | User.objects.filter(helpers=mandate.helper)
    for person in both.exclude(pk=by.pk).distinct():
        letters.mandate_ended(mandate, to=person)
    return mandate


def _new(helper: Helper, territory: Territory, **fields: object) -> Mandate:
    if helper.mandates.filter(territory=territory, state__in=queries.ALIVE).exists():
        raise NotNow(_("Un mandat existe déjà ou attend une réponse entre cette structure et cette collectivité."))
    return Mandate.objects.create(helper=helper, territory=territory, **fields)


def _locked(mandate: Mandate) -> Mandate:
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("helper", "territory")
    return rows.get(pk=mandate.pk)


def _decide(mandate: Mandate, *, state: MembershipState, by: User, now: datetime) -> None:
    _set_state(mandate, state=state, by=by, now=now)
    people = list(mandate.helper.people.filter(is_active=True))
    if state == MembershipState.ACTIVE:
        _let_in(mandate, people, by=by, now=now)
    for person in people:
        letters.mandate_decided(mandate, to=person)


def _set_state(mandate: Mandate, *, state: MembershipState, by: User, now: datetime) -> None:
    mandate.state, mandate.decided_by, mandate.decided_at = state, by, now
    mandate.save()
    audit.record(
        by=by, verb=f"mandate.{state}", on=mandate, territory=mandate.territory.code, helper=mandate.helper.siren
    )


def _let_in(mandate: Mandate, people: Iterable[User], *, by: User | None, now: datetime) -> None:
    """As contributors; who is of the team already stays what they are there."""
    there = set(mandate.territory.memberships.filter(state__in=queries.ALIVE).values_list("user_id", flat=True))
    for person in people:
        if person.pk in there:
            continue
        membership = Membership.objects.create(
            user=person,
            territory=mandate.territory,
            role=Role.CONTRIBUTOR,
            state=MembershipState.ACTIVE,
            mandate=mandate,
            requested_at=now,
            decided_by=by,
            decided_at=now,
        )
        audit.record(
            by=by, verb="membership.active", on=membership, territory=mandate.territory.code, mandate=mandate.pk
        )


def _shut_out(memberships: QuerySet[Membership], *, by: User, now: datetime) -> None:
    for membership in memberships.filter(state=MembershipState.ACTIVE).select_related("territory"):
        actions.set_state(membership, state=MembershipState.ENDED, by=by, now=now)


@transaction.atomic
def follow(*, old: Territory, new: Territory, now: datetime) -> None:
    """A territory became part of another: whom it had mandated helps that one too, on the same terms, until either ends
    it. Twice is harmless."""
    for mandate in old.mandates.filter(state__in=queries.ALIVE).select_related("helper", "asked_by", "decided_by"):
        if mandate.helper.mandates.filter(territory=new, state__in=queries.ALIVE).exists():
            continue
        heir = Mandate.objects.create(
            helper=mandate.helper,
            territory=new,
            state=mandate.state,
            asked_at=mandate.asked_at,
            asked_by=mandate.asked_by,
            decided_at=mandate.decided_at,
            decided_by=mandate.decided_by,
        )
        audit.record(by=None, verb="mandate.followed", on=heir, territory=new.code, former=old.code)
        if heir.state == MembershipState.ACTIVE:
            _let_in(heir, heir.helper.people.filter(is_active=True), by=heir.decided_by, now=now)
