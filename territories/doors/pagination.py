"""Every list of the API: `{next, previous, results}`, without a count, which would cost as much as the list."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param


class Pages(BasePagination):
    """`?page=2`; one row more than the page is read, to know whether another follows. The queryset must be ordered."""

    size = 50
    last_page = 10_000  # a larger number is no page of ours and would overflow the database's integers

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self._refuse_unknown(request, view)
        self.url = request.build_absolute_uri()
        self.number = self._number(request.query_params.get("page", "1"))
        start = (self.number - 1) * self.size
        rows = list(queryset[start : start + self.size + 1])
        self.has_next = len(rows) > self.size
        return rows[: self.size]

    def _refuse_unknown(self, request: Request, view: Any) -> None:
        """A filter that the view does not have (`filters`) is refused by its name: whoever asks would believe it."""
        known = {"page", *(each.name for each in getattr(view, "filters", ()))}
        if unknown := [name for name in request.query_params if name not in known]:
            told = _("Ce filtre n’existe pas. Ceux-ci existent : {known}.").format(known=", ".join(sorted(known)))
            raise ValidationError({name[:40]: [told] for name in unknown[:5]})

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next(), "previous": self._previous(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "page",
                "in": "query",
                "description": "Cinquante lignes par page.",
                "schema": {"type": "integer", "minimum": 1, "default": 1},
            }
        ]

    def _number(self, text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= self.last_page:
            return int(text)
        raise NotFound(_("Cette page n’existe pas."))

    def _next(self) -> str | None:
        return replace_query_param(self.url, "page", self.number + 1) if self.has_next else None

    def _previous(self) -> str | None:
        if self.number == 1:
            return None
        if self.number == 2:
            return remove_query_param(self.url, "page")
        return replace_query_param(self.url, "page", self.number - 1)
