"""The hour where a territory is. Deadlines are those of Paris; overseas another clock is read. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import french

PARIS = ZoneInfo("Europe/Paris")
# By department or collectivity: its zone, and whose hour it is.
OVERSEAS = {
    "971": ("America/Guadeloupe", lazy("en Guadeloupe")),
    "972": ("America/Martinique", lazy("en Martinique")),
    "973": ("America/Cayenne", lazy("en Guyane")),
    "974": ("Indian/Reunion", lazy("à La Réunion")),
    "975": ("America/Miquelon", lazy("à Saint-Pierre-et-Miquelon")),
    "976": ("Indian/Mayotte", lazy("à Mayotte")),
    "977": ("America/St_Barthelemy", lazy("à Saint-Barthélemy")),
    "978": ("America/Marigot", lazy("à Saint-Martin")),
    "986": ("Pacific/Wallis", lazy("à Wallis-et-Futuna")),
    "987": ("Pacific/Tahiti", lazy("à Tahiti")),
    "988": ("Pacific/Noumea", lazy("en Nouvelle-Calédonie")),
}


def deadline(when: datetime, department: str = "") -> str:
    """« 29 janvier 2027 à 18 h 00, heure de Paris », and overseas « (13 h 00 en Guadeloupe) »: with its day when it is
    another."""
    paris = when.astimezone(PARIS)
    words = _("%(moment)s, heure de Paris") % {"moment": french.moment(paris)}
    return f"{words}{_there(when, department)}"


def clock(when: datetime, department: str) -> str:
    """« 18 h 00, heure de Paris », the same on the day itself."""
    words = _("%(clock)s, heure de Paris") % {"clock": french.clock(when.astimezone(PARIS))}
    return f"{words}{_there(when, department)}"


def _there(when: datetime, department: str) -> str:
    if department not in OVERSEAS:
        return ""
    zone, where = OVERSEAS[department]
    here, there = when.astimezone(PARIS), when.astimezone(ZoneInfo(zone))
    said = french.clock(there) if there.date() == here.date() else _("le %(moment)s") % {"moment": french.moment(there)}
    return f" ({said} {where})"
