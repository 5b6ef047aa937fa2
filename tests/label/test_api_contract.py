"""The whole API keeps its word: whatever is asked of it, what it answers is what the OpenAPI document says."""

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from schemathesis.checks import CHECKS, load_all_checks

from label import api_pages
from label.wsgi import application

pytestmark = [pytest.mark.trial, pytest.mark.django_db]

load_all_checks()
schema = schemathesis.openapi.from_dict(api_pages.document())
schema.app = application
# Whether a key is asked is the matter of the matrix of roles, which knows whose each file is; and what is well formed
# may name what does not exist: a department, a questionnaire.
LEFT = ("ignored_auth", "positive_data_acceptance")
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(autouse=True)
def _one_connection():
    """That of the test: as Django's own client does, none is closed after a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@hypothesis.settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
def test_answers_are_those_of_the_document(case, season, visitors):
    private = case.operation.path.startswith("/api/v1/applications/")
    answer = case.call(headers=visitors["agent"].headers | PLAIN if private else PLAIN, base_url="http://localhost")

    # The key is ours, whatever the case says of it.
    left = (*LEFT, "negative_data_rejection") if private else LEFT
    case.validate_response(answer, excluded_checks=[CHECKS.get_one(name) for name in left])
