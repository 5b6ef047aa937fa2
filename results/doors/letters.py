"""What the people of a territory are told of their result, once each."""

import hashlib

from django.utils.translation import gettext_lazy as lazy

from accounts.models import Membership, MembershipState
from documents import french
from outbox.doors.letters import Letter, absolute, letter
from outbox.jobs import mail
from results.models import PublishedInitiative, PublishedResult
from results.rules import contacts

ANNOUNCED = letter(
    "results.announced",
    about=lazy("Résultat public"),
    subject=lazy("Label {édition} : {niveau} pour {commune}"),
    text=lazy(
        "Le résultat {de commune} à l’édition {édition} est public : {niveau}.\n\n"
        "La page de votre collectivité explique ce niveau, axe par axe, et donne l’attestation :\n{lien}\n\n"
        "L’attestation porte le numéro {numéro}. Chacun peut la vérifier :\n{second lien}"
    ),
)
TOLD_ALONE = letter(
    "results.told_alone",
    about=lazy("Résultat sans arobase : à la collectivité seule"),
    subject=lazy("Label {édition} : le résultat {de commune}"),
    text=lazy(
        "Le jury a lu le dossier {de commune} pour l’édition {édition} : pas encore d’arobase.\n\n"
        "Rien n’en est publié. Votre rapport d’évaluation, dans votre dossier, dit d’où vient ce résultat et ce que "
        "demande la première arobase."
    ),
)
CORRECTED = letter(
    "results.corrected",
    about=lazy("Attestation corrigée"),
    subject=lazy("Label {édition} : l’attestation {de commune} est corrigée"),
    text=lazy(
        "L’attestation {de commune} pour l’édition {édition} a été corrigée par l’organisation du label.\n\n"
        "Raison : {motif}\n\n"
        "La nouvelle porte le numéro {numéro}. Chacun peut la vérifier :\n{second lien}\n\n"
        "L’ancienne répond désormais qu’elle est remplacée : retirez-la de vos murs et de vos pages."
    ),
)
WITHDRAWN = letter(
    "results.withdrawn",
    about=lazy("Résultat retiré"),
    subject=lazy("Label {édition} : le résultat {de commune} est retiré"),
    text=lazy(
        "Le résultat {de commune} à l’édition {édition} a été retiré par l’organisation du label.\n\n"
        "Raison : {motif}\n\n"
        "La page de vérification de l’attestation {numéro} le dit, avec cette raison :\n{second lien}"
    ),
)
CONTACTED = letter(
    "results.contacted",
    about=lazy("Question sur une initiative : à la collectivité"),
    subject=lazy("Une question sur votre initiative « {initiative} »"),
    text=lazy(
        "{adresse} vous écrit au sujet de votre initiative « {initiative} » :\n\n{message}\n\n"
        "Pour répondre, écrivez à {adresse} : votre adresse ne lui a pas été donnée, et la sienne n’a pas été vérifiée."
        "\n\nL’initiative, telle qu’elle est publiée :\n{lien}"
    ),
)


def contacted(initiative: PublishedInitiative, *, email: str, text: str) -> None:
    """The same message twice leaves once."""
    told = {
        "adresse": email,
        "initiative": initiative.title,
        "message": text,
        "lien": absolute("results:initiative", initiative.number),
    }
    sign = hashlib.blake2b(f"{email}\n{text}".encode(), digest_size=12).hexdigest()
    key = f"contact:{initiative.number}:{sign}"
    mail.write(CONTACTED, told, key=key, to=contacts.address(initiative.contact))


def announced(result: PublishedResult) -> None:
    """The result is public. Keyed by result and person: written once, and again for the copy that follows an appeal.
    One without an arobase is told to the territory alone."""
    _write(result, "announced", ANNOUNCED if result.level else TOLD_ALONE)


def corrected(result: PublishedResult) -> None:
    """`result`: the new copy, public already."""
    assert result.replaces is not None  # noqa: S101 -- a correction replaces
    _write(result, "corrected", CORRECTED)


def withdrawn(result: PublishedResult) -> None:
    """Once the result is announced: nobody learns before that there was one."""
    _write(result, "withdrawn", WITHDRAWN)


def _write(result: PublishedResult, news: str, words: Letter) -> None:
    told = _told(result)
    members = Membership.objects.filter(territory=result.territory, state=MembershipState.ACTIVE).select_related("user")
    for member in members:
        mail.write(words, told, key=f"result:{result.pk}:{news}:{member.user_id}", to=member.user.email)


def _told(result: PublishedResult) -> dict[str, str]:
    document, number = result.document, result.certificate.number
    name = document["territory"]["name"]
    return {
        "commune": name,
        "de commune": french.of(name),
        "édition": str(document["year"]),
        "niveau": french.level(result.level),
        "motif": result.withdrawn_reason or (result.replaces.correction if result.replaces else ""),
        "numéro": number,
        "lien": absolute("results:territory", document["territory"]["code"]),
        "second lien": absolute("results:certificate", number),
    }
