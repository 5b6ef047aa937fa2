"""The mails about people. Each has a key: the same news is written once to the same person."""

from datetime import UTC, datetime
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.doors import links
from accounts.models import Invitation, Mandate, Membership, User
from documents import french
from instance import queries as instance
from outbox import mail


def membership_requested(membership: Membership, *, to: User) -> None:
    _send(
        "membership_requested",
        key=f"membership:{membership.pk}:requested:{to.pk}",
        to=to.email,
        subject=_("Demande de rattachement : %(territory)s") % {"territory": membership.territory.name},
        membership=membership,
        link=links.absolute("accounts:request", membership.pk),
    )


def membership_decided(membership: Membership) -> None:
    _send(
        "membership_decided",
        key=f"membership:{membership.pk}:decided",
        to=membership.user.email,
        subject=_("Votre rattachement %(where)s") % {"where": french.at(membership.territory.name)},
        membership=membership,
        link=links.absolute("start"),
    )


def membership_ended(membership: Membership) -> None:
    _send(
        "membership_ended",
        key=f"membership:{membership.pk}:ended",
        to=membership.user.email,
        subject=_("Fin de votre rattachement %(where)s") % {"where": french.at(membership.territory.name)},
        membership=membership,
    )


def mandate_requested(mandate: Mandate, *, to: User) -> None:
    _send(
        "mandate_requested",
        key=f"mandate:{mandate.pk}:requested:{to.pk}",
        to=to.email,
        subject=_("%(helper)s propose d’aider %(territory)s")
        % {"helper": mandate.helper, "territory": mandate.territory.name},
        mandate=mandate,
        link=links.absolute("accounts:team", mandate.territory.code),
    )


def mandate_decided(mandate: Mandate, *, to: User) -> None:
    _send(
        "mandate_decided",
        key=f"mandate:{mandate.pk}:decided:{to.pk}",
        to=to.email,
        subject=_("Mandat %(whose)s") % {"whose": french.of(mandate.territory.name)},
        mandate=mandate,
        link=links.absolute("start"),
    )


def mandate_ended(mandate: Mandate, *, to: User) -> None:
    _send(
        "mandate_ended",
        key=f"mandate:{mandate.pk}:ended:{to.pk}",
        to=to.email,
        subject=_("Fin du mandat : %(helper)s, %(territory)s")
        % {"helper": mandate.helper, "territory": mandate.territory.name},
        mandate=mandate,
    )


def invitation(invitation: Invitation, *, secret: str) -> None:
    _send(
        "invitation",
        key=f"invitation:{invitation.pk}",
        to=invitation.email,
        subject=_("Invitation à rejoindre %(territory)s") % {"territory": invitation.territory.name},
        invitation=invitation,
        link=links.absolute("accounts:invitation", secret),
    )


def invitation_accepted(invitation: Invitation, *, by: User) -> None:
    _send(
        "invitation_accepted",
        key=f"invitation:{invitation.pk}:accepted",
        to=invitation.invited_by.email,
        subject=_("%(person)s a rejoint %(territory)s") % {"person": by, "territory": invitation.territory.name},
        invitation=invitation,
        person=by,
    )


def account_created(user: User) -> None:
    _send(
        "account_created",
        key=f"user:{user.pk}:created",
        to=user.email,
        subject=_("Votre compte %(label)s") % {"label": instance.current().name},
        user=user,
        link=links.choose_password(user),
        again=links.absolute("account_reset_password"),
    )


def organiser_role(user: User, *, by: User) -> None:
    """A role given, changed or ended: each is news of its own."""
    _send(
        "organiser_role",
        key=f"user:{user.pk}:organiser:{uuid4()}",
        to=user.email,
        subject=_("Votre rôle dans l’organisation du label %(label)s") % {"label": instance.current().name},
        role=user.organiser_role,
        by=by,
        link=links.absolute("start"),
    )


def looked_at(person: User, *, reason: str, by: User, now: datetime) -> None:
    _send(
        "looked_at",
        key=f"user:{person.pk}:looked-at:{now.timestamp()}",
        to=person.email,
        subject=_("Vos dossiers ont été ouverts pour vous aider"),
        by=by,
        reason=reason,
    )


def trail_head(user: User, *, day: str, mark: str, signature: str) -> None:
    _send(
        "trail_head",
        key=f"trail:{day}:{user.pk}",
        to=user.email,
        subject=_("Empreinte du journal, %(day)s") % {"day": day},
        mark=mark,
        signature=signature,
    )


def way_in(user: User, *, now: datetime) -> None:
    _send(
        "way_in",
        key=f"user:{user.pk}:way-in:{now.astimezone(UTC):%Y-%m-%dT%H}",
        to=user.email,
        subject=_("Plusieurs essais de connexion à votre compte"),
        user=user,
        link=links.choose_password(user),
    )


def _send(name: str, *, key: str, to: str, subject: str, **context: object) -> None:
    text = render_to_string(f"accounts/mail/{name}.txt", {**context, "instance": instance.current()})
    mail.queue(key=key, to=to, subject=subject, text=text.strip() + "\n")
