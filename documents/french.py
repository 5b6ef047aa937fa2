"""French as papers write it: dates, numbers, plurals. Narrow no-break spaces, as the site does."""

import re
from collections.abc import Sequence
from datetime import date, datetime

NARROW = "\u202f"
NO_BREAK = "\u00a0"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
TOP_LEVEL = 5
NO_LEVEL = "pas encore d’arobase"

# How the official list shortens the kinds of intercommunalities; an official paper writes them out.
SHORTENED = {"CC": "Communauté de communes", "CA": "Communauté d’agglomération", "CU": "Communauté urbaine"}


def day(when: date) -> str:
    """`1er mars 2027`, `12 novembre 2027`."""
    number = "1er" if when.day == 1 else str(when.day)
    return f"{number}{NO_BREAK}{MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime) -> str:
    """`12 novembre 2027 à 17 h 05`, in the zone that `when` carries."""
    return f"{day(when)} à {clock(when)}"


def clock(when: datetime) -> str:
    """`17 h 05`."""
    return f"{when.hour}{NO_BREAK}h{NO_BREAK}{when.minute:02d}"


def number(value: int) -> str:
    """`34 969`."""
    return f"{value:,}".replace(",", NARROW)


def counted(value: int, singular: str, plural: str) -> str:
    """`1 réponse`, `0 réponse`, `87 réponses`: the plural begins at two."""
    return f"{number(value)}{NO_BREAK}{plural if value > 1 else singular}"


def level(value: int) -> str:
    """`3 arobases sur 5`, `pas encore d’arobase`."""
    if value == 0:
        return NO_LEVEL
    return f"{counted(value, 'arobase', 'arobases')} sur{NO_BREAK}{TOP_LEVEL}"


def in_full(name: str) -> str:
    """`Communauté de communes du Val d’Aubaine`, of a name that begins with `CC`."""
    kind, _, rest = name.partition(" ")
    return f"{SHORTENED[kind]} {rest}" if kind in SHORTENED and rest else name


# What some names begin with, and the article that such a name takes in a sentence.
ARTICLES = {"Communauté": "la", "Métropole": "la", "Syndicat": "le", "Pôle": "le", "Agence": "l’", "Association": "l’"}
# Vowels, and the beginnings in h or y before which usage elides; others (Haguenau, Yutz) stay whole.
ELIDED = re.compile(r"[aeiouàâäéèêëîïôöùûüœæ]|h[éy]|hend|herb|y[^aeiouy]", re.IGNORECASE)


def with_article(name: str) -> str:
    """`le syndicat numérique`, `la communauté de communes du Val`; a name that is not of a kind stays: `Le Luc`."""
    name = in_full(name)
    kind, _, rest = name.partition(" ")
    if kind not in ARTICLES:
        return name
    article = ARTICLES[kind]
    return f"{article}{'' if article.endswith('’') else ' '}{kind.lower()} {rest}".rstrip()


def of(name: str) -> str:
    """`de Tarbes`, `d’Abeilhan`, `du Luc`, `des Portes du Coglais`, `de La Rochelle`, `du syndicat numérique`."""
    named = with_article(name)
    first, _, rest = named.partition(" ")
    if rest and first.lower() in ("le", "les"):
        return f"{'du' if first.lower() == 'le' else 'des'} {rest}"
    return f"d’{named}" if ELIDED.match(named) else f"de {named}"


def at(name: str) -> str:
    """`à Tarbes`, `au Luc`, `aux Portes du Coglais`, `à la communauté de communes du Val`."""
    named = with_article(name)
    first, _, rest = named.partition(" ")
    if rest and first.lower() in ("le", "les"):
        return f"{'au' if first.lower() == 'le' else 'aux'} {rest}"
    return f"à {named}"


def met(obligations: tuple[int, int]) -> str:
    """`10 obligations prouvées sur 17`."""
    proven, asked = obligations
    return f"{counted(proven, 'obligation prouvée', 'obligations prouvées')} sur{NO_BREAK}{number(asked)}"


def listed(names: Sequence[str]) -> str:
    """`inclusion, écologie et services`."""
    *firsts, last = names
    return f"{', '.join(firsts)} et {last}" if firsts else last


def grouped(text: str, size: int) -> str:
    """`text` cut in groups of `size` characters, to be read aloud or compared by eye."""
    return " ".join(text[i : i + size] for i in range(0, len(text), size))


def percent(value: float) -> str:
    """`62,5 %`, of a value from 0 to 100 known to the tenth."""
    return f"{value:.1f}{NARROW}%".replace(".", ",")
