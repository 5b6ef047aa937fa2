"""How results are written in pages, beyond the tags of every page."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from results import wording
from results.models import PastLaureate

register = template.Library()

register.filter("level_words", wording.level_in_words)


@register.filter
def points(hundredths: int) -> str:
    """Hundredths of a point as points: `12,5`."""
    whole, rest = divmod(hundredths, 100)
    return number_format(whole if not rest else (Decimal(hundredths) / 100).normalize())


@register.filter
def palmares(laureate: PastLaureate) -> str:
    """A fact of another label: `5@ au palmarès 2012`."""
    return wording.palmares_in_words(year=laureate.year, level=laureate.level, mention=laureate.mention)
