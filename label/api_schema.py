"""The OpenAPI document tells what really happens: which calls ask for a key, and every refusal that they may give."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from label.problems import CONTENT_TYPE, KINDS


class Problem(serializers.Serializer[Any]):
    """RFC 9457. `errors`: what is wrong with each field. Some refusals add members of their own."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.ChoiceField(choices=[code for code, *_words in KINDS.values()])
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]


class Schema(AutoSchema):
    """Whatever a view says of what it answers, and what every view may refuse."""

    def get_operation_id(self) -> str:
        """As the view names itself: what a client generated from the document calls its function."""
        return str(self.view.operation_id)  # type: ignore[attr-defined]

    def get_auth(self) -> list[dict[str, Any]]:
        return super().get_auth() if self._is_private() else []

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._refusals():
            told = self._get_response_for_code(Problem, str(status), [CONTENT_TYPE])  # type: ignore[no-untyped-call]
            bodies[str(status)] = told | {"description": str(KINDS[status][1])}
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[int]:
        writes = self.method not in ("GET", "HEAD")
        asks = writes or self._is_list_view()
        found = {400: asks, 413: writes, 415: writes, 409: writes and self._is_private()}
        # A key that is no longer valid is refused wherever it is sent; a page that does not exist is not found.
        found |= {401: True, 403: self._is_private(), 404: "{" in self.path or self._is_list_view(), 429: True}
        return [status for status, possible in sorted(found.items()) if possible]

    def _is_private(self) -> bool:
        return IsAuthenticated in self.view.permission_classes
