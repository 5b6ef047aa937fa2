"""The mails about a file: one question asked of somebody, and the receipt of a submission."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from accounts.doors import links
from accounts.models import User
from assessments import policies
from assessments.models import Application, Enquiry, Scorecard
from documents import french
from outbox.doors.letters import absolute, letter
from outbox.jobs import mail
from outbox.models import StoredFile

QUESTION = letter(
    "assessments.question",
    about=lazy("Question posée par lien à quelqu’un du dehors"),
    subject=lazy("Une question pour vous : {commune}"),
    text=lazy(
        "{personne} prépare la candidature {de commune} au label et vous pose une question :\n\n{question}\n\n"
        "Pour répondre, ouvrez ce lien. Il est personnel et ne demande pas de compte.\n{lien}\n\n"
        "Il est valable jusqu’au {jour} et ne sert qu’une fois. Si cette question n’est pas pour vous, ignorez ce "
        "message."
    ),
)
REPLIED = letter(
    "assessments.replied",
    about=lazy("Réponse à une question posée par lien"),
    subject=lazy("Une réponse est arrivée"),
    text=lazy(
        "{adresse} a répondu à votre question :\n\n{question}\n\n"
        "Relisez la réponse, puis reprenez-la dans le dossier si elle convient :\n{lien}"
    ),
)
NEWS = letter(
    "assessments.news",
    about=lazy("Question confiée à quelqu’un, ou commentée là où cette personne travaille"),
    subject=lazy("{commune} : du nouveau pour vous"),
    text=lazy(
        "Dans le dossier {de commune}, édition {édition} :\n\n{nouvelles}\n\nPour y répondre :\n{lien}\n\n"
        "Recevoir ces courriels une fois par jour, ou plus du tout, se choisit dans « Mon compte ». Pour ne plus en "
        "recevoir :\n{second lien}"
    ),
)
RECEIPT = letter(
    "assessments.receipt",
    about=lazy("Accusé de dépôt"),
    subject=lazy("Candidature {édition} déposée : {commune}"),
    text=lazy(
        "La candidature {de commune} à l’édition {édition} a été déposée le {jour}. L’accusé de dépôt est joint à ce "
        "message.\n\nEmpreinte du dossier : {empreinte}\n\n"
        "Le dossier ne se modifie plus ; vous pouvez le relire à tout moment :\n{lien}\n\n"
        "L’accusé porte notre cachet : à qui vous l’envoyez, ce fichier se vérifie ici :\n{second lien}"
    ),
)


def question(enquiry: Enquiry, *, text: str) -> None:
    told = {
        "personne": str(enquiry.asked_by),
        "question": text,
        "jour": french.day(timezone.localdate(enquiry.expires_at)),
    }
    key = f"enquiry:{enquiry.pk}"
    mail.write(QUESTION, _whose(enquiry.application) | told, key=key, to=enquiry.email, opens=enquiry)


def replied(enquiry: Enquiry, *, application: Application, part: str, text: str) -> None:
    code, year = application.territory.code, application.edition.year
    told = {
        "adresse": enquiry.email,
        "question": text,
        "lien": absolute("assessments:together", code, year, part, enquiry.question_id),
    }
    mail.write(REPLIED, told, key=f"enquiry:{enquiry.pk}:replied", to=enquiry.asked_by.email)


def news(application: Application, person: User, lines: Sequence[str], *, key: str) -> None:
    code, year = application.territory.code, application.edition.year
    told = {
        "édition": str(year),
        "nouvelles": "\n".join(f"- {line}" for line in lines),
        "lien": absolute("assessments:application", code, year),
        "second lien": links.stop(person),
    }
    mail.write(NEWS, _whose(application) | told, key=key, to=person.email, stop=links.stop(person))


def receipt(scorecard: Scorecard, *, to: str, attachments: Sequence[tuple[str, StoredFile]]) -> None:
    application = scorecard.application
    code, year = application.territory.code, application.edition.year
    told = {
        "édition": str(year),
        "jour": policies.moment(scorecard.frozen_at),
        "empreinte": scorecard.fingerprint,
        "lien": absolute("assessments:application", code, year),
        "second lien": f"{settings.SITE_URL}/verifier/",
    }
    key = f"receipt:{scorecard.pk}:{to}"
    mail.write(RECEIPT, _whose(application) | told, key=key, to=to, attachments=attachments)


def _whose(application: Application) -> dict[str, str]:
    name = application.territory.name
    return {"commune": name, "de commune": french.of(name)}
