"""How results are written in pages."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from results import words
from results.models import PastLaureate
from results.portrait import Part

register = template.Library()

register.filter("level_words", words.level_in_words)


@register.filter
def percent(value: Decimal | None) -> str:
    """`64,4 %`; a dash without a point to earn."""
    return "–" if value is None else _("%(n)s\u202f%%") % {"n": number_format(value, decimal_pos=1)}


@register.filter
def points(hundredths: int) -> str:
    """Hundredths of a point as points: `12,5`."""
    return number_format((Decimal(hundredths) / 100).normalize(), use_l10n=True)


@register.filter
def palmares(laureate: PastLaureate) -> str:
    return words.palmares_in_words(year=laureate.year, level=laureate.level, mention=laureate.mention)


@register.inclusion_tag("results/_meter.html")
def meter(part: Part) -> dict[str, object]:
    """A bar on a fixed scale of 0 to 100; `width` is written with a point, as SVG wants."""
    return {"part": part, "width": str(part.percent or 0)}
