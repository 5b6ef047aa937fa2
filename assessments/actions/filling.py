"""The one bulk action: a whole file at once, for imports and data sets, by the same rules as one answer at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import Refused, Stale
from accounts.rules import texts
from assessments import policies, queries
from assessments.actions import evidence as evidence_actions
from assessments.actions import initiatives as initiative_actions
from assessments.actions.applications import check_context
from assessments.doors.scorecards import declared_context
from assessments.enums import AnswerState, Operator
from assessments.models import Answer, Application, Evidence, EvidenceUse, Initiative
from assessments.queries import Sheet
from scoring import facts
from scoring.answers import ApplicationError, parse_application

KEYS = {"context", "answers", "initiatives", "evidence"}
STATES = {"unknown": AnswerState.UNKNOWN, "not_applicable": AnswerState.NOT_APPLICABLE}


class StaleFilling(Stale):
    """The file moved since what was seen of it: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Le dossier a changé pendant que vous relisiez : regardez à nouveau ce qui serait modifié."))


def fill(
    *,
    application: Application,
    document: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    by: User | None,
    now: datetime,
) -> Sheet:
    """Write a document into a file, all or nothing. Every key is optional; what it does not name is left as it is.

    - `context`: declared names and values, merged into those of the file;
    - `answers`: {question: {"value": …} | {"state": "unknown"} | {"state": "not_applicable", "reason": …}};
    - `initiatives`: [{"title", "description", "started_on", "ended_on", "operator", "issues", "link"}], known by title;
    - `evidence`: links, [{"title", "url", "questions": […], "public": bool}], known by url.

    What says the same as the file writes nothing, so a document may be filled in again. `seen` has what a person saw
    before confirming: the version of a question, the value of a declared name. Raises StaleFilling when one has moved,
    Refused with every fault of the answers, NotNow when the file may not change."""
    if unknown := set(document) - KEYS:
        raise Refused(_("Clés inconnues : %(keys)s.") % {"keys": ", ".join(sorted(unknown))})
    with transaction.atomic():
        fresh = queries.locked(application)
        policies.refuse(policies.why_not_edit(fresh, now))
        _check(fresh, document)
        before = queries.sheet(fresh)
        if seen and any(was != _standing(fresh, before, name) for name, was in seen.items()):
            raise StaleFilling
        _fill_context(fresh, document.get("context", {}), now)
        counts = {
            "answers": _fill_answers(fresh, before, document.get("answers", {}), by, now),
            "initiatives": _fill_initiatives(fresh, before, document.get("initiatives", []), by, now),
            "evidence": _fill_evidence(fresh, document.get("evidence", []), by, now),
        }
        audit.record(by=by, verb="application.filled", on=fresh, **counts)
        application.declared_context = fresh.declared_context
        return queries.sheet(fresh)


def _check(application: Application, document: Mapping[str, Any]) -> None:
    """The engine judges context and answers, with the place of every fault."""
    framework = application.framework.parsed
    check_context(framework, {name: value for name, value in document.get("context", {}).items() if value is not None})
    declared = declared_context(application) | dict(document.get("context", {}))
    context = application.official_context | {n: value for n, value in declared.items() if value != facts.UNKNOWN}
    try:
        parse_application(framework, {"context": context, "answers": document.get("answers", {})})
    except ApplicationError as error:
        raise Refused("\n".join(map(str, error.faults))) from None
    for answer in document.get("answers", {}).values():
        if answer.keys() & {"evidence", "accepted"}:
            raise Refused(_("Une preuve se joint sous « evidence » ; le jury seul accepte ou refuse."))


def _standing(application: Application, sheet: Sheet, name: str) -> Any:
    """The version of a question, or the value of a declared name."""
    if name in application.framework.parsed.context:
        return application.declared_context.get(name)
    return sheet.version(name)


def _fill_context(application: Application, context: Mapping[str, Any], now: datetime) -> None:
    declared = application.framework.parsed.context
    values = {name: value for name, value in context.items() if name in declared and value is not None}
    merged = application.declared_context | values
    if merged != application.declared_context:
        policies.check_can_change(application, now, context=True)
        application.declared_context = merged
        application.save(update_fields=["declared_context"])


def _fill_answers(
    application: Application, before: Sheet, answers: Mapping[str, Any], by: User | None, now: datetime
) -> int:
    rows = []
    for question_id, given in answers.items():
        state = STATES[given["state"]] if "state" in given else AnswerState.ANSWERED
        content = (state, given.get("value"), texts.taken(given.get("reason", "")))
        last = before.latest.get(question_id)
        if last is None or (last.state, last.value, last.reason) != content:
            rows.append(
                Answer(
                    application=application,
                    question_id=question_id,
                    version=before.version(question_id) + 1,
                    state=state,
                    value=content[1],
                    reason=content[2],
                    author=by,
                    at=now,
                )
            )
    policies.check_can_change(application, now, questions=[row.question_id for row in rows])
    return len(Answer.objects.bulk_create(rows))


def _fill_initiatives(
    application: Application, before: Sheet, items: Sequence[Mapping[str, Any]], by: User | None, now: datetime
) -> int:
    known = {row.title: row for row in before.initiatives}
    fresh, changed = [], []
    for item in items:
        fields = _initiative_fields(item)
        initiative_actions.check(application, fields)
        row = known.get(fields["title"])
        if row is None:
            fresh.append(Initiative(application=application, updated_by=by, updated_at=now, created_at=now, **fields))
        elif any(getattr(row, name) != value for name, value in fields.items()):
            policies.check_can_change(application, now, initiatives=[row])
            for name, value in fields.items():
                setattr(row, name, value)
            row.version, row.updated_by, row.updated_at = row.version + 1, by, now
            changed.append(row)
    policies.check_can_change(application, now, initiatives=[*fresh, *changed])
    Initiative.objects.bulk_create(fresh)
    Initiative.objects.bulk_update(changed, [*initiative_actions.FIELDS, "version", "updated_by", "updated_at"])
    return len(fresh) + len(changed)


def _initiative_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an item; dates are `date` or ISO text."""
    if unknown := set(item) - set(initiative_actions.FIELDS):
        raise Refused(_("Clés inconnues : %(keys)s.") % {"keys": ", ".join(sorted(unknown))})
    fields: dict[str, Any] = {"description": "", "operator": "", "issues": [], "link": "", **item}
    fields = initiative_actions.written({"title": "", **fields})
    if fields["operator"] not in ("", *Operator.values):
        raise Refused(_("« %(name)s » n’a pas une valeur permise.") % {"name": "operator"})
    for name in ("started_on", "ended_on"):
        fields[name] = _date(fields.get(name))
    return fields


def _date(value: date | str | None) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise Refused(_("« %(date)s » n’est pas une date.") % {"date": value}) from None


def _fill_evidence(application: Application, items: Sequence[Mapping[str, Any]], by: User | None, now: datetime) -> int:
    have = set(Evidence.objects.filter(application=application, removed_at=None).values_list("url", flat=True))
    rows, uses = [], []
    for item in items:
        fields, questions = _evidence_fields(application, item)
        if fields["url"] not in have:
            have.add(fields["url"])
            rows.append(Evidence(application=application, added_at=now, added_by=by, **fields))
            uses += [EvidenceUse(evidence=rows[-1], question_id=name) for name in questions]
    policies.check_can_change(application, now, questions=[use.question_id for use in uses])
    Evidence.objects.bulk_create(rows)
    EvidenceUse.objects.bulk_create(uses)
    return len(rows)


def _evidence_fields(application: Application, item: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields of a link, and the questions that it proves."""
    known = application.framework.parsed.question_by_id
    questions = list(dict.fromkeys(item.get("questions", [])))
    if not questions or any(name not in known for name in questions):
        raise Refused(_("Dites ce que cette preuve appuie."))
    url = str(item.get("url", ""))
    evidence_actions.check_link(url)
    public = bool(item.get("public")) and not any(known[name].confidential for name in questions)
    return {"title": str(item.get("title") or url)[:160], "url": url, "public": public}, questions
