"""The way from the first question to the deposit, ready to be shown. Reads no row."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Initiative
from assessments.pages.panels import most_to_win
from scoring import parts
from scoring.engine import NOT_APPLICABLE, UNDECIDED, Result
from scoring.gaps import Gaps

ICONS = {"done": "ok", "now": "pencil", "late": "warning", "": "todo"}
TONES = {"done": "ok", "late": "warn"}


@dataclass(frozen=True)
class Stage:
    """One stage: the page where it is done, where it stands (`done`, `now`, `late`, or nothing yet), and in words."""

    title: str
    view: str
    state: str
    word: str
    hint: str = ""
    part: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "")


def road(result: Result, gaps: Gaps, *, initiatives: Sequence[Initiative], signatories: int) -> list[Stage]:
    return [
        _description(gaps),
        _first_questions(result, gaps),
        _all_questions(result, gaps),
        _initiatives(result, initiatives),
        _signature(signatories),
    ]


def _description(gaps: Gaps) -> Stage:
    state, word = ("now", _("à décrire")) if gaps.context else ("done", _("décrite"))
    return Stage(_("Ma collectivité"), "assessments:context", state, word)


def _first_questions(result: Result, gaps: Gaps) -> Stage:
    left = len(gaps.express)
    asked = sum(result.questions[q.id][0] not in (NOT_APPLICABLE, UNDECIDED) for q in result.framework.express)
    state = "done" if not left else "" if gaps.context else "now"
    return Stage(_("Premières questions"), "assessments:questions", state, _of(asked - left, asked), part=parts.EXPRESS)


def _all_questions(result: Result, gaps: Gaps) -> Stage:
    done, asked = result.answered
    left = asked - done
    state = "" if gaps else "now" if left else "done"
    hint = ngettext("%(n)d question sans réponse.", "%(n)d questions sans réponse.", left) % {"n": left} if left else ""
    weakest = most_to_win(result)
    issue = weakest.id if weakest else result.framework.issues[0].id
    return Stage(_("Approfondir"), "assessments:questions", state, _of(done, asked), hint, part=issue)


def _initiatives(result: Result, initiatives: Sequence[Initiative]) -> Stage:
    if not initiatives:
        return Stage(_("Initiatives"), "assessments:initiatives", "", _("à raconter"), _("Ce qui fait votre fierté."))
    covered = len({issue for row in initiatives for issue in row.issues})
    hint = ngettext("%(n)d enjeu sur %(all)d en a une.", "%(n)d enjeux sur %(all)d en ont une.", covered)
    words = hint % {"n": covered, "all": len(result.framework.issues)}
    return Stage(_("Initiatives"), "assessments:initiatives", "done", str(len(initiatives)), words)


def _signature(signatories: int) -> Stage:
    if not signatories:
        hint = _("La ou le maire, ou une personne déléguée, signera.")
        return Stage(_("Signature"), "assessments:submission", "late", _("qui signera ?"), hint)
    word = ngettext("%(n)d signataire", "%(n)d signataires", signatories) % {"n": signatories}
    return Stage(_("Signature"), "assessments:submission", "", word, _("Relire et déposer, quand vous voulez."))


def _of(done: int, total: int) -> str:
    return _("%(done)d sur %(total)d") % {"done": done, "total": total}
