"""What every paper shares: background, the banner of a demonstration, the header."""

from documents import fonts, palette
from documents.paper import Paper, Style

DEMONSTRATION = "Démonstration — résultat simulé, sans valeur"

BANNER_HEIGHT = 30
BANNER = Style(12.5, fonts.BOLD, palette.WHITE)
LABEL = Style(13, fonts.BOLD)
EDITION = Style(13, colour=palette.INK_2)


def background(paper: Paper) -> None:
    """Warm paper, edge to edge."""
    paper.fill((0, 0, paper.width, paper.height), palette.PAPER)


def banner(paper: Paper) -> None:
    """Across the top: nobody takes a demonstration for the real thing."""
    paper.fill((0, paper.height - BANNER_HEIGHT, paper.width, paper.height), palette.DEMONSTRATION)
    top = paper.height - (BANNER_HEIGHT - BANNER.cap_height) / 2
    paper.text("P", DEMONSTRATION, 0, top, paper.width, BANNER, "centre")


def header(paper: Paper, label_name: str, year: int, margin: float) -> None:
    """The mark, the name of the label and the edition, `margin` points from the top and the sides."""
    top, width = paper.height - margin, paper.width - 2 * margin
    with paper.decoration():
        paper.mark(margin, top - 17, 25, palette.ACCENT)
    paper.text("P", label_name, margin + 34, top, width - 120, LABEL)
    paper.text("P", f"Édition {year}", margin, top, width, EDITION, "right")
