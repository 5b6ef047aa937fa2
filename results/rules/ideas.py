"""Which initiatives answer what somebody typed, the best first: facts in, keys out, the same on every database."""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import log
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from results.rules import stems

FACETS = ("axis", "issue", "band", "department", "operator", "cost")
Value = str | int
Wanted = Mapping[str, Value]


RECENT, COPIED = "recent", "copied"  # orders that may be asked


class Idea(NamedTuple):
    """An initiative, as far as a search needs it. `number`: its lasting address; `started`: a day as a number, 0 when
    unknown; `inspired_by`: the key of a territory, 0 when none."""

    pk: int
    number: int
    title: str
    axis: str
    issues: tuple[str, ...]
    operator: str
    cost: str
    started: int
    inspired_by: int
    territory: int
    name: str
    kind: str
    band: int
    department: str
    department_name: str
    year: int

    def values(self, facet: str) -> tuple[Value, ...]:
        """What it is counted under; an axis or a cost that is not said counts nowhere."""
        if facet == "issue":
            return self.issues
        value: Value = getattr(self, facet)
        return (value,) if value != "" else ()

    def fits(self, wanted: Wanted) -> bool:
        return all(value in self.values(facet) for facet, value in wanted.items())


# How much a word says of an initiative, by where it is and whether it is whole.
NAMED, TITLED, PLACED, TOLD = 4, 4, 2, 2
BEGUN = 1  # less, of a word that only begins so
ANSWERS = 16  # kept: the keys of twenty thousand initiatives take some hundred kilobytes
LONG_ENOUGH = 3  # letters of a word that may only begin another
WRONG = 4  # letters of a word that may hold a fault
OF_PLACE, OF_TITLE = 2, 3  # initiatives of one commune, of one title, before those that follow count less
# Two ways to say the same thing; either finds the other.
SAME = (
    ("open data", "donnees ouvertes"),
    ("opendata", "donnees ouvertes"),
    ("wifi", "wi fi"),
    ("tierslieu", "tiers lieu"),
    ("ia", "intelligence artificielle"),
    ("open source", "logiciel libre"),
    ("visio", "visioconference"),
)


@dataclass(frozen=True)
class Answer:
    """`counts`: by facet, how many would answer with this value instead of the one asked. `partial`: none has every
    word, these have the most. `read`: what was understood of a word that nobody wrote. `copies`: by key, how many
    territories took an initiative up, of those that any did."""

    pks: Sequence[int] = ()
    counts: Mapping[str, Counter[Value]] = field(default_factory=dict)
    partial: bool = False
    read: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[int, int] = field(default_factory=dict)


Weights = dict[int, int]


class Index:
    """`rows`: each initiative with its plain words, those of its title and those of its place, in the order in which
    equals are shown."""

    def __init__(self, rows: Iterable[tuple[Idea, str, str, str]]) -> None:
        self.ideas: list[Idea] = []
        told: dict[str, array[int]] = {}
        titled: dict[str, array[int]] = {}
        named: dict[str, array[int]] = {}
        placed: dict[str, array[int]] = {}
        for position, (idea, tokens, name, place) in enumerate(rows):
            self.ideas.append(idea)
            for kept, words in (
                (told, tokens.split()),
                (titled, stems.words(idea.title)),
                (named, stems.words(name)),
                (placed, stems.words(place)),
            ):
                for word in words:
                    kept.setdefault(word, array("L")).append(position)
        self._fields = ((named, NAMED), (titled, TITLED), (placed, PLACED), (told, TOLD))
        self.words = sorted(told.keys() | titled.keys() | named.keys() | placed.keys())
        self.alike: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            self.alike[stems.stem(word)].append(word)
        self._titled, self._told = titled, told
        self._asked = lru_cache(maxsize=ANSWERS)(self._answer)

    # --- what somebody typed

    def search(self, q: str, wanted: Wanted, *, sort: str = "") -> Answer:
        """The latest answers are kept: the page without words is that of every initiative, counted."""
        return self._asked(q, frozenset(wanted.items()), sort)

    def _answer(self, q: str, filters: frozenset[tuple[str, Value]], sort: str) -> Answer:
        wanted = dict(filters)
        terms = self._terms(stems.words(q))
        if stems.plain(q).strip() and not terms:
            return Answer(counts=self._counts((), wanted))  # nothing but empty words or signs
        partial, read, scores = False, {}, {} if terms else self._all()
        if terms:
            found = [self._weights(term) for term in terms]
            read = {term: near for term, (_weights, near) in zip(terms, found, strict=True) if near}
            weights = [each for each, _near in found]
            scores = _every(weights)
            if not scores and len(weights) > 1:
                scores, partial = _most(weights), True
        kept = [position for position in sorted(scores) if self.ideas[position].fits(wanted)]
        order = self._sorted(kept, sort) if sort else self._spread(kept, scores)
        pks = [self.ideas[position].pk for position in order]
        return Answer(pks, self._counts(scores, wanted), partial and bool(pks), read, self.copies)

    def _terms(self, typed: Sequence[str]) -> list[str]:
        """Words, « open data » as one when it has another way to be said."""
        text = " ".join(typed)
        for one, other in SAME:
            for said in (one, other):
                if " " in said:
                    text = f" {text} ".replace(f" {said} ", f" {said.replace(' ', '_')} ").strip()
        return text.split()

    def _weights(self, term: str) -> tuple[Weights, str]:
        """Where a word is found and how much it says; and what was understood, of one that nobody wrote."""
        weights: Weights = {}
        for said in _ways(term):
            _best(weights, _every([self._word(word) for word in said.split()]))
        if weights or len(term) < WRONG or "_" in term:
            return weights, ""
        near = self._near(term)
        for each in near:
            _best(weights, _every([self._whole(word, less=BEGUN) for word in each.split()]))
        return weights, near[0] if near else ""

    def _word(self, word: str) -> Weights:
        weights = self._whole(word)
        if len(word) >= LONG_ENOUGH:
            for begun in self._beginning(word):
                _best(weights, self._at(begun, less=BEGUN))
        return weights

    def _whole(self, word: str, *, less: int = 0) -> Weights:
        weights: Weights = {}
        for alike in self.alike.get(stems.stem(word), [word]):
            _best(weights, self._at(alike, less=less))
        return weights

    def _at(self, word: str, *, less: int = 0) -> Weights:
        weights: Weights = {}
        for postings, weight in self._fields:
            for position in postings.get(word, ()):
                weights.setdefault(position, weight - less)
        return weights

    def _beginning(self, word: str) -> Iterator[str]:
        for place in range(bisect_left(self.words, word), len(self.words)):
            if not self.words[place].startswith(word):
                return
            yield self.words[place]

    def _near(self, term: str) -> list[str]:
        """Words that differ by one letter, the most written first; else two words that were typed as one."""
        found = process.extract(term, self.words, scorer=OSA.distance, score_cutoff=1, limit=None)
        near = sorted((word for word, _distance, _place in found), key=lambda word: -len(self._told.get(word, ())))
        if near:
            return near
        halves = ((term[:at], term[at:]) for at in range(2, len(term) - 1))
        return [f"{one} {two}" for one, two in halves if self._is_word(one) and self._is_word(two)]

    def _is_word(self, word: str) -> bool:
        return word in self._told or word in self._titled

    # --- the order

    def _all(self) -> Weights:
        return dict.fromkeys(range(len(self.ideas)), 0)

    def _sorted(self, kept: list[int], sort: str) -> list[int]:
        if sort == RECENT:
            return sorted(kept, key=lambda position: -self.ideas[position].started)
        # Those of one territory are taken up together: the first ones of each come before the next ones of any.
        of_place: Counter[int] = Counter()
        keys = {}
        for position in sorted(kept, key=lambda position: -self.copies.get(self.ideas[position].pk, 0)):
            idea = self.ideas[position]
            keys[position] = (of_place[idea.territory] // OF_PLACE, -self.copies.get(idea.pk, 0))
            of_place[idea.territory] += 1
        return sorted(keys, key=keys.__getitem__)

    def _spread(self, kept: list[int], scores: Weights) -> list[int]:
        """The most telling first. Of one commune, or under one title, those that come after the first ones count less
        and less: a page of answers shows many places."""
        of_place: Counter[int] = Counter()
        of_title: Counter[str] = Counter()
        keys = {}
        for position in sorted(kept, key=lambda position: -scores[position]):
            idea = self.ideas[position]
            before, alike = of_place[idea.territory], of_title[idea.title]
            of_place[idea.territory] += 1
            of_title[idea.title] += 1
            keys[position] = (before // OF_PLACE + alike // OF_TITLE - scores[position], before, alike)
        return sorted(keys, key=keys.__getitem__)

    def _counts(self, scores: Iterable[int], wanted: Wanted) -> dict[str, Counter[Value]]:
        counts: dict[str, Counter[Value]] = {facet: Counter() for facet in FACETS}
        for position in scores:
            idea = self.ideas[position]
            missed = [facet for facet, value in wanted.items() if value not in idea.values(facet)]
            if len(missed) > 1:
                continue
            for facet in missed or FACETS:
                counts[facet].update(idea.values(facet))
        return counts

    # --- from one to another

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {idea.pk: position for position, idea in enumerate(self.ideas)}

    @cached_property
    def _serving(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for position, idea in enumerate(self.ideas):
            for issue in idea.issues:
                found[issue].append(position)
        return found

    @cached_property
    def _of_territory(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for position, idea in enumerate(self.ideas):
            found[idea.territory].append(position)
        return found

    @cached_property
    def _inspired(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for position, idea in enumerate(self.ideas):
            if idea.inspired_by:
                found[idea.inspired_by].append(position)
        return found

    def similar(self, pk: int, most: int = 3) -> list[Idea]:
        """Of other territories and under other titles: those that share the rarest words and issues."""
        if pk not in self._positions:
            return []
        idea = self.ideas[self._positions[pk]]
        likeness = self._likeness(idea)
        others = (self.ideas[each] for each in sorted(likeness, key=lambda each: (-likeness[each], each)))
        return _distinct((other for other in others if other.territory != idea.territory), most, titles=[idea.title])

    def _likeness(self, idea: Idea) -> dict[int, float]:
        shared: dict[int, float] = defaultdict(float)
        lists: list[Sequence[int]] = [self._serving[issue] for issue in idea.issues]
        for word in stems.stems(idea.title):
            lists.append(list({place for alike in self.alike.get(word, ()) for place in self._told.get(alike, ())}))
        for places in lists:
            rarity = log((len(self.ideas) + 1) / (len(places) + 1))
            for place in places:
                shared[place] += rarity
        return shared

    def examples(self, *, issue: str, text: str, fits: Callable[[Idea], bool], territory: int) -> list[Idea]:
        """Of other territories, that serve this issue: first those that fit, then those with most words of `text`."""
        shared: Counter[int] = Counter()
        for word in stems.stems(text):
            shared.update({place for alike in self.alike.get(word, ()) for place in self._told.get(alike, ())})
        places = [place for place in self._serving[issue] if self.ideas[place].territory != territory]
        places.sort(key=lambda place: (not fits(self.ideas[place]), -shared[place], place))
        return _distinct((self.ideas[place] for place in places), 3)

    def sources(self, pk: int, most: int = 5) -> list[Idea]:
        """Up the chain: of the territory that is said to have inspired it, the initiative most like it, and so on."""
        chain: list[Idea] = []
        position = self._positions.get(pk)
        seen: set[int] = set()
        while position is not None and len(chain) < most:
            idea = self.ideas[position]
            seen.add(idea.territory)
            likeness = self._likeness(idea) if idea.inspired_by not in seen else {}
            alike = [each for each in self._of_territory.get(idea.inspired_by, ()) if each in likeness]
            position = max(alike, key=lambda each: likeness[each], default=None)
            chain += [] if position is None else [self.ideas[position]]
        return chain

    @cached_property
    def copies(self) -> dict[int, int]:
        asked = (self.ideas[place].pk for source in self._inspired for place in self._of_territory.get(source, ()))
        return {pk: count for pk in asked if (count := len(self.taken_up(pk)))}

    def taken_up(self, pk: int) -> list[Idea]:
        """Of those that name its territory as their inspiration, those that share an issue with it; one a territory."""
        if pk not in self._positions:
            return []
        idea = self.ideas[self._positions[pk]]
        found = (self.ideas[each] for each in self._inspired.get(idea.territory, ()))
        alike = (other for other in found if set(other.issues) & set(idea.issues))
        return list({other.territory: other for other in alike if other.territory != idea.territory}.values())


def _ways(term: str) -> list[str]:
    said = term.replace("_", " ")
    others = [other for one, other in SAME if one == said] + [one for one, other in SAME if other == said]
    return [said, *others]


def _best(weights: Weights, others: Weights) -> None:
    if not weights:
        weights.update(others)
        return
    for position, weight in others.items():
        if weight > weights.get(position, 0):
            weights[position] = weight


def _every(found: Sequence[Weights]) -> Weights:
    """Those that are in all, with the sum of what each says."""
    first, *rest = sorted(found, key=len)
    if not rest:
        return first
    return {
        position: weight + sum(each[position] for each in rest)
        for position, weight in first.items()
        if all(position in each for each in rest)
    }


def _most(found: Sequence[Weights]) -> Weights:
    """Those that are in the most, half at least."""
    count = Counter(position for each in found for position in each)
    most = max(count.values(), default=0)
    if 2 * most < len(found):
        return {}
    return {
        position: sum(each.get(position, 0) for each in found) for position, times in count.items() if times == most
    }


def _distinct(ideas: Iterable[Idea], most: int, titles: Iterable[str] = ()) -> list[Idea]:
    """The first ones, each from another territory and on another idea."""
    kept: list[Idea] = []
    known, places = {stems.tokens(title) for title in titles}, set()
    for idea in ideas:
        title = stems.tokens(idea.title)
        if title not in known and idea.territory not in places:
            known.add(title)
            places.add(idea.territory)
            kept.append(idea)
        if len(kept) == most:
            break
    return kept
