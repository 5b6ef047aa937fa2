from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.pdfgen.canvas import Canvas

from documents import certificate, receipt
from tests.documents.samples import CERTIFICATE, RECEIPT
from tests.documents.structure import RULES, elements, faults


def broken_rules(data: bytes) -> set[str]:
    return {fault.split(":")[0] for fault in faults(data)}


def test_untagged_file_breaks_most_rules():
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 100, "Bonjour")
    canvas.save()
    assert len(broken_rules(buffer.getvalue())) >= 10


def first(pdf: Pdf, role: str) -> pikepdf.Object:
    return next(element for element in elements(pdf) if Name(role) == element.S)


def edit_content(pdf: Pdf, prefix: bytes) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(prefix + page.Contents.read_bytes())


def drop_dates(pdf: Pdf) -> None:
    pdf.docinfo["/ModDate"] = String("D:20000101000000Z")


def drop_xmp(pdf: Pdf) -> None:
    pdf.Root.Metadata = pdf.make_stream(pdf.Root.Metadata.read_bytes().replace(b"<pdfuaid:part>1", b"<pdfuaid:part>9"))


def cmyk_profile(pdf: Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile.N = 4


def unembedded(pdf: Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        del font.FontDescriptor.FontFile2


BREAKS = {
    "marked": lambda pdf: pdf.Root.MarkInfo.update({"/Marked": False}),
    "language": lambda pdf: pdf.Root.update({"/Lang": String("en")}),
    "title_displayed": lambda pdf: pdf.Root.ViewerPreferences.update({"/DisplayDocTitle": False}),
    "xmp_claims": drop_xmp,
    "xmp_matches_info": drop_dates,
    "tree_present": lambda pdf: pdf.Root.StructTreeRoot.update({"/K": Array()}),
    "everything_painted_is_marked": lambda pdf: edit_content(pdf, b"0 0 10 10 re f\n"),
    "content_and_tree_agree": lambda pdf: first(pdf, "/H1").update({"/K": Array()}),
    "figures_have_text_and_box": lambda pdf: first(pdf, "/Figure").update({"/Alt": String("")}),
    "headings_of_tables_have_scope": lambda pdf: first(pdf, "/P").update({"/S": Name.TH}),
    "heading_levels_do_not_skip": lambda pdf: first(pdf, "/H1").update({"/S": Name.H3}),
    "fonts_embedded": unembedded,
    "no_missing_glyph": lambda pdf: edit_content(pdf, b"/Artifact BMC BT <0041> Tj ET EMC\n"),
    "output_intent": cmyk_profile,
    "pages_follow_the_tree": lambda pdf: pdf.pages[0].obj.update({"/Tabs": Name.R}),
    "annotations_speak": lambda pdf: pdf.pages[0].Annots[0].update({"/StructParent": 99}),
    "no_script": lambda pdf: pdf.Root.update({"/OpenAction": Dictionary(S=Name.JavaScript, JS=String("1"))}),
    "transparency_has_a_colour_space": lambda pdf: pdf.pages[0].obj.update({"/Group": Dictionary(S=Name.Transparency)}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_rule_sees_its_breach(name):
    out = BytesIO()
    with pikepdf.open(BytesIO(certificate.render(CERTIFICATE))) as pdf:
        BREAKS[name](pdf)
        pdf.save(out)
    assert name in broken_rules(out.getvalue())


def test_rule_sees_encryption():
    out = BytesIO()
    with pikepdf.open(BytesIO(certificate.render(CERTIFICATE))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="secret", user=""))
    assert "not_encrypted" in broken_rules(out.getvalue())


def test_rule_sees_a_stream_without_end_of_line():
    data = certificate.render(CERTIFICATE).replace(b"\nendstream", b"endstream")
    assert "streams_end_with_a_line" in broken_rules(data)


def test_rule_sees_a_trailer_without_id():
    data = certificate.render(CERTIFICATE).replace(b"/ID", b"/No")
    assert "identified" in broken_rules(data)


def test_every_rule_was_seen_to_fail():
    seen = {*BREAKS, "not_encrypted", "streams_end_with_a_line", "identified"}
    assert seen == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    "data", [certificate.render(CERTIFICATE), receipt.render(RECEIPT)], ids=["certificate", "receipt"]
)
def test_our_papers_break_no_rule(data):
    assert faults(data) == []
