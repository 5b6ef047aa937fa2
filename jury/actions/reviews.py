"""Readings: a draft saved as it is written, then handed in. The version that the writer saw decides who was first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.refusals import NotNow, Refused, Stale
from accounts.rules import texts
from assessments.models import Application
from assessments.queries import locked
from jury import permissions, policies, queries
from jury.actions.decisions import take_up
from jury.models import Assignment, Juror, Review
from jury.rules.rubric import MARKS
from scoring.framework import Framework

# A longer silence between two saves is no work on the reading.
PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Reading:
    """What a reader writes. `marks` maps axes of the framework to 0..4; a draft may leave anything out."""

    marks: Mapping[str, int] = field(default_factory=dict)
    proposed_level: int | None = None
    honour: str = ""
    comment_to_jury: str = ""
    comment_to_territory: str = ""


class StaleReview(Stale):
    """Saved from another window first. `current` stands; what was proposed was not written."""

    def __init__(self, current: Review) -> None:
        super().__init__(_("Cette lecture a été enregistrée depuis une autre fenêtre : rien n’a été écrasé."))
        self.current = current


@transaction.atomic
def save_review(*, application: Application, by: Juror, reading: Reading, seen: int, now: datetime) -> Review:
    """Keep the draft. `seen` is the version that the writer started from, 0 before any. The same twice is harmless.

    Raises NotAllowed unless `by` reads this file, NotNow once handed in or when the file is closed, StaleReview."""
    fresh = locked(application)
    assignment = permissions.reading_of(by, fresh)
    policies.refuse(policies.why_not_write(fresh, assignment.appeal))
    check_fits(reading, fresh.framework.parsed)
    take_up(fresh, by=by.user, now=now)
    application.state = fresh.state
    return _write(assignment, reading, seen, now)


@transaction.atomic
def submit_review(*, application: Application, by: Juror, reading: Reading, seen: int, now: datetime) -> Review:
    """Save, then hand in: a mark on every axis, a level, a comment to the commune. It does not change any more."""
    review = save_review(application=application, by=by, reading=reading, seen=seen, now=now)
    if review.submitted_at is not None:
        return review
    _check_whole(reading, application)
    review.submitted_at = now
    review.save(update_fields=["submitted_at"])
    audit.record(
        by=by.user, verb="jury.review_submitted", on=application, level=review.proposed_level, marks=review.marks
    )
    return review


@transaction.atomic
def revise_review(*, application: Application, by: Juror, reading: Reading, seen: int, now: datetime) -> Review:
    """Change a reading handed in, once the readers see each other; what it said is kept. The same again is harmless.

    Raises NotNow while other readings are awaited, or while the jury votes; Refused when something is missing."""
    fresh = locked(application)
    policies.check_can_read(fresh)
    assignment = permissions.reading_of(by, fresh)
    review = Review.objects.filter(assignment=assignment, submitted_at__isnull=False).first()
    counted = queries.readings_of(fresh)
    policies.refuse(
        policies.why_not_revise(handed_in=review is not None, all_in=queries.all_in(counted))
        or policies.why_not_while_voting(queries.is_voting(fresh))
    )
    assert review is not None  # noqa: S101 -- refused above
    check_fits(reading, fresh.framework.parsed)
    _check_whole(reading, fresh)
    if content_of(review) == _clean(reading):
        return review
    if seen != review.version:
        raise StaleReview(review)
    review.earlier = [*review.earlier, asdict(content_of(review)) | {"until": now.isoformat()}]
    _put(review, reading, now)
    audit.record(by=by.user, verb="jury.review_revised", on=fresh, level=review.proposed_level, marks=review.marks)
    return review


def _write(assignment: Assignment, reading: Reading, seen: int, now: datetime) -> Review:
    """The application's row is locked: nobody else writes this review meanwhile."""
    review = Review.objects.filter(assignment=assignment).first() or Review(assignment=assignment, version=0)
    if review.pk and content_of(review) == _clean(reading):
        return review
    if review.submitted_at is not None:
        raise NotNow(_("Votre lecture est rendue : elle ne change plus."))
    if seen != review.version:
        raise StaleReview(review)
    return _put(review, reading, now)


def _put(review: Review, reading: Reading, now: datetime) -> Review:
    clean = _clean(reading)
    review.marks = dict(clean.marks)
    review.proposed_level = clean.proposed_level
    review.honour = clean.honour
    review.comment_to_jury = clean.comment_to_jury
    review.comment_to_territory = clean.comment_to_territory
    since = now - review.updated_at
    if review.version and since < PAUSE:
        review.worked += max(since, timedelta())
    review.version += 1
    review.updated_at = now
    review.save()
    return review


def content_of(review: Review) -> Reading:
    return Reading(
        marks=review.marks,
        proposed_level=review.proposed_level,
        honour=review.honour,
        comment_to_jury=review.comment_to_jury,
        comment_to_territory=review.comment_to_territory,
    )


def _clean(reading: Reading) -> Reading:
    return replace(
        reading,
        marks=dict(reading.marks),
        honour=texts.taken(reading.honour, most=80, lines=False),
        comment_to_jury=texts.taken(reading.comment_to_jury),
        comment_to_territory=texts.taken(reading.comment_to_territory),
    )


def check_fits(reading: Reading, framework: Framework) -> None:
    axes = framework.axis_by_id
    if any(axis not in axes or mark not in MARKS for axis, mark in reading.marks.items()):
        raise Refused(_("Une note va de 0 à 4, sur un axe du référentiel."))
    if reading.proposed_level is not None and reading.proposed_level not in framework.grades:
        raise Refused(policies.no_such_level(framework.grades))


def check_marked(reading: Reading, framework: Framework) -> int:
    """The level proposed, once sure that there is one, and a mark on every axis."""
    missing = [axis.title["fr"] for axis in framework.axes if axis.id not in reading.marks]
    if missing:
        raise Refused(_("Il manque une note : %(axes)s.") % {"axes": ", ".join(missing)})
    if reading.proposed_level is None:
        raise Refused(_("Proposez un niveau, de une à cinq arobases."))
    return reading.proposed_level


def _check_whole(reading: Reading, application: Application) -> None:
    check_marked(reading, application.framework.parsed)
    if not reading.comment_to_territory.strip():
        raise Refused(_("Écrivez quelques lignes à la collectivité : c’est ce qu’elle retiendra."))
