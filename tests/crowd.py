"""As many files before the jury as a true season has, cheaply: a few that actions built, again for other communes."""

import random
from collections.abc import Sequence
from copy import copy
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from accounts.models import User
from assessments.models import Answer, Application, Edition, Scorecard
from jury.models import Assignment, Interest, Juror, Panel, Review, Ruling
from results.models import PublishedInitiative, PublishedResult
from results.rules import stems
from territories.models import Kind, Territory


def multiply(sources: Sequence[Application], count: int) -> list[Application]:
    """`count` more files (1,000 at most of each source), each as far as its source: its answers, its score, its
    readings, the rulings on its claims. Neither evidence nor initiatives: no list shows them."""
    share, more = divmod(count, len(sources))
    made = [_multiply(source, share + (number < more), prefix=f"Z{number}") for number, source in enumerate(sources)]
    # As PostgreSQL does by itself within a minute: a table that it last saw empty is read in ways that suit few rows.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [file for files in made for file in files]


def _multiply(source: Application, count: int, *, prefix: str) -> list[Application]:
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
    return files


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


def seat(panel: Panel, count: int) -> list[Juror]:
    """So many more jurors, each with the commune where they live among their interests."""
    users = User.objects.bulk_create(User(email=f"jure{number}@arobase.example") for number in range(count))
    jurors = Juror.objects.bulk_create(Juror(panel=panel, user=user) for user in users)
    homes = Territory.objects.order_by("-pk")[:count]
    Interest.objects.bulk_create(
        Interest(juror=juror, territory=home) for juror, home in zip(jurors, homes, strict=False)
    )
    return jurors


def share(files: Sequence[Application], jurors: Sequence[Juror]) -> None:
    """Of the readings of these files, that a few have all, each of these jurors takes a part, and leaves them one."""
    rows = list(Assignment.objects.filter(application__in=files).order_by("application", "pk"))
    for number, row in enumerate(rows):
        if taken := number % (len(jurors) + 1):
            row.juror = jurors[taken - 1]
    Assignment.objects.bulk_update(rows, ["juror"], batch_size=500)


def publish(edition: Edition, count: int, *, initiatives: int, words: Sequence[str]) -> None:
    """`count` more results of an edition, for the communes that have none, the most peopled last: what was published of
    others again, with so many initiatives each, of words drawn among these."""
    sources = list(PublishedResult.objects.filter(edition=edition, replaced_at=None, withdrawn_at=None))
    models = list(PublishedInitiative.objects.filter(result__in=sources))
    without = Territory.objects.filter(kind=Kind.COMMUNE, ended_on=None, results=None).order_by("population", "pk")
    communes = list(without[:count])
    files = [_again(sources[number % len(sources)].application, territory=home) for number, home in enumerate(communes)]
    Application.objects.bulk_create(files)
    results = PublishedResult.objects.bulk_create(
        _again(sources[number % len(sources)], territory=home, application=file, replaces=None)
        for number, (home, file) in enumerate(zip(communes, files, strict=True))
    )
    draw = random.Random(2027)
    made = []
    for result in results:
        for number in range(initiatives):
            said = " ".join(draw.sample(words, 4))
            tokens = f" {' '.join(stems.stems(said))} "
            model = models[number % len(models)]
            made.append(_again(model, result=result, title=said.capitalize(), tokens=tokens, first=None))
    PublishedInitiative.objects.bulk_create(made, batch_size=2_000)
