"""What is kept of a secret that we hand out once (key, link): its digest."""

import hashlib


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
