"""Does the state, or the date, allow it? Each question answers None, or the reason why not, in French; time comes in.

The `check_` twins raise that reason: the page, the disabled button and the refusal say the same words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import NotNow
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.policies import moment
from documents import french
from jury.models import Appeal, AppealState, Ballot
from jury.rules.counting import Count

APPEAL_DAYS = 60
# Levels between readings beyond which another reader is called.
WIDEST = 1
READABLE = frozenset({State.SUBMITTED, State.UNDER_REVIEW})
# Files whose readings are still needed.
UNDECIDED = READABLE | {State.RETURNED}


def why_not_read(file: "Application | Standing") -> str | None:
    """Marks, comments, rulings and assignments are written while the file is submitted or under review."""
    if file.state in READABLE:
        return None
    return {
        State.DRAFT: _("Ce dossier n’est pas encore déposé."),
        State.RETURNED: _("Un complément est demandé à la collectivité : la lecture reprendra à son retour."),
        State.DECIDED: _("Ce dossier est décidé : il faut d’abord le rouvrir."),
        State.PUBLISHED: _("Le jury a délibéré : ce dossier ne change plus."),
        State.INELIGIBLE: _("Ce dossier a été déclaré non recevable."),
        State.WITHDRAWN: _("La collectivité a retiré ce dossier."),
    }[State(file.state)]


def why_not_write(application: Application, appeal: Appeal | None) -> str | None:
    """A reading: the first ones as long as the file is read, one made for an appeal until it is answered."""
    return why_not_read(application) if appeal is None else why_not_answer(appeal)


@dataclass(frozen=True)
class Standing:
    """Where a file stands on its way to a decision. `awaited`: the readings that a decision waits for."""

    state: State
    to_confirm: bool  # its signature, by the organiser
    claims: int  # « pas concerné » without a ruling
    readings: int
    awaited: int
    voting: bool


@dataclass(frozen=True)
class Agreement:
    """What its readers, its rulings and the person who presides make of a file. `level`: as computed from what was
    declared; `proposals`: the level and the mention of each reading handed in."""

    level: int | None
    proposals: Sequence[tuple[int | None, str]]
    corrected: bool  # something was refused, or put otherwise
    called: bool  # to a vote that stands
    blind: bool  # the person who presides has yet to hand in a reading of it


def why_not_put_to_vote(file: Standing) -> str | None:
    return _why_not_ready(file) or readings_missing(readings=file.readings, required=file.awaited)


def why_not_decide(file: Standing, *, waived: bool = False) -> str | None:
    """`waived`: the person who presides says why readings may be missing."""
    missing = None if waived else readings_missing(readings=file.readings, required=file.awaited)
    return _why_not_ready(file) or why_not_while_voting(file.voting) or missing


def why_not_accept(file: Standing, agreement: Agreement) -> str | None:
    """Decided with others in one go: what may be decided, and on which nobody differs."""
    return why_not_decide(file) or _why_disputed(agreement)


def _why_not_ready(file: Standing) -> str | None:
    return why_not_read(file) or signature_unconfirmed(file.to_confirm) or claims_pending(file.claims)


def _why_disputed(agreement: Agreement) -> str | None:
    if agreement.blind:
        return _("Vous lisez aussi ce dossier : rendez d’abord votre lecture.")
    if agreement.called:
        return _("Un vote a été demandé sur ce dossier : il se décide à part.")
    if agreement.corrected:
        return _("Le jury a écarté ou corrigé un élément de ce dossier : il se décide à part.")
    if agreement.level is None or any(level != agreement.level for level, _honour in agreement.proposals):
        return _("Les lectures de ce dossier ne proposent pas toutes le niveau calculé : il se décide à part.")
    if any(honour for _level, honour in agreement.proposals):
        return _("Une mention est proposée pour ce dossier : il se décide à part.")
    return None if agreement.proposals else _("Personne n’a lu ce dossier : il se décide à part.")


def signature_unconfirmed(waits: bool) -> str | None:
    """A file signed by somebody whom the organiser has yet to confirm is read, not decided."""
    if not waits:
        return None
    return _("La signature de ce dossier attend d’être confirmée par l’organisateur : il se lit, il ne se décide pas.")


def claims_pending(count: int) -> str | None:
    """« Pas concerné », and what the commune did not know of itself."""
    if not count:
        return None
    return ngettext(
        "%(count)s réponse « pas concerné » attend encore l’avis du jury : le niveau en dépend.",
        "%(count)s réponses « pas concerné » attendent encore l’avis du jury : le niveau en dépend.",
        count,
    ) % {"count": count}


def readings_missing(*, readings: int, required: int) -> str | None:
    if readings >= required:
        return None
    return ngettext(
        "Il manque des lectures : %(readings)s rendue sur %(required)s. Pour passer outre, dites pourquoi.",
        "Il manque des lectures : %(readings)s rendues sur %(required)s. Pour passer outre, dites pourquoi.",
        readings,
    ) % {"readings": readings, "required": required}


def why_not_examined(level: int | None) -> str | None:
    if level is not None:
        return None
    return _("Le niveau instruit ne peut pas être calculé : il manque un élément au dossier pour l’établir.")


def why_not_level(*, level: int, examined: int | None, reasons: str, grades: Sequence[int]) -> str | None:
    """The level granted is the examined one, or its neighbour with written reasons. `grades`: those there are."""
    if examined is None:
        return _("Le niveau instruit ne peut pas être calculé : il manque un élément au dossier pour l’établir.")
    if level not in grades:
        return no_such_level(grades)
    if abs(level - examined) > 1:
        return _("Le niveau instruit est %(examined)s : le jury peut s’en écarter d’une arobase au plus.") % {
            "examined": examined
        }
    if level != examined and not reasons.strip():
        return _("Vous vous écartez du niveau instruit : écrivez vos raisons, elles seront publiées.")
    return None


def no_such_level(grades: Sequence[int]) -> str:
    return _("Le niveau va de %(least)s à %(most)s arobases.") % {"least": grades[0], "most": grades[-1]}


def check_level(*, level: int, examined: int | None, reasons: str, grades: Sequence[int]) -> int:
    """The examined level, once sure that there is one and that `level` may stand beside it."""
    refuse(why_not_level(level=level, examined=examined, reasons=reasons, grades=grades))
    return examined or 0


def why_not_revise(*, handed_in: bool, all_in: bool) -> str | None:
    if not handed_in:
        return _("Votre lecture n’est pas rendue : il n’y a rien à réviser.")
    return None if all_in else _("Votre lecture est rendue : elle se révise quand les autres lectures le sont aussi.")


def why_not_third_reader(*, spread: int, waiting: bool, able: bool) -> str | None:
    if spread <= WIDEST:
        return _("Les lectures ne s’écartent pas de plus d’une arobase.")
    if waiting:
        return _("Une troisième lecture est déjà demandée.")
    return None if able else _("Personne d’autre ne peut lire ce dossier.")


def why_not_while_voting(voting: bool) -> str | None:
    """An open vote holds the file still: no ruling, no decision before it is closed or called off."""
    if not voting:
        return None
    return _("Un vote est ouvert sur ce dossier : il faut d’abord le clore, ou l’annuler.")


def why_not_against_the_vote(*, level: int, voted: int | None) -> str | None:
    if voted is None or level == voted:
        return None
    return _("Le jury a voté le niveau %(voted)s : décidez ce niveau, ou ouvrez un nouveau vote.") % {"voted": voted}


def why_not_honours(*, honours: Iterable[str], voted: Mapping[str, bool]) -> str | None:
    refused = [honour for honour in honours if voted.get(honour) is False]
    if not refused:
        return None
    return _("Le jury a voté contre la mention « %(honour)s » : retirez-la, ou ouvrez un nouveau vote.") % {
        "honour": refused[0]
    }


def why_not_vote(ballot: Ballot, *, now: datetime | None = None) -> str | None:
    """`now`: of a voice, which comes too late once the hour has struck, though nobody has counted yet."""
    if ballot.set_aside_at is not None:
        return _("Ce vote a été annulé, ou le dossier est revenu en lecture depuis.")
    late = now is not None and ballot.closes_at is not None and now >= ballot.closes_at
    return _("Ce vote est clos.") if late or ballot.closed_at is not None else None


def why_not_close_at(hour: datetime | None, *, now: datetime, results_at: datetime) -> str | None:
    if hour is None or now < hour < results_at:
        return None
    return _("L’heure de clôture du vote est à venir, et avant l’annonce des résultats.")


def why_not_wanted_by(day: date, *, today: date, results_on: date) -> str | None:
    if today <= day < results_on:
        return None
    return _("La date souhaitée est à venir, et avant l’annonce des résultats, le %(day)s.") % {
        "day": french.day(results_on)
    }


def why_not_close(count: Count) -> str | None:
    if not count.has_quorum:
        return _("Le quorum n’est pas atteint : %(cast)s voix sur les %(quorum)s qu’il faut.") % {
            "cast": count.cast,
            "quorum": count.quorum,
        }
    if not count.leading:
        return _("Personne ne s’est prononcé : toutes les voix sont des abstentions.")
    if count.outcome is None:
        return _("Il y a égalité : la voix de la présidence départage, votez pour l’un des choix en tête.")
    return None


def why_not_reopen(application: Application) -> str | None:
    if application.state == State.DECIDED:
        return None
    if application.state == State.PUBLISHED:
        return _("Le résultat est publié : seule une demande de réexamen peut encore le changer.")
    return _("Ce dossier n’est pas décidé : il n’y a rien à rouvrir.")


def appeal_closes_at(edition: Edition) -> datetime:
    return edition.results_at + timedelta(days=APPEAL_DAYS)


def why_not_appeal(application: Application, *, already: bool, now: datetime) -> str | None:
    """The first refusal is the same whatever the state of the file: before the announcement it tells nothing."""
    edition = application.edition
    if edition.published_at is None or now < edition.results_at:
        return _("Une demande de réexamen se dépose après l’annonce des résultats.")
    if application.state != State.PUBLISHED:
        return _("Ce dossier n’a pas de résultat publié à réexaminer.")
    if already:
        return _("Une demande de réexamen a déjà été déposée pour ce dossier : il ne peut y en avoir qu’une.")
    if now > appeal_closes_at(edition):
        return _("Le délai de %(days)s jours est passé : les demandes se déposaient jusqu’au %(when)s.") % {
            "days": APPEAL_DAYS,
            "when": moment(appeal_closes_at(edition)),
        }
    return None


def why_not_answer(appeal: Appeal) -> str | None:
    return None if appeal.state == AppealState.FILED else _("Il a déjà été répondu à cette demande.")


def levels_above(*, decided: int, examined: int, grades: Sequence[int]) -> list[int]:
    """Those to which an appeal may raise a level: higher than the one decided, within one of the examined one."""
    return [level for level in grades if decided < level <= examined + 1]


def why_not_conclude(*, awaited: int) -> str | None:
    """An appeal is answered once the file was read anew."""
    if not awaited:
        return None
    return ngettext(
        "Il manque %(count)s lecture par un juré qui n’a pas encore lu ce dossier.",
        "Il manque %(count)s lectures par des jurés qui n’ont pas encore lu ce dossier.",
        awaited,
    ) % {"count": awaited}


def why_not_quorum(quorum: int, *, sitting: int) -> str | None:
    if 1 <= quorum <= max(sitting, 1):
        return None
    return ngettext(
        "Le quorum va de 1 à %(n)s, le nombre de personnes qui siègent.",
        "Le quorum va de 1 à %(n)s, le nombre de personnes qui siègent.",
        max(sitting, 1),
    ) % {"n": max(sitting, 1)}


def why_not_hand_over(*, chairs: bool, is_chair: bool) -> str | None:
    """A panel is never left without a chair by a box unticked: the presidency passes from one person to another."""
    if chairs and not is_chair:
        return _("Un jury a une présidence : donnez-la à la page de la personne qui la prend.")
    return None


def why_not_held_on(day: date, *, panel_since: date, today: date) -> str | None:
    """A session is reported once held, by a panel that existed."""
    if day > today:
        return _("La séance n’a pas encore eu lieu : son procès-verbal se signe ce jour-là, ou après.")
    if day < panel_since:
        return _("Le jury n’existait pas encore ce jour-là : il siège depuis le %(day)s.") % {
            "day": french.day(panel_since)
        }
    return None


def check_can_read(application: Application) -> None:
    refuse(why_not_read(application))


def check_examined(level: int | None) -> int:
    refuse(why_not_examined(level))
    return level or 0


def check_is_open(ballot: Ballot, *, now: datetime | None = None) -> None:
    refuse(why_not_vote(ballot, now=now))


def check_can_reopen(application: Application) -> None:
    refuse(why_not_reopen(application))


def check_can_appeal(application: Application, *, already: bool, now: datetime) -> None:
    refuse(why_not_appeal(application, already=already, now=now))


def check_can_answer(appeal: Appeal) -> None:
    refuse(why_not_answer(appeal))


def refuse(reason: str | None) -> None:
    if reason is not None:
        raise NotNow(reason)
