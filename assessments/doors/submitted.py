"""All that is submitted of a file, as one canonical text: what the fingerprint of a receipt covers."""

from typing import Any

from assessments import queries
from assessments.doors import scorecards
from assessments.models import Application, Evidence, Initiative, Picture
from assessments.queries import Sheet
from outbox.models import StoredFile
from scoring.hashing import canonical

WORDS = ("title", "description", "operator", "axis", "issues", "link", "results", "partners", "cost", "contact")


def text(application: Application, sheet: Sheet) -> str:
    """RFC 8785: context and answers as they stand, every word of the initiatives, digests of pictures and proofs."""
    shown: dict[int, list[Picture]] = {}
    for picture in queries.pictures(application).select_related("sent"):
        shown.setdefault(picture.initiative_id, []).append(picture)
    document = {
        "framework": application.framework.hash,
        "context": application.official_context | scorecards.declared_context(application),
        "answers": {name: scorecards.answer_document(row) for name, row in sheet.answers.items()},
        "initiatives": [_initiative(row, shown.get(row.pk, [])) for row in sheet.initiatives],
        "evidence": [_evidence(row) for row in queries.evidence(application)],
    }
    return canonical(document).decode()


def _initiative(row: Initiative, pictures: list[Picture]) -> dict[str, Any]:
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in WORDS},
        "started_on": row.started_on.isoformat() if row.started_on else None,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "pictures": [{"alternative": each.alternative, "sha256": _digest(each.sent or each.file)} for each in pictures],
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    proves = [use.question_id or use.initiative_id for use in row.uses.all()]
    known = {"id": row.pk, "title": row.title, "url": row.url, "sha256": row.digest or None}
    return known | {"proves": sorted(proves, key=str)}


def _digest(file: StoredFile | None) -> str | None:
    return file.sha256 if file else None
