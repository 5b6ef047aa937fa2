"""What colleagues changed in a file since somebody's previous visit. Reads rows, writes none."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from assessments import queries
from assessments.doors import frameworks
from assessments.models import Application
from assessments.queries import Change

MOST = 10
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


def news(application: Application, *, user: User, since: datetime | None) -> News | None:
    """None for a newcomer, who has nothing to catch up with."""
    if since is None:
        return None
    changes, count = queries.changes_since(application, user=user, since=since, most=MOST)
    people = User.objects.in_bulk({change.who for change in changes if change.who})
    items = [
        Item(*_place(application, change), str(WORDS[change.kind]), people.get(change.who or 0), change.when)
        for change in changes
    ]
    return News(since, items, count - len(items))


def _place(application: Application, change: Change) -> tuple[str, str]:
    """The words and the page of what changed."""
    file = (application.territory.code, application.edition.year)
    if change.kind in ("answer", "comment"):
        question = frameworks.of(application.framework).question_by_id.get(change.name)
        if question is None:
            return change.name, ""
        page = "assessments:history" if change.kind == "answer" else "assessments:together"
        return question.text["fr"], reverse(page, args=[*file, question.issue, question.id])
    if change.kind == "evidence":
        return change.name, reverse("assessments:evidence", args=file)
    if change.kind == "initiative_removed":
        return change.name, ""
    return change.name, reverse("assessments:initiative", args=[*file, change.pk])
