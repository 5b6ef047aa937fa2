"""Does the state allow it? Each question answers None, or the reason why not, in French."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import NotNow, Refused
from assessments.enums import State
from assessments.models import Edition
from assessments.policies import moment
from results.models import PublishedResult

# What blocks a publication, and what it leaves aside.
WAITING = (State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED)
LEFT_OUT = (State.DRAFT, State.INELIGIBLE, State.WITHDRAWN)

LONGEST_REASON = 300  # characters of why one publishes without signed minutes


def why_not_publish(edition: Edition, *, started: bool, counts: Mapping[str, int], now: datetime) -> str | None:
    """Once, after closing, when every file has its decision. `counts`: files by state; `started`: its job exists."""
    if edition.published_at is not None:
        return _("L’édition %(year)s est déjà publiée.") % {"year": edition.year}
    if started:
        return _("La publication de l’édition %(year)s est déjà lancée.") % {"year": edition.year}
    if now < edition.closes_at:
        return _("Les candidatures sont ouvertes jusqu’au %(when)s.") % {"when": moment(edition.closes_at)}
    return _why_files_block(counts)


def why_not_unsigned(unreported: int, *, reason: str) -> str | None:
    """Of a publication that its caller confirms: `unreported` decisions are in no signed minutes."""
    if not unreported:
        return None
    if len(reason.strip()) > LONGEST_REASON:
        return _("Dites-le en %(n)s caractères au plus.") % {"n": LONGEST_REASON}
    if reason.strip():
        return None
    return ngettext(
        "%(n)s décision n’est dans aucun procès-verbal signé : faites-le signer, ou dites pourquoi vous publiez sans.",
        "%(n)s décisions ne sont dans aucun procès-verbal signé : faites-le signer, ou dites pourquoi vous publiez "
        "sans.",
        unreported,
    ) % {"n": unreported}


def _why_files_block(counts: Mapping[str, int]) -> str | None:
    waiting = sum(counts.get(state, 0) for state in WAITING)
    if waiting:
        return ngettext(
            "%(n)s dossier attend encore une décision du jury ou un complément de la collectivité.",
            "%(n)s dossiers attendent encore une décision du jury ou un complément de la collectivité.",
            waiting,
        ) % {"n": waiting}
    if not counts.get(State.DECIDED):
        return _("Aucun dossier n’a de décision du jury : il n’y a rien à publier.")
    return None


def why_not_withdraw(result: PublishedResult) -> str | None:
    if result.withdrawn_at is not None:
        return _("Ce résultat a déjà été retiré.")
    if result.replaced_at is not None:
        return _("Ce résultat a été remplacé : c’est le nouveau qui peut être retiré.")
    return None


def why_not_correct(result: PublishedResult) -> str | None:
    if result.withdrawn_at is not None:
        return _("Ce résultat a été retiré\u202f: il n’y a plus rien à corriger.")
    if result.replaced_at is not None:
        return _("Ce résultat a été remplacé\u202f: c’est le nouveau qui peut être corrigé.")
    return None


def check_can_be_read(*, size: int) -> None:
    """Before a file to check is received; `size` in bytes, with what wraps it."""
    if size > settings.CHECKED_FILE_MAX_BYTES:
        raise Refused(_("Ce fichier dépasse 5 Mo : ce n’est pas l’une de nos attestations."))


def why_not_kit(result: PublishedResult) -> str | None:
    if result.withdrawn_at is not None or result.replaced_at is not None:
        return _("Ce résultat n’est plus en vigueur : ni panneau ni logo ne peuvent en être faits.")
    return None


def why_not_archive(*, finished: bool, in_the_making: bool) -> str | None:
    """`finished`: every certificate of the edition is made."""
    if not finished:
        return _("Les attestations ne sont pas encore toutes fabriquées.")
    if in_the_making:
        return _("Une archive est en cours de fabrication : elle paraîtra ici.")
    return None


def check_can_have_kit(result: PublishedResult) -> None:
    _refuse(why_not_kit(result))


def check_can_archive(*, finished: bool, in_the_making: bool) -> None:
    _refuse(why_not_archive(finished=finished, in_the_making=in_the_making))


def check_can_publish(edition: Edition, *, started: bool, counts: Mapping[str, int], now: datetime) -> None:
    _refuse(why_not_publish(edition, started=started, counts=counts, now=now))


def check_is_signed(unreported: int, *, reason: str) -> None:
    _refuse(why_not_unsigned(unreported, reason=reason))


def check_can_withdraw(result: PublishedResult) -> None:
    _refuse(why_not_withdraw(result))


def check_can_correct(result: PublishedResult) -> None:
    _refuse(why_not_correct(result))


def _refuse(reason: str | None) -> None:
    if reason is not None:
        raise NotNow(reason)
