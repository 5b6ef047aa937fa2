"""The initiatives that anyone may read, found by words, by what they serve and by one another.

Their words are kept in this process and read again as soon as what is public has changed, so that SQLite and
PostgreSQL answer the same. The rows shown are always read anew, through the embargo."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from results import visibility
from results.models import PublicState, PublishedInitiative
from results.rules.ideas import Answer, Idea, Index, Wanted
from scoring.model import Question
from territories.models import Load, PopulationBand, Territory
from territories.queries import Ranked

PAGE = 12
Stamp = tuple[Any, ...]

_lock = Lock()
_kept_index: tuple[Stamp, Stamp, Index] | None = None


def current(*, now: datetime) -> Index:
    """One short query when nothing has changed; two when what did is no matter of initiatives."""
    global _kept_index
    seen = stamp(now)
    with _lock:
        if _kept_index is None or _kept_index[0] != seen:
            made_of = _made_of(seen, now)
            same = _kept_index is not None and _kept_index[1] == made_of
            _kept_index = seen, made_of, _kept_index[2] if _kept_index and same else Index(_read(now))
        return _kept_index[2]


def forget() -> None:
    """After rows were written otherwise than by an action."""
    global _kept_index
    with _lock:
        _kept_index = None


def stamp(now: datetime) -> Stamp:
    """Which editions are announced, of which official list, and how many times what is public was changed since."""
    version = Subquery(PublicState.objects.values("version")[:1])
    load = Subquery(Load.objects.order_by("-pk").values("pk")[:1])
    return tuple(visibility.announced_editions(now=now).order_by("pk").values_list("pk", version, load))


def _made_of(seen: Stamp, now: datetime) -> Stamp:
    """The official list, which names the places, and the results in force, whose initiatives never change. Ten times
    less than to read twenty thousand of them again for a certificate or a comparison."""
    loads = {load for _edition, _version, load in seen}
    return (*loads, "of", *visibility.in_force(now=now).order_by("pk").values_list("pk", flat=True))


def _read(now: datetime) -> Iterator[tuple[Idea, str, str, str]]:
    """The latest edition first, then by name of the territory."""
    territory = "result__territory__"
    rows = visibility.initiatives(now=now).order_by("-result__edition__year", f"{territory}sort_key", "pk")
    columns = rows.values_list(
        *("pk", "first", "title", "axis", "operator", "cost"),
        *("result__territory", f"{territory}name", f"{territory}kind", f"{territory}band"),
        *(f"{territory}department", f"{territory}department__name", "result__edition__year"),
        *("issues", "started_on", "inspired_by"),
        *("tokens", f"{territory}search_name", f"{territory}department__region__name"),
    )
    once: dict[Any, Any] = {}

    def same(value: Any) -> Any:
        """Thousands of rows say the same few words: each is kept once."""
        return once.setdefault(value, value)

    for pk, first, *told, issues, started, inspired, tokens, name, region in columns.iterator(chunk_size=2_000):
        title, axis, operator, cost, *where = map(same, told)
        idea = Idea(
            pk, first or pk, title, axis, same(tuple(issues)), operator, cost, _day(started), inspired or 0, *where
        )
        yield idea, tokens, name, f"{idea.department_name} {region}"


def _day(when: date | None) -> int:
    return when.toordinal() if when else 0


def search(q: str, wanted: Wanted, *, sort: str = "", now: datetime) -> tuple[Answer, Sequence[PublishedInitiative]]:
    """What answers, counted; and its rows, to be cut into pages. Two queries."""
    answer = current(now=now).search(q, wanted, sort=sort)
    return answer, Ranked(answer.pks, rows(now))


def examples(*, question: Question, territory: Territory, now: datetime) -> Sequence[PublishedInitiative]:
    """Up to three that serve the issue of the question: of the same kind and of its band or the next ones first, then
    those that share the most words with the question, the latest."""
    place = list(PopulationBand).index(PopulationBand(territory.band))
    bands = list(PopulationBand)[max(place - 1, 0) : place + 2]
    found = current(now=now).examples(
        issue=question.issue,
        text=question.text["fr"],
        fits=lambda idea: idea.kind == territory.kind and idea.band in bands,
        territory=territory.pk,
    )
    return Ranked([idea.pk for idea in found], rows(now))[:]


def initiative(number: int, *, now: datetime) -> PublishedInitiative | None:
    """The copy in force at this address, whichever correction made it."""
    whole = rows(now).select_related("inspired_by", "result__edition__framework")
    whole = whole.defer("result__document", "result__edition__framework__document", "tokens")
    return whole.filter(Q(pk=number) | Q(first=number)).first()


def rows(now: datetime) -> QuerySet[PublishedInitiative]:
    found = visibility.initiatives(now=now).defer("result__document", "tokens")
    return found.select_related("result__territory__department", "result__edition", "inspired_by")
