import json
import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from documents import evaluation, minutes, report
from tests.documents.samples import MINUTES, REPORT, REPORTS
from tests.documents.structure import elements


def roles(data):
    with pikepdf.open(BytesIO(data)) as pdf:
        return [str(element.S) for element in elements(pdf)]


def text_of(data, tmp_path, *options):
    (tmp_path / "r.pdf").write_bytes(data)
    said = subprocess.run(["pdftotext", *options, tmp_path / "r.pdf", "-"], capture_output=True, text=True, check=True)
    return said.stdout.replace("\u00a0", " ")


def test_table_over_pages_has_one_heading_row_and_all_its_rows():
    with pikepdf.open(BytesIO(report.render(REPORT))) as pdf:
        trace = [element for element in elements(pdf) if element.S == "/Table"][-1]
        rows = list(trace.K)
        scopes = [str(row.K[0].A.Scope) for row in rows]
    assert scopes == ["/Column"] + ["/Row"] * len(REPORT.trace)


def test_headings_of_comments_lie_under_their_chapter():
    headings = [role for role in roles(report.render(REPORT)) if role.startswith("/H")]
    assert headings == ["/H1"] + ["/H2"] * 7 + ["/H3"] + ["/H2"] * 2


def test_paragraph_over_two_pages_is_one_element():
    long = replace(REPORT, reasons="Le jury explique sa décision avec soin. " * 150)
    with pikepdf.open(BytesIO(report.render(long))) as pdf:
        pieces = [len(element.K) for element in elements(pdf) if element.S == "/P"]
    assert max(pieces) >= 2


def test_repeated_banner_is_seen_on_each_page(tmp_path):
    said = text_of(report.render(REPORT), tmp_path)
    pages = said.count("\f")
    assert pages > 3
    assert said.count("Démonstration — résultat simulé, sans valeur") == pages


def test_repeated_banner_is_heard_once(tmp_path):
    (tmp_path / "r.pdf").write_bytes(report.render(REPORT))
    tree = subprocess.run(["pdfinfo", "-struct-text", tmp_path / "r.pdf"], capture_output=True, text=True, check=True)
    assert tree.stdout.count("résultat simulé, sans valeur") == 1


def test_report_says_what_the_next_level_takes(tmp_path):
    said = text_of(report.render(REPORT), tmp_path)
    assert "Vers 4 arobases" in said
    assert "Testez-vous la reprise après une panne générale" in said


@pytest.mark.parametrize("level", [0, 1, 5])
def test_level_stands_on_one_line_beside_its_arobases(level, tmp_path):
    told = {0: "Pas encore d’arobase", 1: "1 arobase sur 5", 5: "5 arobases sur 5"}[level]
    said = text_of(report.render(replace(REPORT, level=level)), tmp_path)
    assert told in [line.strip() for line in said.splitlines()]


def test_report_at_the_top_without_peers_says_so(tmp_path):
    said = text_of(report.render(REPORTS["alone-at-the-top"]), tmp_path)
    assert "Vers" not in said
    assert "Garder 5 arobases" in said
    assert "Il n’y a pas de médiane" in said


def test_every_line_of_the_trace_is_printed(tmp_path):
    said = text_of(report.render(REPORT), tmp_path)
    assert [line.question[:6] for line in REPORT.trace if line.question[:6] not in said] == []


def test_minutes_name_recusals_and_decisions(tmp_path):
    said = text_of(minutes.render(MINUTES), tmp_path, "-layout")
    assert "Un ingénieur territorial" in said
    assert "la présidente du jury" in said
    assert [line.territory for line in MINUTES.decisions if line.territory.split("-")[0] not in said] == []


def test_minutes_without_recusal_say_so(tmp_path):
    assert "Aucun membre du jury ne s’est déporté" in text_of(
        minutes.render(replace(MINUTES, recusals=())), tmp_path, "-layout"
    )


@pytest.mark.parametrize("name", REPORTS)
def test_report_is_read_back_from_its_document(name):
    document = json.loads(json.dumps(evaluation.as_document(REPORTS[name])))
    assert evaluation.read(document) == REPORTS[name]
