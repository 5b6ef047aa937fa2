"""The whole questionnaire on paper: to read, discuss and tick before answering online."""

from dataclasses import dataclass
from datetime import datetime

from documents import letterhead
from documents.flow import MARGIN, SMALL, SUBTITLE, TEXT, Flow
from documents.metadata import About
from documents.paper import A4, Paper, Style
from documents.report import EYEBROW, NAME

HINT = Style(10, leading=1.35)
DOTS = ". " * 30
UNKNOWN = "Je ne sais pas"

INTRODUCTION = (
    "Ce document sert à préparer vos réponses : elles se donnent en ligne, ou dans le tableur qui l’accompagne. On ne "
    "vous demandera que ce qui concerne votre collectivité : certaines questions disent à qui elles s’adressent.",
    "« Je ne sais pas » est une réponse. Si une question ne vous concerne pas, dites en ligne pourquoi.",
)
INITIATIVES = (
    "Ici, ce sont vos initiatives qui comptent : décrivez-les en ligne, chacune avec ses dates, qui la porte, "
    "et un lien ou une preuve."
)


@dataclass(frozen=True)
class Item:
    """A question. `about`: its axis, its nature, its condition; `unit` for a number only; no choice nor unit for one
    that counts initiatives."""

    code: str
    text: str
    about: str
    help: str = ""
    proof: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class BookletData:
    """Everything printed. `loaded_at` is aware; `framework_hash` is the SHA-256 in hexadecimal."""

    title: str
    year: int
    context: tuple[str, ...]
    parts: tuple[Part, ...]
    framework_hash: str
    loaded_at: datetime
    label_name: str
    organiser_name: str


def render(data: BookletData) -> bytes:
    """The questionnaire as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes."""
    paper = Paper(A4, _about(data))
    flow = Flow(paper, f"Questionnaire {data.year}, {data.label_name}", simulated=False)
    _title(flow, data)
    if data.context:
        flow.heading("H2", "Votre collectivité")
        for question in data.context:
            flow.heading("H3", question, SUBTITLE)
            flow.boxes(["Oui", "Non"])
    for part in data.parts:
        if part.items:
            flow.heading("H2", part.title)
            for item in part.items:
                _item(flow, item)
    return paper.save()


def _about(data: BookletData) -> About:
    return About(
        title=f"Questionnaire {data.year} : {data.label_name}",
        author=data.organiser_name,
        subject=f"{data.title}, empreinte {data.framework_hash}",
        instant=data.loaded_at,
    )


def _title(flow: Flow, data: BookletData) -> None:
    letterhead.header(flow.paper, data.label_name, data.year, MARGIN)
    top = flow.paper.text("P", data.title, MARGIN, flow.top - 62, flow.width, EYEBROW)
    flow.top = flow.paper.text("H1", "Le questionnaire", MARGIN, top - 16, flow.width, NAME) - 28
    for paragraph in INTRODUCTION:
        flow.paragraph(paragraph)
    flow.paragraph(f"Empreinte du référentiel : {data.framework_hash}", SMALL)


def _item(flow: Flow, item: Item) -> None:
    """A question is never on two pages: who ticks sees all of it."""
    said = [(item.about, SMALL)]
    if item.help:
        said.append((item.help, HINT))
    if item.proof:
        said.append((f"Ce qui le prouve : {item.proof}", HINT))
    if item.unit:
        said.append((f"Votre réponse ({item.unit}) : {DOTS}", TEXT))
    elif item.choices and item.several:
        said.append(("Plusieurs réponses sont possibles.", SMALL))
    elif not item.choices:
        said.append((INITIATIVES, TEXT))
    boxes = [*item.choices, UNKNOWN] if item.choices or item.unit else []
    flow.heading("H3", f"{item.code}. {item.text}", SUBTITLE)
    flow.keep(sum(flow.height_of(*each) for each in said) + flow.height_of_boxes(boxes))
    for text, style in said:
        flow.paragraph(text, style)
    if boxes:
        flow.boxes(boxes)
