"""The letters of the jury. To a commune: what is asked of it, never what a juror thinks. To a juror: never the name of
a file. Each key says what the letter is about, so that the same news leaves once."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, User
from assessments.models import Application
from assessments.pages.complements import Point, points
from assessments.queries import members
from documents import french
from instance import queries as instance
from jury.models import Appeal, Assignment, Juror
from outbox import mail


def invited(juror: Juror) -> None:
    text = _(
        "Bonjour,\n\n"
        "Vous faites partie du jury %(label)s, édition %(year)s. Les dossiers qui vous seront confiés, avec leur score "
        "et leurs preuves, vous attendent à cette adresse :\n%(link)s\n\n"
        "Avant la première lecture, déclarez les collectivités avec lesquelles vous avez un lien : leurs dossiers, et "
        "ceux de leur intercommunalité, ne vous seront ni confiés ni montrés.\n%(interests)s\n"
    ) % {
        "label": instance.current().name,
        "year": juror.panel.edition.year,
        "link": _link("jury:queue"),
        "interests": _link("jury:interests"),
    }
    key = f"jury-invited:{juror.pk}:{juror.joined_at.isoformat()}"
    mail.queue(key=key, to=juror.user.email, subject=_("Vous siégez au jury"), text=text)


def assigned(assignments: Iterable[Assignment]) -> None:
    """One letter a juror for the whole run, whatever the number of files."""
    runs: dict[Juror, list[Assignment]] = {}
    for assignment in assignments:
        runs.setdefault(assignment.juror, []).append(assignment)
    for juror, run in runs.items():
        count = len(run)
        text = (
            ngettext(
                "Bonjour,\n\n%(count)s dossier vous est confié.",
                "Bonjour,\n\n%(count)s dossiers vous sont confiés.",
                count,
            )
            + _(
                " Votre file de lecture :\n%(link)s\n\nSi vous avez un lien avec une collectivité, le bouton "
                "« Me déporter » de son dossier suffit : il vous sera retiré.\n"
            )
        ) % {"count": count, "link": _link("jury:queue")}
        key = f"jury-assigned:{juror.pk}:{max(row.pk for row in run)}"
        mail.queue(key=key, to=juror.user.email, subject=_("Des dossiers à lire"), text=text)


def complement_asked(application: Application) -> None:
    _to_applicants(
        application,
        key=f"complement:{application.pk}:{application.scorecards.count()}",
        subject=_("Le jury demande un complément à votre candidature"),
        text=_(
            "Bonjour,\n\nLe jury demande un complément à la candidature %(whose)s, édition %(year)s :\n\n"
            "%(reason)s\n\n"
            "Ces points de votre dossier sont rouverts, le reste ne l’est pas :\n%(points)s\n\n"
            "Complétez-les, puis déposez le dossier une nouvelle fois :\n%(link)s\n"
        ),
    )


def turned_down(application: Application) -> None:
    _to_applicants(
        application,
        key=f"ineligible:{application.pk}",
        subject=_("Votre candidature n’est pas recevable"),
        text=_(
            "Bonjour,\n\nLa candidature %(whose)s, édition %(year)s, n’est pas recevable :\n\n%(reason)s\n\n"
            "Votre dossier reste consultable :\n%(link)s\n"
        ),
    )


def appeal_filed(appeal: Appeal, *, presiding: Juror | None, organisers: Iterable[User]) -> None:
    """Each is led to the page that they may open: who presides answers, the organisers follow."""
    followed = _link("jury:organised_appeals", appeal.application.edition.year)
    told = dict.fromkeys(organisers, followed) | ({presiding.user: _link("jury:appeals")} if presiding else {})
    for user, link in told.items():
        text = _("Bonjour,\n\nUne demande de réexamen vient d’être déposée. Elle se lit à cette adresse :\n%(link)s\n")
        mail.queue(
            key=f"appeal-filed:{appeal.pk}:{user.pk}",
            to=user.email,
            subject=_("Une demande de réexamen"),
            text=text % {"link": link},
        )


def appeal_answered(appeal: Appeal) -> None:
    _to_applicants(
        appeal.application,
        key=f"appeal-answered:{appeal.pk}",
        subject=_("La réponse à votre demande de réexamen"),
        text=_(
            "Bonjour,\n\nLe jury a répondu à la demande de réexamen %(whose)s, édition %(year)s. Sa réponse, "
            "avec ses raisons, vous attend à cette adresse :\n%(link)s\n"
        ),
        link=_link("jury:appeal", appeal.application.territory.code, appeal.application.edition.year),
    )


def _to_applicants(application: Application, *, key: str, subject: str, text: str, link: str = "") -> None:
    """To those who write or sign for the territory."""
    code, year = application.territory.code, application.edition.year
    filled = text % {
        "whose": french.of(application.territory.name),
        "year": year,
        "reason": application.state_reason,
        "points": "\n".join(f"- {point.text}" for point in _points(application)),
        "link": link or _link("assessments:application", code, year),
    }
    for member in members(application).exclude(role=Role.READER):
        mail.queue(key=f"{key}:{member.user_id}", to=member.user.email, subject=subject, text=filled)


def _points(application: Application) -> list[Point]:
    return points(application, application.complement) if application.complement else []


def _link(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)
