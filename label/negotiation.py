"""What an address of the API answers does not depend on what is asked for."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request


class OneForm(DefaultContentNegotiation):
    """An address has one form, and gives it whatever is asked for: `Accept: text/csv` does not refuse the CSV."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type
