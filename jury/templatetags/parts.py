"""Where the parts of a file are shown."""

from typing import Any

from django import template

from jury.pages.trace import Place, address

register = template.Library()


@register.simple_tag(takes_context=True)
def part_address(context: dict[str, Any], place: Place) -> str:
    """Of the page with this question or initiative; empty where this page shows it, or while nobody may read it."""
    here = context["whole"] or context.get("returned")
    return "" if here else address(context["application"], place)
