"""What people type or paste: taken whole or refused in words, never cut. The same for pages, workbook and API."""

import re
import unicodedata

from django.utils.translation import gettext as _

from accounts.refusals import Refused

# Characters, once accents are composed: of a reason or a comment; of the text of an initiative.
LONG = 4_000
LONGEST = 20_000

_BREAKS = re.compile(r"\r\n?|\x0b|\x0c|\u2028|\u2029")
_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff]")
_BULLET = re.compile(r"^[ \t\u00a0]*[•·▪◦‣●○■□§\uf0b7\uf0a7][ \t\u00a0]*", re.MULTILINE)
_QUOTED = re.compile(r"“[ \u00a0\u202f]*([^“”\n]*?)[ \u00a0\u202f]*”")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def composed(text: str) -> str:
    """Accents in one piece, one sort of line break, and Word's bullets, quotes and unseen marks made plain."""
    text = _UNSEEN.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", text)))
    return _QUOTED.sub("«\u202f\\1\u202f»", _BULLET.sub("- ", text))


def whole(text: str) -> int | None:
    """The key, version, year or page that a form or an address says; None for what no database counts with."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def taken(text: str, *, most: int = LONG) -> str:
    """The text as it is kept, empty when a reader sees nothing of it. Raises Refused when it is too long, or holds what
    no text holds."""
    text = composed(text).strip()
    if _CONTROL.search(text):
        raise Refused(_("Ce texte contient un caractère qui ne s’écrit pas : recopiez-le depuis un simple texte."))
    if len(text) > most:
        raise Refused(
            _("Ce texte compte %(n)d caractères, pour %(most)d au plus. Rien n’est coupé : raccourcissez-le.")
            % {"n": len(text), "most": most}
        )
    return "" if all(unicodedata.category(one)[0] in "ZC" for one in text) else text
