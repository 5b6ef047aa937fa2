"""QR codes as PDF path operators: dark modules of a line merged into one rectangle."""

from collections.abc import Iterator
from itertools import groupby

import segno

QUIET_ZONE = 4  # modules of white that a reader needs on each side


def pdf_path(text: str) -> tuple[str, int]:
    """Rectangles of the code of `text`, one unit a module, y upwards, quiet zone included; and its side in modules."""
    # A fixed mask is valid QR; choosing the prettiest of eight takes longer than drawing the page.
    matrix = segno.make(text, error="m", micro=False, mask=2, boost_error=False).matrix
    side = len(matrix) + 2 * QUIET_ZONE
    rectangles = (
        f"{QUIET_ZONE + start} {side - QUIET_ZONE - 1 - line} {length} 1 re"
        for line, modules in enumerate(matrix)
        for start, length in _dark_runs(modules)
    )
    return " ".join(rectangles), side


def _dark_runs(modules: bytearray) -> Iterator[tuple[int, int]]:
    """(first module, length) of each run of dark modules in a line."""
    position = 0
    for dark, run in groupby(modules):
        length = len(list(run))
        if dark:
            yield position, length
        position += length
