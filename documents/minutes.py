"""The minutes of a jury's session: who sat, who stood aside, what was decided and why."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from documents import french, letterhead, palette
from documents.flow import MARGIN, SMALL, TEXT, Column, Flow
from documents.metadata import About
from documents.paper import A4, Paper, Style
from documents.report import EYEBROW, NAME

ROOM_TO_SIGN = 56

NO_RECUSAL = "Aucun membre du jury ne s’est déporté."
CONFIDENTIAL = (
    "Le vote est secret. Ce procès-verbal rapporte le nombre des voix, les décisions et leurs raisons, non ce que "
    "chaque membre a voté."
)


@dataclass(frozen=True)
class Recusal:
    """A juror, by function, who took no part in a file."""

    juror: str
    territory: str


@dataclass(frozen=True)
class DecisionLine:
    """A file: the level computed from the examined answers, the level granted, the reasons; each vote in words.
    `instead_of`: the decision of earlier minutes that it comes back on, in words."""

    territory: str
    department_code: str
    computed: int
    granted: int
    honours: tuple[str, ...]
    reasons: str
    votes: tuple[str, ...] = ()
    instead_of: str = ""


@dataclass(frozen=True)
class MinutesData:
    """Everything in the minutes. `present`, `excused` and `absent` are functions, or names when the instance gives
    them; `excused` is None where the absent were not told apart from them."""

    year: int
    held_on: date
    place: str
    chair: str
    present: tuple[str, ...]
    excused: tuple[str, ...] | None
    absent: tuple[str, ...]
    signed_on: date
    quorum: int
    recusals: tuple[Recusal, ...]
    decisions: tuple[DecisionLine, ...]
    remarks: str
    label_name: str
    organiser_name: str
    simulated: bool


def render(data: MinutesData) -> bytes:
    """The minutes as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes."""
    paper = Paper(A4, _about(data))
    flow = Flow(paper, f"Procès-verbal du jury, édition {data.year}", data.simulated)
    _title(flow, data)
    _session(flow, data)
    _recusals(flow, data)
    _decisions(flow, data)
    if data.remarks:
        flow.heading("H2", "Observations")
        flow.paragraph(data.remarks)
    _signature(flow, data)
    return paper.save()


def _about(data: MinutesData) -> About:
    note = f" ({letterhead.DEMONSTRATION})" if data.simulated else ""
    return About(
        title=f"Procès-verbal du jury, édition {data.year}, séance du {french.day(data.held_on)}{note}",
        author=data.organiser_name,
        subject=f"{data.label_name}, {french.counted(len(data.decisions), 'décision', 'décisions')}",
        instant=datetime.combine(data.held_on, time(12), UTC),
    )


def _title(flow: Flow, data: MinutesData) -> None:
    letterhead.header(flow.paper, data.label_name, data.year, MARGIN)
    top = flow.paper.text("P", "Procès-verbal du jury", MARGIN, flow.top - 62, flow.width, EYEBROW)
    style = Style(26, NAME.font, leading=NAME.leading)
    title = f"Séance du {french.day(data.held_on)}"
    flow.top = flow.paper.text("H1", title, MARGIN, top - 16, flow.width, style) - 24


def _session(flow: Flow, data: MinutesData) -> None:
    flow.paragraph(f"Le jury s’est réuni à {data.place}. Présidence : {data.chair}.")
    flow.heading("H2", "Présences")
    flow.paragraph(
        f"{french.counted(len(data.present), 'membre présent', 'membres présents')}, pour un quorum de {data.quorum}."
    )
    flow.bullets(data.present)
    absent = "Absents ou excusés" if data.excused is None else "Absents"
    for words, who in (("Excusés", data.excused), (absent, data.absent)):
        if who:
            flow.paragraph(f"{words}\u202f: {', '.join(who)}.")


def _recusals(flow: Flow, data: MinutesData) -> None:
    flow.heading("H2", "Déports")
    if not data.recusals:
        flow.paragraph(NO_RECUSAL)
        return
    flow.paragraph("Les personnes suivantes n’ont ni lu, ni discuté, ni décidé les dossiers indiqués.")
    flow.table(
        [Column("Membre du jury", 0.5), Column("Dossier", 0.5)],
        [[recusal.juror, recusal.territory] for recusal in data.recusals],
    )


def _decisions(flow: Flow, data: MinutesData) -> None:
    flow.heading("H2", "Décisions")
    flow.table(
        [
            Column("Collectivité", 0.3),
            Column("Niveau calculé", 0.12, "right"),
            Column("Niveau décidé", 0.12, "right"),
            Column("Mentions, votes et raisons", 0.46),
        ],
        [_decision(line) for line in data.decisions],
    )


def _decision(line: DecisionLine) -> list[str]:
    department = f"\u00a0({line.department_code})" if line.department_code else ""
    honours = [f"{', '.join(line.honours)}."] if line.honours else []
    said = " ".join([*honours, *line.votes, *(words for words in (line.reasons, line.instead_of) if words)])
    return [f"{line.territory}{department}", f"{line.computed} @", f"{line.granted} @", said]


def _signature(flow: Flow, data: MinutesData) -> None:
    """All on one page, with room to sign by hand."""
    flow.need(110 + ROOM_TO_SIGN)
    flow.space(20)
    flow.paragraph(f"Fait à {data.place}, le {french.day(data.signed_on)}. Pour le jury, {data.chair}.", TEXT)
    flow.space(ROOM_TO_SIGN)
    flow.paper.rule(MARGIN, flow.top, 0.45 * flow.width, palette.LINE)
    flow.space(10)
    flow.paragraph("Signature", SMALL)
    flow.paragraph(CONFIDENTIAL, SMALL)
