"""How often one person, or one address, may do what costs others something. Counted in the cache, for all processes.

Each count starts anew at round instants of its own length, so that everyone can be told when to come back."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.refusals import TooMany


@dataclass(frozen=True)
class Limit:
    """`amount` in `seconds`; `words` say what was too much."""

    name: str
    amount: int
    seconds: int
    words: str | Promise

    def spend(self, who: object, *, now: datetime) -> int:
        """Count one more; returns how many that makes. Refused beyond the amount."""
        key = self._key(who, now)
        cache.add(key, 0, self.seconds)
        try:
            count = cache.incr(key)
        except ValueError:  # the instant passed between the two
            return 1
        if count > self.amount:
            raise self._too_many(now)
        return count

    def check(self, who: object, *, now: datetime) -> None:
        """Refused when the amount is spent; counts nothing."""
        if cache.get(self._key(who, now), 0) >= self.amount:
            raise self._too_many(now)

    def forget(self, who: object, *, now: datetime) -> None:
        cache.delete(self._key(who, now))

    def _key(self, who: object, now: datetime) -> str:
        return f"limit:{self.name}:{who}:{int(now.timestamp()) // self.seconds}"

    def _too_many(self, now: datetime) -> TooMany:
        seconds = ceil(self.seconds - now.timestamp() % self.seconds)
        return TooMany(f"{self.words} {come_back(seconds)}", seconds=seconds)


def come_back(seconds: int) -> str:
    if seconds <= 60:
        text = ngettext("Revenez dans %(n)s seconde.", "Revenez dans %(n)s secondes.", seconds) % {"n": seconds}
    else:
        minutes = ceil(seconds / 60)
        text = ngettext("Revenez dans %(n)s minute.", "Revenez dans %(n)s minutes.", minutes) % {"n": minutes}
    return f"{text} {_('Rien de ce qui était enregistré n’est perdu.')}"


# Wrong passwords: from one address for one account, from one address for any, for one account from anywhere.
TRIES = Limit("tries", 5, 300, gettext_lazy("Cinq essais de connexion ont échoué."))
TRIES_FROM_ADDRESS = Limit("tries-address", 30, 300, gettext_lazy("Trop d’essais de connexion ont échoué."))
TRIES_ON_ACCOUNT = Limit(
    "tries-account",
    20,
    900,
    gettext_lazy("Trop d’essais de connexion à ce compte ont échoué. Si c’est le vôtre, un courriel vous y fait entrer."),
)
# Mails that one person makes leave, to people who did not ask.
MAILS = Limit("mails", 30, 3_600, gettext_lazy("Vous avez envoyé beaucoup de messages en une heure."))
UPLOADS = Limit("uploads", 120, 600, gettext_lazy("Vous avez envoyé beaucoup de fichiers en dix minutes."))
