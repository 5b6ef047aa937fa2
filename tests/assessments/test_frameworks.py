import io

import pytest
from django.core.management import CommandError, call_command

from assessments import models, wording
from assessments.doors import frameworks
from assessments.models import Framework
from scoring import framework as engine
from scoring.framework import FrameworkError
from tests.assessments.conftest import QUESTIONNAIRE

pytestmark = pytest.mark.django_db


def test_load_twice_makes_one_row():
    assert frameworks.load(QUESTIONNAIRE) == frameworks.load(QUESTIONNAIRE)
    assert Framework.objects.count() == 1


def test_load_keeps_the_document_as_written(framework):
    assert framework.document == QUESTIONNAIRE
    assert framework.hash == engine.load(QUESTIONNAIRE).hash


def test_load_with_a_fault_is_refused():
    with pytest.raises(FrameworkError, match="INC-01"):
        frameworks.load(QUESTIONNAIRE.replace("points: 10", "points: 10000"))

    assert Framework.objects.count() == 0


def test_parsed_reads_the_document_once(framework, django_assert_num_queries):
    row = Framework.objects.defer("document").get()
    models._parsed.cache_clear()

    with django_assert_num_queries(1):
        first = row.parsed
    with django_assert_num_queries(0):
        assert row.parsed is first


def test_load_framework_command_prints_the_hash():
    out = io.StringIO()
    call_command("load_framework", 2027, stdout=out)
    call_command("load_framework", 2027, stdout=out)

    assert Framework.objects.get().hash in out.getvalue()


def test_load_framework_command_without_a_file_says_so():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_framework", 1999)


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_declared_name_has_words(year):
    framework = engine.load(frameworks.path_of(year).read_text(encoding="utf-8"))

    assert {name for name, fact in framework.facts.items() if not fact.text} <= set(wording.CONTEXT)
