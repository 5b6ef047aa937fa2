"""Who issues credentials, and how anyone finds its keys: `did:web` and Multikey. Light enough for a web process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

Json = dict[str, Any]

LIST_LENGTH = 131_072  # of a list of status; the least that the standard allows, so that who reads it shows little


@dataclass(frozen=True)
class Issuer:
    """`site`: its address, without a path."""

    site: str
    name: str
    email: str

    @property
    def did(self) -> str:
        """`did:web:label.example`: its document is at `/.well-known/did.json`."""
        return "did:web:" + quote(urlsplit(self.site).netloc, safe="")

    def profile(self) -> Json:
        """What a credential says of it."""
        return {"id": self.did, "type": ["Profile"], "name": self.name, "url": self.site, "email": self.email}

    def method(self, key: str) -> str:
        """The name of a key: `key` is its Multikey."""
        return f"{self.did}#{key}"

    def document(self, keys: Sequence[str]) -> Json:
        """Every key that ever signed for it, so that old credentials can still be verified."""
        methods = [
            {"id": self.method(key), "type": "Multikey", "controller": self.did, "publicKeyMultibase": key}
            for key in keys
        ]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "alsoKnownAs": [self.site],
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods],
        }
