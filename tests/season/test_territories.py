from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Helper, Mandate, Membership
from accounts.refusals import NotNow
from assessments import actions as files
from assessments.models import Application, Edition
from jury.models import Interest, Juror, Panel
from outbox.models import Job, Mail
from season.jobs import territories as job
from territories.models import Change, Load

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(framework, now):
    dates = {"opens_at": now - timedelta(days=9), "closes_at": now + timedelta(days=9)}
    return Edition.objects.create(year=2027, framework=framework, results_at=now + timedelta(days=90), **dates)


@pytest.fixture
def file(edition, aubaine, agent, now):
    return files.start(edition=edition, territory=aubaine, by=agent, now=now)


@pytest.fixture
def merged(aubaine, beaupre):
    """Aubaine became part of Beaupré."""
    aubaine.ended_on, aubaine.successor = date(2027, 1, 1), beaupre
    aubaine.save()
    load = Load.objects.create(year=2027, at=timezone.now())
    return Change.objects.create(
        load=load, territory=aubaine, happened="merged", old_code=aubaine.code, old_name=aubaine.name
    )


def taken(change):
    scheduled = job.follow.schedule(load=change.load_id)
    from outbox import jobs

    jobs.run(scheduled.pk)
    return Job.objects.get(pk=scheduled.pk)


def test_interest_of_a_juror_follows(merged, edition, juror_user, aubaine, beaupre, organiser):
    juror = Juror.objects.create(panel=Panel.objects.create(edition=edition), user=juror_user)
    Interest.objects.create(juror=juror, territory=aubaine, nature="habitante")

    assert taken(merged).error == ""
    assert set(juror.interests.values_list("territory__code", "nature")) == {
        (aubaine.code, "habitante"),
        (beaupre.code, "habitante"),
    }


def test_mandate_of_a_helper_follows_with_its_people(merged, aubaine, beaupre, signatory, juror_user, organiser, now):
    helper = Helper.objects.create(siren="200000099", name="Syndicat")
    helper.people.add(juror_user)
    active = {"state": "active", "asked_at": now, "asked_by": juror_user, "decided_at": now, "decided_by": signatory}
    Mandate.objects.create(helper=helper, territory=aubaine, **active)

    taken(merged)

    assert helper.mandates.get(territory=beaupre).state == "active"
    assert Membership.objects.get(user=juror_user, territory=beaupre).state == "active"


def test_people_and_organiser_are_told_once(merged, agent, organiser):
    taken(merged)
    taken(merged)

    told = Mail.objects.filter(to=agent.email).get()
    assert "Aubaine est aujourd’hui dans Beaupré" in told.text
    assert "?q=01902" in told.text
    assert Mail.objects.filter(to=organiser.email, subject="La liste des communes a changé").count() == 1


def test_merged_territory_takes_no_new_file(merged, edition, agent, aubaine, now):
    with pytest.raises(NotNow, match="est aujourd’hui dans Beaupré"):
        files.start(edition=edition, territory=aubaine, by=agent, now=now)


def test_draft_of_a_merged_territory_is_not_submitted(file, merged, signatory, now):
    file.refresh_from_db()
    with pytest.raises(NotNow, match="est aujourd’hui dans Beaupré"):
        files.submit(application=file, by=signatory, now=now)


def test_organiser_sees_what_to_decide(file, merged, organiser, sign_in):
    page = sign_in(organiser).get("/organisation/territoires/").text

    assert "Aujourd’hui dans Beaupré" in page
    assert "Dossier 2027" in page


def test_files_are_handed_over_with_their_people(file, merged, beaupre, agent, organiser, sign_in):
    answer = sign_in(organiser).post(f"/organisation/territoires/{merged.pk}/", {"decision": "hand_over"})

    assert answer.status_code == 302
    assert Application.objects.get(pk=file.pk).territory == beaupre
    assert Membership.objects.get(user=agent, territory=beaupre).role == "contributor"
    assert "Rien n’attend" in sign_in(organiser).get("/organisation/territoires/").text


def test_files_are_not_handed_over_to_who_has_one(file, merged, edition, beaupre, stranger, organiser, sign_in, now):
    files.start(edition=edition, territory=beaupre, by=stranger, now=now)
    answer = sign_in(organiser).post(f"/organisation/territoires/{merged.pk}/", {"decision": "hand_over"})

    assert answer.status_code == 403 or answer.status_code == 409
    assert "a déjà un dossier" in answer.text
    assert Change.objects.get().settled_at is None


def test_successor_that_nobody_knew_is_named(merged, aubaine, beaupre, agent, organiser, sign_in):
    aubaine.successor = None
    aubaine.save()
    answer = sign_in(organiser).post(
        f"/organisation/territoires/{merged.pk}/", {"decision": "successor", "successor": "01902"}
    )
    aubaine.refresh_from_db()

    assert (answer.status_code, aubaine.successor) == (302, beaupre)
    assert Mail.objects.filter(to=agent.email).exists()


def test_code_of_nobody_is_refused(merged, organiser, sign_in):
    answer = sign_in(organiser).post(
        f"/organisation/territoires/{merged.pk}/", {"decision": "successor", "successor": "zz"}
    )

    assert "Aucune collectivité de la liste" in answer.text
