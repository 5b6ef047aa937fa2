"""Does a file that somebody sent act? Parsed, never matched by pattern, in a bounded process.

`python -m documents.contents KIND` reads the file on its standard input and says one word: what is wrong, or `well`.
Names of a PDF are read whatever their spelling, its streams whatever their filters, by qpdf; parts of an office file by
an XML reader that knows neither document types nor entities."""

import io
import sys
import zipfile
from collections.abc import Iterator
from enum import StrEnum
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax import SAXException, handler

from documents import bounded

MEMORY = 768 * 1024**2
SECONDS = 15


class Finding(StrEnum):
    WELL = "well"
    CODE = "code"  # it acts when it is opened or clicked, or carries another file
    LINKS = "links"  # it fetches something elsewhere when it is opened
    LOCKED = "locked"
    DAMAGED = "damaged"


def look(content: bytes, kind: str, *, seconds: float = 2 * SECONDS) -> Finding:
    """`kind` is « pdf », « ooxml » or « odf ». A file that takes too much to read is damaged."""
    with TemporaryDirectory() as folder:
        try:
            said = bounded.run("documents.contents", kind, content=content, folder=folder, seconds=seconds)
        except bounded.Failed:
            return Finding.DAMAGED
    return Finding(said.decode().strip())


# In the bounded process

# Whatever holds one of these carries code or another file.
PDF_KEYS = frozenset(
    [
        "/JS",
        "/JavaScript",
        "/EF",
        "/EmbeddedFiles",
        "/XFA",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/Launch",
        "/3DD",
    ]
)
# What an action may be: go to a page, to an address, to the next page. All others act.
PDF_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
PDF_ACTS = frozenset(
    [
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/RichMediaExecute",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/Hide",
        "/SetOCGState",
        "/Trans",
        "/GoTo3DView",
        "/ResetForm",
    ]
)
PDF_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
# Kinds of parts and of relations of an office file that act.
PARTS = ("vbaproject", "vbadata", "macroenabled", "macrosheet", "activex", "oleobject", "ms-office.vba")
RELATIONS = frozenset(
    ["vbaproject", "xlmacrosheet", "xlintlmacrosheet", "oleobject", "control", "activexcontrolbinary"]
)
ELEMENTS = frozenset(
    # OOXML: data exchange and controls; ODF: scripts, data exchange, objects.
    {"ddeLink", "oleLink", "oleObject", "OLEObject", "control"}
    | {"event-listener", "script", "dde-connection", "dde-source", "dde-link", "object-ole", "applet", "plugin"}
)
# Where a document goes and looks when it is opened.
ELEMENTS_OF_LINKS = frozenset({"template", "table-source", "section-source", "database-source"})
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MOST_XML = 60 * 1024 * 1024
MOST_DEPTH = 2


def _main(kind: str) -> None:
    bounded.limit(memory=MEMORY, seconds=SECONDS)
    content = sys.stdin.buffer.read()
    print(pdf(content) if kind == "pdf" else office(content))


def pdf(content: bytes) -> Finding:
    import pikepdf  # noqa: PLC0415 -- only in the bounded process

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not len(document.pages):
                return Finding.DAMAGED
            objects = [document.trailer, *document.objects]
            return Finding.CODE if any(map(_acts, _dictionaries(objects))) else Finding.WELL
    except pikepdf.PasswordError:
        return Finding.LOCKED
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return Finding.DAMAGED


def _dictionaries(objects: list[Any]) -> Iterator[dict[str, Any]]:
    """Each dictionary, those inside others and those of streams included; what is elsewhere is seen by itself."""
    import pikepdf  # noqa: PLC0415 -- only in the bounded process

    waiting = list(objects)
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting.extend(item for item in found if isinstance(item, pikepdf.Object) and not item.is_indirect)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            held = dict(found.stream_dict.items() if isinstance(found, pikepdf.Stream) else found.items())
            yield held
            waiting.extend(item for item in held.values() if isinstance(item, pikepdf.Object) and not item.is_indirect)


def _acts(held: dict[str, Any]) -> bool:
    names = {key: str(value) for key, value in held.items() if key in ("/S", "/Subtype", "/Type")}
    return (
        not PDF_KEYS.isdisjoint(held)
        or names.get("/S") in PDF_ACTS
        or (names.get("/Type") == "/Action" and names.get("/S") not in PDF_ACTIONS)
        or names.get("/Subtype") in PDF_ANNOTATIONS
    )


def office(content: bytes, *, depth: int = 0) -> Finding:
    """A workbook within a presentation, behind its chart, is looked into as well."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415 -- only in the bounded process

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            findings = [_part(archive, name, depth) for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, DefusedXmlException, ValueError, EOFError, RuntimeError):
        return Finding.DAMAGED
    return next((found for found in (Finding.CODE, Finding.LINKS) if found in findings), Finding.WELL)


def _part(archive: zipfile.ZipFile, name: str, depth: int) -> Finding:
    import defusedxml.sax  # noqa: PLC0415 -- only in the bounded process

    with archive.open(name) as part:
        start = part.read(len(OLE))
        if start == OLE or any(word in name.lower() for word in ("vbaproject", "macrosheets/")):
            return Finding.CODE
        if start.startswith(b"PK\x03\x04"):
            if depth == MOST_DEPTH:
                raise ValueError("too deep")
            return office(start + part.read(MOST_XML), depth=depth + 1)
    if not name.endswith((".xml", ".rels")):
        return Finding.WELL
    reader = _Reader()
    try:
        with archive.open(name) as part:
            defusedxml.sax.parse(_Budget(part), reader, forbid_dtd=True)
    except SAXException as error:
        raise ValueError("not XML") from error
    return reader.finding


class _Budget:
    """What the archive says of a size may be false."""

    def __init__(self, part: Any) -> None:
        self.part, self.left = part, MOST_XML

    def read(self, size: int) -> bytes:
        data: bytes = self.part.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise ValueError("too large")
        return data

    def close(self) -> None:
        """The archive closes it."""


class _Reader(handler.ContentHandler):
    """One pass, no tree: linear in the size, whatever is nested in what."""

    finding = Finding.WELL
    instructions = False
    code = ""

    def startElement(self, name: str, attributes: Any) -> None:
        local = name.rpartition(":")[2]
        held = {key.rpartition(":")[2]: attributes[key] for key in attributes.getNames()}
        self.instructions = local in ("instrText", "delInstrText")
        if (
            local in ELEMENTS
            or _is_dde(held.get("instr", ""))
            or any(word in held.get("ContentType", "").lower() for word in PARTS)
        ):
            self.finding = Finding.CODE
        elif local == "Relationship":
            self.relation(held)
        elif local in ELEMENTS_OF_LINKS and "href" in held and self.finding == Finding.WELL:
            self.finding = Finding.LINKS

    def relation(self, held: dict[str, str]) -> None:
        kind, target = held.get("Type", "").lower(), held.get("Target", "")
        if kind.rpartition("/")[2] in RELATIONS:
            self.finding = Finding.CODE
        elif held.get("TargetMode", "").lower() == "external" and not kind.endswith("/hyperlink"):
            beside = kind.endswith("/externallinkpath") and not any(mark in target for mark in (":", "\\", "//"))
            if not beside and self.finding == Finding.WELL:
                self.finding = Finding.LINKS

    def characters(self, content: str) -> None:
        # An instruction may be cut into as many runs as one likes.
        if self.instructions and len(self.code) < 1_000_000:
            self.code += content

    def endElement(self, name: str) -> None:
        self.instructions = False

    def endDocument(self) -> None:
        if _is_dde(self.code):
            self.finding = Finding.CODE


def _is_dde(instruction: str) -> bool:
    return any(word.startswith("DDE") for word in instruction.upper().replace('"', " ").split())


if __name__ == "__main__":
    _main(*sys.argv[1:])
