"""The plural of our own sentences. They are written in French, where it begins at two: « 0 demande », « 1 demande ».

Without a catalogue, gettext counts in English, and would write « 0 demandes »."""

from gettext import NullTranslations

from django.conf import settings
from django.utils.translation import trans_real


class FrenchSource(NullTranslations):
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid2 if n > 1 else msgid1

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


def install() -> None:
    """What no catalogue of the site's language translates is counted as in French."""
    trans_real.translation(settings.LANGUAGE_CODE).add_fallback(FrenchSource())
