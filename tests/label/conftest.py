import pytest

from tests import season as seasons


@pytest.fixture(scope="module")
def season(django_db_setup, django_db_blocker):
    """Built once for a module; each test sees it whole, whatever the others did."""
    with seasons.rolled_back(django_db_blocker) as built:
        yield built
