"""The page, the workbook, the API and whatever fills a file at once take and refuse the same texts, of every kind that
more than one of them takes, and keep them alike."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import escape
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from accounts.actions import create_token
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import actions
from assessments.models import Answer, Application, Initiative
from assessments.rules import numbers
from tests.assessments.test_spreadsheets import row_of

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"
API = "/api/v1/applications/01901/2027/answers/"


class Sender(NamedTuple):
    client: Any
    person: Any


def posted(path: str, **fields: object) -> Callable[[Sender, str], None]:
    """By a page; the text takes the place of `...`."""

    def send(who: Sender, text: str) -> None:
        data = {name: text if value is ... else value for name, value in fields.items()}
        if "seen" not in data:
            data["seen"] = actions.context_version(Application.objects.get())
        who.client.post(FILE + path, data)

    return send


def put(question: str, **fields: object) -> Callable[[Sender, str], None]:
    """By the API."""

    def send(who: Sender, text: str) -> None:
        _row, key = create_token(name="Clé", by=who.person)
        data = {"seen": 0} | {name: text if value is ... else value for name, value in fields.items()}
        headers = {"Authorization": f"Bearer {key}"}
        who.client.put(f"{API}{question}/", data, content_type="application/json", headers=headers)

    return send


def typed(name: str, **columns: object) -> Callable[[Sender, str], None]:
    """In the file's own workbook, sent back, and what it proposes confirmed."""

    def send(who: Sender, text: str) -> None:
        content = who.client.get(f"{FILE}tableur/reponses.xlsx").content
        row = row_of(content, name)
        cells = {f"{column}{row}": text if value is ... else str(value) for column, value in columns.items()}
        upload = SimpleUploadedFile("reponses.xlsx", written(content, cells))
        preview = who.client.post(f"{FILE}tableur/", {"workbook": upload})
        # A workbook that is refused whole proposes nothing.
        data = {"proposals": preview.context.get("proposals", ""), "take": [name]}
        who.client.post(f"{FILE}tableur/enregistrer/", data)

    return send


def filled(field: str) -> Callable[[Sender, str], None]:
    """An initiative among a whole file at once, as what is taken over from another year."""

    def send(who: Sender, text: str) -> None:
        file = Application.objects.get()
        document = {"initiatives": [{"title": "Un atelier", field: text}]}
        with suppress(Refused):
            actions.fill(application=file, document=document, by=who.person, now=file.started_at)

    return send


def written(content: bytes, cells: dict[str, str]) -> bytes:
    """The workbook with these texts in its cells, whatever they hold, as Excel writes them."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            part = source.read(name).decode()
            for place, text in cells.items() if name == "xl/worksheets/sheet2.xml" else ():
                cell = f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(escaped(text))}</t></is></c>'
                part, found = re.subn(rf'<c r="{place}"(?:[^>]*/>|.*?</c>)', lambda _match, cell=cell: cell, part)
                assert found == 1
            copy.writestr(name, part)
    return target.getvalue()


def escaped(text: str) -> str:
    text = re.sub("_(?=x[0-9a-fA-F]{4}_)", "_x005F_", text)
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)


class Kind(NamedTuple):
    """A kind of text: how it is read, what is then stored of it, and the doors that it comes by. `may_be_empty`:
    nothing is a text too."""

    read: Callable[[str], Any]
    stored: Callable[[], list[Any]]
    doors: dict[str, Callable[[Sender, str], None]]
    may_be_empty: bool = False

    def fate(self, text: str) -> list[Any]:
        try:
            kept = self.read(text)
        except Refused:
            return []
        return [kept] if kept != "" or self.may_be_empty else []


def number(text: str) -> Any:
    return numbers.read(Application.objects.get().framework.parsed.question_by_id["SER-02"], text)


def word() -> list[Any]:
    return list(Application.objects.get().declared_context.values())


def of_an_initiative(field: str, most: int, *, lines: bool = False, may_be_empty: bool = True) -> Kind:
    fields = {"title": "Un atelier", field: ...}
    return Kind(
        lambda text: texts.taken(text, most=most, lines=lines),
        lambda: list(Initiative.objects.values_list(field, flat=True)),
        {"page": posted("initiatives/nouvelle/", **fields, seen=0), "whole file": filled(field)},
        may_be_empty,
    )


KINDS = {
    "reason": Kind(
        texts.taken,
        lambda: list(Answer.objects.values_list("reason", flat=True)),
        {
            "page": posted("questions/mediation/INC-01/", answer="not_applicable", reason=..., seen=0),
            "API": put("INC-01", state="not_applicable", reason=...),
            "workbook": typed("INC-01", C="Pas concerné", D=...),
        },
    ),
    "number": Kind(
        number,
        lambda: list(Answer.objects.values_list("value", flat=True)),
        {
            "page": posted("questions/services-publics/SER-02/", answer="value", number=..., seen=0),
            "API": put("SER-02", value=...),
            "workbook": typed("SER-02", C=...),
        },
    ),
    "word about the territory": Kind(
        lambda text: texts.taken(text, most=200, lines=False),
        word,
        {"page": posted("contexte/", network=...), "workbook": typed("network", C=...)},
    ),
    "title": of_an_initiative("title", 120, may_be_empty=False),
    "description": of_an_initiative("description", texts.LONGEST, lines=True),
    "results": of_an_initiative("results", texts.LONGEST, lines=True),
    "partners": of_an_initiative("partners", 300),
    "contact": of_an_initiative("contact", 160),
}
CASES = [(name, door) for name, kind in KINDS.items() for door in kind.doors]
TEXTS = {
    "short": "Pas d’accueil.",
    "decomposed": "e\u0301" * texts.LONG,
    "decomposed word": "e\u0301" * 120,
    "emoji": "🏳️‍🌈" * 500,
    "full": "a" * texts.LONG,
    "one more": "a" * (texts.LONG + 1),
    "long": "é" * 60_000,
    "longer than a cell": "x" * 120_000,
    "nul": "avec un\x00nul",
    "blank": " \n ",
    "quotes": "“Non”",
    "tab": "un\tdeux\n\ttrois",
    "as Excel escapes": "un _x000D_ écrit",
    "number": " 1\u202f200 ",
}


@pytest.fixture
def sender(application, agent, sign_in):
    """The number is asked of a town."""
    application.official_context["population"] = 12_000
    application.save(update_fields=["official_context"])
    return Sender(sign_in(agent), agent)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(("kind", "door"), CASES)
def test_a_text_meets_the_same_fate_by_every_door(sender, kind, door, text):
    KINDS[kind].doors[door](sender, text)

    assert KINDS[kind].stored() == KINDS[kind].fate(text)


# Pieces that people paste, some of which no text holds, repeated up to and beyond what each door takes.
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["e\u0301", "a\u0328\u0301", "\ud55c", "\u1112\u1161\u11ab", "🏳️‍🌈", "👩‍👩‍👧", "\r\n", "\x0b", "\u2028"]
    ),
    st.sampled_from(
        [
            "\x00",
            "\x07",
            "\x7f",
            "\t",
            "\ufeff",
            "\u200b",
            "\ufffe",
            "• ",
            "“oui”",
            " ",
            "\u00a0",
            "<b>",
            "=1+1",
            "12",
            "_x000D_",
        ]
    ),
)
MOSTS = (120, 160, 200, 300, texts.LONG, texts.LONGEST)
TIMES = st.sampled_from([1, 2, 60, *(most + step for most in MOSTS for step in (-1, 0, 1)), 32_768, 120_000])
PASTED = st.lists(st.tuples(PIECES, TIMES), min_size=1, max_size=3).map(
    lambda parts: "".join(piece * times for piece, times in parts)[:120_000]
)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=25,
    deadline=None,
    # What fails is long: it is told as it was found.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=PASTED)
def test_whatever_is_pasted_meets_one_fate(sender, kind, text):
    fates = {}
    for name, door in KINDS[kind].doors.items():
        with undone():
            door(sender, text)
            fates[name] = KINDS[kind].stored()

    event(f"kept: {bool(KINDS[kind].fate(text))}")
    assert fates == dict.fromkeys(fates, KINDS[kind].fate(text))
