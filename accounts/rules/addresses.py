"""Which addresses open something to whoever holds them: an account, a question, a file that was checked. No log, cache
or request for help keeps one. Pure: the log is set up before any app is."""

import re

# The last word of each is the secret.
SECRET = re.compile(
    r"(/(?:compte/(?:invitations|mot-de-passe/choisir|adresse/confirmer|courriels/arreter)|invite|rappels/arreter|repondre|"
    r"demarrer|verifier/fichier|api/v1/checks)/)"
    r"[^/\s?\"']+"
)


def has_secret(path: str) -> bool:
    return SECRET.match(path) is not None
