"""The season’s mails, and words about mails: the trial message, what a server answered."""

import smtplib
import ssl
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.doors import links
from accounts.models import User
from instance import queries as instance
from instance.queries import Label
from outbox import mail
from season.models import HelpRequest
from territories.models import Change


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


def help_asked(asked: HelpRequest) -> tuple[str, str]:
    """Subject and text of the mail to the organiser."""
    return _("Besoin d’aide : %(page)s") % {"page": asked.page}, _(
        "Bonjour,\n\n%(email)s demande de l’aide à la page %(link)s :\n\n%(text)s\n\n"
        "Pour répondre, écrivez à %(email)s.\n"
    ) % {"email": asked.email, "link": f"{settings.SITE_URL}{asked.page}", "text": asked.text}


def territory_ended(change: Change, *, to: User) -> None:
    """To who acted for a territory that is no longer in being."""
    successor = change.territory.successor
    _send(
        "territory_ended",
        key=f"change:{change.pk}:{successor.code if successor else ''}:{to.pk}",
        to=to,
        subject=_("%(name)s dans la nouvelle liste officielle") % {"name": change.old_name},
        change=change,
        successor=successor,
        link=links.absolute("accounts:join") + f"?q={successor.code}" if successor else "",
    )


def list_changed(changes: Sequence[Change], *, to: User) -> None:
    waiting = [change for change in changes if change.settled_at is None]
    _send(
        "list_changed",
        key=f"load:{changes[0].load_id}:{to.pk}",
        to=to,
        subject=_("La liste des communes a changé"),
        changes=changes,
        waiting=waiting,
        link=links.absolute("season:territories"),
    )


def _send(name: str, *, key: str, to: User, subject: str, **context: object) -> None:
    text = render_to_string(f"season/mail/{name}.txt", {**context, "instance": instance.current()})
    mail.queue(key=key, to=to.email, subject=subject, text=text.strip() + "\n")
