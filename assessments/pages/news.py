"""What colleagues changed in a file since somebody's previous visit. Reads rows, writes none."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from assessments import queries
from assessments.models import Application
from assessments.queries import Change

MOST = 10
# How far back the changes are looked through, so that nobody's are hidden by the hundred that a workbook brings.
LOOKED_AT = 200
WORDS = {
    "answer": lazy("Réponse"),
    "comment": lazy("Commentaire"),
    "evidence": lazy("Preuve ajoutée"),
    "initiative_added": lazy("Initiative ajoutée"),
    "initiative_changed": lazy("Initiative modifiée"),
    "initiative_removed": lazy("Initiative retirée"),
}


@dataclass(frozen=True)
class Item:
    """One thing that changed: what, where it is seen (nowhere when it is gone), by whom (None: by nobody), when."""

    text: str
    address: str
    what: str
    who: User | None
    when: datetime


@dataclass(frozen=True)
class News:
    """The latest changes, and how many others there are."""

    since: datetime
    items: list[Item]
    more: int


def news(application: Application, *, user: User, since: datetime | None, most: int = MOST) -> News | None:
    """Some of each colleague's changes. None for a newcomer, who has nothing to catch up with."""
    if since is None:
        return None
    latest, count = queries.changes_since(application, user=user, since=since, most=LOOKED_AT)
    changes = _of_everybody(latest, most)
    people = User.objects.in_bulk({change.who for change in changes if change.who})
    items = [
        Item(*_place(application, change), str(WORDS[change.kind]), people.get(change.who or 0), change.when)
        for change in changes
    ]
    return News(since, items, count - len(items))


def _of_everybody(latest: list[Change], most: int) -> list[Change]:
    """The latest of each person, then the second latest, until there are enough; in their order."""
    turns: Counter[int | None] = Counter()
    ranked = []
    for change in latest:
        ranked.append((turns[change.who], change))
        turns[change.who] += 1
    chosen = sorted(ranked, key=lambda row: row[0])[:most]
    return sorted((change for _turn, change in chosen), key=lambda change: change.when, reverse=True)


def _place(application: Application, change: Change) -> tuple[str, str]:
    """The words and the page of what changed."""
    file = (application.territory.code, application.edition.year)
    if change.kind in ("answer", "comment"):
        question = application.framework.parsed.question_by_id.get(change.name)
        if question is None:
            return change.name, ""
        page = "assessments:history" if change.kind == "answer" else "assessments:together"
        return question.text["fr"], reverse(page, args=[*file, question.issue, question.id])
    if change.kind == "evidence":
        return change.name, reverse("assessments:evidence", args=file)
    if change.kind == "initiative_removed":
        return change.name, ""
    return change.name, reverse("assessments:initiative", args=[*file, change.pk])
