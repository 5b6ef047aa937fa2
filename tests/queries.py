"""What a request wrote, read from its SQL."""

import re

WRITE = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(?P<table>\w+)', re.IGNORECASE)
# The session, when a person was last here and a key last used, belong to the visit and not to what is shown.
FREE = {"django_session", "assessments_visit", "accounts_token"}


def writes(captured):
    """The tables written by captured queries, in order."""
    found = (WRITE.match(query["sql"]) for query in captured)
    return [match["table"] for match in found if match and match["table"] not in FREE]
