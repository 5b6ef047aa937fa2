"""Procès-verbal: what it reports, who may read it, and the job that makes its paper.

Who presides signs for the files that they decide: a chair who is recused from one finds nothing of it here, whoever
stands in signs other minutes."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions import audit
from accounts.models import AuditEntry, User
from assessments.models import Application
from documents import french
from documents.french import in_full
from instance import queries as instance
from jury import queries, visibility, wording
from jury.models import Ballot, Decision, Juror, Minutes, Panel, Recusal, Vote
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue

if TYPE_CHECKING:
    from assessments.doors.seals import Sealed

Content = dict[str, Any]


def decisions_to_report(juror: Juror) -> QuerySet[Decision]:
    """Standing decisions on the files that this juror presides, in no minutes yet."""
    closed = Ballot.objects.filter(set_aside_at=None, closed_at__isnull=False).order_by("closed_at")
    return (
        queries.standing_decisions()
        .filter(application__in=queries.files_presided(juror).values("pk"), minutes=None)
        .select_related("application__territory__department", "decided_by__user")
        .prefetch_related(Prefetch("application__ballots", closed, "closed_ballots"))
        .order_by("application__territory__sort_key", "pk")
    )


def panel_since(panel: Panel) -> date:
    """The day on which its first member joined."""
    return timezone.localdate(panel.jurors.earliest("joined_at").joined_at)


def seen_at_work(juror: Juror, decisions: Iterable[Decision]) -> QuerySet[Juror]:
    """Who signs, who voted on what was decided, and who signed in on a day when it was: those whom the minutes start
    from."""
    reported = [decision.application_id for decision in decisions]
    days = {timezone.localdate(decision.decided_at) for decision in decisions}
    votes = Vote.objects.filter(juror=OuterRef("pk"), ballot__application__in=reported, ballot__set_aside_at=None)
    entries = AuditEntry.objects.filter(
        verb="user.signed_in",
        object_type=User._meta.label,
        object_id=Cast(OuterRef("user"), CharField()),
        at__date__in=days,
    )
    at_work = Q(pk=juror.pk) | Q(Exists(votes)) | Q(Exists(entries))
    return Juror.objects.filter(at_work, panel=juror.panel_id, left_at=None)


def replaced(decisions: Iterable[Decision]) -> dict[int, Decision]:
    """The last decision that signed minutes had reported on each of these files, by the key of the file: the session
    comes back on it."""
    rows = Decision.objects.filter(
        application__in=[decision.application_id for decision in decisions],
        reopened_at__isnull=False,
        minutes__isnull=False,
    )
    return {row.application_id: row for row in rows.select_related("minutes").order_by("reopened_at")}


def content(
    juror: Juror,
    decisions: list[Decision],
    *,
    place: str,
    present: list[Juror],
    excused: list[Juror],
    remarks: str,
) -> Content:
    """What the paper will say, from the rows as they are: no later change alters it. Four queries."""
    sitting, before = queries.sitting(juror.panel), replaced(decisions)
    recusals = Recusal.objects.filter(application__in=[decision.application_id for decision in decisions])
    return {
        "place": place,
        "chair": str(juror),
        "present": [str(one) for one in sitting if one in present],
        "excused": [str(one) for one in sitting if one in excused and one not in present],
        "absent": [str(one) for one in sitting if one not in present and one not in excused],
        "quorum": juror.panel.quorum,
        "recusals": [
            [str(row.juror), in_full(row.application.territory.name)]
            for row in recusals.select_related("juror__user", "application__territory").order_by(
                "application__territory__sort_key", "pk"
            )
        ],
        "decisions": [_line(decision, before.get(decision.application_id)) for decision in decisions],
        "remarks": remarks,
        "simulated": juror.panel.edition.simulated,
    }


def _line(decision: Decision, before: Decision | None) -> Content:
    territory = decision.application.territory
    waived = [_("Décidé sans toutes les lectures : %(why)s") % {"why": decision.waiver}] if decision.waiver else []
    return {
        "territory": in_full(territory.name),
        "department": territory.department.code,
        "instead_of": cited(before) if before else "",
        "computed": decision.examined_level,
        "granted": decision.level,
        "honours": decision.honours,
        "reasons": " ".join([decision.reasons, *waived]).strip(),
        "votes": [_vote(ballot) for ballot in decision.application.closed_ballots],  # type: ignore[attr-defined]
    }


def cited(decision: Decision) -> str:
    """The minutes that a new decision comes back on, and why."""
    assert decision.minutes is not None  # noqa: S101 -- as looked up
    level = ngettext("%(n)s arobase", "%(n)s arobases", decision.level) % {"n": decision.level}
    said = _("Revient sur la décision du procès-verbal de la séance du %(day)s, signé le %(signed)s (%(level)s).") % {
        "day": french.day(decision.minutes.held_on),
        "signed": french.day(timezone.localdate(decision.minutes.signed_at)),
        "level": level,
    }
    why = _("Raison : %(why)s") % {"why": decision.reopened_for} if decision.reopened_for else ""
    return f"{said} {why}".strip()


def _vote(ballot: Ballot) -> str:
    subject = _("Mention « %(honour)s »") % {"honour": ballot.honour} if ballot.honour else _("Niveau")
    return _("%(subject)s, vote : %(count)s") % {"subject": subject, "count": wording.count_in_words(ballot)}


def readable_by(user: User, *, year: int) -> QuerySet[Minutes]:
    """To who signed them and to the organisers; never to somebody recused from one of the files that they report."""
    rows = Minutes.objects.filter(panel__edition__year=year)
    if not user.is_organiser:
        rows = rows.filter(signed_by__user=user, signed_by__left_at=None)
    for juror in Juror.objects.filter(user=user, panel__edition__year=year).select_related("panel"):
        hidden = Application.objects.filter(visibility.files_hidden_from(juror), decisions__minutes=OuterRef("pk"))
        rows = rows.exclude(Q(Exists(hidden)))
    return rows.select_related("panel__edition", "signed_by__user", "file")


@jobs.kind("minutes.make", key="minutes:{minutes}", queue=Queue.PAPERS, words=gettext_lazy("Procès-verbal"))
def make(job: Job) -> None:
    """Draw, seal and store the paper of signed minutes, and record its digest. Payload: `minutes`."""
    minutes = Minutes.objects.select_related("panel__edition", "signed_by__user").get(pk=job.payload["minutes"])
    sealed = None if minutes.file_id else seal(minutes)
    with jobs.finish(job):
        if sealed:
            stored = files.store(sealed.pdf, content_type="application/pdf")
            Minutes.objects.filter(pk=minutes.pk, file=None).update(file=stored, sealed_by=sealed.by)
            audit.record(by=None, verb="jury.minutes_made", on=minutes, sha256=stored.sha256)


def seal(minutes: Minutes) -> "Sealed":
    from assessments.doors import seals  # noqa: PLC0415 -- pyHanko stays out of web

    return seals.apply(draw(minutes), address=seals.paper("minutes", minutes.pk), reason=str(minutes))


def draw(minutes: Minutes) -> bytes:
    """The PDF, from the frozen content alone."""
    from documents.minutes import DecisionLine, MinutesData, render  # noqa: PLC0415 -- ReportLab stays out of web
    from documents.minutes import Recusal as RecusalLine  # noqa: PLC0415 -- the same

    said = minutes.content
    return render(
        MinutesData(
            year=minutes.panel.edition.year,
            held_on=date.fromisoformat(str(minutes.held_on)),
            place=said["place"],
            chair=said["chair"],
            present=tuple(said["present"]),
            # Minutes signed before the two were told apart say them together.
            excused=tuple(said["excused"]) if "excused" in said else None,
            absent=tuple(said["absent"]),
            signed_on=timezone.localdate(minutes.signed_at),
            quorum=said["quorum"],
            recusals=tuple(RecusalLine(*pair) for pair in said["recusals"]),
            decisions=tuple(
                DecisionLine(
                    territory=line["territory"],
                    department_code=line["department"],
                    computed=line["computed"],
                    granted=line["granted"],
                    honours=tuple(line["honours"]),
                    reasons=line["reasons"],
                    votes=tuple(line["votes"]),
                    instead_of=line.get("instead_of", ""),
                )
                for line in said["decisions"]
            ),
            remarks=said["remarks"],
            label_name=instance.current().full_name,
            organiser_name=instance.current().organiser,
            simulated=said["simulated"],
        )
    )
