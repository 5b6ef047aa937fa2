from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import State
from assessments.models import Application, Initiative
from jury.models import Appeal, AppealState
from outbox import jobs
from outbox.models import Job, JobState, Mail
from results import actions, visibility
from results.jobs import publication
from results.models import Certificate, PublishedInitiative, PublishedResult

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def start(edition, organiser, now):
    return actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)


def uphold(application, signatory, chair, *, level=4):
    appeal = Appeal.objects.create(
        application=application,
        grounds="L’atelier n’a pas été compté.",
        filed_by=signatory,
        state=AppealState.UPHELD,
        answer="L’atelier sert bien tout le canton.",
        new_level=level,
        answered_by=chair,
        answered_at=timezone.now(),
    )
    return publication.republish.schedule(appeal=appeal.pk)


def test_publish_copies_every_decided_file(make_file, aubaine, beaupre, publish):
    make_file(aubaine)
    make_file(beaupre)

    publish()

    assert PublishedResult.objects.count() == Certificate.objects.count() == 2
    assert set(Application.objects.values_list("state", flat=True)) == {State.PUBLISHED}


def test_publish_marks_the_edition_only_when_whole(edition, make_file, aubaine, organiser, now):
    make_file(aubaine)

    start(edition, organiser, now)

    edition.refresh_from_db()
    assert edition.published_at is None


def test_publish_twice_by_two_workers_copies_once(edition, make_file, aubaine, organiser, now):
    application = make_file(aubaine)

    publication.publish_file(application_id=application.pk, by=organiser, now=now)
    publication.publish_file(application_id=application.pk, by=organiser, now=now)

    assert PublishedResult.objects.count() == Certificate.objects.count() == 1


def test_publish_interrupted_resumes(edition, make_file, aubaine, beaupre, epci, organiser, now, monkeypatch):
    for territory in (aubaine, beaupre, epci):
        make_file(territory)
    job, real, calls = start(edition, organiser, now), publication.publish_file, []

    def interrupted(**arguments):
        calls.append(arguments)
        if len(calls) == 2:
            real(**arguments)
            raise KeyboardInterrupt
        return real(**arguments)

    monkeypatch.setattr(publication, "publish_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    assert PublishedResult.objects.count() == 2
    monkeypatch.setattr(publication, "publish_file", real)
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert PublishedResult.objects.count() == Certificate.objects.count() == 3


def test_publish_interrupted_in_a_file_leaves_no_half(edition, make_file, aubaine, organiser, now, monkeypatch):
    application = make_file(aubaine)
    monkeypatch.setattr(publication, "move", lambda **arguments: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        publication.publish_file(application_id=application.pk, by=organiser, now=now)

    assert not PublishedResult.objects.exists()
    assert not Certificate.objects.exists()
    assert not PublishedInitiative.objects.exists()


def test_publish_a_broken_file_keeps_the_edition_unpublished(edition, make_file, aubaine, beaupre, organiser, now):
    make_file(aubaine).decisions.update(reopened_at=now)
    make_file(beaupre)
    job = start(edition, organiser, now)

    jobs.run(job.pk)

    job.refresh_from_db()
    edition.refresh_from_db()
    assert "Aubaine 2027" in job.error
    assert (job.state, job.done, edition.published_at) == (JobState.TODO, 1, None)


def test_publish_does_not_follow_later_changes(make_file, aubaine, publish):
    application = make_file(aubaine)
    publish()
    before = PublishedResult.objects.get()

    Initiative.objects.update(title="Autre chose")
    aubaine.name = "Nouvelle-Aubaine"
    aubaine.save()
    application.answers.update(value=False)

    after = PublishedResult.objects.get()
    assert (after.document, after.initiatives.get().title) == (before.document, "Un atelier d’aide au numérique")


def test_publish_indexes_initiatives(make_file, aubaine, publish):
    make_file(aubaine)

    publish()

    assert " mediatheque " in PublishedInitiative.objects.get().tokens


def test_announce_writes_once_to_each_member(published, agent, signatory, edition):
    job = publication.plan_announcement(edition)

    jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state=JobState.TODO, finished_at=None)
    jobs.run(job.pk)

    assert sorted(Mail.objects.values_list("to", flat=True)) == [agent.email, signatory.email]
    assert published.certificate.number in Mail.objects.first().text


def test_announce_tells_what_was_withdrawn_before_it(
    make_file, aubaine, agent, edition, publish, announce, organiser, now
):
    make_file(aubaine)
    publish()
    actions.withdraw(result=PublishedResult.objects.get(), reason="Fausse déclaration.", by=organiser, now=now)
    early = Mail.objects.count()
    announce()
    jobs.run(publication.plan_announcement(edition).pk)

    assert early == 0
    assert "est retiré" in Mail.objects.get(to=agent.email).subject


def test_announce_too_early_waits_for_the_new_instant(make_file, aubaine, agent, publish, edition):
    make_file(aubaine)
    publish()
    job = Job.objects.get(kind="edition.announce")
    edition.results_at += timedelta(days=7)
    edition.save()
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())

    jobs.run(job.pk)

    later = Job.objects.get(kind="edition.announce", state=JobState.TODO)
    assert later.due_at == edition.results_at
    assert not Mail.objects.exists()


def test_republish_puts_a_new_copy_in_place(published, signatory, chair):
    job = uphold(published.application, signatory, chair)

    jobs.run(job.pk)

    new = visibility.in_force(now=timezone.now()).get()
    assert (new.level, new.replaces, new.document["level"]["granted"]) == (4, published, 4)
    assert new.document["reasons"] == "L’atelier sert bien tout le canton."
    assert new.initiatives.count() == published.initiatives.count() == 1
    assert new.certificate.number != published.certificate.number


def test_republish_leaves_the_old_copy_as_it_was(published, signatory, chair):
    jobs.run(uphold(published.application, signatory, chair).pk)

    old = PublishedResult.objects.get(pk=published.pk)
    assert (old.level, old.document) == (published.level, published.document)
    assert old.replaced_at is not None


def test_republish_twice_makes_one_copy(published, signatory, chair):
    job = uphold(published.application, signatory, chair)

    jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    jobs.run(job.pk)

    assert PublishedResult.objects.count() == 2


def test_republish_a_withdrawn_result_does_nothing(published, signatory, chair, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    jobs.run(uphold(published.application, signatory, chair).pk)

    assert PublishedResult.objects.count() == 1


def test_republish_before_the_announcement_writes_to_nobody(make_file, aubaine, publish, signatory, chair):
    application = make_file(aubaine)
    publish()

    jobs.run(uphold(application, signatory, chair).pk)

    assert not Mail.objects.exists()


@pytest.mark.parametrize(("shown", "contact"), [(True, "La médiathèque, aide@a.example"), (False, "")])
def test_publish_copies_what_an_initiative_tells_and_its_contact_only_when_it_is_shown(
    make_file, aubaine, beaupre, publish, announce, client, shown, contact
):
    make_file(aubaine)
    Initiative.objects.update(
        description="Chaque **jeudi**, la médiathèque ouvre ses ordinateurs aux habitants. " * 4,
        results="120 personnes aidées",
        cost="under_1000",
        inspired_by=beaupre,
        contact="La médiathèque, aide@a.example",
        contact_public=shown,
    )

    publish()
    announce()

    row = PublishedInitiative.objects.get()
    assert (row.results, row.inspired_by, row.contact) == ("120 personnes aidées", beaupre, contact)
    for address in (f"/initiatives/{row.number}/", f"/annuaire/{aubaine.code}/"):
        text = client.get(address).text
        assert ("La médiathèque</dd>" in text) is shown
        assert "aide@a.example" not in text
        assert "<strong>jeudi</strong>" in text
        assert "moins de 1\u202f000" in text
