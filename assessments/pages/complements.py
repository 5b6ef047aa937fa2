"""What the jury asked of a returned file, and what the commune changed before it came back. Reads rows, writes none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessments import queries, wording
from assessments.actions.applications import as_it_stands
from assessments.enums import Cost, Operator
from assessments.models import Answer, Application, Complement, Evidence, Initiative
from assessments.policies import CONTEXT
from scoring import parts
from scoring.framework import Framework


@dataclass(frozen=True)
class Point:
    """One thing asked, and the page of the file where it is answered."""

    text: str
    address: str


@dataclass(frozen=True)
class Difference:
    """One thing that changed. `by` is None when the trail of the row does not tell."""

    text: str
    before: str
    after: str
    at: datetime | None = None
    by: User | None = None


@dataclass(frozen=True)
class Round:
    """A complement with its points. `changes`: what the file says otherwise since it was asked, until it came back."""

    complement: Complement
    points: list[Point]
    changes: list[Difference] = field(default_factory=list)


def points(application: Application, complement: Complement) -> list[Point]:
    """In the order of the questionnaire. Reads no row."""
    framework = application.framework.parsed
    place = (application.territory.code, application.edition.year)
    found = []
    if CONTEXT in complement.parts:
        found.append(Point(_("La description de la collectivité"), reverse("assessments:context", args=place)))
    for part in parts.parts(framework):
        page = reverse("assessments:questions", args=[*place, part.id])
        if part.id in complement.parts:
            found.append(Point(_("Tout l’enjeu « %(title)s »") % {"title": part.title}, page))
        found += [Point(q.text["fr"], f"{page}#{q.id}") for q in part.questions if q.id in complement.parts]
    for pk in complement.initiatives:
        title = complement.before["initiatives"][str(pk)]["title"]
        page = reverse("assessments:initiative", args=[*place, pk])
        found.append(Point(_("Initiative « %(title)s »") % {"title": title}, page))
    return found


def rounds(application: Application, *, seen_by_jury: bool = False) -> list[Round]:
    """Every complement of the file, the latest first. The jury sees what changed once the file is back.

    One query when there is none, else six at most."""
    asked = list(application.complements.select_related("asked_by", "answered_by"))
    if not asked:
        return []
    answers = _answers_since(application, asked[0])
    rows = Evidence.objects.filter(application=application).select_related("added_by", "replaces", "replaced_by")
    pieces = list(rows.prefetch_related("uses"))
    now = as_it_stands(application, queries.sheet(application))
    found = []
    for complement, following in zip(asked, [*asked[1:], None], strict=True):
        shown = Round(complement, points(application, complement))
        if complement.answered_at or not seen_by_jury:
            after = following.before if following else now
            framework = application.framework.parsed
            shown.changes.extend(_context_changes(framework, complement.before["context"], after["context"]))
            shown.changes.extend(_answer_changes(framework, complement, answers))
            shown.changes.extend(_initiative_changes(framework, complement.before["initiatives"], after["initiatives"]))
            shown.changes.extend(_piece_changes(complement, pieces))
        found.append(shown)
    return found[::-1]


def _answers_since(application: Application, first: Complement) -> Mapping[str, list[Answer]]:
    """All the versions of the questions answered since, in their order."""
    rows = Answer.objects.filter(application=application)
    touched = rows.filter(at__gt=first.asked_at).order_by().values("question_id")
    by_question: dict[str, list[Answer]] = defaultdict(list)
    for row in rows.filter(question_id__in=touched).select_related("author").order_by("version"):
        by_question[row.question_id].append(row)
    return by_question


def _during(complement: Complement, when: datetime | None) -> bool:
    return (
        when is not None
        and complement.asked_at < when
        and (complement.answered_at is None or when <= complement.answered_at)
    )


def _answer_changes(
    framework: Framework, complement: Complement, answers: Mapping[str, Sequence[Answer]]
) -> list[Difference]:
    found = []
    for question in framework.questions:
        versions = answers.get(question.id, [])
        given = [row for row in versions if _during(complement, row.at)]
        if not given:
            continue
        last = given[-1]
        first = versions.index(given[0])
        before = wording.answer(question, versions[first - 1] if first else None)
        after = wording.answer(question, last)
        if before != after:
            found.append(Difference(question.text["fr"], before, after, last.at, last.author))
    return found


def _piece_changes(complement: Complement, pieces: Sequence[Evidence]) -> list[Difference]:
    found = []
    for piece in pieces:
        if _during(complement, piece.added_at):
            before = piece.replaces.title if piece.replaces else _others(piece, pieces)
            found.append(Difference(_("Preuve ajoutée"), before, piece.title, piece.added_at, piece.added_by))
        elif _during(complement, piece.removed_at) and not hasattr(piece, "replaced_by"):
            found.append(Difference(_("Preuve retirée"), piece.title, _("Aucune"), piece.removed_at))
    return found


def _others(piece: Evidence, pieces: Sequence[Evidence]) -> str:
    """What proved the same already when this piece came."""
    proves = _proven(piece)
    titles = [
        each.title
        for each in pieces
        if each.added_at < piece.added_at
        and (each.removed_at is None or each.removed_at > piece.added_at)
        and proves & _proven(each)
    ]
    return " ; ".join(titles) or _("Aucune")


def _proven(piece: Evidence) -> set[str | int]:
    return {use.initiative_id or use.question_id for use in piece.uses.all()}


def _context_changes(framework: Framework, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(
            wording.asked(framework, name),
            wording.told(before.get(name)),
            wording.told(after.get(name)),
        )
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _initiative_changes(
    framework: Framework, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> list[Difference]:
    found = []
    for pk in {**before, **after}:
        old, new = before.get(pk), after.get(pk)
        if old is None or new is None:
            title = (new or old or {})["title"]
            words = (_("Absente du dossier"), _("Dans le dossier"))
            found.append(
                Difference(_("Initiative « %(title)s »") % {"title": title}, *(words if new else reversed(words)))
            )
            continue
        found += [
            Difference(
                f"{new['title']} – {Initiative._meta.get_field(name).verbose_name}",  # type: ignore[union-attr]
                _field(framework, name, old.get(name, "")),
                _field(framework, name, value),
            )
            for name, value in new.items()
            if old.get(name, "") != value
        ]
    return found


def _field(framework: Framework, name: str, value: Any) -> str:
    """A field of an initiative in words, from what `before` keeps of it."""
    if name == "issues":
        return ", ".join(framework.issue_by_id[issue].title["fr"] for issue in value) or "–"
    if name in ("started_on", "ended_on") and value:
        return date_format(date.fromisoformat(value), "j F Y")
    if name == "operator" and value:
        return str(Operator(value).label)
    if name == "cost" and value:
        return str(Cost(value).label)
    return wording.fact(value)
