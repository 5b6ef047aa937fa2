"""Words of an initiative as the search compares them: French stems without accents, written once at publication."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[a-z0-9]+")
ACCENTS = re.compile("[\u0300-\u036f]+")  # once apart from their letters
# Words that say nothing of an initiative, without accents. One-letter words (elisions) are dropped by their length.
EMPTY_WORDS = frozenset(
    WORD.findall(
        "au aux avec ce ces cette dans de des du elle en est et eu il ils je la le les leur leurs lui ma mais me mes "
        "mon ne nos notre nous on ou par pas pour qu que qui sa se ses son sont sur ta te tes toi ton tu un une vos "
        "votre vous"
    )
)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """A stemmer holds the word that it works on, so no two threads may share one; the words of initiatives are few."""
    return str(snowballstemmer.stemmer("french").stemWord(word))


def stems(text: str) -> list[str]:
    """Stems in the order of the text, each once."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))
    words = [word for word in WORD.findall(plain) if len(word) > 1 and word not in EMPTY_WORDS]
    return list(dict.fromkeys(_stem(word) for word in words))


def tokens(*texts: str) -> str:
    """The stems of several texts, separated and surrounded by blanks: ` dat mediathequ ouvert `."""
    return f" {' '.join(stems(' '.join(texts)))} "
