"""What holds of every paper, whatever its data."""

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from documents import booklet, certificate, dossier, minutes, receipt, report
from tests.documents.samples import (
    BOOKLETS,
    CERTIFICATE,
    CERTIFICATES,
    DOSSIERS,
    MINUTES_OF,
    RECEIPT,
    RECEIPTS,
    REPORTS,
)
from tests.documents.structure import faults

KINDS = {
    "certificate": (certificate, CERTIFICATES),
    "receipt": (receipt, RECEIPTS),
    "report": (report, REPORTS),
    "minutes": (minutes, MINUTES_OF),
    "booklet": (booklet, BOOKLETS),
    "dossier": (dossier, DOSSIERS),
}
PAPERS = {
    f"{kind}-{name}": (module.render, data)
    for kind, (module, samples) in KINDS.items()
    for name, data in samples.items()
}
SAFE_MARGIN = 24  # points that a printer may not reach
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
DIGESTS = """
import hashlib
from tests.documents.test_papers import PAPERS
for render, data in PAPERS.values():
    print(hashlib.sha256(render(data)).hexdigest())
"""


@pytest.fixture(params=PAPERS)
def pdf(request):
    render, data = PAPERS[request.param]
    return render(data)


@pytest.fixture
def path(pdf, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    return file


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_structure_is_sound(pdf):
    assert faults(pdf) == []


def test_pdfua_finds_nothing(path):
    outcome = subprocess.run(
        [sys.executable, "-m", "pdfua", "check", "--format", "json", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout


def test_same_data_gives_the_same_bytes_in_other_processes():
    outputs = set()
    for seed, zone in (("1", "Europe/Paris"), ("2", "Pacific/Noumea")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": f"{seed}00000000"}
        root = Path(__file__).parents[2]
        outputs.add(
            subprocess.run(
                [sys.executable, "-c", DIGESTS], env=environment, cwd=root, capture_output=True, text=True, check=True
            ).stdout
        )
    assert len(outputs) == 1
    assert len(set(outputs.pop().split())) == len(PAPERS)


def test_files_of_different_data_have_different_identifiers():
    identifiers = set()
    for render, data in PAPERS.values():
        with pikepdf.open(BytesIO(render(data))) as pdf:
            identifiers.add(bytes(pdf.trailer.ID[0]))
    assert len(identifiers) == len(PAPERS)


def test_qpdf_finds_no_fault(path):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)


def test_fonts_are_embedded_subsets_with_their_characters(path):
    rows = run("pdffonts", path).splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def pages(path):
    """(width, height, words) of each page; a word is (left, top, right, bottom, text)."""
    for page in run("pdftotext", "-bbox", path, "-").split("</page>")[:-1]:
        words = [(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]
        assert words
        yield *map(float, PAGE.search(page).groups()), words


def test_words_stay_within_the_margins(path):
    banner = 30  # the only text above the safe margin, on its own ground
    outside = [
        word
        for width, height, words in pages(path)
        for left, top, right, bottom, word in words
        if left < SAFE_MARGIN or right > width - SAFE_MARGIN or bottom > height - SAFE_MARGIN or (bottom > banner > top)
    ]
    assert outside == []


def test_lines_do_not_run_into_each_other(path):
    assert [pair for _, _, words in pages(path) for pair in overlapping([word[:4] for word in words])] == []


@pytest.mark.parametrize("data", RECEIPTS.values(), ids=RECEIPTS)
def test_last_lines_of_a_receipt_stand_apart_from_what_comes_next(data, tmp_path):
    (tmp_path / "r.pdf").write_bytes(receipt.render(data))
    _width, _height, words = next(pages(tmp_path / "r.pdf"))
    last = next(bottom for _left, _top, _right, bottom, word in reversed(words) if word == "résultat.")
    worth = next(top for _left, top, _right, _bottom, word in words if word == "Document")
    assert worth - last > 8


def overlapping(words):
    """Pairs of words whose letters touch; boxes are of full line height, so a third is cut above and below."""
    cores = [(left, top + (bottom - top) / 3, right, bottom - (bottom - top) / 4) for left, top, right, bottom in words]
    for i, one in enumerate(cores):
        for other in cores[i + 1 :]:
            if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]:
                yield one, other


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        (certificate.render(CERTIFICATES["ligature"]), "Œuvray"),
        (certificate.render(CERTIFICATES["diaeresis"]), "L’Haÿ-les-Roses"),
        (certificate.render(CERTIFICATES["one-letter"]), "1er mars 2027"),
        (certificate.render(CERTIFICATE), "3 arobases sur 5"),
        (certificate.render(CERTIFICATE), "Démonstration — résultat simulé, sans valeur"),
        (receipt.render(RECEIPT), "30 juin 2027 à 17 h 05 (heure de Paris)"),
        (receipt.render(RECEIPT), "2c26 b46b 68ff"),
        (receipt.render(RECEIPT), "1 fichier ou lien"),
    ],
)
def test_text_is_readable_by_machines(data, phrase, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    assert phrase in run("pdftotext", "-layout", path, "-").replace("\u00a0", " ")
