"""Words about mails: the trial message, and what a server answered."""

import smtplib
import ssl

from django.conf import settings
from django.utils.translation import gettext as _

from instance.queries import Label
from season.models import HelpRequest


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
