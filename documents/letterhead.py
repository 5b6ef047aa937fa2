"""What every paper shares: the banner of a demonstration, the header. The ground is white: people print them."""

from documents import fonts, palette
from documents.paper import Paper, Style

DEMONSTRATION = "Démonstration — résultat simulé, sans valeur"

BANNER_HEIGHT = 30
BANNER = Style(12.5, fonts.BOLD, palette.WHITE)
LABEL = Style(13, fonts.BOLD)
EDITION = Style(13, colour=palette.INK_2)


def banner(paper: Paper) -> None:
    """Across the top: nobody takes a demonstration for the real thing."""
    _banner_ground(paper)
    paper.text("P", DEMONSTRATION, 0, _banner_top(paper), paper.width, BANNER, "centre")


def repeated_banner(paper: Paper) -> None:
    """The banner on the pages that follow: seen again, but not heard again."""
    _banner_ground(paper)
    with paper.tags.artifact():
        paper.draw([DEMONSTRATION], 0, _banner_top(paper), paper.width, BANNER, "centre")


def _banner_ground(paper: Paper) -> None:
    paper.fill((0, paper.height - BANNER_HEIGHT, paper.width, paper.height), palette.DEMONSTRATION)


def _banner_top(paper: Paper) -> float:
    return paper.height - (BANNER_HEIGHT - BANNER.cap_height) / 2


def header(paper: Paper, label_name: str, year: int, margin: float) -> None:
    """The mark, the name of the label and the edition, `margin` points from the top and the sides."""
    top, width = paper.height - margin, paper.width - 2 * margin
    with paper.decoration():
        paper.mark(margin, top - 17, 25, palette.ACCENT)
    paper.text("P", label_name, margin + 34, top, width - 120, LABEL)
    paper.text("P", f"Édition {year}", margin, top, width, EDITION, "right")
