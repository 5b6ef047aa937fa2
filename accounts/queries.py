"""Reads on people and the territories they act for."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import AuditEntry, Helper, Invitation, Mandate, Membership, MembershipState, Role, User
from accounts.rules.digests import digest
from outbox.models import Mail
from territories.models import Territory

ALIVE = [MembershipState.ACTIVE, MembershipState.REQUESTED]


def active_memberships(*, user: User) -> QuerySet[Membership]:
    return user.memberships.filter(state=MembershipState.ACTIVE).select_related("territory")


def requested_memberships(*, user: User) -> QuerySet[Membership]:
    """What this person asked for and nobody has answered."""
    rows = user.memberships.filter(state=MembershipState.REQUESTED).select_related("territory")
    return rows.order_by("requested_at", "pk")


def on_files() -> Q:
    """Of a person: in a team or a helper. Requested memberships count: the page that says so must be in the menu."""
    memberships = Membership.objects.filter(user=OuterRef("pk"), state__in=ALIVE)
    return Q(Exists(memberships) | Exists(Helper.people.through.objects.filter(user=OuterRef("pk"))))


def works_on_files(*, user: User) -> bool:
    return User.objects.filter(on_files(), pk=user.pk).exists()


def membership_of(*, user: User | AnonymousUser, territory: Territory) -> Membership | None:
    """The active membership of this person for this territory, if any: what rights are read from."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(user=user, territory=territory, state=MembershipState.ACTIVE).first()


def own_memberships(*, user: User) -> QuerySet[Membership]:
    """All of them, past and refused too, the latest first."""
    return user.memberships.select_related("territory__department", "mandate__helper").order_by("-requested_at", "-pk")


def kept_about(*, user: User) -> dict[str, QuerySet[Any]]:
    """All that the service keeps about a person, for themselves: the fields of `pages.own.document`."""
    return {
        "memberships": own_memberships(user=user),
        "helpers": helpers_of(user=user),
        "tokens": user.tokens.order_by("created_at"),
        "providers": SocialAccount.objects.filter(user=user),
        "sessions": UserSession.objects.filter(user=user).order_by("-last_seen_at"),
        "mails": Mail.objects.filter(to__iexact=user.email),
        "trail": AuditEntry.objects.filter(actor_id=user.pk).order_by("at", "pk"),
    }


def team(*, territory: Territory) -> QuerySet[Membership]:
    """Who acts for this territory now."""
    rows = territory.memberships.filter(state=MembershipState.ACTIVE)
    return rows.select_related("user", "mandate__helper").order_by("user__name", "pk")


def signatures_to_confirm() -> QuerySet[Membership]:
    """Who signs for a territory by the invitation of a colleague, the oldest first: the organiser has yet to look."""
    rows = Membership.objects.filter(to_confirm=True, state=MembershipState.ACTIVE)
    return rows.select_related("user", "territory__department", "decided_by").order_by("decided_at", "pk")


def signatories(*, territory: Territory) -> QuerySet[User]:
    return User.objects.filter(
        memberships__territory=territory,
        memberships__role=Role.SIGNATORY,
        memberships__state=MembershipState.ACTIVE,
    )


def mandates(*, territory: Territory) -> QuerySet[Mandate]:
    """Those that wait for an answer or stand."""
    rows = territory.mandates.filter(state__in=ALIVE).select_related("helper", "asked_by")
    return rows.order_by("helper__name", "pk")


def mandates_of(helper: Helper) -> QuerySet[Mandate]:
    """Past and refused ones too, by territory, the latest first."""
    rows = helper.mandates.select_related("territory__department", "decided_by")
    return rows.order_by("territory__sort_key", "territory__code", "-pk")


def helpers_of(*, user: User) -> QuerySet[Helper]:
    """Those for which this person acts."""
    return user.helpers.order_by("name")


def helpers_at_work(*, user: User) -> QuerySet[Helper]:
    """The same; their `mandates` are those alone that wait for an answer or stand, by territory."""
    alive = Mandate.objects.filter(state__in=ALIVE).select_related("territory__department")
    rows = alive.order_by("territory__sort_key", "territory__code")
    return helpers_of(user=user).prefetch_related(Prefetch("mandates", rows))


def helpers_free_for(territory: Territory) -> QuerySet[Helper]:
    """Those that have no mandate there, asked or standing."""
    return Helper.objects.exclude(mandates__in=territory.mandates.filter(state__in=ALIVE)).order_by("name", "pk")


def acting_for(*, territory: Territory) -> dict[int, Helper]:
    """By person: the helper for which they work, or worked, on the files of this territory."""
    rows = territory.memberships.filter(mandate__isnull=False).select_related("mandate__helper").order_by("pk")
    return {row.user_id: row.mandate.helper for row in rows if row.mandate}


def open_invitations(*, territory: Territory, now: datetime) -> QuerySet[Invitation]:
    rows = territory.invitations.filter(accepted_at=None, cancelled_at=None, expires_at__gt=now)
    return rows.select_related("invited_by").order_by("-created_at", "-pk")


def invitation_by_secret(secret: str) -> Invitation | None:
    rows = Invitation.objects.select_related("territory__department", "invited_by", "accepted_by")
    return rows.filter(secret_digest=digest(secret)).first()


def has_account(email: str) -> bool:
    return User.objects.filter(email__iexact=email).exists()


def people(*, q: str) -> QuerySet[User]:
    """The accounts whose address, name or function has these words, by name; none without a word."""
    if not q:
        return User.objects.none()
    words = Q(email__icontains=q) | Q(name__icontains=q) | Q(function__icontains=q)
    found = User.objects.filter(words, is_active=True).order_by("name", "email")
    return found.annotate(has_second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))


def organisers() -> QuerySet[User]:
    return User.objects.filter(is_organiser=True, is_active=True)


def desk() -> QuerySet[User]:
    """Everybody who has a role with the organiser, those with all rights first."""
    rows = User.objects.filter(Q(is_organiser=True) | ~Q(desk=""), is_active=True)
    return rows.order_by("-is_organiser", "-desk", "name", "email")


def requests(*, state: str) -> QuerySet[Membership]:
    """Requests to join in this state: those that wait, the oldest first; the others, the latest decision first."""
    rows = Membership.objects.filter(state=state).select_related("user", "territory__department", "decided_by")
    return rows.order_by("requested_at", "pk") if state == MembershipState.REQUESTED else rows.order_by("-decided_at")


def trail(*, q: str, verbs: Iterable[str] = (), models: Iterable[str] = ()) -> QuerySet[AuditEntry]:
    """The latest first; `q` is in the verb, the detail or names the object, or a person who did it or to whom it was
    done has it in name or address. `verbs`, `models`: what it means in French."""
    rows = AuditEntry.objects.order_by("-at", "-pk")
    if not q:
        return rows
    people = User.objects.filter(Q(name__icontains=q) | Q(email__icontains=q))
    said = Q(verb__icontains=q) | Q(object_type__icontains=q) | Q(object_id=q) | Q(verb__in=verbs)
    on = Q(object_type=User._meta.label, object_id__in=people.annotate(key=Cast("pk", CharField())).values("key"))
    # SQLite keeps JSON with its accents escaped.
    told = Q(told__icontains=q) | Q(told__icontains=json.dumps(q)[1:-1]) | Q(object_type__in=models)
    rows = rows.annotate(told=Cast("detail", TextField()))
    return rows.filter(said | on | told | Q(actor_id__in=people.values("pk")))
