"""May mails leave, and which way: by the server of the row, else by that of the environment, else they stay."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from instance.models import Instance, Security
from instance.rules import ciphers

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Backends that a developer sets and that deliver to nobody.
NOWHERE = ("", "django.core.mail.backends.dummy.EmailBackend")


@dataclass(frozen=True)
class Transport:
    """`tried`: somebody received the trial message, or whoever runs the machine answers for it."""

    backend: str
    tried: bool
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    def connect(self) -> BaseEmailBackend:
        connection: BaseEmailBackend = get_connection(self.backend, **self.options)
        return connection


def transport_of(row: Instance) -> Transport | None:
    """None: no mail leaves this instance."""
    if row.host:
        options = {
            "host": row.host,
            "port": row.port,
            "username": row.user,
            "password": ciphers.reveal(row.password) or "" if row.password else "",
            "use_tls": row.security == Security.STARTTLS,
            "use_ssl": row.security == Security.TLS,
            "timeout": settings.EMAIL_TIMEOUT,
        }
        return Transport(SMTP, row.trial_arrived_at is not None, options)
    if settings.MAIL_TRANSPORT not in NOWHERE:
        return Transport(settings.MAIL_TRANSPORT, tried=True)
    return None
