"""Pictures of simulated initiatives: drawn, never photographed, and each says in itself that it is simulated."""

import io
import random
from functools import cache

from django.utils.translation import gettext as _

SIZE = WIDTH, HEIGHT = 960, 600
BAND = 64  # of the words, at the bottom
# Ground, walls and roofs of each axis; others take the first.
COLOURS = {
    "inclusion": ("#F3DED8", "#A63D2A", "#7E2E20"),
    "sovereignty": ("#DCE6F2", "#1F4E8C", "#16396A"),
    "ecology": ("#DDECDF", "#2B6A3A", "#1E4D2A"),
    "services": ("#F2E6CF", "#7F5300", "#5E3D00"),
}
KINDS = 4


def alternative() -> str:
    return _("Image simulée\u202f: le dessin d’une mairie entre des maisons et des arbres.")


@cache
def draw(axis: str, kind: int) -> bytes:
    """One of KINDS scenes in the colours of an axis, as a PNG file."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 -- stays out of web

    from documents import fonts, palette  # noqa: PLC0415 -- ReportLab too

    chance = random.Random(kind)  # noqa: S311 -- a drawing, the same each time
    ground, wall, roof = COLOURS.get(axis, COLOURS["inclusion"])
    image = Image.new("RGB", SIZE, ground)
    pen, base = ImageDraw.Draw(image), HEIGHT - BAND - 70
    sun = chance.randint(120, WIDTH - 200)
    pen.ellipse((sun, 60, sun + 90, 150), fill=palette.WHITE)
    pen.ellipse((-200, base - 120, WIDTH * 0.7, HEIGHT + 200), fill=palette.HAIRLINE)
    pen.rectangle((0, base, WIDTH, HEIGHT), fill=palette.PAPER)
    hall = chance.randint(300, 420)
    for left in (hall - 230, hall - 110, hall + 300, hall + 430):
        tall, wide = chance.randint(90, 150), chance.randint(90, 110)
        pen.rectangle((left, base - tall, left + wide, base), fill=palette.WHITE, outline=palette.LINE, width=3)
        pen.polygon(
            [(left - 8, base - tall), (left + wide / 2, base - tall - 50), (left + wide + 8, base - tall)], roof
        )
        pen.rectangle((left + wide / 2 - 12, base - 46, left + wide / 2 + 12, base), fill=wall)
    pen.rectangle((hall, base - 220, hall + 260, base), fill=palette.WHITE, outline=palette.INK, width=4)
    pen.polygon([(hall - 14, base - 220), (hall + 130, base - 300), (hall + 274, base - 220)], wall)
    for column in range(4):
        for row in range(2):
            left, top = hall + 28 + 58 * column, base - 190 + 80 * row
            if (column, row) not in ((1, 1), (2, 1)):
                pen.rectangle((left, top, left + 32, top + 46), fill=ground, outline=palette.INK, width=3)
    pen.rectangle((hall + 98, base - 100, hall + 162, base), fill=wall)
    for _tree in range(3):
        left = chance.randint(30, WIDTH - 60)
        pen.rectangle((left + 22, base - 50, left + 30, base), fill=palette.LINE)
        pen.ellipse((left, base - 120, left + 54, base - 40), fill="#5C8A66")
    pen.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT), fill=palette.INK)
    letters = ImageFont.truetype(fonts.FOLDER / f"{fonts.BOLD}.ttf", 34)
    pen.text((WIDTH / 2, HEIGHT - BAND / 2), _("Image simulée, pour la démonstration"), "#FFFFFF", letters, anchor="mm")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
