"""What acts, whatever its dress."""

import io
import zipfile
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from documents import contents, workbook
from documents.contents import Finding, look
from documents.workbook import Column, Table


def pdf(dress=lambda pdf: None, **how):
    made, written = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(100, 100))
    dress(made)
    made.save(written, **how)
    return written.getvalue()


def script(**more):
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"), **more)


def on_open(action):
    def dress(made):
        made.Root.OpenAction = action

    return dress


def annotation(**fields):
    def dress(made):
        made.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **fields)])

    return dress


def named(name):
    def dress(made):
        made.Root.Names = Dictionary({name: Dictionary(Names=Array([]))})

    return dress


OBJECTS = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
PLAIN = pdf()


def raw(catalog, *objects):
    """A PDF by hand, whose table is left to be built again."""
    body = b"%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R " + catalog + b">>\nendobj\n"
    body += b"2 0 obj\n<</Type /Pages /Count 1 /Kids [3 0 R]>>\nendobj\n"
    body += b"3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>\nendobj\n"
    return body + b"".join(objects) + b"trailer\n<</Root 1 0 R /Size 9>>\n%%EOF\n"


def packed(text, filters=1):
    content = b"4 0 " + text
    for _ in range(filters):
        content = zlib.compress(content)
    names = b" ".join([b"/FlateDecode"] * filters)
    head = b"<</Type /Obj#53tm /N 1 /First 4 /Filter [%s] /Length %d>>" % (names, len(content))
    return b"5 0 obj\n" + head + b"\nstream\n" + content + b"\nendstream\nendobj\n"


ACTING = {
    "script on opening": pdf(on_open(script())),
    "script in an object stream": pdf(on_open(script()), **OBJECTS),
    "script after a comment that says stream": raw(b"/OpenAction <</S /JavaScript /JS (x)>>").replace(
        b"\n", b"\n%stream\n", 1
    ),
    "name in hexadecimal": raw(b"/OpenAction <</S /J#61vaScript /#4aS (x)>>"),
    "action in another object": raw(b"/OpenAction 4 0 R", b"4 0 obj\n<</S /JavaScript /JS (x)>>\nendobj\n"),
    "script on leaving a page": pdf(lambda made: made.pages[0].obj.__setitem__("/AA", Dictionary(C=script()))),
    "next action": pdf(on_open(Dictionary(S=Name.GoTo, D=Array([]), Next=script()))),
    "program launched": pdf(on_open(Dictionary(S=Name.Launch, F=String("cmd.exe")))),
    "form sent": pdf(annotation(Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("https://x.example")))),
    "other file opened": pdf(annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("\\\\x\\y")))),
    "action of no known kind": pdf(annotation(Subtype=Name.Link, A=Dictionary(Type=Name.Action, S=Name.Tomorrow))),
    "scripts of the document": pdf(named("/JavaScript")),
    "file within": pdf(named("/EmbeddedFiles")),
    "file as a note": pdf(annotation(Subtype=Name.FileAttachment)),
    "film": pdf(annotation(Subtype=Name.RichMedia)),
    "XFA form": pdf(lambda made: made.Root.__setitem__("/AcroForm", Dictionary(XFA=String("<x/>")))),
    "action nobody points to yet": raw(b"", b"4 0 obj\n<</S /JavaScript /JS (x)>>\nendobj\n"),
}
GOOD = {
    "plain": PLAIN,
    "with object streams": pdf(**OBJECTS),
    "link to a page of the web": pdf(
        annotation(Subtype=Name.Link, A=Dictionary(Type=Name.Action, S=Name.URI, URI=String("https://x.example")))
    ),
    "opens at a page": pdf(on_open(Dictionary(S=Name.GoTo, D=Array([])))),
    "structure named like an action": pdf(
        lambda made: made.Root.__setitem__("/StructTreeRoot", Dictionary(K=Dictionary(S=Name.P)))
    ),
    "text that speaks of JavaScript": pdf(
        lambda made: made.pages[0].__setattr__("Contents", Stream(made, b"BT (/JavaScript /JS) Tj ET"))
    ),
    "empty user password": pdf(encryption=pikepdf.Encryption(owner="secret", user="")),
    "table built again": raw(b""),
}


@pytest.mark.parametrize("dress", ACTING)
def test_pdf_that_acts_is_found(dress):
    assert contents.pdf(ACTING[dress]) == Finding.CODE


@pytest.mark.parametrize("filters", [1, 2])
def test_pdf_that_acts_from_a_packed_object_is_found(filters):
    """The table names the packed object, as a reader of PDF needs it."""
    action = packed(b"<</S /JavaScript /JS (x)>>", filters)
    body = raw(b"/OpenAction 4 0 R", action).rpartition(b"trailer")[0]
    table = {1: body.index(b"1 0 obj"), 2: body.index(b"2 0 obj"), 3: body.index(b"3 0 obj"), 5: body.index(b"5 0 obj")}
    rows = [b"\0\0\0\0\xff"]
    for number in range(1, 7):
        if number == 4:
            rows.append(b"\2" + (5).to_bytes(3, "big") + b"\0")
        else:
            rows.append(b"\1" + table.get(number, len(body)).to_bytes(3, "big") + b"\0")
    stream = b"".join(rows)
    head = b"6 0 obj\n<</Type /XRef /W [1 3 1] /Size 7 /Root 1 0 R /Length %d>>\nstream\n" % len(stream)
    whole = body + head + stream + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)

    assert contents.pdf(whole) == Finding.CODE


@pytest.mark.parametrize("dress", GOOD)
def test_pdf_that_only_shows_is_well(dress):
    assert contents.pdf(GOOD[dress]) == Finding.WELL


def test_pdf_under_a_password_is_locked():
    assert contents.pdf(pdf(encryption=pikepdf.Encryption(owner="secret", user="secret"))) == Finding.LOCKED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", PLAIN[:60]])
def test_pdf_that_is_none_is_damaged(content):
    assert contents.pdf(content) == Finding.DAMAGED


# Office files

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts(*pairs):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in pairs:
            made.writestr(name, content)
    return written.getvalue()


def relation(kind, target, mode='TargetMode="External"'):
    return (
        "word/_rels/settings.xml.rels",
        f'<Relationships><Relationship Id="r1" Type="{R}/{kind}" Target="{target}" {mode}/></Relationships>',
    )


def types(content_type):
    return "[Content_Types].xml", f'<Types><Override PartName="/word/a.bin" ContentType="{content_type}"/></Types>'


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100
FIELDS = (
    f'<w:p xmlns:w="{W}">'
    + "".join(
        f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in ("D", "DE", "AUTO c:\\\\x &quot;/c calc&quot;")
    )
    + "</w:p>"
)
OFFICE_ACTING = {
    "VBA under its own name": parts(("word/vbaProject.bin", b"x")),
    "VBA renamed, known by its type": parts(types("application/vnd.ms-office.vbaProject")),
    "VBA renamed, known by its bytes": parts(("word/media/image1.png", OLE)),
    "VBA renamed, known by its relation": parts(relation("vbaProject", "a.dat", "")),
    "OLE object": parts(("word/embeddings/oleObject1.bin", OLE)),
    "macro sheet of Excel 4": parts(("xl/macrosheets/sheet1.xml", "<x/>")),
    "macro sheet renamed": parts(types("application/vnd.ms-excel.macrosheet+xml")),
    "DDE in an external link": parts(("xl/externalLinks/externalLink1.xml", "<e><ddeLink ddeService='cmd'/></e>")),
    "DDE in an external link, other prefix": parts(("xl/a.xml", "<q:e xmlns:q='x'><q:ddeLink/></q:e>")),
    "DDE in a field cut into pieces": parts(("word/document.xml", FIELDS)),
    "DDE in a simple field": parts(("word/document.xml", f'<w:fldSimple xmlns:w="{W}" w:instr=" DDEAUTO c:"/>')),
    "ActiveX control": parts(types("application/vnd.ms-office.activeX+xml")),
    "script of OpenDocument": parts(("content.xml", "<o:d xmlns:o='x'><s:event-listener xmlns:s='y'/></o:d>")),
    "DDE of OpenDocument": parts(("content.xml", "<d><t:dde-connection xmlns:t='y'/></d>")),
    "OLE object of OpenDocument": parts(("Object 1", OLE)),
}
WITHIN = "ppt/embeddings/book.xlsx"
OFFICE_ACTING["macro in a workbook within"] = parts((WITHIN, OFFICE_ACTING["VBA renamed, known by its bytes"]))
OFFICE_LINKS = {
    "remote template": parts(relation("attachedTemplate", "https://x.example/t.dotm")),
    "remote picture": parts(relation("image", "https://x.example/i.png")),
    "remote frame": parts(relation("frame", "https://x.example/")),
    "workbook on another machine": parts(relation("externalLinkPath", "file:///\\\\x\\y.xlsx")),
    "remote template of OpenDocument": parts(("meta.xml", "<m:template xmlns:m='x' l:href='https://x' xmlns:l='y'/>")),
}
OFFICE_GOOD = {
    "plain": parts(("word/document.xml", "<d>Nous utilisons DDE ?</d>"), types("application/xml")),
    "link to a page": parts(relation("hyperlink", "https://x.example")),
    "workbook beside this one": parts(relation("externalLinkPath", "budget.xlsx")),
    "workbook within": parts((WITHIN, parts(("xl/workbook.xml", "<d/>")))),
    "core properties": parts(relation("metadata/core-properties", "docProps/core.xml", "")),
    "ours": workbook.write("Essai", [Table("Essai", (Column("A", 12),), (("a",),))]),
    "other fields": parts(("word/document.xml", f'<w:fldSimple xmlns:w="{W}" w:instr=" PAGE "/>')),
}


@pytest.mark.parametrize("dress", OFFICE_ACTING)
def test_office_file_that_acts_is_found(dress):
    assert contents.office(OFFICE_ACTING[dress]) == Finding.CODE


@pytest.mark.parametrize("dress", OFFICE_LINKS)
def test_office_file_that_fetches_is_found(dress):
    assert contents.office(OFFICE_LINKS[dress]) == Finding.LINKS


@pytest.mark.parametrize("dress", OFFICE_GOOD)
def test_office_file_that_only_shows_is_well(dress):
    assert contents.office(OFFICE_GOOD[dress]) == Finding.WELL


def test_office_file_with_entities_is_damaged():
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'

    assert contents.office(parts(("word/document.xml", bomb))) == Finding.DAMAGED


# The process of its own


@pytest.mark.parametrize(
    ("content", "kind", "finding"),
    [
        (PLAIN, "pdf", Finding.WELL),
        (ACTING["script on opening"], "pdf", Finding.CODE),
        (OFFICE_LINKS["remote template"], "ooxml", Finding.LINKS),
        (b"", "odf", Finding.DAMAGED),
    ],
)
def test_look_says_what_the_process_found(content, kind, finding):
    assert look(content, kind) == finding


def test_look_gives_up_on_what_takes_too_long():
    assert look(PLAIN, "pdf", seconds=0.001) == Finding.DAMAGED
