"""Votes: put to the jury by the person who presides, cast by whoever sits and is not recused, closed with a quorum."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import Refused
from assessments.models import Application
from assessments.queries import locked
from jury import permissions, policies, queries
from jury.doors import examination, letters
from jury.jobs import ballots as closing
from jury.models import Ballot, Juror, Vote
from jury.queries import ballots
from jury.rules import counting


@transaction.atomic
def open_ballot(
    *,
    application: Application,
    honour: str = "",
    closes_at: datetime | None = None,
    at_quorum: bool = False,
    by: Juror,
    now: datetime,
) -> Ballot:
    """Put the level of a file, or a mention, to the vote, and call those who may vote. The same question already open
    is that ballot. It closes by hand, at its hour, or, with `at_quorum`, as soon as the voices decide.

    Raises NotAllowed unless `by` presides for this file, NotNow when the file is not ready to be decided, Refused for
    an hour that cannot be."""
    fresh = locked(application)
    permissions.check_can_preside(by, fresh)
    if reason := policies.why_not_close_at(closes_at, now=now, results_at=fresh.edition.results_at):
        raise Refused(reason)
    result = examination.live(fresh)
    counted, claims = queries.readings_of(fresh), examination.awaiting(fresh, result)
    policies.refuse(
        policies.why_not_put_to_vote(queries.standing(fresh, counted, claims=claims, voting=queries.is_voting(fresh)))
    )
    examined = policies.check_examined(result.level)
    ballot, created = Ballot.objects.get_or_create(
        application=fresh,
        honour=honour.strip()[:80],
        closed_at=None,
        set_aside_at=None,
        defaults={
            "examined_level": examined,
            "opened_by": by,
            "opened_at": now,
            "closes_at": closes_at,
            "at_quorum": at_quorum,
        },
    )
    if created:
        if closes_at:
            closing.end.schedule(ballot=ballot.pk, due_at=closes_at)
        letters.ballot_opened(ballot, ballots.to_call(ballot, by=by))
        audit.record(by=by.user, verb="jury.ballot_opened", on=ballot, application=fresh.pk, honour=ballot.honour)
    return ballot


@transaction.atomic
def vote(*, ballot: Ballot, choice: int | None, by: Juror, now: datetime) -> Vote:
    """One's voice, or None to abstain; it may change until the ballot is closed, which the last voice that it waits for
    may do. The trail says who voted, not what.

    Raises NotAllowed for whoever does not sit or is recused, NotNow once closed."""
    fresh = _locked(ballot)
    permissions.check_can_vote(by, fresh.application)
    policies.check_is_open(fresh, now=now)
    if choice is not None and choice not in counting.choices_of(
        examined=fresh.examined_level, honour=fresh.honour, grades=fresh.application.framework.parsed.grades
    ):
        raise Refused(_("Ce choix ne fait pas partie du vote."))
    row, created = Vote.objects.update_or_create(ballot=fresh, juror=by, defaults={"choice": choice, "at": now})
    if created:
        audit.record(by=by.user, verb="jury.voted", on=fresh, application=fresh.application_id)
    if fresh.at_quorum:
        closing.close(fresh, by=None, now=now)
    return row


@transaction.atomic
def close_ballot(*, ballot: Ballot, by: Juror, now: datetime) -> Ballot:
    """Count, and keep the count. Raises NotNow without the quorum, or on a tie that the chair's voice leaves open."""
    fresh = _locked(ballot)
    permissions.check_can_preside(by, fresh.application)
    policies.check_is_open(fresh)
    policies.refuse(closing.close(fresh, by=by.user, now=now))
    return fresh


@transaction.atomic
def call_off(*, ballot: Ballot, reason: str, by: Juror, now: datetime) -> None:
    """The vote will not be counted, and everyone reads why; a new one may be opened."""
    fresh = _locked(ballot)
    permissions.check_can_preside(by, fresh.application)
    policies.check_is_open(fresh)
    if not reason.strip():
        raise Refused(_("Dites pourquoi vous annulez ce vote : le jury le lira."))
    closing.set_aside(fresh, why=reason.strip(), by=by.user, now=now)


def set_aside(application: Application, *, why: str, by: User, now: datetime) -> None:
    """In the caller's transaction: the file goes back or out, what was voted on it no longer stands; the jury reads
    why."""
    for ballot in queries.ballots_on(application):
        closing.set_aside(ballot, why=why, by=by, now=now)


def _locked(ballot: Ballot) -> Ballot:
    """The file's row is what two writers wait for, as everywhere in the jury."""
    locked(ballot.application)
    rows = Ballot.objects.select_related("application__edition__panel", "application__territory__epci")
    return rows.get(pk=ballot.pk)
