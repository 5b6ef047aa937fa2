"""Does the state, and the date, allow it? Each question answers None, or the reason why not, in French.

The `check_` twins raise that reason. Time comes in as an argument."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotNow
from assessments.enums import State
from assessments.models import Application, Complement, Edition, Enquiry, EvidenceUse, FrameworkImpact, Initiative
from assessments.rules import zones
from documents import french
from scoring.framework import Framework
from territories.models import Territory

# A date further than that from the year of its edition is a slip of the keyboard.
YEARS_AROUND = 5
ENQUIRY_LIFE = timedelta(days=14)
# A visit to a file ends after so long without a page or an answer; it is noted at most once in so long.
VISIT_PAUSE = timedelta(minutes=30)
VISIT_NOTED = timedelta(minutes=5)
# Among the parts of a complement, what is asked about the territory once. Questions follow from it: it opens them all.
CONTEXT = "contexte"


class Phase(StrEnum):
    """Where an edition stands, read from its dates."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


def phase(edition: Edition, now: datetime) -> Phase:
    """Published means that anyone may see the results: the organiser said so, and the embargo is over."""
    if edition.draft:
        return Phase.DRAFT
    if edition.published_at is not None and edition.results_at <= now:
        return Phase.PUBLISHED
    if now < edition.opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if now < edition.closes_at else Phase.CLOSED


def moment(when: datetime) -> str:
    """« 12 novembre 2027 à 14 h 05 »."""
    return french.moment(timezone.localtime(when))


def why_not_in_being(territory: Territory) -> str | None:
    """A territory that became part of another keeps its past and takes no new file."""
    if territory.ended_on is None:
        return None
    if territory.successor is None:
        return _("%(name)s ne figure plus dans la liste officielle\u202f: l’organisateur vous dira que faire.") % {
            "name": territory.name
        }
    return _("%(name)s est aujourd’hui dans %(successor)s\u202f: rejoignez son équipe pour candidater.") % {
        "name": territory.name,
        "successor": territory.successor.name,
    }


def why_not_start(edition: Edition, now: datetime) -> str | None:
    match phase(edition, now):
        case Phase.OPEN:
            return None
        case Phase.DRAFT:
            return _("L’édition %(year)s est en préparation.") % {"year": edition.year}
        case Phase.UPCOMING:
            return _("Les candidatures de l’édition %(year)s ouvriront le %(when)s.") % _when(edition, edition.opens_at)
        case _other:
            return _("Les candidatures de l’édition %(year)s sont closes depuis le %(when)s.") % _when(
                edition, edition.closes_at
            )


def why_not_edit(application: Application, now: datetime) -> str | None:
    """May the answers, initiatives and evidence of this file change? A returned file may, even after closing."""
    if application.state == State.RETURNED:
        return None
    if application.state == State.DRAFT:
        if phase(application.edition, now) == Phase.CLOSED and now < closing_of(application):
            return None
        return why_not_start(application.edition, now)
    return str(_LOCKED[State(application.state)]())


def awaits_decision(application: Application) -> bool:
    """Whether what waits for the jury still may change the score."""
    return application.state not in (State.DECIDED, State.PUBLISHED)


def closing_of(application: Application) -> datetime:
    """Until when this file may be submitted: the closing, or the longer delay that this territory was given."""
    closing = application.edition.closes_at
    return max(closing, application.extended_until) if application.extended_until else closing


def deadline(application: Application) -> str:
    """The same in words, with the hour of Paris and that of the territory."""
    return zones.deadline(closing_of(application), application.territory.department_id)


def why_not_change(
    application: Application,
    now: datetime,
    *,
    context: bool = False,
    questions: Iterable[str] = (),
    initiatives: Iterable[Initiative] = (),
) -> str | None:
    """May these parts of the file change, all of them? In a returned file, only what the jury asked for may.

    What proves a question, or is said of it, goes with it. An initiative is open by name, or by its issues."""
    reason = why_not_edit(application, now)
    asked = application.complement
    if reason or asked is None:
        return reason
    framework = application.framework.parsed
    if (
        (not context or CONTEXT in asked.parts)
        and all(_opens_question(asked, framework, name) for name in questions)
        and all(_opens_initiative(asked, row) for row in initiatives)
    ):
        return None
    return _(
        "Cette partie du dossier n’est pas rouverte : le jury demande un complément sur d’autres points. La page du "
        "dossier les liste."
    )


def parts_to_ask(framework: Framework) -> list[str]:
    """What a complement may name: the context, an issue, a question that the commune answers."""
    return [CONTEXT, *framework.issue_by_id, *(q.id for q in framework.questions if q.takes_answer)]


def why_not_ask(*, parts: Collection[str], initiatives: Collection[Initiative]) -> str | None:
    """A complement of nothing would open nothing."""
    if parts or initiatives:
        return None
    return _("Choisissez au moins un point à compléter : le reste du dossier ne se rouvre pas.")


def issues_asked(application: Application) -> list[str]:
    """The issues of a returned file for which a new initiative may be described."""
    asked = application.complement
    known = application.framework.parsed.issue_by_id
    return [part for part in asked.parts if part in known] if asked else []


def _opens_question(asked: Complement, framework: Framework, name: str) -> bool:
    return not {name, framework.question_by_id[name].issue, CONTEXT}.isdisjoint(asked.parts)


def _opens_initiative(asked: Complement, row: Initiative) -> bool:
    return row.pk in asked.initiatives or (bool(row.issues) and set(row.issues) <= set(asked.parts))


def why_not_change_piece(application: Application, now: datetime, uses: Iterable[EvidenceUse]) -> str | None:
    """May a piece of evidence leave, or another take its place? Only if all that it proves may change; a question that
    the questionnaire no longer asks, it proves no more."""
    uses, asked = list(uses), application.framework.parsed.question_by_id
    return why_not_change(
        application,
        now,
        questions=[use.question_id for use in uses if use.question_id in asked],
        initiatives=[use.initiative for use in uses if use.initiative],
    )


def why_not_carry(application: Application, now: datetime) -> str | None:
    """May the file take over what last year's said?"""
    if application.complement is not None:
        return _("Le dossier précédent se reprend avant le dépôt : complétez seulement ce que le jury demande.")
    return why_not_edit(application, now)


def why_not_submit(application: Application, now: datetime) -> str | None:
    """What the state, the date and the official list say; what lacks in the file itself is `scoring.gaps`."""
    return why_not_edit(application, now) or why_not_in_being(application.territory)


def why_not_withdraw(application: Application) -> str | None:
    if application.state in (State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED):
        return None
    return str(_LOCKED[State(application.state)]())


def why_not_date(year: int, opens_at: datetime, closes_at: datetime, results_at: datetime) -> str | None:
    """May an edition have these dates? In order, and in the years around its own."""
    if not opens_at < closes_at <= results_at:
        return _("L’ouverture vient avant la clôture, et la clôture avant l’annonce des résultats.")
    for when in (opens_at, closes_at, results_at):
        if abs(timezone.localtime(when).year - year) > YEARS_AROUND:
            return _("Le %(when)s est trop loin de l’édition %(year)s : vérifiez l’année.") % {
                "when": moment(when),
                "year": year,
            }
    return None


def why_not_change_dates(edition: Edition, *, applications_moved: bool, now: datetime) -> str | None:
    if edition.published_at is None:
        return None
    if edition.results_at <= now:
        return _("Les résultats sont annoncés : les dates ne changent plus.")
    if applications_moved:
        return _("Les résultats sont publiés : seule l’annonce peut encore changer de date.")
    return None


def why_not_grant_delay(edition: Edition, *, until: datetime, now: datetime) -> str | None:
    if phase(edition, now) not in (Phase.OPEN, Phase.CLOSED) or edition.published_at is not None:
        return _("Un délai se donne quand les candidatures sont ouvertes ou closes, avant la publication.")
    if until <= max(now, edition.closes_at):
        return _("Ce délai finit avant la clôture, ou il est déjà passé.")
    if until > edition.results_at:
        return _("Ce délai finit après l’annonce des résultats.")
    return None


def why_not_have_delay(application: Application) -> str | None:
    if application.state == State.DRAFT:
        return None
    return _("Le dossier %(whose)s est %(state)s : un délai ne lui servirait à rien.") % {
        "whose": french.of(application.territory.name),
        "state": application.get_state_display(),
    }


def check_dates(year: int, opens_at: datetime, closes_at: datetime, results_at: datetime) -> None:
    refuse(why_not_date(year, opens_at, closes_at, results_at))


def why_not_change_framework(states: Collection[str], impact: FrameworkImpact | None) -> str | None:
    """May an edition move to another version? `states` are those of its files, `impact` what was measured of the move.

    Once a file was submitted, its applicant and its readers hold to the questions that were asked."""
    if set(states) - {State.DRAFT, State.WITHDRAWN, State.INELIGIBLE}:
        return _("Un dossier est déjà déposé : il serait jugé sur d’autres questions que celles qu’on lui a posées.")
    if impact is None:
        return _("Mesurez d’abord les effets de cette version.")
    if impact.document["meanings"]:
        return _("Une question a changé de sens sous le même identifiant : donnez-lui un nouvel identifiant.")
    return None


def last_pause(moments: Iterable[datetime]) -> datetime | None:
    """Of the moments when a person was at work on a file, in order: the end of the last visit but one, if any."""
    ends = [before for before, after in pairwise(moments) if after - before > VISIT_PAUSE]
    return ends[-1] if ends else None


def check_can_start(edition: Edition, territory: Territory, now: datetime) -> None:
    refuse(why_not_start(edition, now) or why_not_in_being(territory))


def check_can_change(
    application: Application,
    now: datetime,
    *,
    context: bool = False,
    questions: Iterable[str] = (),
    initiatives: Iterable[Initiative] = (),
) -> None:
    refuse(why_not_change(application, now, context=context, questions=questions, initiatives=initiatives))


def check_can_change_piece(application: Application, now: datetime, uses: Iterable[EvidenceUse]) -> None:
    refuse(why_not_change_piece(application, now, uses))


def check_can_carry(application: Application, now: datetime) -> None:
    refuse(why_not_carry(application, now))


def check_enquiry_open(enquiry: Enquiry, now: datetime) -> None:
    """May the person who got the link reply? The questionnaire may have changed since it was sent."""
    if enquiry.replied_at:
        refuse(_("Vous avez déjà répondu à cette question : merci. Le lien ne sert qu’une fois."))
    if enquiry.cancelled_at:
        refuse(_("Cette question a été retirée par la personne qui vous l’avait posée."))
    if enquiry.expires_at <= now:
        refuse(_("Ce lien a expiré. Demandez-en un nouveau à la personne qui vous l’a envoyé."))
    if enquiry.question_id not in enquiry.application.framework.parsed.question_by_id:
        refuse(_("Cette question ne se pose plus : le questionnaire a changé. Merci de votre aide."))


def check_can_submit(application: Application, now: datetime) -> None:
    refuse(why_not_submit(application, now))


def check_can_withdraw(application: Application) -> None:
    refuse(why_not_withdraw(application))


def refuse(reason: str | None) -> None:
    if reason is not None:
        raise NotNow(reason)


def _when(edition: Edition, when: datetime) -> dict[str, str]:
    return {"year": str(edition.year), "when": moment(when)}


# Why a file that is no longer in the applicant's hands cannot change.
_LOCKED = {
    State.SUBMITTED: lambda: _("Le dossier est déposé : il ne se modifie plus. Vous pouvez toujours le consulter."),
    State.UNDER_REVIEW: lambda: _("Le jury lit le dossier : il ne se modifie plus. Vous pouvez toujours le consulter."),
    State.DECIDED: lambda: _("Le jury a délibéré : le dossier ne se modifie plus."),
    State.PUBLISHED: lambda: _("Le jury a délibéré : le dossier ne se modifie plus."),
    State.INELIGIBLE: lambda: _("La candidature a été déclarée non recevable : le dossier ne se modifie plus."),
    State.WITHDRAWN: lambda: _("La candidature a été retirée : le dossier est conservé et ne se modifie plus."),
}
