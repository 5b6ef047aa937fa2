"""What a request wrote, read from its SQL."""

import re

WRITE = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(?P<table>\w+)', re.IGNORECASE)
# The session belongs to the visit, not to what is shown.
FREE = {"django_session"}


def writes(captured):
    """The tables written by captured queries, in order."""
    found = (WRITE.match(query["sql"]) for query in captured)
    return [match["table"] for match in found if match and match["table"] not in FREE]
