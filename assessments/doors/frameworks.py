"""Frameworks of editions: from a file of `editions/` to an immutable row."""

from pathlib import Path

from django.db import transaction

from assessments.models import Framework
from outbox import jobs
from scoring import framework as engine_framework

EDITIONS = Path(__file__).resolve().parents[1] / "editions"


def path_of(year: int) -> Path:
    return EDITIONS / str(year) / "framework.yaml"


def shipped() -> list[int]:
    """The years whose questionnaire comes with the program, the latest first."""
    return sorted((int(path.parent.name) for path in EDITIONS.glob("*/framework.yaml")), reverse=True)


def shipped_source(year: int) -> str:
    """Its text. Raises FileNotFoundError for a year that has none."""
    return path_of(year).read_text(encoding="utf-8")


def load(source: str) -> Framework:
    """The row of this text, made at the first call: a version is known by its hash and never changes. The questionnaire
    to read on paper follows (`booklets`).

    Raises `scoring.framework.FrameworkError` with every fault."""
    parsed = engine_framework.load(source)
    with transaction.atomic():
        row, _created = Framework.objects.get_or_create(
            hash=parsed.hash, defaults={"year": parsed.edition, "document": source}
        )
        if row.pdf_id is None:
            jobs.named("booklet.make").schedule(framework=row.pk, hash=row.hash)
    return row
