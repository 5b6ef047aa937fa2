"""« Vouliez-vous dire ? »: the names nearest to a mistyped one, from an index kept in this process.

About 35,000 short strings, read once, when a search first finds nothing."""

from threading import Lock

from django.db.models import Count, Max
from rapidfuzz import fuzz, process

from territories.models import Territory

LIKENESS = 72  # of 100: two wrong letters in a name of eight
Stamp = tuple[int, int | None]

_lock = Lock()
_index: tuple[Stamp, tuple[str, ...]] | None = None


def nearest(name: str, *, limit: int) -> dict[str, float]:
    """Search names and sort keys like `name` (already plain, see `names.search_name`), with their likeness of 100."""
    found = process.extract(name, names(), scorer=fuzz.ratio, limit=limit, score_cutoff=LIKENESS)
    return {match: score for match, score, _place in found}


def names() -> tuple[str, ...]:
    """The index; read again when territories were added or removed since."""
    global _index
    stamp = _stamp()
    with _lock:
        if _index is None or _index[0] != stamp:
            _index = stamp, _read()
        return _index[1]


def forget() -> None:
    """After the list was loaded in this process: names may have changed too."""
    global _index
    with _lock:
        _index = None


def _stamp() -> Stamp:
    totals = Territory.objects.aggregate(rows=Count("pk"), last=Max("pk"))
    return totals["rows"], totals["last"]


def _read() -> tuple[str, ...]:
    rows = Territory.objects.order_by().values_list("search_name", "sort_key")
    return tuple(sorted({name for pair in rows.iterator() for name in pair}))
