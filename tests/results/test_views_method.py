"""The questionnaire of each edition, drawn from its framework."""

import re

import pytest

from assessments.models import Edition
from results.pages import method
from scoring import framework as frameworks

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def framework(edition):
    return edition.framework.parsed


def test_questionnaire_leads_to_each_question(client, edition, framework):
    page = read(client, "/methode/2027/")

    assert set(re.findall(r'href="/methode/2027/([^/"]+)/"', page)) == {each.id for each in framework.questions}


def test_questionnaire_says_the_thresholds_of_its_own_edition(client, edition, framework):
    page = read(client, "/methode/2027/")

    for level in framework.levels:
        part = page.split(f'id="2027-{level.level}"')[1].split("</dd>")[0]
        assert all(words in part for words in method.needs(level))


def test_each_question_has_a_page(client, edition, framework):
    for question in framework.questions:
        page = read(client, f"/methode/2027/{question.id}/")
        assert all(row.points in page for row in method.worth(question))
        assert all(not reference.url or reference.url in page for reference in question.references)


def test_worth_of_a_full_answer_is_all_of_its_points(framework):
    best = {
        question.id: max(float(row.points.replace(",", ".")) for row in method.worth(question))
        for question in framework.questions
        if question.kind != "multiple"
    }

    assert best == {question.id: question.points for question in framework.questions if question.id in best}


def test_question_of_the_shipped_questionnaires_are_all_written(settings):
    for path in sorted((settings.BASE_DIR / "assessments" / "editions").glob("*/framework.yaml")):
        for question in frameworks.load(path.read_text(encoding="utf-8")).questions:
            assert method.worth(question)


def test_questionnaire_of_an_edition_to_come_or_of_a_draft_is_not_found(client, edition, now):
    assert client.get("/methode/1999/").status_code == 404
    assert client.get("/methode/2027/RIEN-01/").status_code == 404
    Edition.objects.update(draft=True)
    assert client.get("/methode/2027/").status_code == 404
    Edition.objects.update(
        draft=False,
        opens_at=now.replace(year=now.year + 1),
        closes_at=now.replace(year=now.year + 2),
        results_at=now.replace(year=now.year + 3),
    )
    assert client.get("/methode/2027/").status_code == 404


def test_line_of_a_result_leads_to_its_question(client, published):
    assert 'href="/methode/2027/INC-01/"' in read(client, "/annuaire/01901/")
