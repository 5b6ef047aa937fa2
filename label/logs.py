"""What the log never says: the secret part of an address, whoever wrote the line."""

import logging
import re

# Pages whose address opens something to whoever holds it. The last word of each is the secret.
SECRET = re.compile(
    r"(/(?:compte/(?:invitations|mot-de-passe/choisir|adresse/confirmer)|repondre|demarrer|verifier/fichier|api/v1/checks)/)"
    r"[^/\s?\"']+"
)
HIDDEN = r"\1…"


class WithoutSecrets(logging.Filter):
    """Rewrites the line as it will be written, the error that it tells of included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(HIDDEN, record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = SECRET.sub(HIDDEN, record.exc_text)
        return True
