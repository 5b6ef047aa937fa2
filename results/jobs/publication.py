"""The jobs of publication. Each may be killed anywhere and run again: a file is copied in one transaction, once."""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Refused
from assessments.actions import move
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.queries import pictures
from jury.jobs import figures
from jury.models import Appeal, AppealState, Panel
from jury.queries import decision_of
from outbox import jobs
from outbox.models import Job, JobState, Queue
from results import visibility
from results.doors import letters
from results.jobs import benchmarks, certificates, copies, credentials, reports
from results.models import Certificate, PublicState, PublishedInitiative, PublishedResult
from results.queries import public_initiatives
from results.rules import numbers, stems

logger = logging.getLogger(__name__)

# Progress is written once in so many files: each write costs a commit.
STRIDE = 10
# What may be wrong with one file, without a fault in the others.
FAULTS = (ValueError, TypeError, LookupError, Refused, DatabaseError, ObjectDoesNotExist)
# What waits for longer is no evening of a publication: a worker is missing, or a job fails.
EVENING = timedelta(hours=1)


class FilesFailed(Exception):
    """Some files could not be copied: the edition stays unpublished until they are."""


@jobs.kind("edition.publish", key="publish:{edition}", queue=Queue.BULK, words=_("Publication d’une édition"))
def publish_edition(job: Job) -> None:
    """Copy every decided file, then mark the edition published and plan its announcement. Payload: `edition`, `by`."""
    edition = Edition.objects.get(pk=job.payload["edition"])
    by = User.objects.get(pk=job.payload["by"])
    waiting = list(edition.applications.filter(state=State.DECIDED).order_by("pk").values_list("pk", flat=True))
    before = edition.applications.filter(state=State.PUBLISHED).count()
    failures: list[str] = []
    for position, pk in enumerate(waiting):
        if position % STRIDE == 0:
            jobs.progress(job, done=before + position - len(failures), total=before + len(waiting))
        try:
            publish_file(application_id=pk, by=by, now=timezone.now())
        except FAULTS as error:
            logger.exception("application %s could not be published", pk)
            failures.append(f"{Application.objects.select_related('territory', 'edition').get(pk=pk)} ({error!r})")
    jobs.progress(job, done=before + len(waiting) - len(failures), total=before + len(waiting))
    if failures:
        raise FilesFailed(f"{len(failures)} dossiers : {', '.join(failures)}")
    with jobs.finish(job):
        now = timezone.now()
        Edition.objects.filter(pk=edition.pk).update(published_at=now)
        PublicState.moved()
        plan_announcement(edition)
        if panel := Panel.objects.filter(edition=edition).first():
            figures.ask(panel, now=now)
        benchmarks.make.schedule(edition=edition.pk)


@transaction.atomic
def publish_file(*, application_id: int, by: User, now: datetime) -> PublishedResult | None:
    """Copy one decided file. None when it is no longer to copy: done by another worker, or reopened."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("edition", "framework", "territory__department__region", "territory__epci")
        .get(pk=application_id)
    )
    if application.state != State.DECIDED:
        return None
    decision = decision_of(application)
    document = copies.copy_of(application=application, decision=decision)
    result = PublishedResult.objects.create(
        edition=application.edition,
        territory=application.territory,
        application=application,
        level=decision.level,
        overall_sort=copies.overall_sort(document),
        honours=decision.honours,
        document=document,
        decided_on=timezone.localdate(decision.decided_at),
        published_at=now,
        simulated=application.simulated,
    )
    shown = list(pictures(application).filter(file__isnull=False))
    PublishedInitiative.objects.bulk_create(
        PublishedInitiative(
            result=result,
            title=initiative.title,
            description=initiative.description,
            started_on=initiative.started_on,
            ended_on=initiative.ended_on,
            operator=initiative.operator,
            axis=initiative.axis,
            issues=initiative.issues,
            link=initiative.link,
            results=initiative.results,
            partners=initiative.partners,
            cost=initiative.cost,
            inspired_by_id=initiative.inspired_by_id,
            contact=initiative.contact if initiative.contact_public else "",
            pictures=[
                {"file": row.file_id, "alternative": row.alternative, "width": row.width, "height": row.height}
                for row in shown
                if row.initiative_id == initiative.pk
            ],
            tokens=stems.tokens(initiative.title, initiative.description, initiative.results, initiative.partners),
        )
        for initiative in public_initiatives(application)
    )
    certify(result)
    move(application=application, to=State.PUBLISHED, by=by, now=now)
    return result


def certify(result: PublishedResult) -> Certificate:
    """The number exists at once; a worker makes the file, unless there is no arobase to attest."""
    certificate = Certificate.objects.create(result=result, number=numbers.new(year=result.edition.year))
    if not result.level:
        return certificate
    certificates.make.schedule(certificate=certificate.pk)
    credentials.issue.schedule(certificate=certificate.pk)
    return certificate


def plan_announcement(edition: Edition) -> Job:
    return announce.schedule(edition=edition.pk, at=edition.results_at.isoformat(), due_at=edition.results_at)


@jobs.kind("edition.announce", key="announce:{edition}:{at}", queue=Queue.MAIL, words=_("Annonce des résultats"))
def announce(job: Job) -> None:
    """At the instant of the announcement, write to the people of every territory, those of a result withdrawn meanwhile
    too. Payload: `edition`.

    When the instant was moved meanwhile, nothing is told before the new one."""
    now = timezone.now()
    edition = Edition.objects.get(pk=job.payload["edition"])
    if edition.results_at > now:
        with jobs.finish(job):
            plan_announcement(edition)
        return
    results = visibility.public(now=now).filter(edition=edition, replaced_at=None)
    results = results.select_related("territory", "certificate", "replaces")
    # Not one long read: on SQLite, a write after somebody else's would be refused while it lasts.
    for pk in list(results.values_list("pk", flat=True)):
        with transaction.atomic():
            for result in results.filter(pk=pk):
                (letters.withdrawn if result.withdrawn_at else letters.announced)(result)
    with jobs.finish(job):
        credentials.announced(edition)


@jobs.kind(
    "result.republish",
    key="republish:{appeal}",
    queue=Queue.PAPERS,
    words=_("Nouveau résultat après un réexamen"),
)
def republish(job: Job) -> None:
    """An appeal was upheld: a new copy takes the place of the old one, which then cites it. Payload: `appeal`."""
    appeal = Appeal.objects.select_related("application").get(pk=job.payload["appeal"])
    with jobs.finish(job):
        old = PublishedResult.objects.select_for_update(of=("self",)).get(
            application=appeal.application, replaced_at=None
        )
        if appeal.state == AppealState.UPHELD and old.withdrawn_at is None:
            level, now = appeal.new_level or old.level, timezone.now()
            document = copies.revised(old.document, level=level, reasons=appeal.answer)
            new = replace_result(old, document=document, level=level, honours=old.honours, now=now)
            if visibility.in_force(now=now).filter(pk=new.pk).exists():
                letters.announced(new)


def replace_result(
    old: PublishedResult,
    *,
    document: copies.Document,
    level: int,
    honours: list[str],
    now: datetime,
    correction: str = "",
) -> PublishedResult:
    """A new copy takes the place of the old one, with its own certificate, credential and report. In the caller's
    transaction. A withdrawn result is never replaced."""
    PublicState.moved()
    old.replaced_at, old.correction = now, correction
    old.save(update_fields=["replaced_at", "correction"])
    new = PublishedResult.objects.get(pk=old.pk)
    new.pk, new._state.adding = None, True
    new.level, new.honours, new.document = level, honours, document
    new.replaces, new.replaced_at, new.correction, new.published_at = old, None, "", now
    new.save()
    initiatives = list(old.initiatives.all())
    for initiative in initiatives:
        initiative.first_id, initiative.pk, initiative.result = initiative.number, None, new
    PublishedInitiative.objects.bulk_create(initiatives)
    certify(new)
    reports.ask(new)
    credentials.ended(old)
    return new


def at_work(*, now: datetime) -> bool:
    """Communes wait for the papers of a publication: open data and images, minutes of a processor, come after them."""
    papers = (publish_edition, certificates.make, credentials.issue, benchmarks.make, reports.ask_each, reports.make)
    due = Job.objects.filter(state=JobState.TODO, due_at__lte=now, due_at__gt=now - EVENING)
    return due.filter(kind__in=[kind.name for kind in papers]).exists()
