"""The evaluation report: what the level means, where it comes from, and what the next one takes.

`ReportData` is also what the web page of the report shows: the same content from the same data.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from documents import arobase, certificate, fonts, french, letterhead, palette, radar
from documents.flow import FOOT, MARGIN, SMALL, SUBTITLE, Column, Flow
from documents.metadata import About
from documents.paper import A4, Paper, Style, balance, fit
from documents.radar import Spoke

NAME = Style(32, fonts.BOLD, leading=1.12)
EYEBROW = Style(13, colour=palette.INK_2)
LEVEL = Style(18, fonts.BOLD, palette.ACCENT)
MEANING = Style(12.5, leading=1.4)
LEGEND = Style(9.5, colour=palette.INK_2)
RADIUS = 76
MARK = 52

OWN = "Trait plein : votre résultat."
NO_PEERS = "Aucune comparaison : moins de dix collectivités semblables ont un résultat publié."


@dataclass(frozen=True)
class Share:
    """A result from 0 to 100 beside the median of the peers; `axis` is empty for an axis itself."""

    name: str
    share: float
    peers: float | None = None
    axis: str = ""


@dataclass(frozen=True)
class Step:
    """Something to do to reach the next level: the practice, the effort in words, the gain in words."""

    practice: str
    effort: str
    gain: str


@dataclass(frozen=True)
class Comment:
    """What the jury tells the territory, on a subject."""

    subject: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line of the trace: the question with its code, the answer, the points ("2,5 / 4") and the reason in words."""

    question: str
    answer: str
    points: str
    reason: str


@dataclass(frozen=True)
class ReportData:
    """Everything in a report. `peers` describes the peer group, if there is one; the plan is empty at the top."""

    territory_name: str
    kind: str
    year: int
    level: int
    decided_on: date
    reasons: str
    axes: tuple[Share, ...]
    issues: tuple[Share, ...]
    peers: str
    strengths: tuple[str, ...]
    plan: tuple[Step, ...]
    comments: tuple[Comment, ...]
    trace: tuple[Line, ...]
    input_hash: str
    framework_hash: str
    verify_url: str
    label_name: str
    organiser_name: str
    simulated: bool


def render(data: ReportData) -> bytes:
    """The report as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes."""
    paper = Paper(A4, _about(data))
    flow = Flow(paper, f"Rapport d’évaluation {data.year}, {data.territory_name}", data.simulated)
    _title(flow, data)
    _axes(flow, data)
    _issues(flow, data)
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
    top = paper.text("P", "Rapport d’évaluation", MARGIN, flow.top - 62, width, EYEBROW)
    style, name = fit(data.territory_name, NAME, width, lines=2, smallest=18)
    top = paper.lines("H1", name, MARGIN, top - 16, width, style) - 26 - MARK
    paper.level(MARGIN, top, MARK, data.level)
    left = MARGIN + arobase.row_width(MARK) + 22
    paper.text("P", french.level(data.level), left, top + (MARK + LEVEL.cap_height) / 2, 160, LEVEL)
    sentence = balance(certificate.meaning(data.kind, data.level), MEANING, width)
    flow.top = paper.lines("P", sentence, MARGIN, top - 24, width, MEANING) - 16
    flow.paragraph(f"Décision du jury du {french.day(data.decided_on)}. {data.reasons}")


def _axes(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", "Vos quatre axes")
    flow.need(2 * RADIUS + 100)
    _radar(flow, data)
    flow.paragraph(_legend(data), LEGEND)
    flow.table(
        [Column("Axe", 0.46), Column("Votre résultat", 0.27, "right"), Column("Médiane des pairs", 0.27, "right")],
        [[axis.name, french.percent(axis.share), _peers(axis)] for axis in data.axes],
    )


def _legend(data: ReportData) -> str:
    if not data.peers:
        return f"{OWN} {NO_PEERS}"
    return f"{OWN} Tirets : médiane de vos pairs, {data.peers}. L’échelle va de 0 % au centre à 100 % au bord."


def _peers(share: Share) -> str:
    return "–" if share.peers is None else french.percent(share.peers)


def _radar(flow: Flow, data: ReportData) -> None:
    paper, spokes = flow.paper, [Spoke(axis.name, axis.share, axis.peers) for axis in data.axes]
    height = 2 * RADIUS + 78
    x, y = paper.width / 2, flow.top - height / 2
    box = (MARGIN, flow.top - height, paper.width - MARGIN, flow.top)
    with paper.tags.content("Figure", alt="Radar des axes ; les valeurs sont dans le tableau qui suit.", box=box):
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
    flow.table(
        [Column("Enjeu", 0.4), Column("Axe", 0.22), Column("Résultat", 0.17, "right"), Column("Pairs", 0.21, "right")],
        [[issue.name, issue.axis, french.percent(issue.share), _peers(issue)] for issue in data.issues],
    )


def _strengths(flow: Flow, data: ReportData) -> None:
    if data.strengths:
        flow.heading("H2", "Vos points forts")
        flow.bullets(data.strengths)


def _plan(flow: Flow, data: ReportData) -> None:
    if not data.plan:
        return
    flow.heading("H2", f"Vers {french.counted(data.level + 1, 'arobase', 'arobases')}")
    flow.paragraph("Voici le chemin le plus court d’après vos réponses. D’autres existent : à vous de choisir.")
    flow.table(
        [Column("Ce qu’il faut mettre en place", 0.58), Column("Effort", 0.2), Column("Gain", 0.22, "right")],
        [[step.practice, step.effort, step.gain] for step in data.plan],
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
    flow.table(
        [Column("Question", 0.38), Column("Réponse", 0.2), Column("Points", 0.12, "right"), Column("Pourquoi", 0.3)],
        [[line.question, line.answer, line.points, line.reason] for line in data.trace],
    )


def _replay(flow: Flow, data: ReportData) -> None:
    flow.heading("H2", "Refaire le calcul")
    flow.paragraph(
        "Le calcul est public et sans part de hasard : avec votre dossier et le référentiel de l’édition, "
        "n’importe qui retrouve ce résultat. Téléchargez les deux fichiers depuis votre espace, "
        "puis comparez ces empreintes (SHA-256)."
    )
    for name, digest in (("Dossier", data.input_hash), ("Référentiel", data.framework_hash)):
        flow.paragraph(f"{name} : {french.grouped(digest, 8)}", SMALL)
    flow.need(FOOT)
    with flow.paper.tags.element("P"):
        flow.top = flow.paper.link(data.verify_url, "Vérifier ce résultat", MARGIN, flow.top, flow.width, SMALL)
