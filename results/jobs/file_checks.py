"""The job that says what a file is worth, when it is not one of the register, byte for byte."""

import json
import re
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from results import queries
from results.doors.time_limit import within
from results.models import Certificate, FileAnswer, FileCheck, Paper
from results.queries import Line
from scoring.hashing import canonical
from scoring.texts import map_of

# What a stranger's file may take; a real one takes 30 ms. The toolkit bounds what a stream unfolds to.
LONGEST = 10.0  # seconds
ADDRESS = re.compile(r"/verifier/([^/]+)/$")
# What a credential says of itself, alone or inside an image.
CREDENTIAL = re.compile(rb"/verifier/([^/]{1,40})/justificatif\.json\b")


# Not among the papers: fifteen hundred certificates may be waiting there, and somebody is looking at the screen.
@jobs.kind("file.check", key="check:{check}", queue=Queue.SCORES, words=_("Vérification d’un fichier"))
def check(job: Job) -> None:
    """Read the seal of the file, then forget the file. Payload: `check`."""
    row = FileCheck.objects.get(pk=job.payload["check"])
    answer, line = examine(bytes(row.upload or b""), now=timezone.now())
    with jobs.finish(job):
        FileCheck.objects.filter(pk=row.pk).update(**vars(line), answer=answer, upload=None)


def examine(content: bytes, *, now: datetime) -> tuple[FileAnswer, Line]:
    """The answer, and what the file is or claims to be, as far as that may be told. A number that is not announced yet
    is unknown; of a changed receipt, or changed minutes, that alone is told."""
    from assessments.doors import seals  # noqa: PLC0415
    from documents import verify  # noqa: PLC0415 -- pyHanko stays out of web

    found: dict[str, Line] = {}

    def entry(line: Line | None) -> verify.Entry | None:
        if line is None:
            return None
        row = line.certificate or line.receipt or line.minutes
        number = f"{type(row).__name__} {row.pk}" if row else ""
        found[number] = line
        # Since when it no longer stands, if so, is said on the page, at the moment of reading.
        return verify.Entry(number)

    def by_address(address: str) -> verify.Entry | None:
        return entry(_claimed_paper(address, now=now))

    def by_digest(sha256: str) -> verify.Entry | None:
        return entry(queries.paper_of_file(sha256, now=now))

    roots = seals.roots()  # files of ours: the time is for theirs
    try:
        with within(LONGEST):
            credential = _claimed_credential(content, now=now)
            if credential is not None:
                answer = FileAnswer.AUTHENTIC if _is_issued(content, credential) else FileAnswer.ALTERED
                return answer, Line(Paper.CREDENTIAL, credential)
            verdict = verify.verify(content, by_digest=by_digest, by_address=by_address, roots=roots, now=now)
    except TimeoutError:
        return FileAnswer.UNKNOWN, Line()
    line = found[verdict.entry.number] if verdict.entry else Line()
    changed = verdict.answer == verify.Answer.ALTERED
    return ANSWERS[verdict.answer], replace(line, receipt=None, minutes=None) if changed else line


def _claimed_paper(address: str, *, now: datetime) -> Line | None:
    """What a seal says that the file is: a paper of this certificate, it is not known which, or one for its readers."""
    from assessments.doors import seals  # noqa: PLC0415 -- as above

    number, claim = ADDRESS.search(address), seals.paper_at(address)
    if claim:
        return queries.paper_claimed(*claim)
    certificate = queries.certificate(number[1], now=now) if number else None
    return Line(certificate=certificate) if certificate else None


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


ANSWERS = {
    "in force": FileAnswer.AUTHENTIC,
    "superseded": FileAnswer.AUTHENTIC,
    "altered": FileAnswer.ALTERED,
    "unknown": FileAnswer.UNKNOWN,
}
