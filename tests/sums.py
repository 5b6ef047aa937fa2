"""What a page adds up, read from its HTML."""

import re
from decimal import Decimal


def amount(text):
    """« 1 234,5 »."""
    return Decimal(re.sub(r"\s", "", text).replace(",", "."))


def pairs(html):
    """Each « earned / possible » in a piece of page, in order."""
    return [tuple(map(amount, found)) for found in re.findall(r">([\d\s,]+) / ([\d\s,]+)<", html)]


def total(rows):
    return tuple(map(sum, zip(*rows, strict=True)))
