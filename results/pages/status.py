"""What a certificate number, or a paper sent, is worth today: the answer of the page and of the API."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessments.enums import State
from assessments.models import Scorecard
from assessments.queries import declared_scorecards, withdrawn_at
from jury.models import Minutes
from results import queries
from results.models import Certificate, FileCheck, PublishedResult
from results.rules import numbers


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
    # When the edition after its own was announced: it attests a past year since.
    expired_at: datetime | None = None

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
    """Two queries. Before the announcement a number is as unknown as one never given."""
    number = numbers.read(text)
    certificate = queries.certificate(number, now=now) if numbers.is_well_formed(number) else None
    if certificate is None:
        return Found(Status.UNKNOWN, number, mistyped=not numbers.is_well_formed(number))
    return worth(certificate, now=now)


@dataclass(frozen=True)
class Standing:
    """What a receipt or minutes are worth now: they always prove what they say, until it was taken back or replaced."""

    status: Status
    since: datetime | None = None


def standing(check: FileCheck, *, now: datetime) -> Found | Standing | None:
    """Of the paper that a file is, or claims to be when it is a certificate's; None when it is unknown."""
    if check.certificate:
        return worth(check.certificate, now=now)
    if check.receipt:
        return standing_of_receipt(check.receipt)
    return standing_of_minutes(check.minutes) if check.minutes else None


def standing_of_receipt(receipt: Scorecard) -> Standing:
    """Withdrawn with the candidature; replaced once the file, returned, was submitted again."""
    application = receipt.application
    if application.state == State.WITHDRAWN:
        return Standing(Status.WITHDRAWN, withdrawn_at(application))
    following = declared_scorecards(application).filter(round__gt=receipt.round).order_by("round")
    return _replaced_since(following.values_list("frozen_at", flat=True).first())


def standing_of_minutes(minutes: Minutes) -> Standing:
    """Replaced, as to them, once decisions that they report were reopened."""
    reopened = minutes.decisions.exclude(reopened_at=None).order_by("reopened_at")
    return _replaced_since(reopened.values_list("reopened_at", flat=True).first())


def _replaced_since(when: datetime | None) -> Standing:
    return Standing(Status.REPLACED, when) if when else Standing(Status.IN_FORCE)


def worth(certificate: Certificate, *, now: datetime) -> Found:
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
    expired_at = queries.expired_at(result, now=now)
    return Found(Status.IN_FORCE, certificate.number, certificate=certificate, expired_at=expired_at)
