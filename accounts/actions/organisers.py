"""Who organises the label, in which role; and who looks at a person's files to help them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policies, queries
from accounts.actions import audit
from accounts.actions.people import create_user, ensure_user
from accounts.doors import letters
from accounts.models import OrganiserRole, User
from accounts.permissions import Right, check_may
from accounts.refusals import NotNow


@transaction.atomic
def create_organiser(*, email: str, name: str, function: str, password: str | None = None) -> User:
    """From the shell alone: the first organiser of a real start, or one more. A password given replaces the old one."""
    email = email.strip().lower()
    known = User.objects.filter(email__iexact=email).first()
    user = known or create_user(email=email, name=name, function=function, by=None)
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    _set_role(user, OrganiserRole.ORGANISER, by=None)
    return user


@transaction.atomic
def name_organiser(*, email: str, name: str, role: str, by: User) -> User:
    """Give a role with the organiser, or another than before; who has no account gets one."""
    check_may(by, Right.ORGANISERS)
    user = User.objects.select_for_update().get(pk=ensure_user(email=email, name=name, function="", by=by).pk)
    if user.organiser_role == role:
        raise NotNow(_("Cette personne a déjà ce rôle."))
    if role != OrganiserRole.ORGANISER:
        _check_another_organiser(user)
    _set_role(user, OrganiserRole(role), by=by)
    return user


@transaction.atomic
def end_organiser(*, user: User, by: User) -> None:
    """The account stays, without any right of the organiser."""
    if user != by:
        check_may(by, Right.ORGANISERS)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.organiser_role is None:
        raise NotNow(_("Cette personne n’organise plus le label."))
    _check_another_organiser(user)
    _set_role(user, None, by=by)


def _check_another_organiser(user: User) -> None:
    # Locked, so that two who leave at once do not leave nobody.
    others = list(queries.organisers().select_for_update().exclude(pk=user.pk))
    policies.check_somebody_organises(user, other_organisers=bool(others))


def _set_role(user: User, role: OrganiserRole | None, *, by: User | None) -> None:
    user.is_organiser = role == OrganiserRole.ORGANISER
    user.desk = role if role and not user.is_organiser else ""
    user.save(update_fields=["is_organiser", "desk"])
    if role is None:
        audit.record(by=by, verb="organiser.ended", on=user)
    else:
        audit.record(by=by, verb="organiser.named", on=user, role=role)
    if by is not None and by != user:
        letters.organiser_role(user, by=by)


@transaction.atomic
def look_as(*, person: User, reason: str, by: User, now: datetime) -> None:
    """See this person's files as they do, to help. The person is told, and why."""
    check_may(by, Right.HELP)
    policies.check_can_be_looked_at(person)
    audit.record(by=by, verb="user.looked_at", on=person, reason=reason)
    letters.looked_at(person, reason=reason, by=by, now=now)


@transaction.atomic
def stop_looking(*, person: User, by: User) -> None:
    audit.record(by=by, verb="user.left", on=person)
