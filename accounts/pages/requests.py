"""What helps to decide on a request to join: facts that the organiser would look up one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, MembershipState, Role

# Addresses that anybody opens: they prove nothing of a town hall.
ANYBODYS = frozenset(
    [
        "aol.com",
        "bbox.fr",
        "free.fr",
        "gmail.com",
        "gmx.fr",
        "hotmail.com",
        "hotmail.fr",
        "icloud.com",
        "laposte.net",
        "live.fr",
        "neuf.fr",
        "orange.fr",
        "outlook.com",
        "outlook.fr",
        "proton.me",
        "protonmail.com",
        "sfr.fr",
        "wanadoo.fr",
        "yahoo.com",
        "yahoo.fr",
    ]
)


@dataclass(frozen=True)
class Clue:
    """`reassuring`: False calls for a telephone call."""

    words: str
    reassuring: bool


def clues(membership: Membership, *, team: Sequence[Membership], others: Sequence[Membership]) -> list[Clue]:
    """`team`: who acts for the territory now; `others`: the other memberships of the person, of any state."""
    return [*_of_address(membership, team), *_of_team(membership, team), *_of_person(others)]


def _of_address(membership: Membership, team: Sequence[Membership]) -> Iterator[Clue]:
    domain = _domain(membership)
    same = sum(_domain(colleague) == domain for colleague in team)
    name = membership.territory.search_name.replace(" ", "")
    said = {"domain": domain, "n": same}
    if domain in ANYBODYS:
        yield Clue(_("Adresse d’un service ouvert à tous (%(domain)s) : elle ne prouve rien.") % said, False)
    elif same:
        words = ngettext(
            "Même domaine que %(n)s personne de l’équipe (%(domain)s).",
            "Même domaine que %(n)s personnes de l’équipe (%(domain)s).",
            same,
        )
        yield Clue(words % said, True)
    elif name and name in domain.replace("-", "").replace(".", ""):
        yield Clue(_("Le domaine de l’adresse porte le nom de la collectivité (%(domain)s).") % said, True)
    else:
        yield Clue(_("Le domaine de l’adresse ne dit rien de la collectivité (%(domain)s).") % said, False)


def _of_team(membership: Membership, team: Sequence[Membership]) -> Iterator[Clue]:
    signing = [colleague for colleague in team if colleague.role == Role.SIGNATORY]
    if not team:
        yield Clue(_("Ce serait le premier rattachement : appelez la mairie."), False)
    elif membership.role == Role.SIGNATORY and signing:
        names = ", ".join(str(colleague.user) for colleague in signing)
        yield Clue(_("Quelqu’un signe déjà pour la collectivité : %(names)s.") % {"names": names}, False)


def _of_person(others: Sequence[Membership]) -> Iterator[Clue]:
    active = [str(other.territory) for other in others if other.state == MembershipState.ACTIVE]
    refused = sum(other.state == MembershipState.REFUSED for other in others)
    if active:
        yield Clue(_("Déjà dans l’équipe d’autres collectivités : %(names)s.") % {"names": ", ".join(active)}, True)
    if refused:
        words = ngettext("%(n)s demande déjà refusée.", "%(n)s demandes déjà refusées.", refused)
        yield Clue(words % {"n": refused}, False)


def _domain(membership: Membership) -> str:
    return membership.user.email.rpartition("@")[2].lower()
