from dataclasses import dataclass, field

import pytest
from django.test import Client

from accounts.actions import create_token
from tests import season as seasons
from tests.label.matrix import ROLES


@dataclass
class Visitor:
    """Somebody in a role: pages know a session, the API knows a key. A page may end the session of its client: each
    visit is made with another."""

    cookies: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def client(self) -> Client:
        client = Client()
        client.cookies.load(self.cookies)
        return client


@pytest.fixture(scope="module")
def season(django_db_setup, django_db_blocker):
    """Built once for a module; each test sees it whole, whatever the others did."""
    with seasons.rolled_back(django_db_blocker) as built:
        yield built


@pytest.fixture(scope="module")
def visitors(season):
    found = dict.fromkeys(ROLES, Visitor())
    for role, person in season.people.items():
        client = Client()
        client.force_login(person)
        key = create_token(name="Clé", by=person)[1]
        found[role] = Visitor(client.cookies.output(header="", sep=";"), {"Authorization": f"Bearer {key}"})
    return found
