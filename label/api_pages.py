"""The API described for people: the OpenAPI document as a plain page, without a script."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

Document = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One door of the API, ready to be shown."""

    id: str
    method: str
    path: str
    summary: str
    parameters: list[Document]
    signed: bool


def document() -> Document:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    found: Document = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found | {"servers": [{"url": settings.SITE_URL}]}


def rendered() -> bytes:
    return bytes(OpenApiJsonRenderer().render(document()))


def operations() -> list[Operation]:
    """Every operation, in the order of the paths."""
    return [
        Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation.get("description", ""),
            parameters=operation.get("parameters", []),
            signed=any(requirement for requirement in operation.get("security", [])),
        )
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
