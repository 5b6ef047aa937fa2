"""A whole application on paper, for the council and the archives: what was told, answered, described and joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from documents import french, letterhead
from documents.flow import MARGIN, SMALL, SUBTITLE, Column, Flow
from documents.metadata import About
from documents.paper import A4, Paper, Style, fit
from documents.receipt import PARIS
from documents.report import EYEBROW, NAME

ANSWER = Style(11, leading=1.4)
CONTENTS, TERRITORY, INITIATIVES = "Sommaire", "La collectivité", "Initiatives"
CONFIDENTIAL = "Cette réponse ne sera jamais publiée."
FINGERPRINT = (
    "Empreinte du dossier (SHA-256), calculée sur tout ce qui est écrit ici et sur le contenu des fichiers joints ; "
    "elle est celle de l’accusé de dépôt si rien n’a changé entre les deux :"
)


@dataclass(frozen=True)
class Proof:
    """`where`: the address of a page, or the name of a file; `digest` of a file."""

    title: str
    where: str
    digest: str = ""


@dataclass(frozen=True)
class Reply:
    """A question that was asked, and what was answered."""

    question: str
    answer: str
    proofs: tuple[Proof, ...] = ()
    confidential: bool = False


@dataclass(frozen=True)
class Chapter:
    title: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Description:
    """An initiative: its paragraphs, then each thing told under its name; `pictures` are their alternatives."""

    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    pictures: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class DossierData:
    """Everything printed. `at` is aware: when it was submitted, or how it stood when it was drawn."""

    territory_name: str
    year: int
    submitted: bool
    at: datetime
    counts: tuple[tuple[str, str], ...]
    context: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    initiatives: tuple[Description, ...]
    fingerprint: str
    label_name: str
    organiser_name: str
    simulated: bool


def render(data: DossierData) -> bytes:
    """The file as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes.

    Drawn twice: the pages of its contents are known once it is drawn."""
    places = [(title, 0) for title in _titles(data)]
    for _time in range(2):
        paper = Paper(A4, _about(data))
        _draw(paper, data, places)
        places = paper.outline[1:]
        drawn = paper.save()
    return drawn


def _titles(data: DossierData) -> list[str]:
    named = [TERRITORY] if data.context else []
    return [*named, *(chapter.title for chapter in data.chapters), INITIATIVES]


def _draw(paper: Paper, data: DossierData, places: Sequence[tuple[str, int]]) -> None:
    flow = Flow(paper, f"Dossier de candidature {data.year}, {data.territory_name}", data.simulated)
    _title(flow, data)
    flow.heading("H2", CONTENTS)
    contents = [Column("Partie", 0.82), Column("Page", 0.18, "right")]
    flow.table(contents, [(title, str(page)) for title, page in places])
    flow.next_page()
    if data.context:
        flow.heading("H2", TERRITORY)
        flow.table([Column("Ce qui est demandé", 0.72), Column("Réponse", 0.28)], data.context)
    for chapter in data.chapters:
        flow.heading("H2", chapter.title)
        for reply in chapter.replies:
            _reply(flow, reply)
    flow.heading("H2", INITIATIVES)
    for description in data.initiatives:
        _initiative(flow, description)
    if not data.initiatives:
        flow.paragraph("Aucune initiative n’est décrite.")


def _about(data: DossierData) -> About:
    note = f" ({letterhead.DEMONSTRATION})" if data.simulated else ""
    return About(
        title=f"Dossier de candidature {data.year} : {data.territory_name}{note}",
        author=data.organiser_name,
        subject=f"{data.label_name}, édition {data.year}, empreinte {data.fingerprint}",
        instant=data.at,
    )


def _title(flow: Flow, data: DossierData) -> None:
    paper, width = flow.paper, flow.width
    letterhead.header(paper, data.label_name, data.year, MARGIN)
    top = paper.text("P", "Dossier de candidature", MARGIN, flow.top - 62, width, EYEBROW)
    style, lines = fit(data.territory_name, NAME, width, lines=2, smallest=18)
    flow.top = paper.lines("H1", lines, MARGIN, top - 16, width, style) - 26
    when = f"{french.moment(data.at.astimezone(PARIS))} (heure de Paris)"
    flow.paragraph(f"Déposé le {when}." if data.submitted else f"En préparation, tel qu’il est le {when}.")
    flow.table([Column("Ce qu’il contient", 0.6), Column("Nombre", 0.4, "right")], data.counts)
    flow.paragraph(FINGERPRINT, SMALL)
    flow.paragraph(french.grouped(data.fingerprint, 8), SMALL)


def _reply(flow: Flow, reply: Reply) -> None:
    flow.heading("H3", reply.question, SUBTITLE)
    flow.paragraph(reply.answer, ANSWER)
    if reply.confidential:
        flow.paragraph(CONFIDENTIAL, SMALL)
    _proofs(flow, reply.proofs)


def _initiative(flow: Flow, description: Description) -> None:
    flow.heading("H3", description.title, SUBTITLE)
    for paragraph in description.paragraphs:
        flow.paragraph(paragraph, ANSWER)
    for label, words in description.facts:
        flow.paragraph(f"{label} : {words}", ANSWER)
    for alternative in description.pictures:
        flow.paragraph(f"Image : {alternative}", SMALL)
    _proofs(flow, description.proofs)


def _proofs(flow: Flow, proofs: Sequence[Proof]) -> None:
    for proof in proofs:
        digest = f", empreinte {proof.digest}" if proof.digest else ""
        flow.paragraph(f"Preuve : {proof.title} ({proof.where}{digest})", SMALL)
