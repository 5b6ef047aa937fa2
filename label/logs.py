"""What the log says of each line, as text or as JSON, and what it never says: secrets and addresses of people, whoever
wrote the line. It imports no model: Django reads it before there is one."""

import json
import logging
import re
from datetime import datetime
from typing import Any

from accounts.rules.addresses import SECRET
from outbox.doors.log import about

# Of a mail server or of a database that cites what it refused. What follows the @ may help, and names nobody.
PERSON = re.compile(r"[\w.+'’-]+@(?=[\w-]+\.)")


def clean(text: str) -> str:
    return PERSON.sub("…@", SECRET.sub(r"\1…", text))


class WithoutSecrets(logging.Filter):
    """Rewrites the line as it will be written, the error that it tells of included, and adds what it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = clean(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = clean(record.exc_text)
        record.about = dict(about.get())
        return True


class OneLine(logging.Filter):
    """What a visitor did, and no fault of ours: told in one line, which wakes nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True


class Text(logging.Formatter):
    """`2027-03-01T18:00:00.123+01:00 WARNING outbox.jobs [job=12 kind=mail.send]: …`"""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return _time(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        return f"{record.asctime} {record.levelname} {record.name}{facts and f' [{facts}]'}: {record.message}"

    def usesTime(self) -> bool:
        return True


class Json(logging.Formatter):
    """One object a line, for a collector. `error` is the whole trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": _time(record), "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        error = {"error": record.exc_text} if record.exc_text else {}
        return json.dumps(line | _facts(record) | error, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    """With its offset: the hour that is twice in October is told apart."""
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """Of the request or the job in hand, then of the line itself (`extra={"facts": …}`)."""
    return {**getattr(record, "about", {}), **getattr(record, "facts", {})}
