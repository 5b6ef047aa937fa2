import pytest

from assessments import actions, queries
from tests.assessments.conftest import initiative_fields

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.mark.parametrize(("inspired", "asked"), [(0, 0), (1, 1), (3, 1)])
def test_inspirations_are_found_in_one_query(
    application, agent, beaupre, now, inspired, asked, django_assert_num_queries
):
    for number in range(3):
        source = beaupre if number < inspired else None
        fields = initiative_fields(now, title=f"Idée {number}", inspired_by=source)
        actions.save_initiative(application=application, initiative=None, fields=fields, seen=0, by=agent, now=now)
    rows = queries.sheet(application).initiatives

    with django_assert_num_queries(asked):
        queries.find_inspirations(rows)
        assert [row.inspired_by for row in rows] == [beaupre] * inspired + [None] * (3 - inspired)
