"""What a level means, a part of points and a state are called, in plain French."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEANINGS = {
    0: gettext_lazy("Elle a décrit ses pratiques, que le jury a lues : elle n’a pas encore d’arobase."),
    1: gettext_lazy(
        "La collectivité s’est engagée dans la démarche : elle a décrit ses pratiques et accepte "
        "de les rendre publiques."
    ),
    2: gettext_lazy(
        "La collectivité a posé les bases d’un numérique utile à toutes et à tous, et continue de progresser."
    ),
    3: gettext_lazy(
        "La collectivité mène une politique numérique suivie, dont les habitantes et les habitants voient les effets."
    ),
    4: gettext_lazy("La collectivité agit avec constance sur les quatre axes, sans en négliger aucun."),
    5: gettext_lazy("La collectivité conduit une politique numérique exemplaire, forte sur chacun des quatre axes."),
}

STATES = {
    "answered": gettext_lazy("Répondu"),
    "unknown": gettext_lazy("Je ne sais pas"),
    "not_applicable": gettext_lazy("Question qui ne se pose pas ici"),
    "not_applicable_claimed": gettext_lazy("Pas concerné"),
    "missing": gettext_lazy("Sans réponse"),
    "undecided": gettext_lazy("Indéterminé"),
}


def palmares_in_words(*, year: int, level: int | None, mention: str) -> str:
    """A fact of another label, in its own signs: `5@ au palmarès 2012`."""
    words = _("%(level)s@ au palmarès %(year)s") if level else _("au palmarès %(year)s, niveau inconnu")
    words = words % {"level": level, "year": year}
    return f"{words}, {mention}" if mention else words


def ratio(earned: int, possible: int) -> Fraction | None:
    return Fraction(earned, possible) if possible else None
