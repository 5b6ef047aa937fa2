"""What is kept of people has an end: each kind of row, how long, its deletion; the page about personal data says it.

What a result rests on (answers, readings, decisions, papers) and the trail stay; an account goes when its owner erases
it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from assessments.models import Enquiry, Visit
from outbox.models import Job, JobState, Mail, MailState
from season.models import Dispatch, Guest, HelpRequest

Rows = QuerySet[Session] | QuerySet[Visit] | QuerySet[Invitation] | QuerySet[Enquiry] | QuerySet[HelpRequest]
Many = Rows | QuerySet[UserSession] | QuerySet[Guest] | QuerySet[Dispatch] | QuerySet[Mail] | QuerySet[Job]


@dataclass(frozen=True)
class End:
    """`days` after what `since` names, these rows are deleted; `rows` finds those that are older than a moment."""

    what: str | Promise
    days: int
    since: str | Promise
    rows: Callable[[datetime], Many]

    def due(self, *, now: datetime) -> Many:
        return self.rows(now - timedelta(days=self.days))


# A season lasts a year; a message of the last one may still be asked for while the next begins.
SEASON = 400
# In this order: a message that left is named by the campaign that sent it.
ENDS = (
    End(
        _("Destinataires d’une campagne"),
        SEASON,
        _("l’envoi"),
        lambda before: Dispatch.objects.filter(_over("mail__", before)),
    ),
    End(_("Courriels"), SEASON, _("l’envoi"), lambda before: Mail.objects.filter(_over("", before))),
    End(
        _("Tâches faites par le service"),
        SEASON,
        _("leur fin"),
        lambda before: Job.objects.filter(state=JobState.DONE, finished_at__lt=before),
    ),
    End(
        _("Dates de vos visites à un dossier"),
        SEASON,
        _("la dernière"),
        lambda before: Visit.objects.filter(seen_at__lt=before),
    ),
    End(
        _("Invitations restées sans suite"),
        30,
        _("la fin de leur lien"),
        lambda before: Invitation.objects.filter(expires_at__lt=before, accepted_at=None),
    ),
    End(
        _("Questions posées par un lien, restées sans réponse"),
        30,
        _("la fin de leur lien"),
        lambda before: Enquiry.objects.filter(expires_at__lt=before, replied_at=None),
    ),
    End(
        _("Adresses invitées par l’organisation"),
        SEASON,
        _("l’invitation"),
        lambda before: Guest.objects.filter(added_at__lt=before),
    ),
    End(
        _("Demandes d’aide auxquelles on a répondu"),
        SEASON,
        _("la réponse"),
        lambda before: HelpRequest.objects.filter(closed_at__lt=before),
    ),
    End(
        _("Appareils d’où votre compte fut ouvert, avec leur adresse IP"),
        0,
        _("la fin de leur session"),
        lambda before: UserSession.objects.exclude(
            session_key__in=Session.objects.filter(expire_date__gte=before).values("session_key")
        ),
    ),
    End(_("Sessions"), 0, _("leur fin"), lambda before: Session.objects.filter(expire_date__lt=before)),
)


def _over(mail: str, before: datetime) -> Q:
    """Of a message: it left, or it was given up, long ago."""
    left = Q(**{f"{mail}sent_at__lt": before})
    given_up = Q(**{f"{mail}state__in": [MailState.KEPT, MailState.FAILED], f"{mail}created_at__lt": before})
    return left | given_up


def count(*, now: datetime) -> list[tuple[End, int]]:
    """What is due, touching nothing."""
    return [(end, end.due(now=now).count()) for end in ENDS]


@transaction.atomic
def purge(*, now: datetime) -> list[tuple[End, int]]:
    """What was deleted."""
    gone = []
    for end in ENDS:
        rows = end.due(now=now)
        gone.append((end, rows.delete()[1].get(rows.model._meta.label, 0)))
    return gone
