"""Figures drawn as bars, each with the table that says the same and leaves as a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from outbox.models import MailState
from season.queries.following import Facts
from season.rules.figures import Row

# A bar is drawn on this many units.
WIDTH = 100


@dataclass(frozen=True)
class Part:
    """A piece of a bar, `x` and `width` of WIDTH; `tone` is the name of its drawing."""

    tone: str
    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    name: str
    parts: tuple[Part, ...]
    words: str


@dataclass(frozen=True)
class Chart:
    """`note` says how the bars are read; the first column of `rows` names what the others count."""

    name: str
    title: str
    note: str
    bars: tuple[Bar, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


def shares(name: str, title: str, heading: str, rows: Sequence[Row]) -> Chart:
    """Files started, those of them that do not move, those submitted; last year's on the same day in the table."""
    most = max((row.started for row in rows), default=0)
    return Chart(
        name=name,
        title=title,
        note=_("Plein : déposés ; clair : commencés ; contour : sans mouvement depuis 30 jours."),
        bars=tuple(
            Bar(row.name, _parts(most, fill=row.submitted, track=row.moving, still=row.idle), _of(row))
            for row in rows
            if row.started
        ),
        headings=(heading, _("Commencés"), _("Sans mouvement"), _("Déposés"), _("Déposés l’an passé au même jour")),
        rows=tuple((row.name, row.started, row.idle, row.submitted, row.before) for row in rows),
    )


def jury(facts: Facts) -> Chart:
    """How far the jury is, in numbers alone: nobody’s reading shows."""
    steps = [
        (_("Dossiers qui ont des lecteurs"), facts.judged - facts.unread, facts.judged),
        (_("Lectures rendues"), facts.readings_given, facts.readings),
        (_("Dossiers décidés"), facts.decided, facts.judged),
        (_("Décisions dans un procès-verbal signé"), facts.decided - facts.unsigned, facts.decided),
    ]
    return Chart(
        name="jury",
        title=_("Le travail du jury"),
        note=_("Barre pleine : tout est fait."),
        bars=tuple(
            Bar(words, _parts(total, fill=done, track=total - done), _("%(n)s sur %(all)s") % {"n": done, "all": total})
            for words, done, total in steps
        ),
        headings=(_("Étape"), _("Fait"), _("En tout")),
        rows=tuple(steps),
    )


def mails(counts: Mapping[str, int]) -> Chart:
    total = sum(counts.values())
    rows = [(str(state.label), counts.get(state, 0)) for state in MailState]
    return Chart(
        name="courriels",
        title=_("Les courriels"),
        note=_("Tous ceux que le service a écrits."),
        bars=tuple(Bar(words, _parts(total, fill=n, track=total - n), str(n)) for words, n in rows),
        headings=(_("État"), _("Courriels")),
        rows=tuple(rows),
    )


def _of(row: Row) -> str:
    return _("%(n)s sur %(all)s") % {"n": row.submitted, "all": row.started}


def _parts(most: int, **pieces: int) -> tuple[Part, ...]:
    """Side by side, `most` being the whole width; what is empty is not drawn."""
    found, done = [], 0
    for tone, n in pieces.items():
        start, end = _place(done, most), _place(done + n, most)
        if end > start:
            found.append(Part(tone, start, end - start))
        done += n
    return tuple(found)


def _place(n: int, most: int) -> int:
    return round(Fraction(n * WIDTH, most)) if most else 0


def as_table(chart: Chart) -> Iterable[Sequence[str]]:
    yield chart.headings
    for row in chart.rows:
        yield [str(cell) for cell in row]
