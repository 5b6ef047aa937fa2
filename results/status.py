"""What a certificate number is worth today: the answer of the page and of the API."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from results import numbers, queries
from results.models import Certificate, PublishedResult


class Status(StrEnum):
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """`number` as registered; `mistyped` when its check character is wrong; `replaced_by` a number, or nothing."""

    status: Status
    number: str
    mistyped: bool = False
    certificate: Certificate | None = None
    since: datetime | None = None
    replaced_by: str = ""

    @property
    def reason(self) -> str:
        """Why it is no longer in force: that of the withdrawal or of the correction, or what the jury answered when it
        decided again."""
        if self.result is None or self.status not in (Status.WITHDRAWN, Status.REPLACED):
            return ""
        if self.status is Status.WITHDRAWN:
            return self.result.withdrawn_reason
        return self.result.correction or str(self.result.replaced_by.document["reasons"])

    @property
    def result(self) -> PublishedResult | None:
        return self.certificate.result if self.certificate else None


def status_of(text: str, *, now: datetime) -> Found:
    """One query. Before the announcement a number is as unknown as one never given."""
    number = numbers.read(text)
    certificate = queries.certificate(number, now=now) if numbers.is_well_formed(number) else None
    if certificate is None:
        return Found(Status.UNKNOWN, number, mistyped=not numbers.is_well_formed(number))
    return worth(certificate)


def worth(certificate: Certificate) -> Found:
    result = certificate.result
    if result.withdrawn_at is not None:
        return Found(Status.WITHDRAWN, certificate.number, certificate=certificate, since=result.withdrawn_at)
    if result.replaced_at is not None:
        return Found(
            Status.REPLACED,
            certificate.number,
            certificate=certificate,
            since=result.replaced_at,
            replaced_by=result.replaced_by.certificate.number,
        )
    return Found(Status.IN_FORCE, certificate.number, certificate=certificate)
