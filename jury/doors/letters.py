"""The letters of the jury. To a commune: what is asked of it, never what a juror thinks. To a juror: never the name of
a file. Each key says what the letter is about, so that the same news leaves once."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.models import Role, User
from assessments.models import Application, Complement
from assessments.pages.complements import Point, points
from assessments.queries import members
from documents import french
from jury.models import Appeal, Assignment, Ballot, Juror
from outbox.doors.letters import Letter, absolute, letter
from outbox.jobs import mail

INVITED = letter(
    "jury.invited",
    about=lazy("Entrée au jury"),
    subject=lazy("Vous siégez au jury"),
    text=lazy(
        "Vous faites partie du jury {label}, édition {édition}. Les dossiers qui vous seront confiés, avec leur score "
        "et leurs preuves, vous attendent à cette adresse :\n{lien}\n\n"
        "Avant la première lecture, déclarez les collectivités avec lesquelles vous avez un lien : leurs dossiers, et "
        "ceux de leur intercommunalité, ne vous seront ni confiés ni montrés.\n{second lien}"
    ),
)
ASSIGNED = letter(
    "jury.assigned",
    about=lazy("Dossiers confiés à qui les lit"),
    subject=lazy("Des dossiers à lire"),
    text=lazy(
        "Des lectures vous attendent : {dossiers} de plus dans votre file de lecture.\n{lien}\n\n"
        "Si vous avez un lien avec une collectivité, le bouton « Me déporter » de son dossier suffit : il vous sera "
        "retiré."
    ),
)
COMPLEMENT = letter(
    "jury.complement",
    about=lazy("Complément demandé à une collectivité"),
    subject=lazy("Le jury demande un complément à votre candidature"),
    text=lazy(
        "Le jury demande un complément à la candidature {de commune}, édition {édition} :\n\n{motif}\n\n"
        "Ces points de votre dossier sont rouverts, le reste ne l’est pas :\n{points}\n\n"
        "Complétez-les, puis déposez le dossier une nouvelle fois :\n{lien}"
    ),
)
TURNED_DOWN = letter(
    "jury.turned_down",
    about=lazy("Candidature non recevable"),
    subject=lazy("Votre candidature n’est pas recevable"),
    text=lazy(
        "La candidature {de commune}, édition {édition}, n’est pas recevable :\n\n{motif}\n\n"
        "Votre dossier reste consultable :\n{lien}"
    ),
)
APPEAL_FILED = letter(
    "jury.appeal_filed",
    about=lazy("Demande de réexamen : à qui préside et à l’organisation"),
    subject=lazy("Une demande de réexamen"),
    text=lazy("Une demande de réexamen vient d’être déposée. Elle se lit à cette adresse :\n{lien}"),
)
APPEAL_ANSWERED = letter(
    "jury.appeal_answered",
    about=lazy("Réponse à une demande de réexamen"),
    subject=lazy("La réponse à votre demande de réexamen"),
    text=lazy(
        "Le jury a répondu à la demande de réexamen {de commune}, édition {édition}. Sa réponse, avec ses raisons, "
        "vous "
        "attend à cette adresse :\n{lien}"
    ),
)


BALLOT_OPENED = letter(
    "jury.ballot_opened",
    about=lazy("Vote ouvert au jury"),
    subject=lazy("Un vote est ouvert"),
    text=lazy(
        "Un vote vient d’être ouvert au jury, et votre voix y compte. Il se clôt {jour}.\n\n"
        "Les votes ouverts sont à cette adresse :\n{lien}"
    ),
)
BALLOT_ENDED = letter(
    "jury.ballot_ended",
    about=lazy("Vote arrivé à son heure, à qui préside"),
    subject=lazy("Un vote est terminé"),
    text=lazy("Un vote est arrivé à son heure. {motif}\n\nLa séance :\n{lien}"),
)
COMPLETED = letter(
    "jury.completed",
    about=lazy("Complément reçu, à qui lit le dossier"),
    subject=lazy("Un dossier est complété"),
    text=lazy(
        "Un dossier revient avec le complément que le jury avait demandé. Il est en tête de votre file de lecture, "
        "avec ce qui a changé :\n{lien}"
    ),
)
REMINDED = letter(
    "jury.reminded",
    about=lazy("Rappel des lectures souhaitées pour un jour"),
    subject=lazy("Des lectures à rendre"),
    text=lazy(
        "Des lectures vous sont demandées : {dossiers}, la première pour le {jour}.\n\nVotre file de lecture :\n{lien}"
    ),
)


def invited(juror: Juror) -> None:
    told = {
        "édition": str(juror.panel.edition.year),
        "lien": absolute("jury:queue"),
        "second lien": absolute("jury:interests"),
    }
    mail.write(INVITED, told, key=f"jury-invited:{juror.pk}:{juror.joined_at.isoformat()}", to=juror.user.email)


def assigned(assignments: Iterable[Assignment]) -> None:
    """One letter a juror for the whole run, whatever the number of files."""
    runs: dict[Juror, list[Assignment]] = {}
    for assignment in assignments:
        runs.setdefault(assignment.juror, []).append(assignment)
    for juror, run in runs.items():
        told = {"dossiers": _counted(len(run)), "lien": absolute("jury:queue")}
        mail.write(ASSIGNED, told, key=f"jury-assigned:{juror.pk}:{max(row.pk for row in run)}", to=juror.user.email)


def ballot_opened(ballot: Ballot, jurors: Iterable[Juror]) -> None:
    if ballot.closes_at:
        when = _("le %(when)s") % {"when": french.moment(timezone.localtime(ballot.closes_at))}
    elif ballot.at_quorum:
        when = _("quand la présidence le décide, ou dès que le quorum est atteint")
    else:
        when = _("quand la présidence le décide")
    told = {"jour": when, "lien": absolute("jury:session", ballot.application.edition.year)}
    for juror in jurors:
        mail.write(BALLOT_OPENED, told, key=f"ballot-opened:{ballot.pk}:{juror.pk}", to=juror.user.email)


def ballot_ended(ballot: Ballot, *, presiding: Juror | None) -> None:
    """Of one that ended at its hour."""
    if presiding is None:
        return
    said = _("Son résultat vous attend.")
    if ballot.set_aside_at:
        said = _("Il est annulé : %(why)s") % {"why": ballot.set_aside_for}
    told = {"motif": said, "lien": absolute("jury:session", ballot.application.edition.year)}
    mail.write(BALLOT_ENDED, told, key=f"ballot-ended:{ballot.pk}", to=presiding.user.email)


def completed(complement: Complement, jurors: Iterable[Juror]) -> None:
    told = {"lien": absolute("jury:queue")}
    for juror in jurors:
        mail.write(COMPLETED, told, key=f"complement-received:{complement.pk}:{juror.pk}", to=juror.user.email)


def reminded(assignments: Iterable[Assignment], *, day: date) -> None:
    """Of readings wanted by a day; one letter a juror a day."""
    runs: dict[Juror, list[date]] = {}
    for row in assignments:
        runs.setdefault(row.juror, []).append(row.application.deadline.day)
    for juror, wanted in runs.items():
        told = {
            "dossiers": _counted(len(wanted)),
            "jour": french.day(min(wanted)),
            "lien": absolute("jury:queue"),
        }
        mail.write(REMINDED, told, key=f"jury-remind:{juror.pk}:{day.isoformat()}", to=juror.user.email)


def _counted(files: int) -> str:
    return ngettext("%(n)s dossier", "%(n)s dossiers", files) % {"n": files}


def complement_asked(application: Application) -> None:
    _to_applicants(COMPLEMENT, application, key=f"complement:{application.pk}:{application.scorecards.count()}")


def turned_down(application: Application) -> None:
    _to_applicants(TURNED_DOWN, application, key=f"ineligible:{application.pk}")


def appeal_filed(appeal: Appeal, *, presiding: Juror | None, organisers: Iterable[User]) -> None:
    """Each is led to the page that they may open: who presides answers, the organisers follow."""
    followed = absolute("jury:organised_appeals", appeal.application.edition.year)
    answered = absolute("jury:appeals")
    told = dict.fromkeys(organisers, followed) | ({presiding.user: answered} if presiding else {})
    for user, link in told.items():
        mail.write(APPEAL_FILED, {"lien": link}, key=f"appeal-filed:{appeal.pk}:{user.pk}", to=user.email)


def appeal_answered(appeal: Appeal) -> None:
    code, year = appeal.application.territory.code, appeal.application.edition.year
    _to_applicants(
        APPEAL_ANSWERED,
        appeal.application,
        key=f"appeal-answered:{appeal.pk}",
        link=absolute("jury:appeal", code, year),
    )


def _to_applicants(words: Letter, application: Application, *, key: str, link: str = "") -> None:
    """To those who write or sign for the territory."""
    territory, year = application.territory, application.edition.year
    told = {
        "commune": territory.name,
        "de commune": french.of(territory.name),
        "édition": str(year),
        "motif": application.state_reason,
        "points": "\n".join(f"- {point.text}" for point in _points(application)),
        "lien": link or absolute("assessments:application", territory.code, year),
    }
    for member in members(application).exclude(role=Role.READER):
        mail.write(words, told, key=f"{key}:{member.user_id}", to=member.user.email)


def _points(application: Application) -> list[Point]:
    return points(application, application.complement) if application.complement else []
