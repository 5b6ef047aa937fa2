"""To whom a message goes: each segment is a sentence about a person and the file of the territory they act for."""

from dataclasses import dataclass

from assessments.enums import State
from season.enums import Segment


@dataclass(frozen=True)
class Case:
    """What is known of one person, for one territory or on the jury. `state`: of this year's file, None without one."""

    has_account: bool
    invited: bool
    state: State | None = None
    stuck: bool = False
    complete: bool = False
    labelled: bool = False
    applied: bool = False
    missing_readings: int = 0


def belongs(segment: Segment, case: Case) -> bool:
    """One person may be in several segments; who withdrew, or whose file was refused, is in none that urges."""
    draft, absent = case.state == State.DRAFT, case.state is None
    match segment:
        case Segment.INVITED:
            return case.invited and not case.has_account and absent
        case Segment.STARTED:
            return draft
        case Segment.STUCK:
            return draft and case.stuck
        case Segment.UNSIGNED:
            return draft and case.complete
        case Segment.SUBMITTED:
            return case.state in (State.SUBMITTED, State.UNDER_REVIEW)
        case Segment.RETURNED:
            return case.state == State.RETURNED
        case Segment.ABSENT:
            return absent and case.labelled
        case Segment.NEVER:
            return absent and not case.labelled and not case.applied and (case.invited or case.has_account)
        case Segment.LATE_JURORS:
            return case.missing_readings > 0
