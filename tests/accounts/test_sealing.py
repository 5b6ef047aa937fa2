import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.actions import audit
from accounts.jobs import sealing
from accounts.models import AuditEntry
from outbox import jobs
from outbox.models import Job, JobState, Mail
from tests.accounts.conftest import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def trail(agent):
    """Five entries, sealed."""
    for number in range(5):
        audit.record(by=agent, verb="test.done", on=agent, number=number, ratio=0.5, text="é")
    sealing.seal()
    return AuditEntry.objects.order_by("position")


def test_seal_gives_positions_without_gap(trail):
    assert [entry.position for entry in trail] == [1, 2, 3, 4, 5]
    assert len({entry.digest for entry in trail}) == 5


def test_seal_again_finds_nothing(trail):
    assert sealing.seal() == 0


def test_seal_goes_on_from_the_head(trail, agent):
    audit.record(by=None, verb="test.more", on=agent)
    sealing.seal()

    assert sealing.verify() == sealing.Verdict(sealing.head(), unsealed=0, broken_at=None)
    assert sealing.head().position == 6


def test_verify_empty_trail():
    assert sealing.verify() == sealing.Verdict(sealing.Head(0, sealing.START), unsealed=0, broken_at=None)


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "test.undone"},
        {"actor_id": 999},
        {"object_id": "7"},
        {"object_type": "x"},
        {"detail": {"number": 9}},
        {"at": NOW},
        {"digest": "0" * 64},
    ],
)
def test_verify_finds_the_entry_that_was_changed(trail, change):
    AuditEntry.objects.filter(position=3).update(**change)

    assert sealing.verify().broken_at == 3


def test_verify_finds_the_entry_that_was_removed(trail):
    AuditEntry.objects.filter(position=2).delete()

    assert sealing.verify().broken_at == 2


def test_verify_cut_end_shows_against_a_head_kept_elsewhere(trail):
    head = sealing.head()
    AuditEntry.objects.filter(position__gte=4).delete()

    assert sealing.verify().broken_at is None
    assert sealing.verify(expected=head).broken_at == 4


def test_verify_head_kept_earlier_still_stands(trail, agent):
    head = sealing.head()
    audit.record(by=agent, verb="test.more", on=agent)
    sealing.seal()

    assert sealing.verify(expected=head).broken_at is None


def test_verify_chain_rewritten_whole_shows_against_a_head(trail):
    head = sealing.head()
    AuditEntry.objects.update(position=None, digest="", actor_id=999)
    sealing.seal()

    assert sealing.verify().broken_at is None
    assert sealing.verify(expected=head).broken_at == 5


def test_schedule_nothing_to_seal(trail):
    sealing.schedule(now=timezone.now())

    assert not Job.objects.exists()


def test_schedule_twice_in_a_slot_makes_one_task(agent):
    audit.record(by=agent, verb="test.done", on=agent)
    sealing.schedule(now=NOW.replace(minute=1))
    sealing.schedule(now=NOW.replace(minute=9))
    sealing.schedule(now=NOW.replace(minute=10))

    assert list(Job.objects.order_by("key").values_list("key", flat=True)) == [
        "audit.seal:2027-03-01T09:00",
        "audit.seal:2027-03-01T09:10",
    ]


def test_seal_job_seals_every_batch(agent, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    for _number in range(5):
        audit.record(by=agent, verb="test.done", on=agent)
    sealing.schedule(now=timezone.now())
    jobs.run(Job.objects.get().pk)

    assert Job.objects.get().state == JobState.DONE
    assert sealing.head().position == 5


@pytest.mark.django_db(transaction=True)
def test_seal_two_at_once_keeps_one_chain(agent):
    for _number in range(40):
        audit.record(by=agent, verb="test.done", on=agent)
    gate = threading.Barrier(2)

    def work():
        gate.wait()
        sealing.seal()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sealing.verify().broken_at is None
    assert sealing.head().position == 40


def test_verify_audit_command_prints_the_head(trail, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out.splitlines()[-1] == f"5:{sealing.head().digest}"


def test_verify_audit_command_broken(trail):
    AuditEntry.objects.filter(position=3).update(verb="x")

    with pytest.raises(CommandError, match="position 3"):
        call_command("verify_audit")


def test_verify_audit_command_with_a_head(trail):
    head = sealing.head()
    AuditEntry.objects.filter(position=5).delete()

    with pytest.raises(CommandError, match="position 5"):
        call_command("verify_audit", f"--expect={head.position}:{head.digest}")


# The head, away from this machine


@pytest.fixture
def sent(trail, organiser, settings, tmp_path):
    """The head that the organiser has received, as the command reads it."""
    settings.KEYS_DIR = tmp_path
    sealing.schedule_head(now=NOW)
    jobs.run(Job.objects.get(kind="audit.head").pk)
    text = Mail.objects.get(to=organiser.email).text
    mark, signature = text.rpartition("--expect ")[2].split()[0], text.rpartition("--signature ")[2].split()[0]
    return ["--expect", mark, "--signature", signature]


def test_head_is_sent_once_a_day(sent):
    sealing.schedule_head(now=NOW)

    assert Job.objects.filter(kind="audit.head").count() == 1


def test_head_of_an_untouched_trail_stands(sent, agent):
    audit.record(by=agent, verb="test.later", on=agent)
    sealing.seal()

    call_command("verify_audit", *sent)


def cut(rows):
    rows.filter(position__gt=3).delete()


def empty(rows):
    rows.delete()


def rebuild(rows):
    """Another past, sealed as if it had been so."""
    kept = list(rows.order_by("pk"))
    rows.delete()
    AuditEntry.objects.bulk_create(
        AuditEntry(at=row.at, verb="test.other", object_type="x", object_id="1", detail={}) for row in kept
    )
    sealing.seal()


def backdate(rows):
    rows.filter(position=2).update(at=NOW)


def remove_one(rows):
    rows.filter(position=2).delete()


def change_one(rows):
    rows.filter(position=5).update(detail={})


@pytest.mark.parametrize("tamper", [cut, empty, rebuild, backdate, remove_one, change_one])
def test_tampering_is_found_with_the_last_head_known(sent, tamper):
    tamper(AuditEntry.objects.all())

    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit", *sent)


def test_head_that_the_service_never_signed_is_refused(sent):
    with pytest.raises(CommandError, match="not signed"):
        call_command("verify_audit", "--expect", f"1:{'0' * 64}", "--signature", sent[3])


def test_trail_page_is_searched(trail, organiser, sign_in):
    page = sign_in(organiser).get("/organisation/journal/", {"q": "test.done"})

    assert page.content.decode().count(">test.done</small>") == 5
    assert "Aucune ligne" in sign_in(organiser).get("/organisation/journal/", {"q": "rien"}).content.decode()
