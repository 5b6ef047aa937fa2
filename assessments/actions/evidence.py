"""Evidence: a file or a link, for one question or more, or for an initiative. Never erased, only removed from view."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import Refused
from assessments import policies
from assessments.actions.locking import writing
from assessments.doors import frameworks, uploads
from assessments.jobs import pictures
from assessments.models import Application, Evidence, EvidenceUse, Initiative
from outbox import files

check_url = URLValidator(schemes=["http", "https"])


def add_evidence(
    *,
    application: Application,
    title: str,
    url: str = "",
    upload: tuple[str, bytes] | None = None,
    questions: Collection[str] = (),
    initiative: Initiative | None = None,
    public: bool = False,
    by: User,
    now: datetime,
) -> Evidence:
    """Add a piece: `upload` is (name, content), else `url`. It proves each of `questions`, or `initiative`.

    Never public when one of the questions is confidential. Raises Refused when the file or the link cannot be taken."""
    known = frameworks.of(application.framework).question_by_id
    if (not questions and initiative is None) or any(name not in known for name in questions):
        raise Refused(_("Dites ce que cette preuve appuie."))
    if (upload is None) == (not url):
        raise Refused(_("Joignez un fichier, ou donnez l’adresse d’une page."))
    proves: dict[str, Any] = {"questions": questions, "initiatives": [initiative] if initiative else []}
    policies.check_can_change(application, now, **proves)
    name, stored = "", None
    if upload is not None:
        content_type, name = uploads.check(*upload)
        stored = files.store(upload[1], content_type=content_type)
    else:
        check_link(url)
    public = public and not any(known[question].confidential for question in questions)
    with writing(application) as fresh:
        policies.check_can_change(fresh, now, **proves)
        evidence = Evidence.objects.create(
            application=application,
            title=(title.strip() or name or url)[:160],
            url=url,
            file=stored,
            file_name=name,
            public=public,
            added_at=now,
            added_by=by,
        )
        EvidenceUse.objects.bulk_create(
            [EvidenceUse(evidence=evidence, question_id=question) for question in dict.fromkeys(questions)]
            + ([EvidenceUse(evidence=evidence, initiative=initiative)] if initiative else [])
        )
        pictures.schedule_thumbnail(evidence)
        audit.record(by=by, verb="evidence.add", on=evidence, title=evidence.title, questions=list(questions))
    return evidence


def reuse_evidence(
    *, evidence: Evidence, question_id: str = "", initiative: Initiative | None = None, by: User, now: datetime
) -> None:
    """Let a piece already in the file prove one thing more. Twice is harmless.

    A public piece becomes restricted when the question is confidential."""
    with writing(evidence.application) as fresh:
        question = frameworks.of(fresh.framework).question_by_id.get(question_id)
        if (question is None) == (initiative is None) or evidence.removed_at is not None:
            raise Refused(_("Dites ce que cette preuve appuie."))
        policies.check_can_change(
            fresh,
            now,
            questions=[question.id] if question else [],
            initiatives=[initiative] if initiative else [],
        )
        _use, created = EvidenceUse.objects.get_or_create(
            evidence=evidence, question_id=question_id, initiative=initiative
        )
        if not created:
            return
        if question is not None and question.confidential and evidence.public:
            evidence.public = False
            evidence.save(update_fields=["public"])
        audit.record(by=by, verb="evidence.reuse", on=evidence, title=evidence.title, questions=[question_id])


def replace_evidence(
    *, evidence: Evidence, title: str, url: str = "", upload: tuple[str, bytes] | None = None, by: User, now: datetime
) -> Evidence:
    """Put another file or link in the place of a piece: it proves the same things. The old one stays in the history."""
    with writing(evidence.application) as fresh:
        uses = list(evidence.uses.select_related("initiative"))
        policies.check_can_change_piece(fresh, now, uses)
        if evidence.removed_at is not None or not uses:
            raise Refused(_("Cette preuve n’est plus dans le dossier : joignez-en une nouvelle."))
        questions = [use.question_id for use in uses if use.question_id]
        first = next((use.initiative for use in uses if use.initiative), None)
        new = add_evidence(
            application=fresh,
            title=title,
            url=url,
            upload=upload,
            questions=questions,
            initiative=first,
            public=evidence.public,
            by=by,
            now=now,
        )
        others = [use for use in uses if use.initiative_id and use.initiative != first]
        EvidenceUse.objects.bulk_create([EvidenceUse(evidence=new, initiative=use.initiative) for use in others])
        Evidence.objects.filter(pk=new.pk).update(replaces=evidence)
        Evidence.objects.filter(pk=evidence.pk).update(removed_at=now)
        audit.record(by=by, verb="evidence.replace", on=new, title=new.title, replaced=evidence.pk)
    return new


def remove_evidence(*, evidence: Evidence, by: User, now: datetime) -> None:
    """Out of the file; the row and the bytes stay. Twice is harmless."""
    with writing(evidence.application) as fresh:
        policies.check_can_change_piece(fresh, now, evidence.uses.select_related("initiative"))
        removed = Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=now)
        if removed:
            audit.record(by=by, verb="evidence.remove", on=evidence, title=evidence.title)


def check_link(url: str) -> None:
    try:
        check_url(url)
    except ValidationError:
        raise Refused(_("Cette adresse n’est pas complète : elle commence par https:// ou http://.")) from None
