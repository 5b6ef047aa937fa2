import io
import struct
import zipfile
import zlib

import pikepdf
import pytest

from accounts.refusals import Refused
from assessments.doors import uploads

PDF = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def png(width=4, height=4, octets=None):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    # Of a large one the first lines: it is refused for its size.
    pixels = zlib.compress(bytes(octets or (1 + 3 * width) * min(height, 16)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width=4, height=4):
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 6) + b"JFIF" + frame + b"\xff\xd9"


def archive(members, **fields):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
        made.comment = fields.get("comment", b"")
    return target.getvalue()


def office(main="word/document.xml", **members):
    return archive({"[Content_Types].xml": "<Types/>", main: "<document/>", **members})


def odf(kind="text"):
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return archive({"mimetype": mimetype, "content.xml": "<document/>"})


GOOD = {
    "plan.pdf": PDF,
    "photo.png": png(),
    "photo.jpg": jpeg(),
    "photo.JPEG": jpeg(),
    "photo 27 Mpx.jpg": jpeg(6000, 4500),
    "note.docx": office(),
    "budget.xlsx": office("xl/workbook.xml"),
    "bilan.pptx": office("ppt/presentation.xml"),
    "note.odt": odf(),
    "budget.ods": odf("spreadsheet"),
    "bilan.odp": odf("presentation"),
    "données.csv": "nom;âge\nLéa;3\n".encode(),
    "notes.txt": "Réunion à la mairie".encode("cp1252"),
}


@pytest.mark.parametrize("name", GOOD)
def test_check_file_that_is_what_it_says(name):
    content_type, kept = uploads.check(name, GOOD[name])

    assert content_type == uploads.TYPES[name.rpartition(".")[2].lower()]
    assert kept == name


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("other", GOOD)
def test_check_file_under_the_name_of_another_is_refused(name, other):
    extension, real = name.rpartition(".")[2].lower(), other.rpartition(".")[2].lower()
    text, images = {"csv", "txt"}, set(uploads.NAMED_IMAGES)
    if uploads.TYPES[extension] == uploads.TYPES[real] or {extension, real} <= text or {extension, real} <= images:
        return
    with pytest.raises(Refused):
        uploads.check(name, GOOD[other])


ZIP64_BOMB = archive({"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/a.xml": b"0" * (30 * 1024 * 1024)})

HOSTILE = {
    "empty": ("vide.pdf", b""),
    "too large": ("gros.txt", b"a" * (10 * 1024 * 1024 + 1)),
    "script": ("page.html", b"<script>"),
    "drawing": ("dessin.svg", b"<svg/>"),
    "macro name": ("note.docm", office()),
    "archive": ("tout.zip", office()),
    "no extension": ("fichier", PDF),
    "HTML before a PDF": ("plan.pdf", b"<html>" + PDF),
    "PDF cut short": ("plan.pdf", PDF[:-8]),
    "PDF followed by an archive": ("plan.pdf", PDF + office()),
    "PNG of 30,000 by 30,000": ("photo.png", png(30_000, 30_000)),
    "JPEG of 30,000 by 30,000": ("photo.jpg", jpeg(30_000, 30_000)),
    "JPEG without a picture": ("photo.jpg", b"\xff\xd8\xff\xd9"),
    "PNG followed by an archive": ("photo.png", png() + office()),
    "zip bomb": ("budget.xlsx", ZIP64_BOMB),
    "too many members": ("note.docx", office(**{f"m{i}": "" for i in range(2_000)})),
    "macro": ("note.docx", office(**{"word/vbaProject.bin": "x"})),
    "path that climbs": ("note.docx", office(**{"../../etc/passwd": "x"})),
    "absolute path": ("note.docx", office(**{"/etc/passwd": "x"})),
    "archive followed by a page": ("note.docx", office() + b"<html>"),
    "archive with a broken directory": ("note.docx", office()[:-30]),
    "ODF of another kind": ("note.odt", odf("spreadsheet")),
    "XLSX called DOCX": ("note.docx", office("xl/workbook.xml")),
    "bytes called text": ("notes.txt", bytes(range(256))),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_check_hostile_file_is_refused_with_a_sentence(case):
    with pytest.raises(Refused) as refusal:
        uploads.check(*HOSTILE[case])

    assert refusal.value.reason.endswith(".")


def whole_pdf(encryption=False, **fields):
    made, written = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    for key, value in fields.items():
        made.Root[key] = value
    made.save(written, encryption=encryption)
    return written.getvalue()


LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch)
REMOTE = '<R><Relationship Type="x/image" TargetMode="External"/></R>'


@pytest.mark.parametrize("content", [b"\r\n\r\n" + whole_pdf(), whole_pdf() + b"\0" * 3_000])
def test_pdf_that_a_program_has_padded_is_taken(content):
    uploads.check("scan.pdf", content)
    uploads.inspect("scan.pdf", content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "plan.pdf",
            whole_pdf(**{"/OpenAction": LAUNCH}),
            "Ce PDF contient du code",
        ),
        ("plan.pdf", b"%PDF-1.7\n%%EOF", "abîmé"),
        ("note.docx", office(**{"word/media/i.png": bytes.fromhex("d0cf11e0a1b11ae1")}), "macros"),
        (
            "note.docx",
            office(**{"word/_rels/s.xml.rels": REMOTE}),
            "en appelle un autre",
        ),
        ("note.odt", archive({"content.xml": "<a><b></a>"}), "abîmé"),
    ],
)
def test_inspect_says_what_to_do(name, content, words):
    with pytest.raises(Refused, match=words):
        uploads.inspect(name, content)


@pytest.mark.parametrize("name", ["photo.png", "notes.txt", "données.csv"])
def test_inspect_leaves_what_cannot_act(name):
    uploads.inspect(name, GOOD[name])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\mairie\\plan.pdf", "plan.pdf"),
        ("ligne\r\nSet-Cookie: a=b.pdf", "ligneSet-Cookie a=b.pdf"),
        ("facture\u202efdp.exe.pdf", "facturefdp.exe.pdf"),
        ("été\u0000.pdf", "été.pdf"),
        ('un "nom".pdf', "un nom.pdf"),
        (".pdf", "fichier.pdf"),
        ("IMG_2031", "IMG_2031"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("a" * 300 + ".pdf", "a" * 114 + ".pdf"),
    ],
)
def test_clean_name_keeps_what_can_be_read(name, kept):
    assert uploads.clean_name(name) == kept


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("tout.zip", b"PK", "un à un"),
        ("vieux.doc", b"\xd0\xcf\x11\xe0", "Exporter, PDF"),
    ],
)
def test_what_cannot_be_opened_everywhere_is_refused_with_the_way_out(name, content, way):
    with pytest.raises(Refused) as refused:
        uploads.check(name, content)

    assert way in refused.value.reason


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + b"\0" * 40, "Le plus compatible"),
        ("IMG_1.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 40, "Le plus compatible"),
        ("scan.tif", b"II*\0" + b"\0" * 40, "abîmé"),
        ("photo.png", png(100, 100, octets=1_000), "abîmé"),
        ("photo.jpg", jpeg(), "abîmé"),
    ],
)
def test_an_image_that_no_worker_could_open_is_refused_at_once(name, content, words):
    with pytest.raises(Refused, match=words):
        uploads.inspect(name, content)


@pytest.mark.parametrize("named", ["photo.jfif", "nommée.jpg", "IMG_2031", "photo.download"])
def test_an_image_is_known_by_its_content(named):
    content_type, name = uploads.check(named, png())

    assert content_type == "image/png"
    assert name.endswith(".png")
