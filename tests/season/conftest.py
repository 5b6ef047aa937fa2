import pytest
from django.utils import timezone

from assessments.doors import frameworks


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def framework(db):
    """A small one, read in no time."""
    with open("tests/results/framework.yaml", encoding="utf-8") as file:
        return frameworks.load(file.read())
