"""A small France and a fixed cast, for every test.

The cast: Agnès contributes for Aubaine, Simon signs for it, Rita reads it; Étienne is an agent of another commune (the
stranger); Jeanne and Jules are jurors, Clémence chairs the jury, Olivia organises."""

import time
from collections import Counter

import hypothesis
import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import cache, caches
from django.db import connection

from accounts.models import Membership, MembershipState, Role, User
from instance.models import Instance
from instance.queries import KEY
from results.queries import ideas, strengths
from territories.models import Department, Kind, PopulationBand, Region, Territory
from territories.queries import index

# No clock in a test: what is slow on a busy machine is not wrong.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

PASSWORD = "un mot de passe bien long"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # The files where one test takes a minute begin first, the longest next: no worker waits for another at the end.
    sizes = Counter(item.path for item in items)
    dear = {item.path for item in items if any(item.get_closest_marker(name) for name in ("trial", "browser"))}
    items.sort(key=lambda item: (item.path not in dear, -sizes[item.path], item.path))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end, whoever is still connected goes: a thread of a server, a process that was killed. PostgreSQL drops no
    database that somebody uses."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _cache():
    """Of a service that has run for a while: it knows that its instance has no row of its own."""
    cache.set(KEY, Instance(pk=Instance.ONLY), None)
    yield
    cache.clear()
    caches["pages"].clear()
    index.forget()
    ideas.forget()
    strengths.forget()


@pytest.fixture
def department(db):
    region = Region.objects.create(code="84", name="Auvergne-Rhône-Alpes")
    return Department.objects.create(code="01", name="Ain", region=region)


def make_territory(department, code, name, population, **fields):
    plain = name.lower().replace("é", "e").replace("-", " ").replace("’", " ")
    fields = {"kind": Kind.COMMUNE, "band": PopulationBand.of(population), **fields}
    return Territory.objects.create(
        code=code, name=name, search_name=plain, sort_key=plain, population=population, department=department, **fields
    )


@pytest.fixture
def epci(department):
    return make_territory(department, "200000001", "CC du Val d’Aubaine", 8_200, kind=Kind.EPCI, siren="200000001")


@pytest.fixture
def aubaine(department, epci):
    return make_territory(department, "01901", "Aubaine", 1_240, epci=epci, siren="210109011")


@pytest.fixture
def beaupre(department):
    return make_territory(department, "01902", "Beaupré", 6_400, siren="210109029")


def make_user(name, function, **fields):
    email = f"{name.lower().replace('è', 'e').replace('é', 'e')}@aubaine.example"
    user = User.objects.create_user(email, PASSWORD, name=name, function=function, **fields)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


def join(user, territory, role):
    Membership.objects.create(
        user=user, territory=territory, role=role, state=MembershipState.ACTIVE, decided_at=user.created_at
    )
    return user


@pytest.fixture
def agent(aubaine):
    return join(make_user("Agnès", "secrétaire de mairie"), aubaine, Role.CONTRIBUTOR)


@pytest.fixture
def signatory(aubaine):
    return join(make_user("Simon", "maire"), aubaine, Role.SIGNATORY)


@pytest.fixture
def reader(aubaine):
    return join(make_user("Rita", "conseillère municipale"), aubaine, Role.READER)


@pytest.fixture
def stranger(beaupre):
    return join(make_user("Étienne", "directeur général des services"), beaupre, Role.SIGNATORY)


@pytest.fixture
def organiser(db):
    return make_user("Olivia", "déléguée générale", is_organiser=True)


@pytest.fixture
def juror_user(db):
    return make_user("Jeanne", "maîtresse de conférences")


@pytest.fixture
def second_juror_user(db):
    return make_user("Jules", "ingénieur territorial")


@pytest.fixture
def chair_user(db):
    return make_user("Clémence", "professeure des universités")


@pytest.fixture
def sign_in(client):
    """`sign_in(user)` returns the client, signed in; `confirmed`, as who has just given the password again."""

    def _sign_in(user, *, confirmed=False):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if confirmed:
            session = client.session
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return _sign_in
