"""Tagged PDF on a ReportLab canvas: structure tree, marked content, artifacts, links.

The toolkit draws but writes no structure. What is drawn inside `content(...)` belongs to a leaf of the tree; inside
`artifact()` it is decoration, skipped by a screen reader. `element(...)` groups leaves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

Rectangle = tuple[float, float, float, float]  # left, bottom, right, top, in points

_stream_format = pdfdoc.PDFStream.format


def _format_ending_with_newline(self: pdfdoc.PDFStream, document: pdfdoc.PDFDocument) -> bytes:
    """PDF/A (rule 6.1.7.1) wants an end of line before `endstream`; ReportLab 5.1 writes none."""
    written: bytes = _stream_format(self, document)
    return written.removesuffix(b"endstream\n") + b"\nendstream\n"


pdfdoc.PDFStream.format = _format_ending_with_newline


@dataclass(frozen=True)
class Content:
    """A stretch of a page's content stream."""

    page: int
    mcid: int


@dataclass(frozen=True)
class Annotation:
    """A link laid over a page."""

    page: int
    dictionary: pdfdoc.PDFDictionary


@dataclass
class Element:
    """A node of the structure tree. `scope` is for table headings, `box` for figures."""

    role: str
    alt: str = ""
    scope: str = ""
    box: Rectangle | None = None
    kids: list["Element | Content | Annotation"] = field(default_factory=list)


class Tags:
    """The structure of one document, built while its canvas is drawn, written by `close`."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.root = Element("Document")
        self._open = [self.root]
        self._pages: dict[int, list[Element]] = {}  # page number: the element of each marked content, in order

    @contextmanager
    def element(self, role: str, *, scope: str = "") -> Iterator[Element]:
        """A node that groups others: `Table`, `TR`, `L`, `Link`…"""
        node = Element(role, scope=scope)
        self._open[-1].kids.append(node)
        self._open.append(node)
        yield node
        self._open.pop()

    @contextmanager
    def content(self, role: str, *, alt: str = "", scope: str = "", box: Rectangle | None = None) -> Iterator[Element]:
        """A leaf: what is drawn inside is its content. A figure needs `alt` and `box`."""
        page = self.canvas.getPageNumber()
        marked = self._pages.setdefault(page, [])
        node = Element(role, alt, scope, box, [Content(page, len(marked))])
        self._open[-1].kids.append(node)
        self._open.append(node)
        self.canvas._code.append(f"/{role} <</MCID {len(marked)}>> BDC")
        marked.append(node)
        yield node
        self.canvas._code.append("EMC")
        self._open.pop()

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Decoration: frames, rules, backgrounds, repeated headers."""
        self.canvas._code.append("/Artifact BMC")
        yield
        self.canvas._code.append("EMC")

    def link(self, url: str, label: str, box: Rectangle) -> None:
        """Lay a link over `box`, as a kid of the open element, which must be a `Link`."""
        name, string, dictionary = pdfdoc.PDFName, pdfdoc.PDFString, pdfdoc.PDFDictionary
        annotation = dictionary(
            {
                "Type": name("Annot"),
                "Subtype": name("Link"),
                "Rect": pdfdoc.PDFArray(box),
                "Border": pdfdoc.PDFArray([0, 0, 0]),
                "F": 4,  # printed
                "Contents": string(label),
                "A": dictionary({"S": name("URI"), "URI": string(url)}),
            }
        )
        self.canvas._addAnnotation(annotation)
        self._open[-1].kids.append(Annotation(self.canvas.getPageNumber(), annotation))

    def close(self) -> None:
        """Write the tree into the document: after the last page, before saving."""
        document = self.canvas._doc
        writer = _TreeWriter(document)
        tree, place = writer.reserve("StructTreeRoot")
        root = writer.write(self.root, place)
        keys = self._parent_keys(writer)
        nums = " ".join(f"{key} {value}" for key, value in enumerate(keys))
        tree.text = (
            f"<< /Type /StructTreeRoot /K [{root}] /ParentTree << /Nums [{nums}] >> /ParentTreeNextKey {len(keys)} >>"
        )
        document.Catalog.StructTreeRoot = tree
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def _parent_keys(self, writer: "_TreeWriter") -> list[str]:
        """What leads back to elements, by key: from each page's contents, then from each link."""
        keys: list[str] = []
        for number, marked in sorted(self._pages.items()):
            page = self.canvas._doc.idToObject[f"Page{number}"]
            page.StructParents, page.Tabs = len(keys), pdfdoc.PDFName("S")
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            keys.append(f"[{' '.join(writer.places[id(node)] for node in marked)}]")
        for annotation, place in writer.annotations:
            annotation.dictionary["StructParent"] = len(keys)
            keys.append(place)
        return keys


class _Written(pdfdoc.PDFObject):  # type: ignore[misc]  # the toolkit is untyped
    """A PDF object written by us: the toolkit's dictionaries would take half of the time of a page."""

    text = ""

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self.text.encode("latin-1")


class _TreeWriter:
    """Turns elements into indirect objects of a document; a place is a reference such as `12 0 R`."""

    def __init__(self, document: pdfdoc.PDFDocument) -> None:
        self.document = document
        self.places: dict[int, str] = {}  # by the id of the element
        self.annotations: list[tuple[Annotation, str]] = []

    def reserve(self, name: str) -> tuple[_Written, str]:
        """An indirect object to fill, and its place."""
        slot = _Written()
        self.document.Reference(slot, name)
        return slot, self._place(name)

    def write(self, node: Element, parent: str) -> str:
        slot, place = self.reserve(f"StructElem{len(self.places)}")
        self.places[id(node)] = place
        kids = " ".join(self._kid(kid, place) for kid in node.kids)
        slot.text = f"<< /Type /StructElem /S /{node.role} /P {parent}{self._attributes(node)} /K [{kids}] >>"
        return place

    def _attributes(self, node: Element) -> str:
        written = f" /Alt {self._text(pdfdoc.PDFString(node.alt))}" if node.alt else ""
        if node.scope:
            written += f" /A << /O /Table /Scope /{node.scope} >>"
        if node.box:
            box = " ".join(f"{value:.2f}" for value in node.box)
            written += f" /A << /O /Layout /Placement /Block /BBox [{box}] >>"
        return written

    def _kid(self, kid: Element | Content | Annotation, place: str) -> str:
        if isinstance(kid, Element):
            return self.write(kid, place)
        page = self._place(f"Page{kid.page}")
        if isinstance(kid, Content):
            return f"<< /Type /MCR /Pg {page} /MCID {kid.mcid} >>"
        self.annotations.append((kid, place))
        return f"<< /Type /OBJR /Pg {page} /Obj {self._text(self.document.Reference(kid.dictionary))} >>"

    def _place(self, name: str) -> str:
        number, version = self.document.idToObjectNumberAndVersion[name]
        return f"{number} {version} R"

    def _text(self, written: pdfdoc.PDFObject) -> str:
        return str(written.format(self.document).decode("latin-1"))
