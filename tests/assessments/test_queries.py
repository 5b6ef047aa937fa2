from datetime import timedelta

import pytest

from accounts.models import Membership, MembershipState, Role
from assessments import actions, queries
from assessments.models import Application, Complement, Edition, Evidence
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


def test_what_stands_around_a_new_file_is_its_team(application, agent, signatory, django_assert_num_queries):
    with django_assert_num_queries(1):  # nobody takes care of anything yet
        around = queries.around(application, answers=[])

    assert dict(around.roles) == {Role.CONTRIBUTOR: 1, Role.SIGNATORY: 1}
    assert (around.pieces, around.complements, around.earlier) == (0, 0, None)


def test_what_stands_around_a_file_is_its_own(application, agent, signatory, beaupre, now):
    Membership.objects.filter(user=signatory).update(state=MembershipState.ENDED)
    removed = {"removed_at": now}
    for title, more in (("Bilan", {}), ("Affiche", {}), ("Retirée", removed)):
        Evidence.objects.create(application=application, title=title, url="https://aubaine.example/", **more)
    Complement.objects.create(application=application, reason="Précisez.", asked_by=agent, asked_at=now)
    for years in (1, 2, -1):
        Application.objects.create(
            edition=an_edition_like(application.edition, years_before=years),
            territory=application.territory,
            framework=application.framework,
        )
    theirs = Application.objects.create(edition=application.edition, territory=beaupre, framework=application.framework)
    Evidence.objects.create(application=theirs, title="Bilan", url="https://beaupre.example/")

    around = queries.around(application, answers=[])

    assert dict(around.roles) == {Role.CONTRIBUTOR: 1}
    assert (around.pieces, around.complements, around.earlier) == (2, 1, application.edition.year - 1)


def an_edition_like(edition, *, years_before):
    back = years_before * timedelta(days=365)
    dates = {name: getattr(edition, name) - back for name in ("opens_at", "closes_at", "results_at")}
    return Edition.objects.create(year=edition.year - years_before, framework=edition.framework, **dates)
