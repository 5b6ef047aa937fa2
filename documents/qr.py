"""QR codes as PDF path operators: dark modules of a line merged into one rectangle."""

import re

import segno

QUIET_ZONE = 4  # modules of white that a reader needs on each side
DARK_RUN = re.compile(rb"\x01+")


def pdf_path(text: str) -> tuple[str, int]:
    """Rectangles of the code of `text`, one unit a module, y upwards, quiet zone included; and its side in modules."""
    # A fixed mask is valid QR; choosing the prettiest of eight takes longer than drawing the page.
    matrix = segno.make(text, error="m", micro=False, mask=2, boost_error=False).matrix
    side = len(matrix) + 2 * QUIET_ZONE
    rectangles = (
        f"{QUIET_ZONE + run.start()} {side - QUIET_ZONE - 1 - line} {run.end() - run.start()} 1 re"
        for line, modules in enumerate(matrix)
        for run in DARK_RUN.finditer(modules)
    )
    return " ".join(rectangles), side
