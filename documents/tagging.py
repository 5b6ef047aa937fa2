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
        with self.element(role, scope=scope) as node:
            node.alt, node.box = alt, box
            page = self.canvas.getPageNumber()
            marked = self._pages.setdefault(page, [])
            node.kids.append(Content(page, len(marked)))
            with self._marked(f"/{role} <</MCID {len(marked)}>> BDC"):
                marked.append(node)
                yield node

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Decoration: frames, rules, backgrounds, repeated headers."""
        with self._marked("/Artifact BMC"):
            yield

    @contextmanager
    def _marked(self, operator: str) -> Iterator[None]:
        self.canvas._code.append(operator)
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
        document, name = self.canvas._doc, pdfdoc.PDFName
        writer = _TreeWriter(document)
        root = pdfdoc.PDFDictionary({"Type": name("StructTreeRoot")})
        place = document.Reference(root, "StructTreeRoot")
        root["K"] = pdfdoc.PDFArray([writer.write(self.root, place)])
        keys = self._parent_keys(writer)
        root["ParentTree"] = pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(keys)})
        root["ParentTreeNextKey"] = len(keys) // 2
        document.Catalog.StructTreeRoot = place
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def _parent_keys(self, writer: "_TreeWriter") -> list[object]:
        """Key and value pairs that lead from a page's content, or from a link, back to its element."""
        document, keys = self.canvas._doc, list[object]()
        for number, marked in sorted(self._pages.items()):
            page = document.idToObject[f"Page{number}"]
            page.StructParents, page.Tabs = len(keys) // 2, pdfdoc.PDFName("S")
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            keys += [page.StructParents, pdfdoc.PDFArray([writer.places[id(node)] for node in marked])]
        for annotation, place in writer.annotations:
            annotation.dictionary["StructParent"] = len(keys) // 2
            keys += [len(keys) // 2, place]
        return keys


class _TreeWriter:
    """Turns elements into indirect objects of a document."""

    def __init__(self, document: pdfdoc.PDFDocument) -> None:
        self.document = document
        self.places: dict[int, pdfdoc.PDFObjectReference] = {}  # id of the element: its reference
        self.annotations: list[tuple[Annotation, pdfdoc.PDFObjectReference]] = []

    def write(self, node: Element, parent: pdfdoc.PDFObjectReference) -> pdfdoc.PDFObjectReference:
        name = pdfdoc.PDFName
        entry = pdfdoc.PDFDictionary({"Type": name("StructElem"), "S": name(node.role), "P": parent})
        place = self.places[id(node)] = self.document.Reference(entry, f"StructElem{len(self.places)}")
        if node.alt:
            entry["Alt"] = pdfdoc.PDFString(node.alt)
        if node.scope:
            entry["A"] = pdfdoc.PDFDictionary({"O": name("Table"), "Scope": name(node.scope)})
        if node.box:
            layout = {"O": name("Layout"), "BBox": pdfdoc.PDFArray(node.box), "Placement": name("Block")}
            entry["A"] = pdfdoc.PDFDictionary(layout)
        entry["K"] = pdfdoc.PDFArray([self._kid(kid, place) for kid in node.kids])
        return place

    def _kid(self, kid: Element | Content | Annotation, place: pdfdoc.PDFObjectReference) -> object:
        if isinstance(kid, Element):
            return self.write(kid, place)
        name, page = pdfdoc.PDFName, pdfdoc.PDFObjectReference(f"Page{kid.page}")
        if isinstance(kid, Content):
            return pdfdoc.PDFDictionary({"Type": name("MCR"), "Pg": page, "MCID": kid.mcid})
        self.annotations.append((kid, place))
        return pdfdoc.PDFDictionary({"Type": name("OBJR"), "Pg": page, "Obj": self.document.Reference(kid.dictionary)})
