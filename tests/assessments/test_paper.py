"""The questionnaire on paper for a size: what could not be asked of it is left out, whatever it tells."""

import pytest

from assessments.doors import frameworks
from assessments.pages import paper
from scoring import framework as engine

FRAMEWORK = engine.load(frameworks.path_of(2027).read_text(encoding="utf-8"))


def codes(kind, population):
    chapters = paper.of_a_size(FRAMEWORK, kind=kind, population=population).chapters
    return {question.code for _title, questions in chapters for question in questions}


@pytest.mark.parametrize(("kind", "population"), [("commune", 300), ("commune", 60_000), ("epci", 60_000)])
def test_a_question_is_left_out_when_its_rule_is_settled(kind, population):
    official = {"kind": kind, "population": population, "overseas": False}
    settled = {
        question.id for question in FRAMEWORK.questions if question.rule and question.rule.settled(official) is False
    }

    assert codes(kind, population) == {question.id for question in FRAMEWORK.questions} - settled


def test_a_village_reads_less_than_a_city():
    assert codes("commune", 300) < codes("commune", 60_000)
