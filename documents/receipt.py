"""The receipt of a submitted application: one A4 page, dated, with the fingerprint of what was submitted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from documents import blocks, fonts, french, letterhead, palette
from documents.metadata import About
from documents.paper import A4, Paper, Style, fit

PARIS = ZoneInfo("Europe/Paris")

MARGIN = 56
EYEBROW = Style(13, colour=palette.INK_2)
NAME = Style(34, fonts.BOLD, leading=1.12)
HEADING = Style(15, fonts.BOLD)
FINGERPRINT = Style(13, fonts.CODE, palette.ACCENT, leading=1.6)
SMALL = Style(9.5, colour=palette.INK_2)

NEXT_STEPS = [
    "Des membres du jury lisent votre dossier. S’il leur manque un élément, ils vous le demandent.",
    "Le jury délibère et décide du niveau, avec ses raisons.",
    "Le résultat devient public le jour de l’annonce. Vous recevez votre attestation et le détail du résultat.",
]
FINGERPRINT_USE = (
    "Cette empreinte (SHA-256) est calculée sur vos réponses, vos initiatives et le contenu de vos preuves. "
    "Elle change si un seul caractère change : elle prouve que le dossier examiné est bien celui que vous avez déposé."
)
SCORED = "Empreinte de ce que lit le calcul du score :"
SEALED = "Ce fichier porte notre cachet électronique : quiconque le reçoit le vérifie à cette adresse."


@dataclass(frozen=True)
class ReceiptData:
    """Everything printed on a receipt. `submitted_at` is aware; `fingerprint`, of all that was submitted, and
    `input_hash`, of what the score reads, are SHA-256 in hexadecimal;
    `score` is the declared one in words, `verify_url` where this file is checked."""

    territory_name: str
    year: int
    submitted_at: datetime
    submitted_by_function: str
    submitted_by_name: str
    answers: int
    asked: int
    score: str
    initiatives: int
    evidence: int
    fingerprint: str
    input_hash: str
    label_name: str
    organiser_name: str
    verify_url: str
    simulated: bool


def render(data: ReceiptData) -> bytes:
    """The receipt as a PDF, tagged, PDF/UA-1 and PDF/A-2a; the same data gives the same bytes."""
    paper = Paper(A4, _about(data))
    if data.simulated:
        letterhead.banner(paper)
    letterhead.header(paper, data.label_name, data.year, MARGIN)
    width = paper.width - 2 * MARGIN
    top = _title(paper, data, paper.height - MARGIN - 70, width)
    top = blocks.facts(paper, _facts(data), MARGIN, top - 30, width)
    top = _fingerprint(paper, data, top - 36, width)
    bottom = _next_steps(paper, top - 36, width)
    _standing(paper, data, min(MARGIN + SMALL.height(4), bottom - 16), width)
    return paper.save()


def _standing(paper: Paper, data: ReceiptData, top: float, width: float) -> None:
    """What the paper is worth, and where that is checked: the address stands under it, in clear."""
    words = f"Document établi par {data.organiser_name}. Il vaut accusé de dépôt, non décision. {SEALED}"
    bottom = paper.text("P", words, MARGIN, top, width, SMALL)
    with paper.tags.element("P"):
        paper.link(data.verify_url, "Vérifier ce fichier", MARGIN, bottom - SMALL.size, width, SMALL)


def _about(data: ReceiptData) -> About:
    note = f" ({letterhead.DEMONSTRATION})" if data.simulated else ""
    return About(
        title=f"Accusé de dépôt {data.year} : {data.territory_name}{note}",
        author=data.organiser_name,
        subject=f"{data.label_name}, édition {data.year}, empreinte {data.fingerprint}",
        instant=data.submitted_at,
    )


def _title(paper: Paper, data: ReceiptData, top: float, width: float) -> float:
    bottom = paper.text("P", "Accusé de dépôt de la candidature de", MARGIN, top, width, EYEBROW)
    style, lines = fit(data.territory_name, NAME, width, lines=2, smallest=18)
    return paper.lines("H1", lines, MARGIN, bottom - 18, width, style)


def _facts(data: ReceiptData) -> list[tuple[str, str]]:
    by = ", ".join(part for part in (data.submitted_by_name, data.submitted_by_function) if part)
    return [
        ("Déposée le", f"{french.moment(data.submitted_at.astimezone(PARIS))} (heure de Paris)"),
        ("Par", by),
        ("Questionnaire", f"{french.counted(data.answers, 'réponse', 'réponses')} sur {data.asked}"),
        ("Initiatives", french.counted(data.initiatives, "initiative", "initiatives")),
        ("Preuves", french.counted(data.evidence, "fichier ou lien", "fichiers ou liens")),
        ("Score déclaré", data.score),
    ]


def _fingerprint(paper: Paper, data: ReceiptData, top: float, width: float) -> float:
    bottom = paper.text("H2", "L’empreinte de votre dossier", MARGIN, top, width, HEADING)
    groups = french.grouped(data.fingerprint, 4).split(" ")
    half = len(groups) // 2
    lines = [" ".join(groups[:half]) + " ", " ".join(groups[half:])]
    bottom = paper.lines("P", lines, MARGIN, bottom - 18, width, FINGERPRINT)
    bottom = paper.text("P", FINGERPRINT_USE, MARGIN, bottom - 16, width, blocks.TEXT)
    return paper.text("P", f"{SCORED} {data.input_hash}", MARGIN, bottom - 10, width, SMALL)


def _next_steps(paper: Paper, top: float, width: float) -> float:
    bottom = paper.text("H2", "Et maintenant ?", MARGIN, top, width, HEADING)
    return blocks.numbered(paper, NEXT_STEPS, MARGIN, bottom - 18, width)
