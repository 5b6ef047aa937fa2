import io
import zipfile

import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotNow
from outbox.doors import files
from outbox.models import Job, JobState
from results import actions
from results.jobs import kits
from results.models import Kit

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(published, signatory, now, run_jobs):
    """Aubaine's, made."""
    actions.ask_kit(result=published, by=signatory, now=now)
    run_jobs("kit.make")
    return Kit.objects.select_related("file", "result").get()


def test_make_packs_the_sign_and_the_logos_of_the_edition(kit):
    with zipfile.ZipFile(io.BytesIO(files.read(kit.file))) as packed:
        names, sign = packed.namelist(), packed.read("panneau.pdf")

    assert sign.startswith(b"%PDF-")
    assert {name.rsplit(".")[-1] for name in names} == {"pdf", "svg", "png"}
    assert all(name.startswith("label-2027-3-arobases") for name in names if name != "panneau.pdf")


def test_draw_gives_the_same_bytes(kit):
    assert kits.draw(kit.result) == files.read(kit.file)


def test_ask_twice_is_asked_once(kit, signatory, now):
    actions.ask_kit(result=kit.result, by=signatory, now=now)

    assert Job.objects.filter(kind="kit.make").count() == 1
    assert AuditEntry.objects.filter(verb="result.kit_asked").count() == 1


def test_ask_for_a_withdrawn_result_is_refused(published, organiser, now):
    withdrawn = actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    with pytest.raises(NotNow, match="n’est plus en vigueur"):
        actions.ask_kit(result=withdrawn, by=organiser, now=now)


def test_kit_of_a_withdrawn_result_is_no_longer_given(kit, agent, organiser, sign_in, now):
    client, address = sign_in(agent), f"/dossiers/{kit.result.territory.code}/2027/documents/panneau.zip"
    given = client.get(address)
    assert b"".join(given).startswith(b"PK")

    actions.withdraw(result=kit.result, reason="Fausse déclaration.", by=organiser, now=now)
    assert client.get(address).status_code == 409


def test_papers_lead_from_the_request_to_the_file(published, agent, sign_in, run_jobs):
    client, address = sign_in(agent), f"/dossiers/{published.territory.code}/2027/documents/"
    assert "Préparer le panneau" in client.get(address).content.decode()

    waiting = client.post(f"{address}panneau.zip", follow=True).content.decode()
    assert "sont en cours de fabrication" in waiting

    run_jobs("kit.make")
    assert "Télécharger (ZIP)" in client.get(address).content.decode()


def test_kit_interrupted_is_still_to_make(published, signatory, now, monkeypatch):
    from outbox import jobs

    actions.ask_kit(result=published, by=signatory, now=now)
    monkeypatch.setattr(kits, "draw", lambda result: 1 / 0)
    jobs.run(Job.objects.get(kind="kit.make").pk)

    assert (Job.objects.get(kind="kit.make").state, Kit.objects.get().file) == (JobState.TODO, None)
