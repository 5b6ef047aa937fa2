"""The mark: an arobase drawn with a broad nib, and the row of five that says a level.

One drawing for papers and pages: `MARK` is SVG path data on a square of 1,000 units, y downwards; the PDF operators are
read from it. Needs no package, so a web process may import it.
"""

import re
from functools import cache

from documents.french import TOP_LEVEL
from documents.french import level as level_in_words

UNITS = 1000

# Two contours: the stroke, from the bowl round the loop to its tail and back; and the counter of the bowl.
MARK = (
    "M505 286C455 293 402 318 364 350C320 387 290 438 280 496C270 554 282 615 321 660C358 704 411 721 467 714"
    "C517 707 570 682 609 650C612 669 618 687 629 703C657 741 700 748 744 742C802 735 864 705 905 664"
    "C955 613 977 544 980 474C983 349 936 234 843 150C750 66 630 31 506 36C384 42 264 91 173 173"
    "C78 260 24 376 20 504C17 635 64 757 162 846C257 931 380 967 506 962C562 959 617 950 670 933"
    "C718 918 764 896 806 868L794 848C753 874 709 894 662 905C611 918 558 921 506 918C396 913 293 869 217 789"
    "C144 710 107 610 104 504C100 395 135 290 208 208C286 122 390 82 506 88C612 93 711 135 785 211"
    "C854 282 892 375 896 474C898 527 890 584 862 630C835 675 797 698 744 690C720 685 713 675 704 654"
    "C690 625 688 598 691 566C697 522 705 477 713 433C720 390 729 347 737 304L663 288C659 306 655 323 651 340"
    "C614 296 561 279 505 286Z"
    "M505 338C538 344 564 367 582 394C602 424 612 460 612 496C612 539 598 581 572 616C546 649 510 670 467 662"
    "C434 656 408 633 390 606C370 576 360 540 360 504C360 461 374 419 400 384C426 351 462 330 505 338Z"
)

OUTLINE = 14  # stroke of an arobase not earned, in units
GAP = 240  # between two arobases of a row, in units

_PDF_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


@cache
def pdf_path() -> str:
    """The mark as PDF path operators, y upwards, in units."""
    operators = []
    for command, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", MARK):
        values = [int(value) for value in numbers.split()]
        flipped = [value if i % 2 == 0 else UNITS - value for i, value in enumerate(values)]
        operators.append(" ".join([*map(str, flipped), _PDF_OPERATORS[command]]))
    return " ".join(operators)


def row_width(size: float) -> float:
    """Width of the row of five for arobases of `size`."""
    return size * (TOP_LEVEL + (TOP_LEVEL - 1) * GAP / UNITS)


def svg() -> str:
    """The mark alone as an SVG document in the colour of the text around; decorative, so hidden from screen readers."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}" fill="currentColor"'
        f' aria-hidden="true" focusable="false"><path d="{MARK}"/></svg>'
    )


def row_svg(level: int) -> str:
    """The row of five as an SVG document, in the colour of the text around: `level` filled, the others outlined.

    Raises ValueError when the level is not between 0 and 5.
    """
    if not 0 <= level <= TOP_LEVEL:
        raise ValueError(f"no such level: {level}")
    step = UNITS + GAP
    marks = "".join(_svg_mark(index * step, earned=index < level) for index in range(TOP_LEVEL))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {row_width(UNITS):g} {UNITS}" role="img"'
        f' aria-label="{level_in_words(level)}">{marks}</svg>'
    )


def _svg_mark(x: int, *, earned: bool) -> str:
    paint = 'fill="currentColor"' if earned else f'fill="none" stroke="currentColor" stroke-width="{OUTLINE}"'
    return f'<path transform="translate({x} 0)" {paint} d="{MARK}"/>'
