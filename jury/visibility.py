"""What a juror may see now: the one place where blindness and recusal are decided. Pure: facts in, answer out.

The rules run from always hidden, through always mine, to phase by phase, so that each line may assume those above."""

from dataclasses import dataclass

from assessments.enums import State

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
