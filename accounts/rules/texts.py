"""What people type or paste: taken whole or refused in words, never cut. The same for pages, workbook and API."""

import re
import unicodedata

from django.utils.translation import gettext as _

from accounts.refusals import Refused
from documents import french

# Characters, once accents are composed: of a reason or a comment; of the text of an initiative.
LONG = 4_000
LONGEST = 20_000

_BREAKS = re.compile(r"\r\n?|\x0b|\x0c|\u2028|\u2029")
# Those that turn what follows around would write « élA » for « Alé » in a list of people.
_UNSEEN = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]")
_BULLET = re.compile(r"^[ \t\u00a0]*[•·▪◦‣●○■□§\uf0b7\uf0a7][ \t\u00a0]*", re.MULTILINE)
_QUOTED = re.compile(r"“[ \u00a0\u202f]*([^“”\n]*?)[ \u00a0\u202f]*”")
_BLANKS = re.compile(r"[ \t\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def composed(text: str) -> str:
    """Accents in one piece, one sort of line break, and Word's bullets, quotes and unseen marks made plain."""
    text = _UNSEEN.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", text)))
    return _QUOTED.sub("«\u202f\\1\u202f»", _BULLET.sub("- ", text))


def whole(text: str) -> int | None:
    """The key, version, year or page that a form or an address says; None for what no database counts with."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def taken(text: str, *, most: int = LONG, lines: bool = True) -> str:
    """The text as it is kept, on one line without `lines`; empty when a reader sees nothing of it. Raises Refused when
    it is too long, or holds what no text holds."""
    # Before too: what a cell holds was stripped by whoever read it.
    text = composed(text.strip()).strip()
    if not lines:
        text = _BLANKS.sub(" ", text)
    if _CONTROL.search(text):
        raise Refused(_("Ce texte contient un caractère qui ne s’écrit pas : recopiez-le depuis un simple texte."))
    if len(text) > most:
        raise Refused(
            _("Ce texte compte %(n)s caractères, pour %(most)s au plus. Rien n’est coupé : raccourcissez-le.")
            % {"n": french.number(len(text)), "most": french.number(most)}
        )
    return "" if all(unicodedata.category(one)[0] in "ZC" for one in text) else text
