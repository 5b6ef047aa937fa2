"""Queries written once: they answer what the query written anew would."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Membership, User
from prepared import prepared
from territories.models import Territory

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_it_is_written_once_and_asked_with_each_value(agent, signatory, django_assert_num_queries):
    built = []

    def members(user):
        built.append(user)
        return Membership.objects.filter(user=user).select_related("territory").order_by("pk")

    asked = prepared(members)

    for person in (agent, signatory, agent):
        with django_assert_num_queries(1):
            found = asked(user=person.pk)
            places = [row.territory for row in found]
        assert found == list(Membership.objects.filter(user=person).order_by("pk"))
        assert places == [row.territory for row in found]
    assert len(built) == 1


def test_annotations_and_subqueries_are_asked_too(agent, signatory):
    def territories(user, code):
        mine = Membership.objects.filter(user=user, territory=OuterRef("pk"))
        return Territory.objects.filter(Q(code=code) | Exists(mine)).annotate(mine=Exists(mine)).order_by("code")

    asked = prepared(territories)
    for person in (agent, signatory):
        for code in ("01901", "none"):
            answered = [(row.pk, row.mine) for row in asked(user=person.pk, code=code)]
            assert answered == [(row.pk, row.mine) for row in territories(person.pk, code)]


def test_an_instant_is_compared_as_django_does(agent):
    asked = prepared(lambda at: User.objects.filter(created_at__lte=at).values_list("pk", flat=True))
    User.objects.filter(pk=agent.pk).update(created_at=timezone.now())

    assert agent.pk in asked(at=timezone.now())
    assert agent.pk not in asked(at=timezone.now() - timedelta(hours=1))


def test_none_equals_nothing(agent):
    Territory.objects.update(epci=None)

    assert prepared(lambda epci: Territory.objects.filter(epci=epci))(epci=None) == []
