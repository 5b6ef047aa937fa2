"""Words of an initiative as the search compares them: plain words are written once at publication, French stems made of
them when the search begins."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[a-z0-9]+")
ACCENTS = re.compile("[\u0300-\u036f]+")  # once apart from their letters
SHORT = 3  # letters of a stem whose s or x is no plural: bus, eux
# Words that say nothing of an initiative, without accents. One-letter words (elisions) are dropped by their length.
EMPTY_WORDS = frozenset(
    WORD.findall(
        "au aux avec ce ces cette dans de des du elle en est et eu il ils je la le les leur leurs lui ma mais me mes "
        "mon ne nos notre nous on ou par pas pour qu que qui sa se ses son sont sur ta te tes toi ton tu un une vos "
        "votre vous"
    )
)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Of a plain word. The stemmer keeps the plural of some (vélos, abris, lieux): it is taken off.

    A stemmer holds the word that it works on, so no two threads may share one; the words of initiatives are few."""
    found = str(snowballstemmer.stemmer("french").stemWord(word))
    return found.rstrip("sx") if len(found) > SHORT else found


def plain(text: str) -> str:
    """Lower case without accents."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    return ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))


def words(text: str) -> list[str]:
    """The plain words that say something, in the order of the text, each once."""
    found = WORD.findall(plain(text))
    return list(dict.fromkeys(word for word in found if len(word) > 1 and word not in EMPTY_WORDS))


def stems(text: str) -> list[str]:
    """Stems in the order of the text, each once."""
    return list(dict.fromkeys(stem(word) for word in words(text)))


def tokens(*texts: str) -> str:
    """The plain words of several texts, surrounded by blanks: ` donnees mediatheque ouvertes `."""
    return f" {' '.join(words(' '.join(texts)))} "
