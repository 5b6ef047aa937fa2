"""Reads of the campaign: who is in a segment, how a message went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.models import Membership, MembershipState, Role, User
from assessments.doors import scorecards
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.queries import answer_sheets
from jury import queries as jury
from jury.models import AppealState
from jury.policies import READABLE
from outbox.models import MailState
from results import visibility
from scoring.gaps import gaps
from season.enums import Segment
from season.models import Dispatch, Message, Mute
from season.queries.following import IDLE
from season.rules.segments import Case, belongs
from territories.models import Territory

# Of a team, who is written to: those who may act.
WRITERS = (Role.SIGNATORY, Role.CONTRIBUTOR)
# The segments that other editions decide.
OF_THE_PAST = (Segment.ABSENT, Segment.NEVER)


@dataclass(frozen=True)
class Recipient:
    """`territory` is None for a juror."""

    email: str
    name: str
    territory: Territory | None


def recipients(edition: Edition, segment: Segment, *, now: datetime) -> list[Recipient]:
    """The people of a segment as it stands now, one line an address, by territory; who asked for silence left out."""
    found: dict[str, Recipient] = {}
    people = _jurors(edition) if segment == Segment.LATE_JURORS else _people(edition, segment, now=now)
    muted = set(Mute.objects.values_list("email", flat=True))
    for recipient, case in people:
        if belongs(segment, case) and recipient.email not in muted:
            found.setdefault(recipient.email, recipient)
    return list(found.values())


def _jurors(edition: Edition) -> Iterator[tuple[Recipient, Case]]:
    """Of readings that may be handed in today: first ones, and those of a demand that waits for its answer."""
    still = Q(appeal=None, application__state__in=READABLE) | Q(appeal__state=AppealState.FILED)
    missing = jury.standing_assignments().filter(
        still, juror__panel__edition=edition, juror__left_at=None, review__submitted_at=None
    )
    counts = dict(missing.order_by().values_list("juror__user").annotate(n=Count("pk")))
    for user in User.objects.filter(pk__in=counts, is_active=True).order_by("name", "pk"):
        yield Recipient(user.email, str(user), None), Case(True, False, missing_readings=counts[user.pk])


def _people(edition: Edition, segment: Segment, *, now: datetime) -> Iterator[tuple[Recipient, Case]]:
    """Members of teams, and guests of the edition whose address has no account."""
    files = {file.territory_id: file for file in _files(edition)}
    complete = _complete(files.values()) if segment == Segment.UNSIGNED else frozenset()
    labelled, applied = _past(edition, now=now) if segment in OF_THE_PAST else (frozenset(), frozenset())
    rows = guests(edition)
    invited = {guest.territory_id for guest in rows}
    known = set()

    def case_of(territory: int, *, has_account: bool) -> Case:
        file = files.get(territory)
        moved = (getattr(file, "moved_at", None) or file.started_at) if file else None
        return Case(
            has_account=has_account,
            invited=territory in invited,
            state=State(file.state) if file else None,
            stuck=moved is not None and moved < now - IDLE,
            complete=file is not None and file.pk in complete,
            labelled=territory in labelled,
            applied=territory in applied,
        )

    for member in _members():
        known.add(member.user.email.lower())
        yield (
            Recipient(member.user.email.lower(), str(member.user), member.territory),
            case_of(member.territory_id, has_account=True),
        )
    for guest in rows:
        if guest.email not in known:
            case = case_of(guest.territory_id, has_account=guest.has_account)
            yield Recipient(guest.email, "", guest.territory), case


def _past(edition: Edition, *, now: datetime) -> tuple[frozenset[int], frozenset[int]]:
    """The territories labelled last year, and those that ever submitted a file of another edition."""
    standing = visibility.in_force(now=now).filter(edition__year=edition.year - 1)
    others = Application.objects.exclude(edition=edition).exclude(state=State.DRAFT)
    return (
        frozenset(standing.values_list("territory", flat=True)),
        frozenset(others.values_list("territory", flat=True)),
    )


def _files(edition: Edition) -> QuerySet[Application]:
    rows = (
        Application.objects.filter(edition=edition).select_related("framework", "edition").defer("framework__document")
    )
    return rows.annotate(moved_at=Max("answers__at"))


def _members() -> QuerySet[Membership]:
    rows = Membership.objects.filter(state=MembershipState.ACTIVE, role__in=WRITERS, user__is_active=True)
    return rows.select_related("user", "territory__department").order_by("territory__sort_key", "role", "user__name")


def _complete(files: Iterable[Application]) -> frozenset[int]:
    """The drafts that lack nothing but a signature."""
    drafts = [file for file in files if file.state == State.DRAFT]
    sheets = answer_sheets(drafts)
    found = set()
    for file in drafts:
        result = scorecards.live(file, sheet=sheets[file.pk])
        if not gaps(file.framework.parsed, file.declared_context, result):
            found.add(file.pk)
    return frozenset(found)


def messages(edition: Edition) -> QuerySet[Message]:
    """With how many addresses they went to, were sent, failed, and whose link was followed."""
    return edition.messages.select_related("edition", "written_by").annotate(
        to=Count("dispatches"),
        sent=Count("dispatches", filter=Q(dispatches__mail__state=MailState.SENT)),
        failed=Count("dispatches", filter=Q(dispatches__mail__state=MailState.FAILED)),
        kept=Count("dispatches", filter=Q(dispatches__mail__state=MailState.KEPT)),
        opened=Count("dispatches", filter=Q(dispatches__opened_at__isnull=False)),
    )


def dispatches(message: Message, *, state: str = "") -> QuerySet[Dispatch]:
    rows = message.dispatches.select_related("mail", "territory").defer("mail__text").order_by("pk")
    return rows.filter(mail__state=state) if state in MailState.values else rows


def guests(edition: Edition) -> QuerySet[Any]:
    """With whether somebody has an account at that address, in `has_account`."""
    account = User.objects.filter(email=OuterRef("email"))
    rows = edition.guests.select_related("territory__department").annotate(has_account=Exists(account))
    return rows.order_by("territory__sort_key", "email")


def meant(codes: Iterable[str], names: Iterable[str]) -> QuerySet[Territory]:
    """The territories that these codes or names may mean; those that were merged into another are none of them."""
    rows = Territory.objects.filter(Q(code__in=codes) | Q(search_name__in=names), successor=None)
    return rows.select_related("department")


def by_code(codes: Iterable[str]) -> dict[str, Territory]:
    return {row.code: row for row in Territory.objects.filter(code__in=set(codes))}


def is_muted(email: str) -> bool:
    return Mute.objects.filter(email=email.lower()).exists()
