"""The mails about people. Each has a key: the same news is written once to the same person."""

from datetime import UTC, datetime
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import Invitation, Mandate, Membership, MembershipState, User
from documents import french
from outbox.doors.letters import absolute, letter
from outbox.jobs import mail

REQUESTED = letter(
    "accounts.membership_requested",
    about=lazy("Rattachement demandé : à qui l’examine"),
    subject=lazy("Demande de rattachement : {commune}"),
    text=lazy(
        "{personne} ({fonction}, {adresse}) demande un rattachement {à commune} ({insee}).\nAccès demandé : "
        "{accès}.\n\n"
        "Son message :\n{message}\n\nPour l’approuver ou la refuser :\n{lien}"
    ),
)
ACCEPTED = letter(
    "accounts.membership_accepted",
    about=lazy("Rattachement accepté : à qui l’a demandé"),
    subject=lazy("Votre rattachement {à commune}"),
    text=lazy(
        "Votre demande est acceptée : vous avez rejoint {commune}. Votre accès : {accès}.\n\nPour commencer :\n{lien}"
    ),
)
REFUSED = letter(
    "accounts.membership_refused",
    about=lazy("Rattachement refusé : à qui l’a demandé"),
    subject=lazy("Votre rattachement {à commune}"),
    text=lazy(
        "Votre demande de rattachement {à commune} n’a pas été acceptée.\n\nLe motif :\n{motif}\n\n"
        "Vous pouvez faire une nouvelle demande si la situation change."
    ),
)
ENDED = letter(
    "accounts.membership_ended",
    about=lazy("Fin d’un rattachement"),
    subject=lazy("Fin de votre rattachement {à commune}"),
    text=lazy(
        "{personne} a mis fin à votre rattachement {à commune}. Vous n’accédez plus à ses dossiers ; ce que vous y "
        "avez "
        "écrit est conservé."
    ),
)
MANDATE_REQUESTED = letter(
    "accounts.mandate_requested",
    about=lazy("Mandat demandé : à qui signe pour la collectivité"),
    subject=lazy("{structure} propose d’aider {commune}"),
    text=lazy(
        "{structure} (SIREN {siren}) propose d’aider {commune} à remplir ses dossiers. La demande vient de {personne}, "
        "{adresse}.\n\nSi vous l’acceptez, ses agents pourront répondre et joindre des preuves, jamais déposer la "
        "candidature. Vous pourrez y mettre fin à tout moment.\n\nPour accepter ou refuser :\n{lien}"
    ),
)
MANDATE_GIVEN = letter(
    "accounts.mandate_given",
    about=lazy("Mandat accordé : à la structure qui accompagne"),
    subject=lazy("Mandat {de commune}"),
    text=lazy(
        "{commune} confie un mandat à {structure} : {personne} a donné son accord. Vous pouvez répondre et joindre des "
        "preuves dans ses dossiers ; elle seule dépose sa candidature.\n\nPour commencer :\n{lien}"
    ),
)
MANDATE_REFUSED = letter(
    "accounts.mandate_refused",
    about=lazy("Mandat refusé : à la structure qui accompagne"),
    subject=lazy("Mandat {de commune}"),
    text=lazy("{commune} n’a pas accepté le mandat demandé par {structure}."),
)
MANDATE_ENDED = letter(
    "accounts.mandate_ended",
    about=lazy("Fin d’un mandat"),
    subject=lazy("Fin du mandat : {structure}, {commune}"),
    text=lazy(
        "{personne} a mis fin au mandat de {structure} pour {commune}. Ses agents n’accèdent plus aux dossiers "
        "{de commune} ; ce qu’ils y ont écrit est conservé."
    ),
)
INVITATION = letter(
    "accounts.invitation",
    about=lazy("Invitation dans l’équipe d’une collectivité"),
    subject=lazy("Invitation à rejoindre {commune}"),
    text=lazy(
        "{personne} vous invite à rejoindre {commune} pour sa candidature au label. Votre accès : {accès}.\n\n"
        "Pour accepter, ouvrez ce lien. Il est personnel : ne le transmettez pas.\n{lien}\n\n"
        "Il est valable jusqu’au {jour} et ne sert qu’une fois. Si vous n’attendiez pas cette invitation, ignorez ce "
        "message."
    ),
)
INVITATION_ACCEPTED = letter(
    "accounts.invitation_accepted",
    about=lazy("Invitation acceptée : à qui avait invité"),
    subject=lazy("{personne} a rejoint {commune}"),
    text=lazy("{personne} ({adresse}) a accepté votre invitation et rejoint {commune}. Son accès : {accès}."),
)
ACCOUNT_CREATED = letter(
    "accounts.account_created",
    about=lazy("Compte ouvert par l’organisation"),
    subject=lazy("Votre compte {label}"),
    text=lazy(
        "Un compte {label} vient d’être ouvert à votre adresse.\n\nPour choisir votre mot de passe, ouvrez ce lien "
        "dans "
        "les trois jours. Il est personnel : ne le transmettez pas.\n{lien}\n\n"
        "Passé ce délai, demandez un nouveau lien ici :\n{second lien}"
    ),
)
ROLE_GIVEN = letter(
    "accounts.organiser_role",
    about=lazy("Rôle confié dans l’organisation"),
    subject=lazy("Votre rôle dans l’organisation du label {label}"),
    text=lazy("{personne} vous a confié un rôle dans l’organisation du label : {rôle}.\n\n{lien}"),
)
ROLE_ENDED = letter(
    "accounts.organiser_role_ended",
    about=lazy("Fin d’un rôle dans l’organisation"),
    subject=lazy("Votre rôle dans l’organisation du label {label}"),
    text=lazy("{personne} a mis fin à votre rôle dans l’organisation du label. Votre compte reste ouvert."),
)
LOOKED_AT = letter(
    "accounts.looked_at",
    about=lazy("Dossiers ouverts pour aider quelqu’un"),
    subject=lazy("Vos dossiers ont été ouverts pour vous aider"),
    text=lazy(
        "{personne}, de l’équipe qui organise le label, vient d’ouvrir vos dossiers comme vous les voyez, pour vous "
        "aider. Rien ne peut y être modifié ainsi.\n\nLa raison donnée : {motif}\n\n"
        "Si vous n’avez rien demandé, répondez-nous : cette visite est inscrite au journal."
    ),
)
TRAIL_HEAD = letter(
    "accounts.trail_head",
    about=lazy("Empreinte du journal, chaque jour, à l’organisation"),
    subject=lazy("Empreinte du journal, {jour}"),
    text=lazy(
        "Gardez ce courriel : il prouve, s’il le faut un jour, que rien n’a été retiré ni réécrit dans le journal "
        "avant "
        "aujourd’hui.\n\n{empreinte}\n\nSignature :\n{signature}\n\nPour vérifier, sur le serveur :\n"
        "python manage.py verify_audit --expect {empreinte} --signature {signature}"
    ),
)
WAY_IN = letter(
    "accounts.way_in",
    about=lazy("Plusieurs essais de connexion ont échoué"),
    subject=lazy("Plusieurs essais de connexion à votre compte"),
    text=lazy(
        "Plusieurs essais de connexion à votre compte {label} viennent d’échouer : le mot de passe n’était pas le "
        "bon.\n\n"
        "Si c’était vous, ce lien personnel vous fait choisir un autre mot de passe et entrer tout de suite. Il sert "
        "une "
        "fois, pendant trois jours :\n{lien}\n\n"
        "Si ce n’était pas vous, vous n’avez rien à faire : ces essais sont ralentis, et personne n’est entré."
    ),
)
SECOND_FACTOR_RESET = letter(
    "accounts.second_factor_reset",
    about=lazy("Second facteur retiré par l’organisateur"),
    subject=lazy("Votre second facteur a été retiré"),
    text=lazy(
        "L’organisateur de {label} vient de retirer le second facteur de votre compte, comme on le lui a demandé, et a "
        "déconnecté tous vos appareils. Votre mot de passe suffit de nouveau ; choisissez vite un autre second "
        "facteur :\n{lien}\n\n"
        "Si vous n’avez rien demandé, écrivez-nous tout de suite."
    ),
)
CONFIRM_ADDRESS = letter(
    "account.email_confirmation",
    about=lazy("Adresse à confirmer"),
    subject=lazy("Confirmez votre adresse pour {label}"),
    text=lazy(
        "Pour confirmer que cette adresse est la vôtre, ouvrez ce lien, puis appuyez sur le bouton de la page "
        ":\n{lien}"
        "\n\nSi vous n’avez rien demandé, ignorez ce message : rien ne se fera."
    ),
)
PASSWORD_FORGOTTEN = letter(
    "account.password_reset_key",
    about=lazy("Mot de passe oublié"),
    subject=lazy("Votre mot de passe {label}"),
    text=lazy(
        "Pour choisir un nouveau mot de passe, ouvrez ce lien dans les trois jours. Il est personnel : ne le "
        "transmettez pas.\n{lien}\n\nSi vous n’avez rien demandé, ignorez ce message : votre mot de passe ne "
        "change pas."
    ),
)

# What else the sign-in package writes, by the name of its template.
_OURS = {
    "account/email/account_already_exists": letter(
        "account.account_already_exists",
        about=lazy("Inscription avec une adresse qui a déjà un compte"),
        subject=lazy("Vous avez déjà un compte {label}"),
        text=lazy(
            "Quelqu’un, vous peut-être, a voulu créer un compte avec {adresse}. Vous en avez déjà un : "
            "connectez-vous. Si "
            "vous avez oublié votre mot de passe, choisissez-en un nouveau ici :\n{lien}\n\n"
            "Si ce n’était pas vous, ignorez ce message."
        ),
    ),
    "account/email/unknown_account": letter(
        "account.unknown_account",
        about=lazy("Mot de passe demandé pour une adresse sans compte"),
        subject=lazy("Pas de compte {label} à cette adresse"),
        text=lazy(
            "Quelqu’un, vous peut-être, a demandé un nouveau mot de passe pour {adresse}. Aucun compte n’existe à "
            "cette "
            "adresse : essayez une autre de vos adresses, ou créez un compte ici :\n{lien}\n\n"
            "Si ce n’était pas vous, ignorez ce message."
        ),
    ),
    "account/email/email_changed": letter(
        "account.email_changed",
        about=lazy("Adresse remplacée"),
        subject=lazy("Votre adresse a changé"),
        text=lazy(
            "L’adresse de votre compte vient d’être remplacée par une autre.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "account/email/email_confirm": letter(
        "account.email_confirm",
        about=lazy("Adresse confirmée"),
        subject=lazy("Votre adresse est confirmée"),
        text=lazy(
            "L’adresse de votre compte vient d’être confirmée.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "account/email/email_deleted": letter(
        "account.email_deleted",
        about=lazy("Adresse retirée"),
        subject=lazy("Une adresse a été retirée"),
        text=lazy(
            "Une adresse vient d’être retirée de votre compte.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "account/email/password_changed": letter(
        "account.password_changed",
        about=lazy("Mot de passe changé"),
        subject=lazy("Votre mot de passe a changé"),
        text=lazy(
            "Le mot de passe de votre compte vient d’être changé.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "account/email/password_reset": letter(
        "account.password_reset",
        about=lazy("Mot de passe choisi de nouveau"),
        subject=lazy("Votre mot de passe a changé"),
        text=lazy(
            "Le mot de passe de votre compte vient d’être choisi de nouveau, par le lien d’un courriel.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "account/email/password_set": letter(
        "account.password_set",
        about=lazy("Mot de passe choisi"),
        subject=lazy("Votre mot de passe est choisi"),
        text=lazy(
            "Un mot de passe vient d’être choisi pour votre compte.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "mfa/email/recovery_codes_generated": letter(
        "mfa.recovery_codes_generated",
        about=lazy("Codes de secours refaits"),
        subject=lazy("Nouveaux codes de secours"),
        text=lazy(
            "De nouveaux codes de secours viennent d’être faits pour votre compte ; les anciens ne servent plus.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "mfa/email/totp_activated": letter(
        "mfa.totp_activated",
        about=lazy("Second facteur : application en service"),
        subject=lazy("Second facteur en service"),
        text=lazy(
            "Une application d’authentification vient d’être mise en service pour votre compte.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "mfa/email/totp_deactivated": letter(
        "mfa.totp_deactivated",
        about=lazy("Second facteur : application arrêtée"),
        subject=lazy("Second facteur arrêté"),
        text=lazy(
            "L’application d’authentification de votre compte vient d’être arrêtée.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "mfa/email/webauthn_added": letter(
        "mfa.webauthn_added",
        about=lazy("Second facteur : clé ajoutée"),
        subject=lazy("Une clé a été ajoutée"),
        text=lazy(
            "Une clé vient d’être ajoutée à votre compte.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
    "mfa/email/webauthn_removed": letter(
        "mfa.webauthn_removed",
        about=lazy("Second facteur : clé retirée"),
        subject=lazy("Une clé a été retirée"),
        text=lazy(
            "Une clé vient d’être retirée de votre compte.\n\n"
            "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe ici :\n{lien}"
        ),
    ),
}


def of_sign_in(template: str, *, to: str) -> bool:
    """Write one of the sign-in package’s mails in our words; False for one that we know nothing of."""
    if template not in _OURS:
        return False
    page = "account_signup" if template == "account/email/unknown_account" else "account_reset_password"
    mail.write(_OURS[template], {"adresse": to, "lien": absolute(page)}, key=f"sign-in:{uuid4()}", to=to)
    return True


def confirm_address(address: EmailAddress) -> None:
    mail.write(CONFIRM_ADDRESS, {}, key=f"sign-in:{uuid4()}", to=address.email, opens=address)


def password_forgotten(user: User, *, to: str) -> None:
    mail.write(PASSWORD_FORGOTTEN, {}, key=f"sign-in:{uuid4()}", to=to, opens=user)


def membership_requested(membership: Membership, *, to: User) -> None:
    person = membership.user
    told = {
        "personne": str(person),
        "fonction": person.function,
        "adresse": person.email,
        "accès": membership.get_role_display(),
        "message": membership.message or _("(aucun)"),
        "lien": absolute("accounts:request", membership.pk),
    }
    key = f"membership:{membership.pk}:requested:{to.pk}"
    mail.write(REQUESTED, _where(membership) | told, key=key, to=to.email)


def membership_decided(membership: Membership) -> None:
    accepted = membership.state == MembershipState.ACTIVE
    told = {
        "accès": membership.get_role_display(),
        "motif": membership.reason,
        "lien": absolute("start"),
    }
    mail.write(
        ACCEPTED if accepted else REFUSED,
        _where(membership) | told,
        key=f"membership:{membership.pk}:decided",
        to=membership.user.email,
    )


def membership_ended(membership: Membership) -> None:
    told = {"personne": str(membership.decided_by)}
    key = f"membership:{membership.pk}:ended"
    mail.write(ENDED, _where(membership) | told, key=key, to=membership.user.email)


def mandate_requested(mandate: Mandate, *, to: User) -> None:
    told = {
        "siren": mandate.helper.siren,
        "personne": str(mandate.asked_by),
        "adresse": mandate.asked_by.email,
        "lien": absolute("accounts:team", mandate.territory.code),
    }
    key = f"mandate:{mandate.pk}:requested:{to.pk}"
    mail.write(MANDATE_REQUESTED, _mandate(mandate) | told, key=key, to=to.email)


def mandate_decided(mandate: Mandate, *, to: User) -> None:
    told = {"personne": str(mandate.decided_by), "lien": absolute("start")}
    given = mandate.state == MembershipState.ACTIVE
    key = f"mandate:{mandate.pk}:decided:{to.pk}"
    mail.write(MANDATE_GIVEN if given else MANDATE_REFUSED, _mandate(mandate) | told, key=key, to=to.email)


def mandate_ended(mandate: Mandate, *, to: User) -> None:
    told = {"personne": str(mandate.decided_by)}
    mail.write(MANDATE_ENDED, _mandate(mandate) | told, key=f"mandate:{mandate.pk}:ended:{to.pk}", to=to.email)


def invitation(invitation: Invitation) -> None:
    told = {
        "personne": str(invitation.invited_by),
        "accès": invitation.get_role_display(),
        "jour": french.day(timezone.localdate(invitation.expires_at)),
    }
    key = f"invitation:{invitation.pk}"
    mail.write(INVITATION, _where(invitation) | told, key=key, to=invitation.email, opens=invitation)


def invitation_accepted(invitation: Invitation, *, by: User) -> None:
    told = {"personne": str(by), "adresse": invitation.email, "accès": invitation.get_role_display()}
    key = f"invitation:{invitation.pk}:accepted"
    mail.write(INVITATION_ACCEPTED, _where(invitation) | told, key=key, to=invitation.invited_by.email)


def account_created(user: User) -> None:
    told = {"second lien": absolute("account_reset_password")}
    mail.write(ACCOUNT_CREATED, told, key=f"user:{user.pk}:created", to=user.email, opens=user)


def organiser_role(user: User, *, by: User) -> None:
    """A role given, changed or ended: each is news of its own."""
    role = user.organiser_role
    told = {"personne": str(by), "rôle": str(role.label) if role else "", "lien": absolute("start")}
    mail.write(ROLE_GIVEN if role else ROLE_ENDED, told, key=f"user:{user.pk}:organiser:{uuid4()}", to=user.email)


def looked_at(person: User, *, reason: str, by: User, now: datetime) -> None:
    key = f"user:{person.pk}:looked-at:{now.timestamp()}"
    mail.write(LOOKED_AT, {"personne": str(by), "motif": reason}, key=key, to=person.email)


def trail_head(user: User, *, day: str, mark: str, signature: str) -> None:
    told = {"jour": day, "empreinte": mark, "signature": signature}
    mail.write(TRAIL_HEAD, told, key=f"trail:{day}:{user.pk}", to=user.email)


def way_in(user: User, *, now: datetime) -> None:
    key = f"user:{user.pk}:way-in:{now.astimezone(UTC):%Y-%m-%dT%H}"
    mail.write(WAY_IN, {}, key=key, to=user.email, opens=user)


def second_factor_reset(user: User) -> None:
    mail.write(
        SECOND_FACTOR_RESET,
        {"lien": absolute("mfa_index")},
        key=f"user:{user.pk}:second-factor-reset:{uuid4()}",
        to=user.email,
    )


def _where(row: Membership | Invitation) -> dict[str, str]:
    name = row.territory.name
    return {"commune": name, "à commune": french.at(name), "de commune": french.of(name), "insee": row.territory.code}


def _mandate(mandate: Mandate) -> dict[str, str]:
    name = mandate.territory.name
    return {"commune": name, "de commune": french.of(name), "structure": str(mandate.helper)}
