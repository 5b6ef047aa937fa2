"""The certificate: one A4 landscape page to hang in a town hall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from documents import fonts, french, letterhead, levels, palette
from documents.metadata import About
from documents.paper import A4_LANDSCAPE, Paper, Style, balance, fit, wrap

MARGIN = 56
QR_SIZE = 80
HEAD, FOOT = 502, 134  # heights of the top of the award and of the rule under it
AIR = 24  # at least, between the award and the rule
LARGEST_MARK = 88
MOST_SIGNATORIES = 3
SIGNED_AT = 30  # height of the line over which one signs

EYEBROW = Style(13, colour=palette.INK_2)
NAME = Style(62, fonts.BOLD, leading=1.12)
LONG_NAME = Style(43, fonts.BOLD, leading=1.12)
PLACE = Style(16, colour=palette.INK_2)
LEVEL = Style(25, fonts.BOLD, palette.ACCENT)
MEANING = Style(14.5, leading=1.4)
MERITS = Style(11.5, colour=palette.INK_2)
HONOURS = Style(13, fonts.BOLD)
FIELD = Style(9.5, colour=palette.INK_2)
FUNCTION = Style(10.5)
VALUE = Style(12.5, fonts.BOLD)
NUMBER = Style(12.5, fonts.CODE)
SIGNED = Style(10.5, fonts.BOLD)
SMALL = Style(9.5, colour=palette.INK_2)


@dataclass(frozen=True)
class Signatory:
    """Who signs: a function ("La présidente du jury"), and a name only when the instance gives one."""

    function: str
    name: str = ""


@dataclass(frozen=True)
class CertificateData:
    """Everything printed on a certificate. `kind` is "commune" or "epci"; the department may be empty for an EPCI.

    `obligations`: those proven, out of those of this territory; `initiatives`: the axes on which some were counted."""

    territory_name: str
    kind: str
    department_name: str
    department_code: str
    year: int
    level: int
    honours: tuple[str, ...]
    decided_on: date
    number: str
    verify_url: str
    label_name: str
    organiser_name: str
    signatories: tuple[Signatory, ...]
    simulated: bool
    obligations: tuple[int, int] = (0, 0)
    initiatives: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in levels.SUBJECTS:
            raise ValueError(f"unknown kind of territory: {self.kind}")
        if self.level not in levels.MEANINGS or not self.level:
            raise ValueError(f"no such level: {self.level}")
        if len(self.signatories) > MOST_SIGNATORIES:
            raise ValueError(f"no room for {len(self.signatories)} signatories")


def render(data: CertificateData) -> bytes:
    """The certificate as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes."""
    paper = Paper(A4_LANDSCAPE, _about(data))
    _background(paper)
    if data.simulated:
        letterhead.banner(paper)
    letterhead.header(paper, data.label_name, data.year, MARGIN)
    _award(paper, data)
    _footer(paper, data)
    return paper.save()


def _about(data: CertificateData) -> About:
    words = french.level(data.level)
    note = f" ({letterhead.DEMONSTRATION})" if data.simulated else ""
    return About(
        title=f"Attestation de label {data.year} : {data.territory_name}, {words}{note}",
        author=data.organiser_name,
        subject=f"{data.label_name}, édition {data.year}, attestation n° {data.number}",
        instant=datetime.combine(data.decided_on, time(12), UTC),
    )


def _background(paper: Paper) -> None:
    """Warm paper, edge to edge: this one is hung, not printed at the office."""
    paper.fill((0, 0, paper.width, paper.height), palette.PAPER)
    with paper.decoration():
        paper.mark(paper.width - 268, -72, 700, palette.WATERMARK)


def _award(paper: Paper, data: CertificateData) -> None:
    """Name, place, arobases and their meaning, centred between header and footer; the arobases take the room left."""
    width = paper.width - 2 * MARGIN
    name_style, name = _name(data.territory_name, width)
    above = [
        Block(0, "P", ["Le label est décerné à"], EYEBROW),
        Block(21, "H1", name, name_style),
        Block(17, "P", [_place(data)], PLACE),
    ]
    below = [
        Block(27, "P", [_level(data)], LEVEL),
        Block(17, "P", balance(levels.meaning(data.kind, data.level), MEANING, 600), MEANING),
    ]
    if said := _merits(data):
        below.append(Block(13, "P", wrap(said, MERITS, width), MERITS))
    if data.honours:
        below.append(Block(15, "P", wrap(_honours(data.honours), HONOURS, width), HONOURS))
    words = 30 + sum(block.gap + block.height for block in above + below)
    size = min(LARGEST_MARK, HEAD - FOOT - AIR - words)
    slack = HEAD - FOOT - AIR - words - size
    top = _stack(paper, above, HEAD - slack / 2) - 30 - size
    paper.level(MARGIN, top, size, data.level)
    _stack(paper, below, top)


def _name(name: str, width: float) -> tuple[Style, tuple[str, ...]]:
    """On one line while it stays large, else on two even lines."""
    style, lines = fit(name, NAME, width, lines=1, smallest=LONG_NAME.size)
    return (style, lines) if len(lines) == 1 else fit(name, LONG_NAME, width, lines=2, smallest=24)


@dataclass(frozen=True)
class Block:
    """Lines of text, `gap` points under what is above."""

    gap: float
    role: str
    lines: Sequence[str]
    style: Style

    @property
    def height(self) -> float:
        return self.style.height(len(self.lines))


def _stack(paper: Paper, blocks: list[Block], top: float) -> float:
    """Draw blocks under each other from `top`; the lowest baseline."""
    for block in blocks:
        top = paper.lines(block.role, block.lines, MARGIN, top - block.gap, 0, block.style)
    return top


def _place(data: CertificateData) -> str:
    kind = "Commune" if data.kind == "commune" else "Intercommunalité"
    department = f", {data.department_name} ({data.department_code})" if data.department_code else ""
    return f"{kind}{department}"


def _level(data: CertificateData) -> str:
    note = " — démonstration" if data.simulated else ""
    return french.level(data.level) + note


def _honours(honours: tuple[str, ...]) -> str:
    return ("Mentions : " if len(honours) > 1 else "Mention : ") + ", ".join(honours)


def _merits(data: CertificateData) -> str:
    """« 14 obligations prouvées sur 17. Initiatives comptées : inclusion, écologie et services. »"""
    said = [f"{french.met(data.obligations)}."] if data.obligations[1] else []
    if data.initiatives:
        said.append(f"Initiatives comptées : {french.listed(data.initiatives)}.")
    return " ".join(said)


def _footer(paper: Paper, data: CertificateData) -> None:
    """Decision and number, signatures, and how to check."""
    top = FOOT - 18
    paper.rule(MARGIN, FOOT, paper.width - 2 * MARGIN)
    _decision(paper, data, MARGIN, top, 150)
    _signatures(paper, data.signatories, MARGIN + 140, top, 282)
    _verification(paper, data, paper.width - MARGIN - QR_SIZE, top)


def _decision(paper: Paper, data: CertificateData, x: float, top: float, width: float) -> None:
    bottom = paper.text("P", "Décision du jury", x, top, width, FIELD)
    bottom = paper.text("P", french.day(data.decided_on), x, bottom - 8, width, VALUE)
    kind = "Démonstration numéro" if data.simulated else "Attestation numéro"
    bottom = paper.text("P", kind, x, bottom - 17, width, FIELD)
    paper.text("P", data.number, x, bottom - 8, width, NUMBER)


def _signatures(paper: Paper, signatories: tuple[Signatory, ...], x: float, top: float, width: float) -> None:
    """Side by side, each over a line where one signs by hand."""
    top = paper.text("P", "Signataires", x, top, width, FIELD)
    gap = 14
    column = (width + gap) / max(len(signatories), 1) - gap
    for index, signatory in enumerate(signatories):
        left = x + index * (column + gap)
        style, lines = fit(signatory.function, FUNCTION, column, lines=3, smallest=8)
        bottom = paper.lines("P", lines, left, top - 8, column, style)
        if signatory.name:
            style, lines = fit(signatory.name, SIGNED, column, lines=1, smallest=8)
            paper.lines("P", lines, left, bottom - 4.5, column, style)
        paper.rule(left, SIGNED_AT, column, palette.LINE)


def _verification(paper: Paper, data: CertificateData, x: float, top: float) -> None:
    """The code at the right edge, its address in clear beside it."""
    width, gap = 190, 18
    left = x - gap - width
    bottom = paper.text("P", "Vérifier cette attestation", left, top, width, VALUE)
    label = f"Vérifier l’attestation numéro {data.number}"
    with paper.tags.element("P"):
        paper.link(data.verify_url, label, left, bottom - 12, width, SMALL)
    alt = "Code QR de vérification ; l’adresse est donnée en clair à côté."
    paper.qr_code(data.verify_url, x, top - QR_SIZE + 2, QR_SIZE, alt)
