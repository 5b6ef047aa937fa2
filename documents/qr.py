"""QR codes as PDF path operators: dark modules of a line merged into one rectangle."""

import re
import string
from functools import cache
from math import isqrt

import segno

QUIET_ZONE = 4  # modules of white that a reader needs on each side
DARK_RUN = re.compile(rb"\x01+")
# What differs from one address of an instance to the next: the number of a certificate.
NUMBERED = (string.digits + string.ascii_uppercase).encode()
STEM = bytes.maketrans(NUMBERED, b"0" * len(NUMBERED))


def pdf_path(text: str) -> tuple[str, int]:
    """Rectangles of the code of `text`, one unit a module, y upwards, quiet zone included; and its side in modules.

    Codes are linear: to change a bit of a text turns over the same modules, whatever the other bits are. So the code of
    an address is that of its stem and what each bit of its number turns over: a fifth of the time of a new code."""
    content = text.encode()
    stem = content.translate(STEM)
    modules, size = _modules(stem)
    for position, (byte, plain) in enumerate(zip(content, stem, strict=True)):
        for bit in range(8):
            if (byte ^ plain) >> bit & 1:
                modules ^= _turned_over(len(content), position, bit)
    matrix, width = modules.to_bytes(size), isqrt(size)
    side = width + 2 * QUIET_ZONE
    rectangles = (
        f"{QUIET_ZONE + run.start()} {side - QUIET_ZONE - 1 - line} {run.end() - run.start()} 1 re"
        for line in range(width)
        for run in DARK_RUN.finditer(matrix[line * width : (line + 1) * width])
    )
    return " ".join(rectangles), side


@cache
def _turned_over(length: int, position: int, bit: int) -> int:
    """The modules that a bit turns over, in a text of so many bytes."""
    content = bytearray(length)
    blank = _modules(bytes(content))[0]
    content[position] = 1 << bit
    return blank ^ _modules(bytes(content))[0]


@cache
def _modules(content: bytes) -> tuple[int, int]:
    """The matrix of a code, row after row, one byte a module, as one number; and how many modules."""
    # A fixed mask is valid QR; choosing the prettiest of eight takes longer than drawing the page.
    code = segno.make(content, error="m", mode="byte", micro=False, mask=2, boost_error=False)
    matrix = b"".join(code.matrix)
    return int.from_bytes(matrix), len(matrix)
