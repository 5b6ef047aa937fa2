"""A list of territories to invite, as CSV or XLSX: names or official codes, and addresses. Nothing is written here."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.refusals import Refused
from documents import workbook
from territories.models import Territory
from territories.rules.names import search_name

LARGEST, MOST_LINES = 2 * 1024 * 1024, 5_000
# What a column may be called, once in lower case without accents: the surest first, for « nom » may be that of a person
# and « adresse » a street.
CODE, NAME, DEPARTMENT, EMAIL = (
    ("code insee", "insee", "code commune", "code", "siren"),
    ("nom de la commune", "commune", "collectivite", "territoire", "nom"),
    ("departement", "dept", "dep", "code departement"),
    ("courriel", "email", "e mail", "mail", "mel", "adresse electronique", "adresse e mail", "adresse mail", "adresse"),
)


@dataclass(frozen=True)
class Line:
    """`number` as a spreadsheet shows it."""

    number: int
    code: str
    name: str
    department: str
    email: str


@dataclass(frozen=True)
class Guest:
    """A line that may be written."""

    territory: Territory
    email: str


@dataclass(frozen=True)
class Fault:
    number: int
    what: str


@dataclass(frozen=True)
class Reading:
    guests: tuple[Guest, ...]
    faults: tuple[Fault, ...]
    repeated: int


def lines(content: bytes) -> list[Line]:
    """The lines of a file. Raises Refused with a sentence for what is no such list."""
    if len(content) > LARGEST:
        raise Refused(_("Ce fichier dépasse 2 Mo : coupez la liste en plusieurs."))
    rows = _from_workbook(content) if content.startswith(b"PK") else _from_text(content)
    if len(rows) > MOST_LINES:
        raise Refused(_("Cette liste dépasse 5 000 lignes : coupez-la en plusieurs."))
    headings = [search_name(cell) for cell in rows[0]] if rows else []
    places = {key: _place(headings, names) for key, names in _COLUMNS.items()}
    if places["email"] is None or (places["code"] is None and places["name"] is None):
        raise Refused(
            _(
                "La première ligne nomme les colonnes : « code » ou « nom » pour la collectivité, « adresse » pour "
                "l’adresse électronique, « département » si les noms se répètent."
            )
        )
    return [
        Line(number, **{key: _at(row, place) for key, place in places.items()})
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


_COLUMNS: Mapping[str, Sequence[str]] = {"code": CODE, "name": NAME, "department": DEPARTMENT, "email": EMAIL}


def meant(found: Iterable[Line]) -> tuple[set[str], set[str]]:
    """The codes and the names, as they are searched for, that these lines write."""
    found = list(found)
    return {padded(line.code) for line in found}, {search_name(line.name) for line in found if not line.code}


def read(found: Sequence[Line], territories: Iterable[Territory]) -> Reading:
    """Each line judged. `territories`: those that the codes and names of the lines may mean."""
    by_code: dict[str, Territory] = {}
    by_name: dict[str, list[Territory]] = {}
    for territory in territories:
        by_code[territory.code] = territory
        by_name.setdefault(territory.search_name, []).append(territory)
    guests: dict[tuple[int, str], Guest] = {}
    faults: list[Fault] = []
    repeated = 0
    for line in found:
        known = _known(line, by_code, by_name)
        email = line.email.lower()
        if isinstance(known, str):
            faults.append(Fault(line.number, known))
        elif not _is_address(email):
            faults.append(
                Fault(line.number, _("« %(text)s » n’est pas une adresse électronique.") % {"text": line.email})
            )
        elif (known.pk, email) in guests:
            repeated += 1
        else:
            guests[known.pk, email] = Guest(known, email)
    return Reading(tuple(guests.values()), tuple(faults), repeated)


def _known(line: Line, by_code: Mapping[str, Territory], by_name: Mapping[str, list[Territory]]) -> Territory | str:
    """The territory, or why not."""
    if line.code:
        code = padded(line.code)
        return by_code.get(code) or _("Le code « %(code)s » n’est pas dans la liste officielle.") % {"code": line.code}
    if not line.name:
        return _("Ni code ni nom de collectivité.")
    same = by_name.get(search_name(line.name), [])
    if line.department:
        wanted = line.department.zfill(2)
        named = search_name(line.department)
        same = [row for row in same if row.department_id == wanted or search_name(row.department.name) == named]
    if len(same) == 1:
        return same[0]
    if same:
        return _("Plusieurs collectivités s’appellent « %(name)s » : donnez le code ou le département.") % {
            "name": line.name
        }
    return _("« %(name)s » n’est pas dans la liste officielle.") % {"name": line.name}


def padded(code: str) -> str:
    """A spreadsheet eats the zero of « 01004 », a hand writes « 2a004 »."""
    return code.zfill(5) if code.isascii() and code.isdigit() and len(code) == 4 else code.upper()


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _place(headings: Sequence[str], names: Sequence[str]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _at(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _from_text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets on Windows write.
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Refused(_("Ce fichier n’est ni un texte CSV ni un classeur XLSX."))
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        raise Refused(_("Ce fichier n’est ni un texte CSV ni un classeur XLSX.")) from None


def _from_workbook(content: bytes) -> list[list[str]]:
    try:
        sheets = workbook.read(content)
    except workbook.Unreadable:
        raise Refused(_("Ce classeur ne se lit pas : enregistrez-le en XLSX ou en CSV, puis recommencez.")) from None
    cells = next(iter(sheets.values()), {})
    return list(_rows({place: seen.text for place, seen in cells.items()}))


def _rows(cells: Mapping[str, str]) -> Iterator[list[str]]:
    """From « B12 » to the second of the twelfth row. What stands further down than a list may go is not counted."""
    placed: dict[int, dict[int, str]] = {}
    for place, text in cells.items():
        letters = place.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        placed.setdefault(int(place[len(letters) :]), {})[column - 1] = text
    for number in range(1, min(max(placed, default=0), MOST_LINES + 1) + 1):
        row = placed.get(number, {})
        yield [row.get(column, "") for column in range(max(row, default=-1) + 1)]
