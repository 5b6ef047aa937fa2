"""The organiser's home: what needs a decision now, how the season and the service go."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import State
from assessments.models import Edition
from assessments.policies import Phase, phase
from instance.queries import Label
from jury.pages.todo import Todo
from season.queries.following import Facts, Health


def decisions(
    edition: Edition, before: Any, facts: Facts, health: Health, label: Label, *, now: datetime
) -> list[Todo]:
    """What waits for the organiser, the most pressing first; empty when nothing does. `edition` and the one `before`,
    if any, as `following.current_edition` found them."""
    editions = [one for one in (edition, before) if one]
    known = [
        _mail(label),
        _draft(edition),
        _unread(edition, facts, now=now),
        *(_appeals(one) for one in editions),
        _requests(health),
        _helps(health),
        _publish(edition, facts, now=now),
        _idle(edition, facts, now=now),
    ]
    return [todo for todo in known if todo]


def alerts(health: Health) -> list[Todo]:
    """What is wrong with the service itself."""
    found = []
    if health.mails_failed:
        words = ngettext("%(n)s courriel refusé", "%(n)s courriels refusés", health.mails_failed)
        mails, advice = f"{reverse('accounts:mails')}?etat=failed", _("Le serveur dit pourquoi.")
        found.append(Todo("danger", "danger", words % {"n": health.mails_failed}, advice, mails, _("Voir")))
    if health.jobs_failed:
        words = ngettext("%(n)s tâche en échec", "%(n)s tâches en échec", health.jobs_failed)
        advice = _("Relancez-la quand la cause est levée.")
        found.append(
            Todo("danger", "danger", words % {"n": health.jobs_failed}, advice, reverse("accounts:jobs"), _("Voir"))
        )
    if health.jobs_late:
        words = ngettext("%(n)s tâche attend", "%(n)s tâches attendent", health.jobs_late)
        advice = _("Depuis plus de dix minutes : aucune machine ne répond peut-être.")
        found.append(
            Todo("warning", "clock", words % {"n": health.jobs_late}, advice, reverse("accounts:jobs"), _("Voir"))
        )
    return found


def _mail(label: Label) -> Todo | None:
    if label.mail_tried:
        return None
    return Todo(
        "warning",
        "warning",
        _("Le courrier n’est pas réglé"),
        _("Invitations et relances ne partent pas."),
        reverse("season:mail"),
        _("Régler"),
    )


def _draft(edition: Edition) -> Todo | None:
    if not edition.draft:
        return None
    return Todo(
        "info",
        "pencil",
        _("L’édition %(year)s n’est pas montrée") % {"year": edition.year},
        _("Vérifiez ses dates et son référentiel, puis montrez-la."),
        reverse("season:calendar", args=[edition.year]),
        _("Préparer"),
    )


def _unread(edition: Edition, facts: Facts, *, now: datetime) -> Todo | None:
    if not facts.unread or edition.closes_at > now:
        return None
    words = ngettext(
        "%(n)s dossier déposé n’a pas de lecteur", "%(n)s dossiers déposés n’ont pas de lecteur", facts.unread
    )
    return Todo(
        "warning",
        "warning",
        words % {"n": facts.unread},
        _("Les candidatures sont closes."),
        reverse("jury:assignments", args=[edition.year]),
        _("Confier"),
    )


def _appeals(edition: Any) -> Todo | None:
    """Those of an edition are still to answer once the next one is open."""
    if not edition.appeals:
        return None
    words = ngettext("%(n)s demande de réexamen attend", "%(n)s demandes de réexamen attendent", edition.appeals)
    return Todo(
        "warning",
        "return",
        words % {"n": edition.appeals},
        _("La personne qui préside y répond, une fois le dossier relu."),
        reverse("jury:organised_appeals", args=[edition.year]),
        _("Voir"),
    )


def _helps(health: Health) -> Todo | None:
    if not health.helps:
        return None
    words = ngettext("%(n)s demande d’aide attend", "%(n)s demandes d’aide attendent", health.helps)
    return Todo(
        "info",
        "sent",
        words % {"n": health.helps},
        _("Répondez par courriel, puis dites qu’elle est close."),
        reverse("season:help_requests"),
        _("Voir"),
    )


def _requests(health: Health) -> Todo | None:
    if not health.requests:
        return None
    words = ngettext(
        "%(n)s demande de rattachement à examiner", "%(n)s demandes de rattachement à examiner", health.requests
    )
    return Todo(
        "info",
        "user",
        words % {"n": health.requests},
        _("Ces personnes ne peuvent rien faire avant votre réponse."),
        reverse("accounts:requests"),
        _("Examiner"),
    )


def _publish(edition: Edition, facts: Facts, *, now: datetime) -> Todo | None:
    waiting = facts.count(State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED)
    if phase(edition, now) != Phase.CLOSED or edition.published_at or waiting or not facts.count(State.DECIDED):
        return None
    return Todo(
        "info",
        "flag",
        _("Tout est décidé : l’édition peut être publiée"),
        _("Rien ne sera public avant l’annonce."),
        reverse("results:publication", args=[edition.year]),
        _("Relire et publier"),
    )


def _idle(edition: Edition, facts: Facts, *, now: datetime) -> Todo | None:
    if not facts.idle or phase(edition, now) != Phase.OPEN:
        return None
    words = ngettext(
        "%(n)s dossier sans mouvement depuis 30 jours", "%(n)s dossiers sans mouvement depuis 30 jours", facts.idle
    )
    return Todo(
        "info",
        "pencil",
        words % {"n": facts.idle},
        _("Un message aide souvent à reprendre."),
        f"{reverse('season:files', args=[edition.year])}?moves=idle",
        _("Voir ces dossiers"),
    )
