"""The rules that each of our PDFs keeps, read with pikepdf: none of our own code judges itself here."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
from pikepdf import Name, Object, Pdf

PAINTING = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "Tj", "TJ", "'", '"', "INLINE IMAGE"}
SHOWING = {"Tj", "TJ", "'", '"'}

Rule = Callable[[Pdf, bytes], Iterator[str]]
RULES: list[Rule] = []


def faults(data: bytes) -> list[str]:
    """One sentence for each breach of a rule; empty for a sound file."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(pdf, data)]


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


@rule
def marked(pdf: Pdf, data: bytes) -> Iterator[str]:
    if not (pdf.Root.get("/MarkInfo") or {}).get("/Marked", False):
        yield "the catalog does not say Marked"


@rule
def language(pdf: Pdf, data: bytes) -> Iterator[str]:
    if str(pdf.Root.get("/Lang", "")) != "fr-FR":
        yield "the language is not fr-FR"


@rule
def title_displayed(pdf: Pdf, data: bytes) -> Iterator[str]:
    if not (pdf.Root.get("/ViewerPreferences") or {}).get("/DisplayDocTitle", False):
        yield "viewers show the file's name"


@rule
def xmp_claims(pdf: Pdf, data: bytes) -> Iterator[str]:
    meta = pdf.open_metadata()
    for key, value in (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
        if meta.get(f"{{{NAMESPACES[key.split(':')[0]]}}}{key.split(':')[1]}") != value:
            yield f"{key} is not {value}"
    if not meta.get("dc:title"):
        yield "no dc:title"


NAMESPACES = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfuaid": "http://www.aiim.org/pdfua/ns/id/"}


@rule
def xmp_matches_info(pdf: Pdf, data: bytes) -> Iterator[str]:
    meta = pdf.open_metadata()
    for xmp, info in (("xmp:CreateDate", "/CreationDate"), ("xmp:ModifyDate", "/ModDate")):
        in_info = re.sub(r"\D", "", str(pdf.docinfo.get(info, "")))[:14]
        if not in_info or re.sub(r"\D", "", meta.get(xmp, ""))[:14] != in_info:
            yield f"{xmp} is not {info}"
    if meta.get("dc:title") != str(pdf.docinfo.get("/Title", "")):
        yield "dc:title is not the Info title"


@rule
def tree_present(pdf: Pdf, data: bytes) -> Iterator[str]:
    if not list(elements(pdf)):
        yield "no structure element"


@rule
def everything_painted_is_marked(pdf: Pdf, data: bytes) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            depth += (str(operator) in {"BDC", "BMC"}) - (str(operator) == "EMC")
            if not depth and str(operator) in PAINTING:
                yield f"page {number}: {operator} outside marked content"


@rule
def content_and_tree_agree(pdf: Pdf, data: bytes) -> Iterator[str]:
    drawn = {(page.objgen, mcid) for page in pdf.pages for mcid in marked_ids(page)}
    tagged = [place for element in elements(pdf) for place in content_of(element)]
    if len(tagged) != len(set(tagged)):
        yield "a content is tagged twice"
    if drawn != set(tagged):
        yield f"drawn and tagged differ: {sorted(drawn ^ set(tagged))}"
    parents = parent_tree(pdf)
    for element in elements(pdf):
        for page, mcid in content_of(element):
            if parent_of(pdf, parents, page, mcid) != element.objgen:
                yield f"the parent tree does not lead content {mcid} back to its element"


@rule
def figures_have_text_and_box(pdf: Pdf, data: bytes) -> Iterator[str]:
    for element in elements(pdf):
        if Name.Figure == element.S and not (str(element.get("/Alt", "")) and "/BBox" in (element.get("/A") or {})):
            yield "a figure without Alt or BBox"


@rule
def headings_of_tables_have_scope(pdf: Pdf, data: bytes) -> Iterator[str]:
    for element in elements(pdf):
        if element.S == Name.TH and "/Scope" not in (element.get("/A") or {}):
            yield "a TH without Scope"


@rule
def heading_levels_do_not_skip(pdf: Pdf, data: bytes) -> Iterator[str]:
    previous = 0
    for element in elements(pdf):
        if found := re.fullmatch(r"/H(\d)", str(element.S)):
            level = int(found[1])
            if level > previous + 1:
                yield f"H{level} after level {previous}"
            previous = level


@rule
def fonts_embedded(pdf: Pdf, data: bytes) -> Iterator[str]:
    for name, font in fonts(pdf):
        if "/ToUnicode" not in font or "/FontFile2" not in (font.get("/FontDescriptor") or {}):
            yield f"{name} is not embedded with its characters"


@rule
def no_missing_glyph(pdf: Pdf, data: bytes) -> Iterator[str]:
    for page in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in SHOWING and any(b"\0" in bytes(part) for part in strings(operands)):
                yield "a .notdef is drawn"


@rule
def output_intent(pdf: Pdf, data: bytes) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents") or [])
    profiles = [intent.DestOutputProfile for intent in intents]
    if not profiles or any(p.N != 3 or p.read_bytes()[36:40] != b"acsp" for p in profiles):
        yield "no ICC profile of three components"


@rule
def identified(pdf: Pdf, data: bytes) -> Iterator[str]:
    if "/ID" not in pdf.trailer:
        yield "no ID in the trailer"


@rule
def pages_follow_the_tree(pdf: Pdf, data: bytes) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        if "/StructParents" not in page or page.get("/Tabs") != Name.S:
            yield f"page {number} has no StructParents or no Tabs"


@rule
def annotations_speak(pdf: Pdf, data: bytes) -> Iterator[str]:
    parents = parent_tree(pdf)
    for page in pdf.pages:
        for annotation in page.get("/Annots") or []:
            if annotation.Subtype == Name.Widget:
                if "/TU" not in annotation:
                    yield "a field without a name for people"
            elif "/Contents" not in annotation or annotation.get("/StructParent") not in parents:
                yield "an annotation without Contents or StructParent"


@rule
def not_encrypted(pdf: Pdf, data: bytes) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "encrypted"


@rule
def no_script(pdf: Pdf, data: bytes) -> Iterator[str]:
    for found in pdf.objects:
        if any("/JS" in each or each.get("/S") == Name.JavaScript for each in dictionaries(found)):
            yield "JavaScript"


@rule
def transparency_has_a_colour_space(pdf: Pdf, data: bytes) -> Iterator[str]:
    for page in pdf.pages:
        group = page.get("/Group")
        if group is not None and "/CS" not in group:
            yield "a transparency group without colour space"


@rule
def streams_end_with_a_line(pdf: Pdf, data: bytes) -> Iterator[str]:
    if re.search(rb"[^\r\n]endstream", data):
        yield "no end of line before endstream"


# Reading


def elements(pdf: Pdf) -> Iterator[Object]:
    """Every structure element, in reading order."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is not None:
        yield from _below(root)


def _below(node: Object) -> Iterator[Object]:
    for kid in kids(node):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def kids(node: Object) -> list[Object]:
    found = node.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def content_of(element: Object) -> list[tuple[tuple[int, int], int]]:
    """(page, marked content id) of the pieces that an element holds itself."""
    return [
        (kid.Pg.objgen, int(kid.MCID))
        for kid in kids(element)
        if isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid
    ]


def marked_ids(page: pikepdf.Page) -> Iterator[int]:
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC" and "/MCID" in operands[1]:
            yield int(operands[1].MCID)


def parent_tree(pdf: Pdf) -> dict[int, Object]:
    tree = (pdf.Root.get("/StructTreeRoot") or {}).get("/ParentTree")
    numbers = list(tree.Nums) if tree is not None else []
    return {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}


def parent_of(pdf: Pdf, parents: dict[int, Object], page: tuple[int, int], mcid: int) -> tuple[int, int] | None:
    entry = parents.get(int(pdf.get_object(page).get("/StructParents", -1)))
    return entry[mcid].objgen if entry is not None and mcid < len(entry) else None


def fonts(pdf: Pdf) -> Iterator[tuple[str, Object]]:
    for page in pdf.pages:
        yield from (page.Resources.get("/Font") or {}).items()


def dictionaries(value: Object) -> Iterator[Object]:
    """The dictionary itself and those written inside it; what it refers to is met on its own."""
    if isinstance(value, pikepdf.Dictionary):
        yield value
        parts = list(value.values())
    else:
        parts = list(value) if isinstance(value, pikepdf.Array) else []
    for part in parts:
        if isinstance(part, Object) and not part.is_indirect:
            yield from dictionaries(part)


def strings(operands: list[Object]) -> Iterator[Object]:
    for operand in operands:
        if isinstance(operand, pikepdf.String):
            yield operand
        elif isinstance(operand, pikepdf.Array):
            yield from strings(list(operand))
