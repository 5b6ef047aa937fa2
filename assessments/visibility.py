"""Who sees what now."""

from datetime import datetime

from assessments.enums import State
from assessments.models import Application
from assessments.policies import Phase, phase


def shown_state(application: Application, now: datetime) -> State:
    """The state that the people of a file and its readers know: until the announcement, a published one is decided.
    The organiser and the chair see the state itself."""
    secret = application.state == State.PUBLISHED and phase(application.edition, now) != Phase.PUBLISHED
    return State.DECIDED if secret else State(application.state)
