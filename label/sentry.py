"""Errors told to a service that speaks Sentry's protocol, of the operator's choice; to nobody by default.

What an error carries may be anybody's: nothing of the request, of the person nor of the variables leaves, and what is
left is cleaned as the log is."""

from typing import Any

import sentry_sdk
from django.conf import settings

from label.logs import clean

FORGOTTEN = ("request", "user", "server_name", "modules", "breadcrumbs")


def start() -> None:
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.RELEASE,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=anonymous,
    )


def anonymous(event: Any, hint: object) -> Any:
    return _cleaned({name: value for name, value in event.items() if name not in FORGOTTEN})


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(inner) for inner in value]
    return value
