import hashlib
import subprocess

import pytest

from outbox import jobs
from outbox.doors import files
from outbox.models import Job, JobState, StoredFile
from results.jobs import certificates
from results.models import Certificate, PublishedResult

pytestmark = pytest.mark.django_db


def test_make_stores_the_file(published, run_jobs):
    run_jobs("certificate.make")

    certificate = Certificate.objects.select_related("file").get()
    assert files.read(certificate.file).startswith(b"%PDF-")
    assert certificate.made_at is not None


def test_make_twice_keeps_one_file(published, run_jobs):
    run_jobs("certificate.make")
    first = Certificate.objects.get()
    Job.objects.filter(kind="certificate.make").update(state=JobState.TODO, finished_at=None, lease_until=None)
    run_jobs("certificate.make")

    assert StoredFile.objects.count() == 1
    assert Certificate.objects.get().made_at == first.made_at


def test_make_registers_the_sealed_file(published, run_jobs):
    run_jobs("certificate.make")

    certificate = Certificate.objects.select_related("file").get()
    sealed = files.read(certificate.file)
    assert sealed.startswith(certificates.draw(published.certificate))
    assert hashlib.sha256(sealed).hexdigest() == certificate.file.sha256
    assert certificate.sealed_by.startswith("Cachet de démonstration")


def test_pdfsig_calls_the_registered_file_wholly_signed(published, run_jobs, tmp_path):
    run_jobs("certificate.make")
    (tmp_path / "c.pdf").write_bytes(files.read(Certificate.objects.get().file))

    said = subprocess.run(["pdfsig", tmp_path / "c.pdf"], capture_output=True, text=True, check=False).stdout

    assert ("Signature is Valid." in said, "Total document signed" in said, "Not total" in said) == (True, True, False)


def test_make_that_loses_its_lease_while_sealing_registers_one_file(published, monkeypatch):
    job = Job.objects.get(kind="certificate.make")
    seal = certificates.seal

    def slowly(certificate):
        sealed = seal(certificate)
        monkeypatch.setattr(certificates, "seal", seal)
        Job.objects.filter(pk=job.pk).update(lease_until=None)
        jobs.run(job.pk)
        return sealed

    monkeypatch.setattr(certificates, "seal", slowly)
    jobs.run(job.pk)

    assert list(StoredFile.objects.all()) == [Certificate.objects.get().file]


def test_draw_gives_the_same_bytes(published):
    certificate = published.certificate

    assert certificates.draw(certificate) == certificates.draw(certificate)


def test_draw_reads_the_frozen_copy_alone(published, aubaine):
    before = certificates.draw(published.certificate)
    aubaine.name = "Nouvelle-Aubaine"
    aubaine.save()

    assert certificates.draw(Certificate.objects.get()) == before


def test_make_interrupted_before_the_end_leaves_the_job_to_do(published, monkeypatch):
    job = Job.objects.get(kind="certificate.make")
    monkeypatch.setattr(certificates, "draw", lambda certificate: 1 / 0)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, Certificate.objects.get().file) == (JobState.TODO, None)


@pytest.mark.parametrize("name", ["", "Prénom Nom"])
def test_draw_names_who_signs_only_when_the_instance_does(published, settings, tmp_path, name):
    settings.INSTANCE = {**settings.INSTANCE, "jury_chair": name}
    (tmp_path / "c.pdf").write_bytes(certificates.draw(published.certificate))
    said = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "c.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout

    assert "La présidence du jury" in said
    assert "L’organisation du label" in said
    assert ("Prénom Nom" in said) == bool(name)


def test_draw_says_that_a_result_is_simulated(published):
    PublishedResult.objects.update(simulated=True)
    simulated = Certificate.objects.select_related("result").get()

    assert certificates.draw(simulated) != certificates.draw(published.certificate)
