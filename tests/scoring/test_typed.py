import pytest

from scoring.faults import REFUSED, Faults
from scoring.typed import Typed

IDENTIFIER = (
    "un identifiant (lettres sans accent, chiffres, «\u202f.\u202f», «\u202f_\u202f» ou «\u202f-\u202f», 64 au plus)"
)
SOME = [f"n{rank}" for rank in range(9)]
ALL_BUT_THE_LAST = ", ".join(f"«\u202fn{rank}\u202f»" for rank in range(8))


def told(method, *arguments, **how):
    """What is said of a value, with the advice; the fault is in what `x` names."""
    faults = Faults()
    made = getattr(Typed(faults), method)(arguments[0], ("x",), *arguments[1:], **how)
    if method in ("items", "mapping"):
        list(made)
    return [f"{fault.place}: {fault.what} {fault.mend}" for fault in faults.found]


@pytest.mark.parametrize(
    ("method", "arguments", "said"),
    [
        ("integer", ("1",), "x: «\u202f1\u202f» n’est pas un entier. Écrivez un entier."),
        ("integer", (True,), "x: true n’est pas un entier. Écrivez un entier."),
        ("integer", (5, 0, 4), "x: 5 n’est pas un entier de 0 à 4. Écrivez un entier de 0 à 4."),
        ("integer", (-1, 0, 4), "x: -1 n’est pas un entier de 0 à 4. Écrivez un entier de 0 à 4."),
        ("integer", (3, 2, 2), "x: 3 n’est pas l’entier 2. Écrivez l’entier 2."),
        ("boolean", (1,), "x: 1 n’est pas true ou false. Écrivez true ou false."),
        ("string", (None,), "x: null n’est pas une chaîne. Écrivez une chaîne."),
        ("identifier", ("é",), f"x: «\u202fé\u202f» n’est pas {IDENTIFIER}. Écrivez {IDENTIFIER}."),
        ("text", ({"en": "A"},), "x: le texte français manque. Ajoutez «\u202ffr\u202f»."),
        ("mapping", ([],), "x: une liste n’est pas un dictionnaire. Écrivez un dictionnaire."),
        ("mapping", ({1: 2},), "x: la clé 1 n’est pas une chaîne. Écrivez une chaîne."),
        ("items", ({},), "x: un dictionnaire n’est pas une liste. Écrivez une liste."),
        ("items", ([1], 2), "x: la liste a 1 élément(s). Il en faut au moins 2."),
        ("entries", (3, ["a"]), "x: 3 n’est pas un dictionnaire. Écrivez un dictionnaire."),
        ("entries", ({}, ["a"]), "x: la clé «\u202fa\u202f» manque. Ajoutez-la."),
        ("entries", ({"z": 1}, [], ["b"]), "x.z: la clé «\u202fz\u202f» est inconnue. Retirez-la."),
        (
            "entries",
            ({"titel": 1}, [], ["title"]),
            "x.titel: la clé «\u202ftitel\u202f» est inconnue. Vouliez-vous dire «\u202ftitle\u202f»\u202f?",
        ),
        (
            "one_of",
            ("z", SOME, "un nom"),
            f"x: «\u202fz\u202f» n’est pas un nom. Attendu\u202f: {ALL_BUT_THE_LAST}.",
        ),
        (
            "unique",
            (["a", "", "", "a"],),
            "x[3].id: l’identifiant «\u202fa\u202f» est déjà pris. Choisissez-en un autre.",
        ),
    ],
)
def test_fault_told(method, arguments, said):
    assert told(method, *arguments) == [said]


@pytest.mark.parametrize(
    ("values", "strictly", "said"),
    [
        ([1, 1, 2], False, []),
        ([1, 2, 3], True, []),
        ([2, 1], False, ["y[1]: 1 vient après 2. Aucune valeur ne descend."]),
        ([1, 1], True, ["y[1]: 1 vient après 1. Chaque valeur dépasse la précédente."]),
        ([2, "z", 1], True, []),
    ],
)
def test_order_of_values(values, strictly, said):
    faults = Faults()
    Typed(faults).increasing(values, [("y", index) for index in range(len(values))], strictly=strictly)
    assert [f"{fault.place}: {fault.what} {fault.mend}" for fault in faults.found] == said


@pytest.mark.parametrize("method", ["integer", "boolean", "string", "identifier", "items", "mapping"])
def test_nothing_more_is_said_of_what_was_refused(method):
    assert told(method, REFUSED) == []
