"""Wrong passwords: counted by address and by account, so that who tries is slowed down and who owns gets in.

An address from which the account was entered lately is never slowed down by what others try elsewhere."""

from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.doors.limits import TRIES, TRIES_FROM_ADDRESS, TRIES_ON_ACCOUNT, place
from accounts.refusals import Refused

KNOWN = timedelta(days=30)


def check(email: str, *, address: str, now: datetime) -> None:
    """Refused when this address, or everybody together, has tried too often."""
    TRIES.check(_pair(email, address), now=now)
    TRIES_FROM_ADDRESS.check(place(address), now=now)
    if not cache.get(_known(email, address)):
        TRIES_ON_ACCOUNT.check(email, now=now)


def count(email: str, *, address: str, now: datetime) -> bool:
    """One more wrong password. True when a limit is reached by it: the owner should hear of it."""
    reached = False
    for limit, who in ((TRIES, _pair(email, address)), (TRIES_ON_ACCOUNT, email), (TRIES_FROM_ADDRESS, place(address))):
        try:
            reached |= limit.spend(who, now=now) == limit.amount
        except Refused:
            """Another request spent the last one meanwhile: the next try is refused before it is looked at."""
    return reached


def remember(email: str, *, address: str) -> None:
    cache.set(_known(email, address), True, KNOWN.total_seconds())


def forget(email: str, *, address: str, now: datetime) -> None:
    TRIES.forget(_pair(email, address), now=now)
    TRIES_ON_ACCOUNT.forget(email, now=now)


def _pair(email: str, address: str) -> str:
    return f"{place(address)}|{email}"


def _known(email: str, address: str) -> str:
    return f"known:{place(address)}|{email}"
