"""What the people of a territory are told of their result, once each."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, MembershipState
from outbox import mail
from results.models import PublishedResult
from results.wording import level_in_words


def announced(result: PublishedResult) -> None:
    """The result is public. Keyed by result and person: written once, and again for the copy that follows an appeal.
    One without an arobase is told to the territory alone."""
    if not result.level:
        _write(
            result,
            "announced",
            _("Label %(year)s : le résultat de %(name)s"),
            _(
                "Bonjour,\n\nLe jury a lu le dossier de %(name)s pour l’édition %(year)s : pas encore d’arobase.\n\n"
                "Rien n’en est publié. Votre rapport d’évaluation, dans votre dossier, dit d’où vient ce résultat "
                "et ce que demande la première arobase.\n"
            ),
        )
        return
    _write(
        result,
        "announced",
        _("Label %(year)s : %(level)s pour %(name)s"),
        _(
            "Bonjour,\n\nLe résultat de %(name)s à l’édition %(year)s est public : %(level)s.\n\n"
            "La page de votre collectivité explique ce niveau, axe par axe, et donne l’attestation :\n%(page)s\n\n"
            "L’attestation porte le numéro %(number)s. Chacun peut la vérifier :\n%(check)s\n"
        ),
    )


def corrected(result: PublishedResult) -> None:
    """`result`: the new copy, public already."""
    assert result.replaces is not None  # noqa: S101 -- a correction replaces
    _write(
        result,
        "corrected",
        _("Label %(year)s\u202f: l’attestation de %(name)s est corrigée"),
        _(
            "Bonjour,\n\n"
            "L’attestation de %(name)s pour l’édition %(year)s a été corrigée par l’organisation du label.\n\n"
            "Raison\u202f: %(reason)s\n\n"
            "La nouvelle porte le numéro %(number)s. Chacun peut la vérifier\u202f:\n%(check)s\n\n"
            "L’ancienne répond désormais qu’elle est remplacée\u202f: retirez-la de vos murs et de vos pages.\n"
        ),
    )


def withdrawn(result: PublishedResult) -> None:
    """Once the result is announced: nobody learns before that there was one."""
    _write(
        result,
        "withdrawn",
        _("Label %(year)s : le résultat de %(name)s est retiré"),
        _(
            "Bonjour,\n\nLe résultat de %(name)s à l’édition %(year)s a été retiré par l’organisation du label.\n\n"
            "Raison : %(reason)s\n\n"
            "La page de vérification de l’attestation %(number)s le dit, avec cette raison :\n%(check)s\n"
        ),
    )


def _write(result: PublishedResult, news: str, subject: str, text: str) -> None:
    words = _words(result)
    members = Membership.objects.filter(territory=result.territory, state=MembershipState.ACTIVE).select_related("user")
    for member in members:
        key = f"result:{result.pk}:{news}:{member.user_id}"
        mail.queue(key=key, to=member.user.email, subject=subject % words, text=text % words)


def _words(result: PublishedResult) -> dict[str, str]:
    document, number = result.document, result.certificate.number
    return {
        "name": document["territory"]["name"],
        "year": str(document["year"]),
        "level": level_in_words(result.level),
        "reason": result.withdrawn_reason or (result.replaces.correction if result.replaces else ""),
        "number": number,
        "page": settings.SITE_URL + reverse("results:territory", args=[document["territory"]["code"]]),
        "check": settings.SITE_URL + reverse("results:certificate", args=[number]),
    }
