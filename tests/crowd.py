"""As many files before the jury as a true season has, cheaply: a few that actions built, again for other communes."""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.db.models import Model, QuerySet

from assessments.models import Answer, Application, Scorecard
from jury.models import Assignment, Review, Ruling
from territories.models import Territory


def multiply(sources: Sequence[Application], count: int) -> None:
    """`count` more files (1,000 at most of each source), each as far as its source: its answers, its score, its
    readings, the rulings on its claims. Neither evidence nor initiatives: no list shows them."""
    share, more = divmod(count, len(sources))
    for number, source in enumerate(sources):
        _multiply(source, share + (number < more), prefix=f"9{number}")


def _multiply(source: Application, count: int, *, prefix: str) -> None:
    communes = [
        _again(
            source.territory, code=f"{prefix}{number:03}", siren="", epci=None, **_named(f"Commune {prefix}{number:03}")
        )
        for number in range(count)
    ]
    files = [_again(source, territory=commune) for commune in Territory.objects.bulk_create(communes)]
    Application.objects.bulk_create(files)
    _copy(Answer.objects.filter(application=source), files)
    _copy(Scorecard.objects.filter(application=source), files)
    _copy(Ruling.objects.filter(application=source).exclude(question_id=""), files)
    for original in Assignment.objects.filter(application=source).select_related("review"):
        assignments = [_again(original, application=file) for file in files]
        Assignment.objects.bulk_create(assignments)
        if hasattr(original, "review"):
            Review.objects.bulk_create([_again(original.review, assignment=row) for row in assignments])


def _named(name: str) -> dict[str, str]:
    return {"name": name, "search_name": name.lower(), "sort_key": name.lower()}


def _copy(rows: QuerySet[Any], files: Sequence[Application]) -> None:
    copies = [_again(row, application=file) for row in rows for file in files]
    rows.model._base_manager.bulk_create(copies)


def _again(row: Model, **fields: Any) -> Any:
    made = copy(row)
    made.pk = None
    for name, value in fields.items():
        setattr(made, name, value)
    return made
