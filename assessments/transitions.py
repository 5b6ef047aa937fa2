"""The one table of legal moves of an application, with who may cause each, and who owns each state.

`docs/life-of-an-application.md` is drawn from it (`manage.py draw_life`); a test fails when the drawing is stale."""

from enum import StrEnum

from assessments.enums import State


class Owner(StrEnum):
    """Whose turn it is while the application stands in a state."""

    APPLICANT = "applicant"
    JURY = "jury"
    ORGANISER = "organiser"
    NOBODY = "nobody"


OWNERS: dict[State, Owner] = {
    State.DRAFT: Owner.APPLICANT,
    State.RETURNED: Owner.APPLICANT,
    State.SUBMITTED: Owner.ORGANISER,
    State.UNDER_REVIEW: Owner.JURY,
    State.DECIDED: Owner.ORGANISER,
    State.PUBLISHED: Owner.NOBODY,
    State.INELIGIBLE: Owner.NOBODY,
    State.WITHDRAWN: Owner.NOBODY,
}

MOVES: dict[tuple[State, State], Owner] = {
    (State.DRAFT, State.SUBMITTED): Owner.APPLICANT,
    (State.RETURNED, State.SUBMITTED): Owner.APPLICANT,
    (State.DRAFT, State.WITHDRAWN): Owner.APPLICANT,
    (State.SUBMITTED, State.WITHDRAWN): Owner.APPLICANT,
    (State.UNDER_REVIEW, State.WITHDRAWN): Owner.APPLICANT,
    (State.RETURNED, State.WITHDRAWN): Owner.APPLICANT,
    (State.SUBMITTED, State.UNDER_REVIEW): Owner.ORGANISER,
    (State.SUBMITTED, State.RETURNED): Owner.JURY,
    (State.UNDER_REVIEW, State.RETURNED): Owner.JURY,
    (State.SUBMITTED, State.INELIGIBLE): Owner.ORGANISER,
    (State.UNDER_REVIEW, State.INELIGIBLE): Owner.ORGANISER,
    # Of a commune that never answers: nothing else would end its file, and its edition would never be published.
    (State.RETURNED, State.INELIGIBLE): Owner.ORGANISER,
    (State.UNDER_REVIEW, State.DECIDED): Owner.JURY,
    (State.DECIDED, State.UNDER_REVIEW): Owner.JURY,
    (State.DECIDED, State.PUBLISHED): Owner.ORGANISER,
}

# Moves that must say why, to the person whose file it is.
NEED_REASON: frozenset[tuple[State, State]] = frozenset(
    {
        (State.SUBMITTED, State.RETURNED),
        (State.UNDER_REVIEW, State.RETURNED),
        (State.SUBMITTED, State.INELIGIBLE),
        (State.UNDER_REVIEW, State.INELIGIBLE),
        (State.RETURNED, State.INELIGIBLE),
        (State.DECIDED, State.UNDER_REVIEW),
    }
)

OPEN_TO_APPLICANT: frozenset[State] = frozenset(s for s, owner in OWNERS.items() if owner is Owner.APPLICANT)
COUNTED: frozenset[State] = frozenset(State) - {State.DRAFT, State.WITHDRAWN, State.INELIGIBLE}
