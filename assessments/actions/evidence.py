"""Evidence: a file or a link, for one question or more, or for an initiative. What is taken back is erased."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_write
from accounts.queries import membership_of
from accounts.refusals import NotAllowed, Refused
from assessments import policies, queries
from assessments.doors import uploads, webpages
from assessments.jobs import pictures
from assessments.models import Application, Evidence, EvidenceUse, Initiative
from documents.pages import DRAWN
from outbox import jobs
from outbox.doors import files

ONLY_CLEANED = lazy(
    "D’un fichier, seuls une image ou un PDF se publient, sans leurs métadonnées : joignez-le en PDF, ou gardez-le "
    "pour le jury."
)
LONGEST_LINK = 500  # characters
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

    What the file holds already is not joined twice: that piece proves this too, and is returned. Never public when one
    of the questions is confidential. Raises Refused when the file or the link cannot be taken."""
    known = application.framework.parsed.question_by_id
    if (not questions and initiative is None) or any(name not in known for name in questions):
        raise Refused(_("Dites ce que cette preuve appuie."))
    proves: dict[str, Any] = {"questions": questions, "initiatives": [initiative] if initiative else []}
    policies.check_can_change(application, now, **proves)
    kind = _checked(url, upload)
    if twin := _twin(application, url=url, upload=upload):
        return _reuse_twin(twin, questions=questions, initiative=initiative, by=by, now=now)
    public = public and not any(known[question].confidential for question in questions)
    if public and not _may_be_public(kind[0]):
        raise Refused(str(ONLY_CLEANED))
    fields = _stored(title, url, upload, kind)
    with transaction.atomic():
        fresh = queries.locked(application)
        policies.check_can_change(fresh, now, **proves)
        evidence = Evidence.objects.create(application=application, **fields, public=public, added_at=now, added_by=by)
        EvidenceUse.objects.bulk_create(
            [EvidenceUse(evidence=evidence, question_id=question) for question in dict.fromkeys(questions)]
            + ([EvidenceUse(evidence=evidence, initiative=initiative)] if initiative else [])
        )
        pictures.schedule_thumbnail(evidence)
        if public:
            pictures.schedule_cleaning(evidence)
        audit.record(by=by, verb="evidence.added", on=evidence, title=evidence.title, questions=list(questions))
    return evidence


def _checked(url: str, upload: tuple[str, bytes] | None) -> tuple[str, str]:
    """The content type and the name of a file that may be kept, scanned here: hold no lock. Empty for a link."""
    if (upload is None) == (not url):
        raise Refused(_("Joignez un fichier, ou donnez l’adresse d’une page."))
    if upload:
        return uploads.take(*upload)
    check_link(url)
    return "", ""


def _stored(title: str, url: str, upload: tuple[str, bytes] | None, kind: tuple[str, str]) -> dict[str, Any]:
    """The columns of what is added, its file stored: hold no lock."""
    content_type, name = kind
    stored = files.store(upload[1], content_type=content_type) if upload else None
    return {"title": (title.strip() or name or url)[:160], "url": url, "file": stored, "file_name": name}


def _twin(application: Application, *, url: str, upload: tuple[str, bytes] | None) -> Evidence | None:
    """The live piece of the file that is the same link, or the same bytes as they were sent."""
    if upload is None:
        same = Q(url=url)
    else:
        sha256 = hashlib.sha256(upload[1]).hexdigest()
        same = Q(sent_sha256=sha256) | Q(sent_sha256="", file__sha256=sha256)
    return Evidence.objects.filter(same, application=application, removed_at=None).first()


def _reuse_twin(
    twin: Evidence, *, questions: Collection[str], initiative: Initiative | None, by: User, now: datetime
) -> Evidence:
    proven = set(twin.uses.values_list("question_id", "initiative"))
    wanted = [(name, None) for name in dict.fromkeys(questions)] + ([("", initiative)] if initiative else [])
    missing = [(name, row) for name, row in wanted if (name, row.pk if row else None) not in proven]
    if not missing:
        raise Refused(_("C’est déjà joint ici, sous l’intitulé « %(title)s ».") % {"title": twin.title})
    for name, row in missing:
        reuse_evidence(evidence=twin, question_id=name, initiative=row, by=by, now=now)
    return twin


def reuse_evidence(
    *, evidence: Evidence, question_id: str = "", initiative: Initiative | None = None, by: User, now: datetime
) -> None:
    """Let a piece already in the file prove one thing more. Twice is harmless.

    A public piece becomes restricted when the question is confidential."""
    with transaction.atomic():
        fresh = queries.locked(evidence.application)
        evidence = Evidence.objects.get(pk=evidence.pk)
        question = fresh.framework.parsed.question_by_id.get(question_id)
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
            pictures.schedule_cleaning(evidence)
        audit.record(by=by, verb="evidence.reused", on=evidence, title=evidence.title, questions=[question_id])


def replace_evidence(
    *, evidence: Evidence, title: str, url: str = "", upload: tuple[str, bytes] | None = None, by: User, now: datetime
) -> Evidence:
    """Put another file or link in the place of a piece: it proves the same things. The old one is taken back."""
    _check_can_replace(evidence.application, evidence, now)
    kind = _checked(url, upload)
    if twin := _twin(evidence.application, url=url, upload=upload):
        raise Refused(_("C’est la preuve « %(title)s », qui est déjà dans le dossier.") % {"title": twin.title})
    fields = _stored(title, url, upload, kind)
    with transaction.atomic():
        fresh = queries.locked(evidence.application)
        old = Evidence.objects.get(pk=evidence.pk)
        uses = _check_can_replace(fresh, old, now)
        new = Evidence.objects.create(
            application=fresh,
            **fields,
            public=old.public and _may_be_public(kind[0]),
            added_at=now,
            added_by=by,
            replaces=old,
        )
        EvidenceUse.objects.bulk_create(
            [EvidenceUse(evidence=new, question_id=use.question_id, initiative=use.initiative) for use in uses]
        )
        pictures.schedule_thumbnail(new)
        if new.public:
            pictures.schedule_cleaning(new)
        _take_back(old, now=now)
        audit.record(by=by, verb="evidence.replaced", on=new, title=new.title, replaced=old.pk)
    return new


def _check_can_replace(application: Application, evidence: Evidence, now: datetime) -> list[EvidenceUse]:
    """What the piece proves."""
    uses = list(evidence.uses.select_related("initiative"))
    policies.check_can_change_piece(application, now, uses)
    if evidence.removed_at is not None or not uses:
        raise Refused(_("Cette preuve n’est plus dans le dossier : joignez-en une nouvelle."))
    return uses


def publish_evidence(*, evidence: Evidence, by: User, now: datetime) -> None:
    """Let the public see this piece once the results are announced; of a file, a copy without its metadata."""
    with transaction.atomic():
        fresh = queries.locked(evidence.application)
        uses = list(evidence.uses.select_related("initiative"))
        policies.check_can_change_piece(fresh, now, uses)
        known = fresh.framework.parsed.question_by_id
        if any(use.question_id in known and known[use.question_id].confidential for use in uses):
            raise Refused(_("Cette preuve appuie une réponse confidentielle : elle n’est jamais publique."))
        if not _may_be_public(evidence.file.content_type if evidence.file else ""):
            raise Refused(str(ONLY_CLEANED))
        _set_public(evidence, True, by=by)


def withhold_evidence(*, evidence: Evidence, by: User) -> None:
    """Keep this piece from the public again, whenever it is; the jury goes on reading it. Twice is harmless."""
    membership = membership_of(user=by, territory=evidence.application.territory)
    if membership is None:
        raise NotAllowed(_("Cette collectivité ne vous est pas rattachée."))
    check_can_write(membership)
    with transaction.atomic():
        _set_public(evidence, False, by=by)


def _set_public(evidence: Evidence, public: bool, *, by: User) -> None:
    if Evidence.objects.filter(pk=evidence.pk, removed_at=None, public=not public).update(public=public):
        evidence.public = public
        pictures.schedule_cleaning(evidence)
        audit.record(by=by, verb=f"evidence.{'published' if public else 'withheld'}", on=evidence, title=evidence.title)


def _may_be_public(content_type: str) -> bool:
    """A link, or what a worker can clean."""
    return not content_type or content_type in DRAWN


def remove_evidence(*, evidence: Evidence, by: User, now: datetime) -> None:
    """Out of the file, and read by nobody any more: a worker erases the bytes, and all that was drawn of them. The
    title, the digest and the jury's word stay. Twice is harmless."""
    with transaction.atomic():
        fresh = queries.locked(evidence.application)
        policies.check_can_change_piece(fresh, now, evidence.uses.select_related("initiative"))
        if _take_back(evidence, now=now):
            audit.record(by=by, verb="evidence.removed", on=evidence, title=evidence.title)


def _take_back(evidence: Evidence, *, now: datetime) -> bool:
    removed = Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=now)
    if removed and not evidence.url:
        # The jury drew its pages.
        jobs.named("evidence.erase").schedule(evidence=evidence.pk)
    return bool(removed)


def check_link(url: str) -> None:
    if len(url) > LONGEST_LINK:
        raise Refused(
            _("Cette adresse compte plus de %(n)d caractères : donnez-en une plus courte.") % {"n": LONGEST_LINK}
        )
    try:
        check_url(url)
    except ValidationError:
        raise Refused(_("Cette adresse n’est pas complète : elle commence par https:// ou http://.")) from None
    if not webpages.may_be_cited(url):
        raise Refused(
            _(
                "Donnez une adresse que tout le monde peut ouvrir : sans identifiant ni mot de passe, sans numéro de "
                "port, et hors de votre réseau interne."
            )
        )
