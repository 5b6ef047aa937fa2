"""The job that says what a file is worth, when it is not one of the register, byte for byte."""

import re
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import jobs
from outbox.models import Job
from outbox.patience import within
from results import queries
from results.models import Certificate, FileAnswer, FileCheck
from results.status import worth

# What a stranger's file may take; a real one takes 30 ms. The toolkit bounds what a stream unfolds to.
PATIENCE = 10.0  # seconds
ADDRESS = re.compile(r"/verifier/([^/]+)/$")


@jobs.handler("file.check", _("Vérification d’un fichier"))
def check(job: Job) -> None:
    """Read the seal of the file, then forget the file. Payload: `check`."""
    row = FileCheck.objects.get(pk=job.payload["check"])
    answer, certificate = examine(bytes(row.upload or b""), now=timezone.now())
    with jobs.finish(job):
        FileCheck.objects.filter(pk=row.pk).update(answer=answer, certificate=certificate, upload=None)


def examine(content: bytes, *, now: datetime) -> tuple[FileAnswer, Certificate | None]:
    """The answer, and the certificate that it is about. A number that is not announced yet is unknown."""
    from documents import verify  # noqa: PLC0415 -- pyHanko stays out of web
    from outbox import seals  # noqa: PLC0415

    found: dict[str, Certificate] = {}

    def entry(certificate: Certificate | None) -> verify.Entry | None:
        if certificate is None:
            return None
        found[certificate.number] = certificate
        state = worth(certificate)
        ended_on = timezone.localdate(state.since) if state.since else None
        return verify.Entry(certificate.number, ended_on, certificate.result.withdrawn_reason)

    def by_address(address: str) -> verify.Entry | None:
        number = ADDRESS.search(address)
        return entry(queries.certificate(number[1], now=now)) if number else None

    def by_digest(sha256: str) -> verify.Entry | None:
        return entry(queries.certificate_of_file(sha256, now=now))

    try:
        with within(PATIENCE):
            verdict = verify.verify(content, by_digest=by_digest, by_address=by_address, roots=seals.roots(), now=now)
    except TimeoutError:
        return FileAnswer.UNKNOWN, None
    return ANSWERS[verdict.answer], found[verdict.entry.number] if verdict.entry else None


# What became of an authentic paper is said on the page, at the moment of reading.
ANSWERS = {
    "in force": FileAnswer.AUTHENTIC,
    "superseded": FileAnswer.AUTHENTIC,
    "altered": FileAnswer.ALTERED,
    "unknown": FileAnswer.UNKNOWN,
}
