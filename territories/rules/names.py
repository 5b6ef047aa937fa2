"""Names as people type them: without accents, hyphens or apostrophes, « St » and « Saint » alike."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
WORDS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "mt": "mont",
    "mts": "monts",
    "nd": "notre dame",
    "ss": "sous",
}
# People write the kind of an intercommunalité in full, the official list in short.
KINDS = (
    ("communaute de communes", "cc"),
    ("communaute d agglomeration", "ca"),
    ("communaute d agglo", "ca"),
    ("communaute urbaine", "cu"),
)
KIND_OF_EPCI = re.compile(r"^(?:cc|ca|cu) ")
ARTICLE = re.compile(r"^(?:(?:du|de|des|d|le|la|les|l|aux|au) )+")
# « Boulogne s/Mer », « Bar s Aube »
ON = re.compile(r"(?<=[a-z0-9]) s(?= [a-z0-9])")


def search_name(name: str) -> str:
    """Lower case letters, figures and single blanks: « St-Étienne-de-l’Œuf » gives `saint etienne de l oeuf`."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(LIGATURES))
    plain = re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()
    words = ON.sub(" sur", " ".join(WORDS.get(word, word) for word in plain.split()))
    for full, short in KINDS:
        if full in words:
            words = re.sub(rf"\b{full}\b", short, words)
    return words


def sort_key(name: str) -> str:
    """Where the name stands in a list: without the kind of EPCI or the article in front (« Le Havre » under H)."""
    plain = search_name(name)
    short = ARTICLE.sub("", KIND_OF_EPCI.sub("", plain))
    return short or plain
