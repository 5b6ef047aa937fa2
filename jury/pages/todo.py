"""What awaits a juror today, first on their home: one line each, with its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents import french

SOON = timedelta(days=3)


@dataclass(frozen=True)
class Todo:
    """`tone` and `icon` as the sheet of styles knows them; `what` in bold, `why` under it, `label` on its button."""

    tone: str
    icon: str
    what: str
    why: str
    href: str
    label: str


def todos(
    *, year: int, votes: int, appeals: int, unreported: int, moved: int, left: Sequence[Any], today: date
) -> list[Todo]:
    """`votes` open without this juror's voice, `appeals` to answer, `unreported` decisions, interests `moved`;
    readings `left`, each with `came_back` and `wanted` (a day, or None)."""
    lines = [
        _votes(votes, year) if votes else None,
        _appeals(appeals) if appeals else None,
        _completed(left, year),
        _wanted(left, year, today),
        _moved(moved, year) if moved else None,
        _unreported(unreported, year) if unreported else None,
    ]
    return [line for line in lines if line]


def _votes(n: int, year: int) -> Todo:
    what = ngettext("%(n)s vote attend votre voix", "%(n)s votes attendent votre voix", n) % {"n": n}
    why = _("Le vote est secret. Vous pouvez changer d’avis tant qu’il est ouvert.")
    return Todo("warning", "flag", what, why, reverse("jury:session", args=[year]), _("Voter"))


def _appeals(n: int) -> Todo:
    what = ngettext(
        "%(n)s demande de réexamen attend une réponse", "%(n)s demandes de réexamen attendent une réponse", n
    ) % {"n": n}
    why = _("Le dossier est relu à neuf avant la réponse ; un réexamen n’abaisse jamais un niveau.")
    return Todo("warning", "history", what, why, reverse("jury:appeals"), _("Ouvrir"))


def _completed(left: Sequence[Any], year: int) -> Todo | None:
    rows = [row for row in left if row.came_back]
    if not rows:
        return None
    what = ngettext("%(n)s dossier est revenu complété", "%(n)s dossiers sont revenus complétés", len(rows)) % {
        "n": len(rows)
    }
    first = rows[0].application.territory
    why = _("Votre lecture est à relire et à rendre de nouveau : ce qui a changé est dit en tête du dossier.")
    return Todo("info", "return", what, why, reverse("jury:file", args=[first.code, year]), _("Relire"))


def _wanted(left: Sequence[Any], year: int, today: date) -> Todo | None:
    rows = [row for row in left if row.wanted and row.wanted <= today + SOON]
    if not rows:
        return None
    late = sum(row.wanted < today for row in rows)
    what = ngettext("%(n)s lecture est demandée", "%(n)s lectures sont demandées", len(rows)) % {"n": len(rows)}
    first = min(rows, key=lambda row: row.wanted)
    why = _("La première est pour le %(day)s.") % {"day": french.day(first.wanted)}
    if late:
        why += " " + ngettext("%(n)s est en retard.", "%(n)s sont en retard.", late) % {"n": late}
    href = reverse("jury:file", args=[first.application.territory.code, year])
    return Todo("danger" if late else "warning", "clock", what, why, href, _("Lire"))


def _moved(n: int, year: int) -> Todo:
    what = ngettext("%(n)s lien a suivi un changement de commune", "%(n)s liens ont suivi un changement de commune", n)
    why = _("Une fusion ou un nouveau code étend un déport : vérifiez qui lit les dossiers concernés.")
    return Todo("warning", "people", what % {"n": n}, why, reverse("jury:register", args=[year]), _("Voir"))


def _unreported(n: int, year: int) -> Todo:
    words = ngettext("%(n)s décision attend un procès-verbal", "%(n)s décisions attendent un procès-verbal", n)
    why = _("La publication demande un procès-verbal signé, ou une raison de s’en passer.")
    return Todo("info", "file", words % {"n": n}, why, reverse("jury:minutes", args=[year]), _("Signer"))
