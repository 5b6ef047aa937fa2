"""What a juror may see now: the one place where recusal and blindness are decided.

A juror is recused from a file by a row (declared with a reason, or written down by the register), by an interest or by
an attachment of their own that touches the territory: the same one, its EPCI, or a commune of the same EPCI. Interests
are compared at each reading, so that a file started after the declaration, or an attachment granted since, hides at
once; no row has to be written first. It is one condition, written from the side of a file (`recused`) and from that of
a juror (`_files_near`), used by every look-up, count and list of this package.

What else is seen follows from facts alone (`sees_` and below). Its rules run from always hidden, through always mine,
to phase by phase, so that each line may assume those above."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, MembershipState
from assessments.enums import State
from assessments.models import Application
from jury.models import Interest, Juror, Recusal

# A value, or a reference to a column of the query around.
Ref = Any


def touches(*, territory: Ref, epci: Ref) -> Q:
    """On rows with a `territory`: it and this one are the same, of one EPCI, or one is the EPCI of the other."""
    near = Q(territory=territory) | Q(territory__epci=territory)
    # Compared with nothing, a null would match every territory without EPCI.
    return near if epci is None else near | Q(territory=epci) | Q(territory__epci=epci)


def recused(*, juror: Ref, user: Ref, application: Ref, territory: Ref, epci: Ref) -> Q:
    """True where this juror is recused from this file."""
    near = touches(territory=territory, epci=epci)
    interests = Interest.objects.filter(near, juror=juror)
    attached = Membership.objects.filter(near, user=user, state=MembershipState.ACTIVE)
    rows = Recusal.objects.filter(juror=juror, application=application)
    return Q(Exists(rows) | Exists(interests) | Exists(attached))


def files_hidden_from(juror: Juror) -> Q:
    """On applications: those from which this juror is recused."""
    return files_hidden(juror=juror.pk, user=juror.user_id)


def files_hidden(*, juror: Ref, user: Ref) -> Q:
    return _files_near(
        Recusal.objects.filter(juror=juror), Interest.objects.filter(juror=juror), Membership.objects.filter(user=user)
    )


def files_hidden_from_any(jurors: QuerySet[Juror]) -> Q:
    """On applications: those from which one of these jurors at least is recused. `jurors` refers to no query around."""
    return _files_near(
        Recusal.objects.filter(juror__in=jurors.values("pk")),
        Interest.objects.filter(juror__in=jurors.values("pk")),
        Membership.objects.filter(user__in=jurors.values("user")),
    )


def _files_near(rows: QuerySet[Recusal], interests: QuerySet[Interest], attached: QuerySet[Membership]) -> Q:
    """The condition of `recused`, from the juror's side: what touches one juror is little, and found once, where
    `recused` looks for it again at each file of a season."""
    hidden = Q(pk__in=rows.values("application"))
    for near in (interests, attached.filter(state=MembershipState.ACTIVE)):
        homes = near.values("territory"), near.filter(territory__epci__isnull=False).values("territory__epci")
        for home in homes:
            hidden |= Q(territory__in=home) | Q(territory__epci__isnull=False, territory__epci__in=home)
    return hidden


def readers_recused() -> Q:
    """On assignments: those whose juror is recused from their file."""
    return recused(
        juror=OuterRef("juror"),
        user=OuterRef("juror__user"),
        application=OuterRef("application"),
        territory=OuterRef("application__territory"),
        epci=OuterRef("application__territory__epci"),
    )


def jurors_recused(application: Application) -> Q:
    """On jurors: those recused from this file."""
    where = {"territory": application.territory_id, "epci": application.territory.epci_id}
    return recused_from(application=application.pk, **where)


def recused_from(*, application: Ref, territory: Ref, epci: Ref) -> Q:
    return recused(juror=OuterRef("pk"), user=OuterRef("user"), application=application, territory=territory, epci=epci)


def voters_recused() -> Q:
    """On votes: those whose juror is recused from the file voted on."""
    return recused(
        juror=OuterRef("juror"),
        user=OuterRef("juror__user"),
        application=OuterRef("ballot__application"),
        territory=OuterRef("ballot__application__territory"),
        epci=OuterRef("ballot__application__territory__epci"),
    )


def jurors_recused_around(path: str = "") -> Q:
    """On jurors, in a subquery: those recused from the application of the query around, which is on applications, or
    reaches one by `path`."""
    return recused(
        juror=OuterRef("pk"),
        user=OuterRef("user"),
        application=OuterRef(OuterRef(f"{path}pk")),
        territory=OuterRef(OuterRef(f"{path}territory")),
        epci=OuterRef(OuterRef(f"{path}territory__epci")),
    )


# What the person who presides follows; a draft is nobody's business, a withdrawn file leaves the jury's sight.
PRESIDED = frozenset(
    {State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED, State.DECIDED, State.PUBLISHED, State.INELIGIBLE}
)
# What a reader keeps in the queue, and whoever was called to vote: a file turned down is no longer theirs to read.
READ = PRESIDED - {State.INELIGIBLE}
# When what a reader thinks may still count.
OPEN = frozenset({State.SUBMITTED, State.UNDER_REVIEW})


@dataclass(frozen=True)
class Facts:
    """What is known of one juror before one file, now."""

    state: State
    recused: bool
    reader: bool
    presides: bool
    # A reader of it for an appeal, not of its first reading.
    anew: bool
    own_submitted: bool
    # A vote on it was put to the jury, and was not set aside.
    called: bool
    # As many readings submitted as the file needs, net of recusals.
    readings_in: bool


def sees_file(facts: Facts) -> bool:
    if facts.recused:
        return False
    return (facts.presides and facts.state in PRESIDED) or ((facts.reader or facts.called) and facts.state in READ)


def sees_other_reviews(facts: Facts) -> bool:
    """The submitted readings of the others, marks, proposed levels and both comments alike. Drafts are never shown."""
    if not sees_file(facts):
        return False
    if facts.anew and not facts.own_submitted:
        return False
    if facts.state == State.PUBLISHED:
        return True
    if facts.reader and not facts.own_submitted:
        return False
    return facts.presides or facts.readings_in


def may_revise(facts: Facts) -> bool:
    """A reader who sees the others may change the own reading: that is what moderation is for."""
    return facts.reader and facts.own_submitted and facts.state in OPEN and sees_other_reviews(facts)


def sees_decision(facts: Facts) -> bool:
    """The level decided and its reasons, before they are public."""
    if not sees_file(facts):
        return False
    return facts.presides or facts.state in {State.DECIDED, State.PUBLISHED}
