"""The evaluation report on paper: what the level means, where it comes from, and what the next one takes."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from documents import arobase, evaluation, fonts, french, letterhead, palette, radar
from documents.evaluation import ReportData, Share
from documents.flow import FOOT, MARGIN, SMALL, SUBTITLE, Column, Flow
from documents.metadata import About
from documents.paper import A4, Paper, Style, balance, fit
from documents.radar import Spoke

NAME = Style(32, fonts.BOLD, leading=1.12)
EYEBROW = Style(13, colour=palette.INK_2)
LEVEL = Style(18, fonts.BOLD, palette.ACCENT)
MEANING = Style(12.5, leading=1.4)
LEGEND = Style(9.5, colour=palette.INK_2)
RADIUS = 66
MARK = 52


def render(data: ReportData) -> bytes:
    """The report as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes."""
    paper = Paper(A4, _about(data))
    flow = Flow(paper, f"Rapport d’évaluation {data.year}, {data.territory_name}", data.simulated)
    _title(flow, data)
    _axes(flow, data)
    _issues(flow, data)
    _duties(flow, data)
    _initiatives(flow, data)
    _strengths(flow, data)
    _plan(flow, data)
    _comments(flow, data)
    _trace(flow, data)
    _replay(flow, data)
    return paper.save()


def _about(data: ReportData) -> About:
    note = f" ({letterhead.DEMONSTRATION})" if data.simulated else ""
    return About(
        title=f"Rapport d’évaluation {data.year} : {data.territory_name}{note}",
        author=data.organiser_name,
        subject=f"{data.label_name}, édition {data.year}, {french.level(data.level)}",
        instant=datetime.combine(data.decided_on, time(12), UTC),
    )


def _title(flow: Flow, data: ReportData) -> None:
    paper, width = flow.paper, flow.width
    letterhead.header(paper, data.label_name, data.year, MARGIN)
    top = paper.text("P", "Rapport d’évaluation", MARGIN, flow.top - 52, width, EYEBROW)
    style, name = fit(data.territory_name, NAME, width, lines=2, smallest=18)
    top = paper.lines("H1", name, MARGIN, top - 16, width, style) - 26 - MARK
    paper.level(MARGIN, top, MARK, data.level)
    left = MARGIN + arobase.row_width(MARK) + 22
    room = paper.width - MARGIN - left
    style, level = fit(french.level(data.level).capitalize(), LEVEL, room, lines=1, smallest=12)
    paper.lines("P", level, left, top + (MARK + style.cap_height) / 2, room, style)
    sentence = balance(data.meaning, MEANING, width)
    flow.top = paper.lines("P", sentence, MARGIN, top - 24, width, MEANING) - 16
    flow.paragraph(f"Décision du jury du {french.day(data.decided_on)}. {data.reasons}")


def _axes(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", "Vos quatre axes")
    flow.need(2 * RADIUS + 100)
    _radar(flow, data)
    flow.paragraph(data.legend, LEGEND)
    _shares(flow, "Axe", data.axes, bool(data.peers))
    flow.paragraph(f"Note d’ensemble, moyenne des axes : {data.overall}.")


def _shares(flow: Flow, heading: str, shares: Sequence[Share], compared: bool) -> None:
    """A table of results; the column of the peers only where there are some."""
    peers = [Column("Médiane des pairs", 0.22, "right")] if compared else []
    figures = [Column("Points", 0.22, "right"), Column("Résultat", 0.16, "right"), *peers]
    name = Column(heading, 1 - sum(column.part for column in figures))
    rows = [[share.name, share.points, share.words, share.peers_words] for share in shares]
    flow.table([name, *figures], [row[: 1 + len(figures)] for row in rows])


def _radar(flow: Flow, data: ReportData) -> None:
    paper, spokes = flow.paper, [Spoke(axis.name, axis.share or 0, axis.peers) for axis in data.axes]
    height = 2 * RADIUS + 78
    x, y = paper.width / 2, flow.top - height / 2
    box = (MARGIN, flow.top - height, paper.width - MARGIN, flow.top)
    with paper.tags.content("Figure", alt=evaluation.RADAR, box=box):
        for shape in radar.shapes(spokes, RADIUS):
            points = [(x + right, y + up) for right, up in shape.points]
            paper.polygon(points, shape.stroke, shape.weight, shape.fill, shape.dash)
        for label in radar.labels(spokes, RADIUS):
            _radar_label(paper, label, x, y)
    flow.top -= height + 14


def _radar_label(paper: Paper, label: radar.Label, x: float, y: float) -> None:
    name = Style(radar.FONT_SIZE, fonts.BOLD)
    value = Style(radar.FONT_SIZE, colour=palette.INK_2)
    for text, style, drop in ((label.name, name, 0), (label.value, value, radar.LINE_HEIGHT)):
        slack = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor] * style.width(fonts.drawable(text))
        paper.draw([text], x + label.x - slack, y + label.y - drop + style.cap_height, 0, style)


def _issues(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", "Enjeu par enjeu")
    _shares(flow, "Enjeu", data.issues, bool(data.peers))
    if data.peers and any(issue.peers is None for issue in data.issues):
        flow.paragraph(evaluation.NO_MEDIAN, SMALL)


def _duties(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", "Vos obligations")
    flow.paragraph(data.duties)


def _initiatives(flow: Flow, data: ReportData) -> None:
    if data.initiatives:
        flow.heading("H2", "Ce que vos initiatives apportent")
        flow.paragraph(evaluation.INITIATIVES)
        _shares(flow, "Axe", data.initiatives, compared=False)


def _strengths(flow: Flow, data: ReportData) -> None:
    if data.strengths:
        flow.heading("H2", "Vos points forts")
        flow.bullets(data.strengths)


def _plan(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", data.plan_title)
    flow.paragraph(data.plan_note)
    if data.plan:
        flow.table(
            [Column("Ce qu’il faut mettre en place", 0.58), Column("Effort", 0.2), Column("Gain", 0.22, "right")],
            [[step.words, step.effort, step.gain] for step in data.plan],
        )


def _comments(flow: Flow, data: ReportData) -> None:
    if data.comments:
        flow.heading("H2", "Ce que le jury vous dit")
        for comment in data.comments:
            flow.heading("H3", comment.subject, SUBTITLE)
            flow.paragraph(comment.text)


def _trace(flow: Flow, data: ReportData) -> None:
    flow.next_page()
    flow.heading("H2", "Annexe : le calcul, ligne par ligne")
    if data.answers:
        flow.paragraph(data.answers)
    flow.table(
        [Column("Question", 0.38), Column("Réponse", 0.2), Column("Points", 0.12, "right"), Column("Pourquoi", 0.3)],
        [[line.question, line.answer, line.points, line.reason] for line in data.trace],
    )


def _replay(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", "Refaire le calcul")
    flow.paragraph(evaluation.REPLAY)
    flow.paragraph(evaluation.COMMAND, SMALL)
    for name, digest in (("Dossier", data.input_hash), ("Référentiel", data.framework_hash)):
        flow.paragraph(f"{name} : {french.grouped(digest, 8)}", SMALL)
    if not data.verify_url:
        return
    flow.need(FOOT)
    with flow.paper.tags.element("P"):
        flow.top = flow.paper.link(data.verify_url, "Vérifier ce résultat", MARGIN, flow.top, flow.width, SMALL)
