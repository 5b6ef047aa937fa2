"""The season’s mails, and words about mails: the trial message, what a server answered."""

import smtplib
import ssl
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.models import User
from instance.queries import Label
from outbox.doors.letters import absolute, letter
from outbox.jobs import mail
from season.models import HelpRequest
from territories.models import Change

HELP_ASKED = letter(
    "season.help_asked",
    about=lazy("« Besoin d’aide » : à l’organisation"),
    subject=lazy("Besoin d’aide : {page}"),
    text=lazy("{adresse} demande de l’aide à la page {lien} :\n\n{message}\n\nPour répondre, écrivez à {adresse}."),
)
CLAIMED_FALSE = letter(
    "season.claimed_false",
    about=lazy("Signalement d’une affirmation fausse : à l’organisation"),
    subject=lazy("Signalement : {page}"),
    text=lazy(
        "{adresse} signale une affirmation fausse à la page {lien} :\n\n{message}\n\n"
        "Pour répondre, écrivez à {adresse}."
    ),
)
TERRITORY_MERGED = letter(
    "season.territory_merged",
    about=lazy("Collectivité réunie à une autre"),
    subject=lazy("{commune} dans la nouvelle liste officielle"),
    text=lazy(
        "Selon la nouvelle liste officielle, {commune} est aujourd’hui dans {nouvelle commune}. Ses résultats et ses "
        "dossiers passés restent en ligne ; un dossier en cours ne peut plus être déposé sous son nom.\n\n"
        "Pour agir désormais pour {nouvelle commune}, demandez à rejoindre son équipe :\n{lien}"
    ),
)
TERRITORY_ENDED = letter(
    "season.territory_ended",
    about=lazy("Collectivité sortie de la liste officielle"),
    subject=lazy("{commune} dans la nouvelle liste officielle"),
    text=lazy(
        "{commune} ne figure plus dans la nouvelle liste officielle. Ses résultats et ses dossiers passés restent en "
        "ligne. L’organisation du label vous dira ce qu’il advient d’un dossier en cours."
    ),
)
LIST_CHANGED = letter(
    "season.list_changed",
    about=lazy("Nouvelle liste des communes : à l’organisation"),
    subject=lazy("La liste des communes a changé"),
    text=lazy(
        "La nouvelle liste officielle change {changements}. Une décision de votre part est attendue pour {décisions}."
        "\n\n{lien}"
    ),
)


def trial_subject(label: Label) -> str:
    return _("Essai de %(name)s") % {"name": label.name}


def trial_text(label: Label, *, code: str) -> str:
    return _(
        "Bonjour,\n\nCe message est un essai : il montre que les courriels de %(name)s arrivent.\n\n"
        "Code à recopier dans la page des réglages : %(code)s\n"
    ) % {"name": label.name, "code": code}


def why(error: Exception) -> str:
    """What to check, then the server's own words."""
    match error:
        case smtplib.SMTPAuthenticationError():
            advice = _("Le serveur refuse l’identifiant ou le mot de passe.")
        case smtplib.SMTPSenderRefused():
            advice = _("Le serveur refuse l’adresse d’expédition.")
        case smtplib.SMTPRecipientsRefused():
            advice = _("Le serveur refuse l’adresse du destinataire.")
        case smtplib.SMTPNotSupportedError():
            advice = _("Le serveur ne propose pas ce chiffrement, ou pas d’identification.")
        case ssl.SSLError():
            advice = _("Le chiffrement n’a pas pu s’établir : vérifiez le chiffrement choisi et le port.")
        case TimeoutError():
            advice = _("Le serveur n’a pas répondu à temps : vérifiez son nom et le port.")
        case smtplib.SMTPException():
            advice = _("Le serveur n’a pas accepté le message.")
        case _other:
            advice = _("Le serveur est injoignable : vérifiez son nom et le port.")
    return _("%(advice)s Sa réponse : %(answer)s") % {"advice": advice, "answer": _answer(error)}


def _answer(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {said.decode(errors='replace')}" for code, said in error.recipients.values())
    return str(error)


def help_asked(asked: HelpRequest, *, to: User) -> None:
    told = {
        "adresse": asked.email,
        "page": asked.page,
        "lien": f"{settings.SITE_URL}{asked.page}",
        "message": asked.text,
    }
    mail.write(CLAIMED_FALSE if asked.claim else HELP_ASKED, told, key=f"help:{asked.pk}:{to.pk}", to=to.email)


def territory_ended(change: Change, *, to: User) -> None:
    """To who acted for a territory that is no longer in being."""
    successor = change.territory.successor
    told = {
        "commune": change.old_name,
        "nouvelle commune": successor.name if successor else "",
        "lien": absolute("accounts:join") + f"?q={successor.code}" if successor else "",
    }
    key = f"change:{change.pk}:{successor.code if successor else ''}:{to.pk}"
    mail.write(TERRITORY_MERGED if successor else TERRITORY_ENDED, told, key=key, to=to.email)


def list_changed(changes: Sequence[Change], *, to: User) -> None:
    waiting = sum(change.settled_at is None for change in changes)
    told = {
        "changements": _territories(len(changes)),
        "décisions": _territories(waiting),
        "lien": absolute("season:territories"),
    }
    mail.write(LIST_CHANGED, told, key=f"load:{changes[0].load_id}:{to.pk}", to=to.email)


def _territories(n: int) -> str:
    return ngettext("%(n)s collectivité", "%(n)s collectivités", n) % {"n": n}
