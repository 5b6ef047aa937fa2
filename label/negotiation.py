"""What the API takes, read with care; and what an address answers, which does not depend on what is asked for."""

from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from accounts.refusals import Refused
from scoring.faults import DocumentError
from scoring.texts import Builder, NotJson, decode, read_json

LONGEST_DECIMAL = 17


class OneForm(DefaultContentNegotiation):
    """An address has one form, and gives it whatever is asked for: `Accept: text/csv` does not refuse the CSV."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class Json(BaseParser):
    """One object of JSON, as the engine reads it: not too deep, no key twice, nothing that is not stored as it was
    sent. A fault is said in one sentence."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        try:
            read = read_json(decode(stream.read()), _Decimals())
            faults = read.faults
        except NotJson as error:
            faults = (error.fault,)
        except DocumentError as error:
            faults = tuple(error.faults)
        if faults:
            raise Refused(str(faults[0]))
        if not isinstance(read.value, dict):
            raise Refused(_("Un objet JSON est attendu."))
        return read.value


class _Decimals(Builder):
    """A number as people read it: questions of a share have decimals."""

    def number(self, literal: str, line: int) -> None:
        if len(literal) <= LONGEST_DECIMAL and not literal.removeprefix("-").isdecimal() and isfinite(float(literal)):
            self.put(float(literal), line)
        else:
            super().number(literal, line)
