"""How often one person, or one address, may do what costs others something. Counted in the cache, for all processes.

A count begins with the first thing that it counts and ends a fixed time later, so that everyone can be told when to
come back."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from math import ceil
from typing import ParamSpec, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import SignedInRequest, View
from accounts.refusals import TooMany

P = ParamSpec("P")


@dataclass(frozen=True)
class Limit:
    """`amount` in `seconds`; `words` say what was too much."""

    name: str
    amount: int
    seconds: int
    words: str | Promise

    def spend(self, who: object, *, now: datetime) -> int:
        """Count one more; returns how many that makes. Refused beyond the amount."""
        until = self._until(who, now)
        key = self._count(who, until)
        cache.add(key, 0, self.seconds)
        count = cache.incr(key)
        if count > self.amount:
            raise self._too_many(until, now)
        return count

    def check(self, who: object, *, now: datetime) -> None:
        """Refused when the amount is spent; counts nothing."""
        until = self._until(who, now)
        if cache.get(self._count(who, until), 0) >= self.amount:
            raise self._too_many(until, now)

    def forget(self, who: object, *, now: datetime) -> None:
        cache.delete(self._count(who, self._until(who, now)))

    def _until(self, who: object, now: datetime) -> int:
        """When this count ends, in seconds of the epoch: it begins with the first thing that it counts."""
        key, end = f"limit:{self.name}:{who}", int(now.timestamp()) + self.seconds
        until: int = cache.get_or_set(key, end, self.seconds) or end
        if until <= now.timestamp():
            cache.set(key, end, self.seconds)
            return end
        return until

    def _count(self, who: object, until: int) -> str:
        return f"limit:{self.name}:{who}:{until}"

    def _too_many(self, until: int, now: datetime) -> TooMany:
        seconds = max(1, ceil(until - now.timestamp()))
        return TooMany(f"{self.words} {come_back(seconds)}", seconds=seconds)


def limited(limit: Limit) -> Callable[[View[P]], View[P]]:
    """What is posted to this page counts, for the person who posts."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def counted(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                limit.spend(request.user.pk, now=timezone.now())
            return view(request, *args, **kwargs)

        return cast("View[P]", counted)

    return decorate


def place(address: str) -> str:
    """Where a visitor comes from, as it is counted: in IPv6 they have a whole network, each of its addresses as good as
    another."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return address
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def visitor(request: HttpRequest) -> str:
    """Who asks without an account, as they are counted."""
    return place(request.META.get("REMOTE_ADDR", ""))


def come_back(seconds: int) -> str:
    if seconds <= 60:
        text = ngettext("Revenez dans %(n)s seconde.", "Revenez dans %(n)s secondes.", seconds) % {"n": seconds}
    else:
        minutes = ceil(seconds / 60)
        text = ngettext("Revenez dans %(n)s minute.", "Revenez dans %(n)s minutes.", minutes) % {"n": minutes}
    return f"{text} {_('Rien de ce qui était enregistré n’est perdu.')}"


# Wrong passwords: from one address for one account, from one address for any, for one account from anywhere.
TRIES = Limit(
    "tries",
    5,
    300,
    gettext_lazy("Cinq essais de connexion ont échoué. Si le compte existe, un courriel permet d’y entrer."),
)
TRIES_FROM_ADDRESS = Limit("tries-address", 30, 300, gettext_lazy("Trop d’essais de connexion ont échoué."))
TRIES_ON_ACCOUNT = Limit(
    "tries-account",
    20,
    900,
    gettext_lazy(
        "Trop d’essais de connexion à ce compte ont échoué. Si c’est le vôtre, un courriel vous y fait entrer."
    ),
)
# Mails that one person makes leave, to people who did not ask.
MAILS = Limit("mails", 30, 3_600, gettext_lazy("Vous avez envoyé beaucoup de messages en une heure."))
HELP = Limit("help", 10, 3_600, gettext_lazy("Vous avez demandé de l’aide plusieurs fois en une heure."))
# Mails that anybody makes leave for those who carry an initiative: by who writes, and by who receives.
CONTACT = Limit("contact", 5, 3_600, gettext_lazy("Vous avez écrit à plusieurs collectivités en une heure."))
CONTACTED = Limit(
    "contacted", 20, 86_400, gettext_lazy("Cette collectivité a déjà reçu beaucoup de messages aujourd’hui.")
)
UPLOADS = Limit("uploads", 120, 600, gettext_lazy("Vous avez envoyé beaucoup de fichiers en dix minutes."))
