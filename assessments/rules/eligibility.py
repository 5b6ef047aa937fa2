"""Which initiatives count, as the questionnaire says, with what lacks in words for the person who writes it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from unicodedata import normalize

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import State
from assessments.models import Application, Initiative
from scoring.framework import Framework
from scoring.model import Eligibility, Question

DATES, OPERATOR, PROOF = "dates", "operator", "proof"
# What made an initiative count while questionnaires, of schema 1, did not say it themselves.
UNWRITTEN = Eligibility(min_description=200, max_issues=2, max_age_years=2, requires=(DATES, OPERATOR, PROOF))


@dataclass(frozen=True)
class Terms:
    """What an initiative of a file is held to, and the days that it is judged by: `reference`, that of the edition, and
    `latest`, the last one on which it may start."""

    framework: Framework
    reference: date
    latest: date

    @property
    def asked(self) -> Eligibility:
        return self.framework.eligibility or UNWRITTEN

    @property
    def earliest(self) -> date:
        """An initiative that has ended counts when it started on this day or later (schema 1: later)."""
        year = self.reference.year - self.asked.max_age_years
        try:
            return self.reference.replace(year=year)
        except ValueError:  # 29 February
            return self.reference.replace(year=year, day=28)

    @property
    def words(self) -> str:
        """« Il lui faut aussi une description de 200 caractères, qui la porte, un ou deux enjeux… »"""
        asked = self.asked
        needs = []
        if asked.min_description:
            needs.append(_("une description d’au moins %(n)d caractères") % {"n": asked.min_description})
        if OPERATOR in asked.requires:
            needs.append(_("qui la porte"))
        if self.by_axis:
            needs.append(_("à quoi elle sert d’abord"))
        needs.append(issues_asked(asked))
        if PROOF in asked.requires:
            needs.append(_("un lien ou une preuve"))
        return _("Il lui faut aussi : %(needs)s.") % {"needs": ", ".join(needs)}

    @property
    def by_axis(self) -> bool:
        """Does an initiative say what it serves first? Since schema 2."""
        return self.framework.schema > 1


def terms(application: Application, framework: Framework, now: datetime) -> Terms:
    """A file that was submitted stays judged by that day, whatever the hour at which it is looked at."""
    writing = application.submitted_at is None or application.state in (State.DRAFT, State.RETURNED)
    moment = now if writing else application.submitted_at or now
    reference = application.edition.reference_on or timezone.localdate(application.edition.closes_at)
    latest = reference if framework.schema == 1 else min(reference, timezone.localdate(moment))
    return Terms(framework, reference, latest)


def what_lacks(initiative: Initiative, terms: Terms, *, proven: bool) -> list[str]:
    """Why this initiative does not count yet, in French; nothing when it counts."""
    asked, lacks = terms.asked, []
    if terms.by_axis and initiative.axis not in terms.framework.axis_by_id:
        lacks.append(_("à quoi elle sert d’abord"))
    missing = asked.min_description - len(normalize("NFC", initiative.description.strip()))
    if missing > 0:
        words = ngettext(
            "une description plus complète (encore %(n)d caractère)",
            "une description plus complète (encore %(n)d caractères)",
            missing,
        )
        lacks.append(words % {"n": missing})
    if not 1 <= len(initiative.issues) <= asked.max_issues:
        lacks.append(issues_asked(asked))
    if OPERATOR in asked.requires and not initiative.operator:
        lacks.append(_("qui la porte"))
    if PROOF in asked.requires and not initiative.link and not proven:
        lacks.append(_("un lien ou une preuve"))
    return lacks + _dates_lack(initiative, terms)


def counts(initiative: Initiative, terms: Terms, *, proven: bool) -> bool:
    return not what_lacks(initiative, terms, proven=proven)


def why_not_placed(framework: Framework, *, axis: str, issues: Collection[str]) -> str | None:
    """May an initiative be said to serve this axis first, and these issues?"""
    if framework.schema == 1:
        return _("Dans ce questionnaire, une initiative ne dit pas à quoi elle sert d’abord.")
    asked = framework.eligibility or UNWRITTEN
    if axis not in framework.axis_by_id:
        return _("Dites à quoi l’initiative sert d’abord.")
    if not set(issues) <= set(framework.issue_by_id) or not 1 <= len(set(issues)) == len(issues) <= asked.max_issues:
        return _("Il faut à l’initiative %(issues)s.") % {"issues": issues_asked(asked)}
    return None


def issues_asked(asked: Eligibility) -> str:
    words = ngettext("un enjeu servi", "un à %(n)d enjeux servis", asked.max_issues)
    return words % {"n": asked.max_issues} if asked.max_issues != 2 else _("un ou deux enjeux servis")


def _dates_lack(initiative: Initiative, terms: Terms) -> list[str]:
    if initiative.started_on is None:
        return [_("sa date de début")]
    if initiative.started_on > terms.latest:
        return [_("d’avoir commencé")]
    running = initiative.ended_on is None or initiative.ended_on >= terms.reference
    recent = initiative.started_on >= terms.earliest if terms.by_axis else initiative.started_on > terms.earliest
    if running or recent:
        return []
    years = terms.asked.max_age_years
    words = ngettext(
        "d’être encore en cours, ou d’avoir commencé depuis moins d’un an",
        "d’être encore en cours, ou d’avoir commencé depuis moins de %(n)d ans",
        years,
    )
    return [words % {"n": years}]


@dataclass(frozen=True)
class Place:
    """An issue that an initiative serves: the question that counts it there, or None where it counts nowhere."""

    issue: str
    question: Question | None


def places(initiative: Initiative, framework: Framework) -> list[Place]:
    """Where an eligible initiative counts. In schema 1 wherever its issues have a question."""
    counting = {framework.pool(question): question for question, _pool in framework.pools}
    axis = initiative.axis if framework.schema > 1 else None
    known = framework.issue_by_id
    return [
        Place(known[issue].title["fr"], counting.get((issue, axis))) for issue in initiative.issues if issue in known
    ]
