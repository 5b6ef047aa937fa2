"""The values of a document, each taken as the type asked for, or noted as a fault.

Every method answers with a value of the type asked for, whatever it was given, so that the checking goes on to the end.
A value equal to REFUSED was reported before: nothing more is said of it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from scoring.faults import REFUSED, Faults, Path, did_you_mean, printable, shown
from scoring.texts import MAX_INTEGER, is_text

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Typed:
    """Checks the values of one document, and notes the faults."""

    def __init__(self, faults: Faults) -> None:
        self.fault = faults.add

    def _wrong(self, value: Any, path: Path, expected: str) -> None:
        if value is not REFUSED:
            self.fault(path, f"{shown(value)} n’est pas {expected}.", f"Écrivez {expected}.")

    def entries(
        self, value: Any, path: Path, required: Sequence[str], optional: Collection[str] = ()
    ) -> dict[str, Any]:
        """A map with the required keys, and no other than the optional ones. A required one that lacks is REFUSED."""
        absent = dict.fromkeys(required, REFUSED)
        if not isinstance(value, dict):
            self._wrong(value, path, "un dictionnaire")
            return absent
        for key in value:
            if key not in absent and key not in optional:
                known = [*required, *optional]
                self.fault(
                    (*path, str(key)), f"la clé {shown(key)} est inconnue.", did_you_mean(key, known, "Retirez-la.")
                )
        for key in required:
            if key not in value:
                self.fault(path, f"la clé « {key} » manque.", "Ajoutez-la.")
        return absent | value

    def mapping(self, value: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
        """A map with free keys: the path, the key and the value of each."""
        if not isinstance(value, dict):
            self._wrong(value, path, "un dictionnaire")
            return
        for key, item in value.items():
            if is_text(key):
                yield (*path, key), key, item
            else:
                self.fault(path, f"la clé {shown(key)} n’est pas une chaîne.", "Écrivez une chaîne.")

    def items(self, value: Any, path: Path, minimum: int = 0) -> Iterator[tuple[Path, Any]]:
        """A list: the path and the value of each item."""
        if not isinstance(value, list):
            self._wrong(value, path, "une liste")
            return
        if len(value) < minimum:
            self.fault(path, f"la liste a {len(value)} élément(s).", f"Il en faut au moins {minimum}.")
        for index, item in enumerate(value):
            yield (*path, index), item

    def integer(self, value: Any, path: Path, low: int = -MAX_INTEGER, high: int = MAX_INTEGER) -> int:
        if is_integer(value) and low <= value <= high:
            return int(value)
        if low == high:
            expected = f"l’entier {low}"
        else:
            expected = "un entier" if low == -MAX_INTEGER else f"un entier de {low} à {high}"
        self._wrong(value, path, expected)
        return low

    def boolean(self, value: Any, path: Path) -> bool:
        if not isinstance(value, bool):
            self._wrong(value, path, "true ou false")
        return value is True

    def string(self, value: Any, path: Path) -> str:
        if is_text(value):
            return str(value)
        self._wrong(value, path, "une chaîne")
        return ""

    def text(self, value: Any, path: Path) -> dict[str, str]:
        """A text: a map of languages, French among them."""
        texts = {key: self.string(item, below) for below, key, item in self.mapping(value, path)}
        if isinstance(value, dict) and "fr" not in value:
            self.fault(path, "le texte français manque.", "Ajoutez « fr ».")
        return texts

    def identifier(self, value: Any, path: Path) -> str:
        if isinstance(value, str) and _IDENTIFIER.fullmatch(value):
            return value
        self._wrong(value, path, "un identifiant (lettres sans accent, chiffres, « . », « _ » ou « - », 64 au plus)")
        return ""

    def one_of(self, value: Any, path: Path, allowed: Collection[str], what: str) -> str:
        """A word among those allowed; `what` names such a word, with its article."""
        if isinstance(value, str) and value in allowed:
            return value
        if value is not REFUSED:
            some = ", ".join(f"« {printable(word)} »" for word in list(allowed)[:8])
            self.fault(path, f"{shown(value)} n’est pas {what}.", did_you_mean(value, allowed, f"Attendu : {some}."))
        return ""

    def unique(self, ids: Sequence[str], path: Path) -> None:
        """No id twice in one list; an empty one was reported before."""
        seen: set[str] = set()
        for index, name in enumerate(ids):
            if name and name in seen:
                self.fault((*path, index, "id"), f"l’identifiant « {name} » est déjà pris.", "Choisissez-en un autre.")
            seen.add(name)

    def increasing(self, values: Sequence[Any], paths: Sequence[Path], *, strictly: bool = False) -> None:
        """Each integer at least the one before it (more, when strictly). What is not an integer was reported."""
        for before, after, path in zip(values, values[1:], paths[1:], strict=False):
            if is_integer(before) and is_integer(after) and (after < before or (strictly and after == before)):
                mend = "Chaque valeur dépasse la précédente." if strictly else "Aucune valeur ne descend."
                self.fault(path, f"{after} vient après {before}.", mend)


def is_integer(value: Any) -> bool:
    """Whether the value is an integer: true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)
