"""The job that says what a file is worth, when it is not one of the register, byte for byte."""

import json
import re
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import files, jobs
from outbox.models import Job
from outbox.patience import within
from results import queries
from results.models import Certificate, FileAnswer, FileCheck, Paper
from results.status import worth
from scoring.hashing import canonical
from scoring.texts import map_of

# What a stranger's file may take; a real one takes 30 ms. The toolkit bounds what a stream unfolds to.
PATIENCE = 10.0  # seconds
ADDRESS = re.compile(r"/verifier/([^/]+)/$")
# What a credential says of itself, alone or inside an image.
CREDENTIAL = re.compile(rb"/verifier/([^/]{1,40})/justificatif\.json\b")


@jobs.handler("file.check", _("Vérification d’un fichier"))
def check(job: Job) -> None:
    """Read the seal of the file, then forget the file. Payload: `check`."""
    row = FileCheck.objects.get(pk=job.payload["check"])
    answer, certificate, paper = examine(bytes(row.upload or b""), now=timezone.now())
    with jobs.finish(job):
        found = {"answer": answer, "certificate": certificate, "paper": paper}
        FileCheck.objects.filter(pk=row.pk).update(**found, upload=None)


def examine(content: bytes, *, now: datetime) -> tuple[FileAnswer, Certificate | None, Paper | str]:
    """The answer, the certificate that it is about, and which of its papers the file is or claims to be, if that is
    known. A number that is not announced yet is unknown."""
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
        known = queries.paper_of_file(sha256, now=now)
        return entry(known[0]) if known else None

    try:
        with within(PATIENCE):
            credential = _claimed_credential(content, now=now)
            if credential is not None:
                answer = FileAnswer.AUTHENTIC if _is_issued(content, credential) else FileAnswer.ALTERED
                return answer, credential, Paper.CREDENTIAL
            verdict = verify.verify(content, by_digest=by_digest, by_address=by_address, roots=seals.roots(), now=now)
    except TimeoutError:
        return FileAnswer.UNKNOWN, None, ""
    return ANSWERS[verdict.answer], found[verdict.entry.number] if verdict.entry else None, ""


def _claimed_credential(content: bytes, *, now: datetime) -> Certificate | None:
    """The certificate whose credential the file shows, read from its bytes: a damaged file may not parse any more."""
    if b"OpenBadgeCredential" not in content:
        return None
    number = CREDENTIAL.search(content)
    return queries.certificate(number[1].decode("latin-1"), now=now) if number else None


def _is_issued(content: bytes, certificate: Certificate) -> bool:
    """Whether the file says what our credential says, written otherwise. An image is ours byte for byte or not at all:
    its proof does not cover the picture."""
    issued = queries.credential(certificate)
    try:
        return issued is not None and _meaning(content) == _meaning(files.read(issued.json))
    except (ValueError, RecursionError):
        return False


def _meaning(content: bytes) -> bytes:
    """Raises ValueError for what is no JSON, or gives a key twice."""
    return canonical(json.loads(content, object_pairs_hook=map_of))


# What became of an authentic paper is said on the page, at the moment of reading.
ANSWERS = {
    "in force": FileAnswer.AUTHENTIC,
    "superseded": FileAnswer.AUTHENTIC,
    "altered": FileAnswer.ALTERED,
    "unknown": FileAnswer.UNKNOWN,
}
