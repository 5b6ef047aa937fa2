"""What the organiser's people may do, by role. Whoever asks « may this person? » asks here."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganiserRole, User


class Right(TextChoices):
    """Each is a sentence of the page « Qui peut faire quoi »."""

    FIGURES = "figures", _("Suivre l’édition : tableaux de bord, chiffres et exports")
    PEOPLE = "people", _("Répondre aux demandes de rattachement, inviter, retirer un rattachement")
    OUTBOX = "outbox", _("Voir les courriels et les tâches, relancer celles qui ont échoué")
    HELP = "help", _("Voir les dossiers d’une personne à sa place, pour l’aider, sans rien modifier")
    SEASON = "season", _("Conduire l’édition : calendrier, référentiel, jury, messages, publication")
    TRAIL = "trail", _("Lire le journal de tout ce qui a été fait")
    ORGANISERS = "organisers", _("Nommer et retirer celles et ceux qui organisent, effacer un compte")


RIGHTS = {
    OrganiserRole.ORGANISER: frozenset(Right),
    OrganiserRole.SUPPORT: frozenset({Right.FIGURES, Right.PEOPLE, Right.OUTBOX, Right.HELP}),
    OrganiserRole.FIGURES: frozenset({Right.FIGURES}),
}


def rights_of(user: User | AnonymousUser) -> frozenset[Right]:
    """None for who does not organise."""
    if not user.is_authenticated or user.organiser_role is None:
        return frozenset()
    return RIGHTS[user.organiser_role]


def may(user: User | AnonymousUser, right: Right) -> bool:
    return right in rights_of(user)
