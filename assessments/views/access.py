"""How every page finds its file: through the person's membership, or 404."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import BaseForm
from django.http import Http404
from django.utils import timezone

from accounts.models import Membership, Role
from accounts.permissions import SignedInRequest, check_can_write
from accounts.queries import open_invitations
from accounts.refusals import NotAllowed, Refused
from assessments import actions, policies, queries
from assessments.doors import scorecards
from assessments.doors.uploads import BadFile
from assessments.models import Application
from assessments.pages import complements, panels
from assessments.queries import Sheet
from scoring import gaps as engine_gaps
from scoring import parts
from scoring.engine import Result
from scoring.model import Question

WRONG = 422


def file_or_404(request: SignedInRequest, code: str, year: int) -> tuple[Application, Membership]:
    file = queries.file_of(user=request.user, code=code, year=year)
    if file is None:
        raise Http404
    return file


def file_to_write(request: SignedInRequest, code: str, year: int) -> tuple[Application, Membership]:
    """The file, for somebody who may write. Actions lock it, and read again what they go by."""
    application, membership = file_or_404(request, code, year)
    check_can_write(membership)
    return application, membership


def say_on_form(form: BaseForm, refusal: Refused) -> None:
    """Wrong input is said on its form, beside the file that was sent if that is what is wrong; any other refusal goes
    on to the page that says it."""
    if refusal.status != 400:
        raise refusal
    form.add_error("upload" if isinstance(refusal, BadFile) else None, refusal.reason)


def why_read_only(application: Application, membership: Membership, **parts: Any) -> str | None:
    """The reason shown instead of the controls: the person's role first, then the state and the date, then what the
    jury asked for. `parts`: see `policies.why_not_change`."""
    try:
        check_can_write(membership)
    except NotAllowed as refusal:
        return refusal.reason
    return policies.why_not_change(application, timezone.now(), **parts)


def file_context(
    application: Application, membership: Membership, sheet: Sheet, result: Result, **context: Any
) -> dict[str, Any]:
    """What every page of a file shows: whose it is, its score, its situation. `previous_visit` is when the person’s one
    before this one ended: who opens such a page is visiting."""
    now = timezone.now()
    return {
        "previous_visit": actions.visit(application=application, by=membership.user, now=now),
        "application": application,
        "territory": application.territory,
        "edition": application.edition,
        "membership": membership,
        "signs": membership.role == Role.SIGNATORY,
        "read_only": why_read_only(application, membership),
        "score": panels.score(application, sheet, result, now=now),
        "time_left": panels.time_left(application, now=now),
        "initiatives_count": len(sheet.initiatives),
        "asked": complements.points(application, application.complement) if application.complement else [],
        **context,
    }


def signing(application: Application, membership: Membership) -> dict[str, Any]:
    """Does this person sign, who does, who is invited to."""
    invited = open_invitations(territory=application.territory, now=timezone.now())
    return {
        "signs": membership.role == Role.SIGNATORY,
        "signatories": [each for each in queries.members(application) if each.role == Role.SIGNATORY],
        "invited": invited.filter(role=Role.SIGNATORY),
    }


def sheet_and_score(application: Application) -> tuple[Sheet, Result]:
    """What a whole page shows; the people who answered are few, read apart from their many answers."""
    sheet = queries.sheet(application)
    prefetch_related_objects(list(sheet.latest.values()), "author")
    return sheet, scorecards.live(application, sheet=sheet)


def gaps(application: Application, result: Result) -> engine_gaps.Gaps:
    return engine_gaps.gaps(application.framework.parsed, application.declared_context, result)


def question_or_404(file: Application, part: str, question_id: str) -> Question:
    """The question of an address, which names the part that one came from."""
    framework = file.framework.parsed
    question = framework.question_by_id.get(question_id)
    if question is None or parts.part(framework, part) is None:
        raise Http404
    return question
