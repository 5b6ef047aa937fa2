"""The colours of papers, the same as the site's light theme."""

from functools import cache

PAPER = "#FBF8F3"
WHITE = "#FFFFFF"
INK = "#16213E"
INK_2 = "#4A5269"  # secondary text, 7.4 : 1 on paper
LINE = "#8A8577"  # outlines and rules, 3.5 : 1 on paper
HAIRLINE = "#DDD6C8"  # ornament only: carries no meaning
WATERMARK = "#F5F0E6"  # ornament only
ACCENT = "#1F4E8C"
INCLUSION = "#A63D2A"
SOVEREIGNTY = "#1F4E8C"
ECOLOGY = "#2B6A3A"
SERVICES = "#7F5300"
DEMONSTRATION = INCLUSION


@cache
def rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, 0..1, of a `#RRGGBB` colour."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
