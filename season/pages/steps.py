"""What each step of an edition still lacks before it is taken, with the page where it is done."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import State
from assessments.models import Edition
from instance.queries import Label
from season.queries.following import Facts


@dataclass(frozen=True)
class Check:
    """One thing that a step needs. `advice`: it helps, but the step may be taken without."""

    done: bool
    words: str
    href: str
    advice: bool = False


@dataclass(frozen=True)
class Step:
    title: str
    when: datetime
    taken: bool
    checks: tuple[Check, ...]

    @property
    def lacking(self) -> int:
        return sum(not check.done and not check.advice for check in self.checks)


def steps(edition: Edition, facts: Facts, label: Label, *, now: datetime) -> list[Step]:
    """Opening, closing, jury, publication, announcement: in order, those taken too."""
    return [
        Step(_("Ouvrir les candidatures"), edition.opens_at, edition.opens_at <= now, _opening(edition, label)),
        Step(_("Clore les candidatures"), edition.closes_at, edition.closes_at <= now, _closing(edition, facts)),
        Step(_("Réunir le jury"), edition.closes_at, _examined(edition, facts, now), _jury(edition, facts)),
        Step(
            _("Publier, en secret"), edition.results_at, edition.published_at is not None, _publishing(edition, facts)
        ),
        Step(_("Annoncer"), edition.results_at, _announced(edition, now), _announcing(edition, facts, label)),
    ]


_IN_READING = (State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED)


def _examined(edition: Edition, facts: Facts, now: datetime) -> bool:
    """Nothing is left to read once the files are in: before, there is nothing yet."""
    return edition.closes_at <= now and not facts.count(*_IN_READING)


def _announced(edition: Edition, now: datetime) -> bool:
    return edition.published_at is not None and edition.results_at <= now


def _opening(edition: Edition, label: Label) -> tuple[Check, ...]:
    calendar = reverse("season:calendar", args=[edition.year])
    return (
        _check(not edition.draft, _("l’édition est montrée au public"), _("montrer l’édition au public"), calendar),
        _check(
            label.mail_tried,
            _("un courriel d’essai est arrivé"),
            _("envoyer un courriel d’essai, puis recopier son code"),
            reverse("season:mail"),
        ),
        _check(
            bool(label.legal_notice),
            _("les mentions légales sont écrites"),
            _("écrire les mentions légales"),
            reverse("season:words"),
            advice=True,
        ),
    )


def _closing(edition: Edition, facts: Facts) -> tuple[Check, ...]:
    drafts = facts.count(State.DRAFT)
    words = ngettext("%(n)s dossier est encore en préparation", "%(n)s dossiers sont encore en préparation", drafts)
    files = f"{reverse('season:files', args=[edition.year])}?state={State.DRAFT}"
    return (Check(not drafts, words % {"n": drafts} if drafts else _("tout dossier est déposé"), files, advice=True),)


def _jury(edition: Edition, facts: Facts) -> tuple[Check, ...]:
    panel, readers = (reverse(name, args=[edition.year]) for name in ("jury:panel", "jury:assignments"))
    missing = facts.readings - facts.readings_given
    return (
        _check(facts.chaired, _("une personne préside le jury"), _("dire qui préside le jury"), panel),
        _check(bool(facts.jurors) and not facts.undeclared, _undeclared(0), _to_declare(facts), panel),
        Check(not facts.unread, _unread(facts.unread), readers),
        Check(not missing, _missing(missing), readers),
    )


def _publishing(edition: Edition, facts: Facts) -> tuple[Check, ...]:
    panel, publication = (reverse(name, args=[edition.year]) for name in ("jury:panel", "results:publication"))
    waiting = facts.count(*_IN_READING)
    return (
        Check(not waiting, _waiting(waiting), reverse("jury:assignments", args=[edition.year])),
        Check(not facts.unsigned, _unsigned(facts.unsigned), panel, advice=True),
        Check(not facts.delayed, _delayed(facts.delayed), reverse("season:calendar", args=[edition.year])),
        _check(
            bool(facts.count(State.DECIDED, State.PUBLISHED)),
            _("un résultat au moins est décidé"),
            _("décider d’un résultat au moins"),
            publication,
        ),
    )


def _announcing(edition: Edition, facts: Facts, label: Label) -> tuple[Check, ...]:
    publication = reverse("results:publication", args=[edition.year])
    return (
        _check(edition.published_at is not None, _("l’édition est publiée"), _("publier l’édition"), publication),
        _check(
            label.own_seal,
            _("les documents portent le cachet de l’organisation"),
            _("installer le cachet de l’organisation"),
            reverse("season:seal"),
        ),
    )


def _check(done: bool, fact: str, to_do: str, href: str, *, advice: bool = False) -> Check:
    """What is so is told, what is not yet is asked for."""
    return Check(done, fact if done else to_do, href, advice)


def _to_declare(facts: Facts) -> str:
    return _undeclared(facts.undeclared) if facts.jurors else _("composer le jury")


def _undeclared(n: int) -> str:
    if not n:
        return _("tout le jury a déclaré ses liens")
    return ngettext("%(n)s personne n’a pas déclaré ses liens", "%(n)s personnes n’ont pas déclaré leurs liens", n) % {
        "n": n
    }


def _unread(n: int) -> str:
    if not n:
        return _("tout dossier déposé a des lecteurs")
    return ngettext("%(n)s dossier n’a pas de lecteur", "%(n)s dossiers n’ont pas de lecteur", n) % {"n": n}


def _missing(n: int) -> str:
    if not n:
        return _("toutes les lectures confiées sont rendues")
    return ngettext("%(n)s lecture n’est pas rendue", "%(n)s lectures ne sont pas rendues", n) % {"n": n}


def _waiting(n: int) -> str:
    if not n:
        return _("tout dossier déposé a sa décision")
    return ngettext("%(n)s dossier attend sa décision", "%(n)s dossiers attendent leur décision", n) % {"n": n}


def _unsigned(n: int) -> str:
    if not n:
        return _("toute décision est dans un procès-verbal signé")
    return ngettext(
        "%(n)s décision n’est dans aucun procès-verbal signé",
        "%(n)s décisions ne sont dans aucun procès-verbal signé",
        n,
    ) % {"n": n}


def _delayed(n: int) -> str:
    if not n:
        return _("aucun délai particulier ne court")
    return ngettext("%(n)s délai particulier court encore", "%(n)s délais particuliers courent encore", n) % {"n": n}
