import hashlib
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import StreamObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from documents import certificate, minutes, receipt
from documents.seal import Level
from documents.verify import Answer, Entry, verify
from tests.documents.samples import CERTIFICATE, MINUTES, RECEIPT
from tests.documents.seals import ADDRESS, NOW, sealed, sealer

ENTRY = Entry("2027-7KQ4M9XWZT2")
OTHER_ADDRESS = ADDRESS.replace("2027-7", "2027-8")
OTHER = Entry("2027-8KQ4M9XWZT2")
PAPER = certificate.render(CERTIFICATE)


@pytest.fixture(scope="module")
def by(tmp_path_factory):
    return sealer(tmp_path_factory.mktemp("basic"))


@pytest.fixture(scope="module", params=["certificate", "receipt", "minutes"])
def paper(request, by):
    drawn = {
        "certificate": lambda: PAPER,
        "receipt": lambda: receipt.render(RECEIPT),
        "minutes": lambda: minutes.render(replace(MINUTES, decisions=MINUTES.decisions[:1])),
    }
    return sealed(drawn[request.param](), by)


def check(data, by, *, registered=None, entry=ENTRY, now=NOW):
    digests = {hashlib.sha256(registered).hexdigest(): entry} if registered else {}
    addresses = {ADDRESS: entry, OTHER_ADDRESS: OTHER}
    return verify(data, by_digest=digests.get, by_address=addresses.get, roots=by.roots, now=now)


def flipped(data, position):
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


def updated(data, change):
    """An incremental update, as an editor would append it."""
    writer, out = IncrementalPdfFileWriter(BytesIO(data)), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def replace_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def add_visible_field(writer):
    append_signature_field(writer, SigFieldSpec("Autre", box=(0, 0, 800, 500), on_page=0))


def replace_title(writer):
    writer.trailer["/Info"][pdf_name("/Title")] = pdf_string("5 arobases")
    writer.update_container(writer.trailer["/Info"])


def test_registered_file_is_in_force(paper, by):
    assert check(paper, by, registered=paper).answer == Answer.IN_FORCE


def test_registered_file_withdrawn_says_why(paper, by):
    ended = replace(ENTRY, ended_on=date(2028, 1, 3), reason="Erreur de nom")
    verdict = check(paper, by, registered=paper, entry=ended)
    assert (verdict.answer, verdict.entry) == (Answer.SUPERSEDED, ended)


def test_register_answers_for_a_file_without_seal(by):
    assert check(PAPER, by, registered=PAPER).answer == Answer.IN_FORCE


@pytest.mark.parametrize("level", Level)
def test_seal_alone_proves_a_copy_that_the_register_does_not_know(level, tmp_path):
    by = sealer(tmp_path, level)
    assert check(sealed(PAPER, by), by).answer == Answer.IN_FORCE


def test_seal_alone_of_a_withdrawn_paper_is_superseded(paper, by):
    ended = replace(ENTRY, ended_on=date(2028, 1, 3), reason="Erreur de nom")
    assert check(paper, by, entry=ended).answer == Answer.SUPERSEDED


@pytest.mark.parametrize("mark", [b"/Title", b"stream\n", b"startxref", b"/ByteRange", b"/MediaBox"])
def test_one_bit_flipped_is_altered(mark, paper, by):
    position = paper.index(mark) + len(mark) + 3
    verdict = check(flipped(paper, position), by, registered=paper)
    assert (verdict.answer, verdict.entry) == (Answer.ALTERED, ENTRY)


def test_page_replaced_by_an_update_is_altered(paper, by):
    assert check(updated(paper, replace_page), by, registered=paper).answer == Answer.ALTERED


def test_title_replaced_by_an_update_is_altered(paper, by):
    assert check(updated(paper, replace_title), by, registered=paper).answer == Answer.ALTERED


@pytest.mark.parametrize("level", [Level.LONG_TERM, Level.ARCHIVED])
def test_title_replaced_after_a_long_term_seal_is_altered(level, tmp_path):
    by = sealer(tmp_path, level)
    assert check(updated(sealed(PAPER, by), replace_title), by).answer == Answer.ALTERED


@pytest.mark.parametrize("level", [Level.LONG_TERM, Level.ARCHIVED])
def test_visible_field_laid_over_a_long_term_seal_is_altered(level, tmp_path):
    by = sealer(tmp_path, level)
    assert check(updated(sealed(PAPER, by), add_visible_field), by).answer == Answer.ALTERED


def test_bytes_appended_are_altered(paper, by):
    assert check(paper + b"\n% une note\n", by, registered=paper).answer == Answer.ALTERED


def test_file_cut_short_is_altered(paper, by):
    assert check(paper[:-60], by, registered=paper).answer == Answer.ALTERED


def test_seal_of_another_authority_is_altered(paper, by, tmp_path):
    stranger = sealer(tmp_path)
    assert check(sealed(PAPER, stranger), by, registered=paper).answer == Answer.ALTERED


def test_claim_of_another_number_is_altered(paper, by):
    claim = paper.replace(rb"2027\0557KQ", rb"2027\0558KQ")
    assert claim != paper
    assert check(claim, by, registered=paper).answer == Answer.ALTERED


def test_other_number_claimed_in_a_comment_is_altered(paper, by):
    bait = b"%PDF-1.7\n% /ContactInfo (" + OTHER_ADDRESS.encode() + b")\n"
    assert check(bait + paper, by).answer == Answer.ALTERED


def test_seal_after_its_certificate_ran_out_is_altered_unless_registered(paper, by):
    later = NOW + timedelta(days=4000)
    assert check(paper, by, now=later).answer == Answer.ALTERED
    assert check(paper, by, registered=paper, now=later).answer == Answer.IN_FORCE


@pytest.mark.parametrize("data", [b"", b"bonjour", PAPER, b"%PDF-1.7\n" + b"\0" * 100])
def test_foreign_file_is_unknown(data, by):
    assert check(data, by).answer == Answer.UNKNOWN
