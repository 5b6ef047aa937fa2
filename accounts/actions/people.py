"""Every change about people, their rights and their keys: one transaction each, with its trace and its mails."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies, queries
from accounts.actions import audit
from accounts.doors import forgetting, letters
from accounts.jobs import erasures
from accounts.models import Invitation, Membership, MembershipState, Pace, Role, Scope, Token, User
from accounts.permissions import (
    Right,
    check_can_cancel,
    check_can_end,
    check_can_erase,
    check_can_invite,
    check_may,
    may,
)
from accounts.refusals import NotNow, Refused
from accounts.rules.digests import digest
from outbox import jobs
from outbox.jobs import mail
from outbox.models import Job, Mail
from territories.models import Territory

# People


@transaction.atomic
def register(*, user: User, name: str, function: str, invitation: Invitation | None, now: datetime) -> None:
    """Complete a sign-up. Who came by an invitation joins at once, if it still holds and was sent to this address."""
    change_details(name=name, function=function, by=user)
    if invitation is not None:
        try:
            accept_invitation(invitation=invitation, by=user, now=now)
        except Refused:
            # The page of the invitation says why; the account is good all the same.
            return


def note_sign_in(*, user: User, methods: Iterable[str]) -> None:
    """`methods`: what the person proved who they are with."""
    audit.record(by=user, verb="user.signed_in", on=user, methods=", ".join(methods))


def note_failed_second_factor(*, user: User) -> None:
    """The password was the right one."""
    audit.record(by=None, verb="second_factor.failed", on=user)


def note_account_change(*, user: User, told: str) -> None:
    """Of one's own account, by the name of the sign-in package's mail that tells its owner; passwords have a line
    already."""
    match told.rpartition("/")[2]:
        case "email_changed":
            audit.record(by=user, verb="user.address_changed", on=user)
        case "email_confirm":
            audit.record(by=user, verb="user.address_confirmed", on=user)
        case "email_deleted":
            audit.record(by=user, verb="user.address_removed", on=user)
        case "totp_activated":
            audit.record(by=user, verb="second_factor.added", on=user, methods="totp")
        case "webauthn_added":
            audit.record(by=user, verb="second_factor.added", on=user, methods="webauthn")
        case "totp_deactivated":
            audit.record(by=user, verb="second_factor.removed", on=user, methods="totp")
        case "webauthn_removed":
            audit.record(by=user, verb="second_factor.removed", on=user, methods="webauthn")
        case "recovery_codes_generated":
            audit.record(by=user, verb="second_factor.codes_made", on=user)
        case "account_connected":
            audit.record(by=user, verb="user.provider_connected", on=user)


def note_failed_sign_in(*, email: str) -> None:
    """Of nobody's account too, without the address that was tried: it is told, and the answer takes as long."""
    user = User.objects.filter(email__iexact=email).first() or User()
    audit.record(by=None, verb="user.sign_in_failed", on=user)


@transaction.atomic
def offer_way_in(*, email: str, now: datetime) -> None:
    """After too many wrong passwords: tell the owner, once an hour, with a link that lets them in."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is not None:
        audit.record(by=None, verb="user.tries_slowed", on=user)
        letters.way_in(user, now=now)


@transaction.atomic
def change_details(*, name: str, function: str, by: User) -> None:
    by.name, by.function = name, function
    by.save(update_fields=["name", "function"])
    audit.record(by=by, verb="user.details_changed", on=by)


@transaction.atomic
def choose_pace(*, user: User, pace: Pace) -> None:
    """How often this person is told of what colleagues give them to do; by themselves, or by a link of such a mail."""
    user.pace = pace
    user.save(update_fields=["pace"])
    audit.record(by=user, verb="user.pace_chosen", on=user, pace=pace)


@transaction.atomic
def ask_second_factor(*, user: User, now: datetime) -> None:
    """Of a role that needs one; the days begin."""
    user.second_factor_by = now + timedelta(days=settings.SECOND_FACTOR_DAYS)
    user.save(update_fields=["second_factor_by"])
    audit.record(by=None, verb="second_factor.asked", on=user)


@transaction.atomic
def ensure_user(*, email: str, name: str, function: str, by: User | None) -> User:
    """The account of this address; made when there is none, without a password, with a mail to choose one.

    The address counts as confirmed: nobody gets in without the link that is sent to it."""
    email = email.strip().lower()
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    user = create_user(email=email, name=name, function=function, by=by)
    letters.account_created(user)
    return user


def create_user(*, email: str, name: str, function: str, by: User | None) -> User:
    user = User.objects.create_user(email, name=name, function=function)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    audit.record(by=by, verb="user.created", on=user)
    return user


@transaction.atomic
def erase_user(*, user: User, by: User, now: datetime) -> None:
    """The person goes, what they did stays: name, function, address, password and keys are gone for good, memberships
    end. Answers, rulings and the trail keep an account without a name."""
    check_can_erase(user=by, person=user)
    user = User.objects.select_for_update().get(pk=user.pk)
    others = queries.organisers().exclude(pk=user.pk).exists()
    policies.check_can_be_erased(user, other_organisers=others)
    for membership in user.memberships.filter(state__in=queries.ALIVE).select_related("user", "territory"):
        set_state(membership, state=MembershipState.ENDED, by=by, now=now)
    user.memberships.update(message="")
    user.helpers.clear()
    Invitation.objects.filter(invited_by=user, accepted_at=None, cancelled_at=None).update(cancelled_at=now)
    address = f"compte-{user.pk}@efface.invalid"
    Invitation.objects.filter(email__iexact=user.email, accepted_at=None, cancelled_at=None).update(cancelled_at=now)
    Invitation.objects.filter(email__iexact=user.email).update(email=address)
    mail.forget(user.email, address)
    for forget in forgetting.FORGET:
        forget(user.email, address)
    EmailAddress.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.tokens.all().delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    # To files, see `assessments.models`.
    user.visits.all().delete()
    user.email, user.name, user.function = address, _("Compte effacé"), ""
    user.is_active = user.is_organiser = False
    user.desk = ""
    user.set_unusable_password()
    user.save()
    audit.record(by=by, verb="user.erased", on=user)
    erasures.note.schedule(user=user.pk)


def end_sessions(*, sessions: Iterable[UserSession], by: User) -> int:
    """One's own elsewhere, or those of somebody whose device is lost; returns how many."""
    count = 0
    for session in sessions:
        with transaction.atomic():
            session.end()
            audit.record(by=by, verb="user.session_ended", on=session.user)
        count += 1
    return count


@transaction.atomic
def reset_second_factor(*, user: User, by: User) -> None:
    """Of somebody who lost it, once the organiser has made sure who asks: the password alone opens until another is
    chosen, and whoever found the device is out."""
    check_may(by, Right.ORGANISERS)
    lost = Authenticator.objects.filter(user=user)
    methods = ", ".join(sorted(set(lost.values_list("type", flat=True))))
    if not methods:
        raise NotNow(_("Cette personne n’a pas de second facteur."))
    lost.delete()
    audit.record(by=by, verb="second_factor.removed", on=user, methods=methods)
    end_sessions(sessions=UserSession.objects.filter(user=user), by=by)
    letters.second_factor_reset(user)


# Memberships


@transaction.atomic
def request_membership(*, territory: Territory, role: str, message: str, by: User) -> Membership:
    """Ask the organiser to act for this territory."""
    if territory.ended_on is not None:
        raise NotNow(_("Cette collectivité n’est plus dans la liste officielle\u202f: cherchez celle d’aujourd’hui."))
    alive = by.memberships.filter(territory=territory, state__in=queries.ALIVE).first()
    if alive is not None and alive.state == MembershipState.ACTIVE:
        raise NotNow(_("Vous faites déjà partie de l’équipe de cette collectivité."))
    if alive is not None:
        raise NotNow(_("Votre demande pour cette collectivité est déjà en cours d’examen."))
    membership = Membership.objects.create(user=by, territory=territory, role=role, message=message)
    audit.record(by=by, verb="membership.requested", on=membership, territory=territory.code, role=role)
    for organiser in queries.organisers():
        letters.membership_requested(membership, to=organiser)
    return membership


@transaction.atomic
def approve_membership(*, membership: Membership, replaces: Iterable[Membership] = (), by: User) -> Membership:
    """`replaces`: those whose right to sign ends with it, as when a mayor follows another."""
    _decide(membership, state=MembershipState.ACTIVE, reason="", by=by)
    for former in replaces:
        if former.territory_id == membership.territory_id and former.role == Role.SIGNATORY:
            reason = _("%(person)s signe désormais pour la collectivité.") % {"person": membership.user}
            end_membership(membership=former, reason=reason, by=by)
    return membership


def refuse_membership(*, membership: Membership, reason: str, by: User) -> Membership:
    return _decide(membership, state=MembershipState.REFUSED, reason=reason, by=by)


@transaction.atomic
def _decide(membership: Membership, *, state: MembershipState, reason: str, by: User) -> Membership:
    check_may(by, Right.PEOPLE)
    membership = _locked(membership)
    policies.check_request_pending(membership)
    set_state(membership, state=state, reason=reason, by=by, now=timezone.now())
    letters.membership_decided(membership)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, reason: str = "") -> Membership:
    """Leave, or be removed; what the person had asked is withdrawn, their open invitations are cancelled."""
    membership = _locked(membership)
    own = queries.membership_of(user=by, territory=membership.territory)
    check_can_end(user=by, own=own, membership=membership)
    policies.check_membership_alive(membership)
    set_state(membership, state=MembershipState.ENDED, reason=reason, by=by, now=timezone.now())
    sent = Invitation.objects.filter(territory=membership.territory, invited_by=membership.user)
    if not may(membership.user, Right.PEOPLE):
        sent.filter(accepted_at=None, cancelled_at=None).update(cancelled_at=timezone.now())
    if by != membership.user:
        letters.membership_ended(membership)
    return membership


@transaction.atomic
def attach(*, user: User, territories: Iterable[Territory], role: str, by: User, now: datetime) -> int:
    """The organiser attaches a person to territories without a request, as for an operator shared by many communes.

    Those where the person is attached already are left as they are; returns how many were added."""
    check_may(by, Right.PEOPLE)
    have = set(user.memberships.filter(state__in=queries.ALIVE).values_list("territory_id", flat=True))
    active = {"role": role, "state": MembershipState.ACTIVE, "decided_by": by, "decided_at": now}
    added = Membership.objects.bulk_create(
        Membership(user=user, territory=territory, **active) for territory in territories if territory.pk not in have
    )
    if added:
        audit.record(by=by, verb="membership.attached", on=user, role=role, territories=len(added))
    return len(added)


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "territory")
    return rows.get(pk=membership.pk)


def set_state(membership: Membership, *, state: MembershipState, by: User, now: datetime, reason: str = "") -> None:
    """For the actions of this package, inside theirs; the mandate that it follows from is told in the trail."""
    membership.state, membership.reason = state, reason
    membership.decided_by, membership.decided_at = by, now
    membership.save()
    mandate = {"mandate": membership.mandate_id} if membership.mandate_id else {}
    audit.record(by=by, verb=f"membership.{state}", on=membership, territory=membership.territory.code, **mandate)


# Invitations


@transaction.atomic
def invite(*, territory: Territory, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Send a link that makes its reader join, for thirty days and one use. Only its digest is kept."""
    own = queries.membership_of(user=by, territory=territory)
    signed = queries.signatories(territory=territory).exists()
    check_can_invite(user=by, membership=own, role=role, signed=signed)
    email = email.strip().lower()
    if queries.team(territory=territory).filter(user__email__iexact=email, mandate=None).exists():
        raise NotNow(_("Cette personne est déjà rattachée à la collectivité."))
    waiting = territory.invitations.filter(email__iexact=email, accepted_at=None, cancelled_at=None)
    if waiting.filter(expires_at__gt=now).exists():
        raise NotNow(_("Une invitation attend déjà une réponse à cette adresse. Annulez-la pour en envoyer une autre."))
    invitation, _secret = _new_invitation(territory=territory, email=email, role=role, by=by, now=now)
    letters.invitation(invitation)
    return invitation


@transaction.atomic
def open_invitation(*, territory: Territory, email: str, role: str, by: User, now: datetime) -> str:
    """The secret of an invitation for who holds another proof that the address is theirs: no mail leaves. It takes the
    place of the one that waited there."""
    check_can_invite(user=by, membership=queries.membership_of(user=by, territory=territory), role=role)
    return _new_invitation(territory=territory, email=email.strip().lower(), role=role, by=by, now=now)[1]


def _new_invitation(*, territory: Territory, email: str, role: str, by: User, now: datetime) -> tuple[Invitation, str]:
    """Alone of its kind: those that waited for this address are cancelled."""
    waiting = territory.invitations.filter(email__iexact=email, accepted_at=None, cancelled_at=None)
    waiting.update(cancelled_at=now)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        territory=territory,
        email=email,
        role=role,
        secret_digest=digest(secret),
        invited_by=by,
        created_at=now,
        expires_at=now + policies.INVITATION_LIFE,
    )
    audit.record(by=by, verb="invitation.sent", on=invitation, territory=territory.code, role=role)
    return invitation, secret


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    check_can_cancel(user=by, own=queries.membership_of(user=by, territory=invitation.territory))
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    policies.check_invitation_cancellable(invitation)
    invitation.cancelled_at = now
    invitation.save(update_fields=["cancelled_at"])
    audit.record(by=by, verb="invitation.cancelled", on=invitation)
    return invitation


def _vouches(invitation: Invitation) -> bool:
    """Does who invited answer for the right to sign: the organiser, or someone who surely signs?"""
    own = queries.membership_of(user=invitation.invited_by, territory=invitation.territory)
    return _signs(own) or may(invitation.invited_by, Right.PEOPLE)


def _signs(own: Membership | None) -> bool:
    """For sure, and now."""
    if own is None or own.state != MembershipState.ACTIVE:
        return False
    return own.role == Role.SIGNATORY and not own.to_confirm


@transaction.atomic
def confirm_signature(*, membership: Membership, by: User) -> None:
    """The organiser has looked: this person does sign. Twice is harmless."""
    check_may(by, Right.PEOPLE)
    if Membership.objects.filter(pk=membership.pk, to_confirm=True).update(to_confirm=False):
        audit.record(by=by, verb="membership.confirmed", on=membership)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Join, in the role that was offered. A pending request of the same person is answered by it."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    policies.check_invitation_open(invitation, now=now)
    policies.check_invitation_is_for(invitation, user=by)
    invitation.accepted_at, invitation.accepted_by = now, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    alive = by.memberships.filter(territory=invitation.territory, state__in=queries.ALIVE).first()
    membership = alive or Membership(user=by, territory=invitation.territory)
    membership.to_confirm = invitation.role == Role.SIGNATORY and not _signs(alive) and not _vouches(invitation)
    membership.role, membership.state = invitation.role, MembershipState.ACTIVE
    membership.mandate = None
    membership.decided_by, membership.decided_at = invitation.invited_by, now
    membership.save()
    audit.record(by=by, verb="invitation.accepted", on=invitation, membership=membership.pk)
    letters.invitation_accepted(invitation, by=by)
    return membership


# Keys of the API, tasks of the outbox


@transaction.atomic
def create_token(
    *, name: str, by: User, scope: str = Scope.WRITE, expires_at: datetime | None = None
) -> tuple[Token, str]:
    """The key's row and its secret, which is never shown again."""
    secret = f"aro_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(user=by, name=name, scope=scope, expires_at=expires_at, digest=digest(secret))
    audit.record(by=by, verb="token.created", on=token, scope=scope)
    return token, secret


@transaction.atomic
def revoke_token(*, token: Token, by: User, now: datetime) -> None:
    """Revoking twice changes nothing."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        audit.record(by=by, verb="token.revoked", on=token)


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> None:
    """The keys end with the password that they were made under: whoever had it may have made one."""
    user.set_password(password)
    user.save()
    audit.record(by=user, verb="user.password_changed", on=user)
    for token in user.tokens.filter(revoked_at=None):
        revoke_token(token=token, by=user, now=now)


@transaction.atomic
def retry_jobs(*, failed: Iterable[Job], by: User) -> int:
    """Give failed tasks another life; returns how many."""
    check_may(by, Right.OUTBOX)
    count = 0
    for job in failed:
        jobs.retry(job)
        audit.record(by=by, verb="job.retried", on=job, key=job.key)
        count += 1
    return count


@transaction.atomic
def note_bounce(*, message: Mail, said: str, by: User) -> bool:
    """It came back to the mailbox that answers are written to; False when it had not left. `said`: what the return
    tells."""
    check_may(by, Right.OUTBOX)
    if not mail.came_back(message, said=said.strip() or _("Revenu à l’expéditeur.")):
        return False
    audit.record(by=by, verb="mail.bounced", on=message, key=message.key)
    return True


@transaction.atomic
def send_mail_again(*, message: Mail, by: User) -> bool:
    """Of a message that was kept, refused or lost; False while it still waits to leave."""
    check_may(by, Right.OUTBOX)
    if not mail.send_again(message):
        return False
    audit.record(by=by, verb="mail.sent_again", on=message, key=message.key)
    return True
