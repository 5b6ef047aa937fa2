"""Several people on one question: who takes care of it, comments, and the link that asks somebody outside."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors.limits import MAILS
from accounts.models import Role, User
from accounts.permissions import SignedInRequest
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import actions, forms, policies, queries, wording
from assessments.doors import scorecards
from assessments.models import Application, Enquiry
from assessments.pages import questionnaire
from assessments.views.access import WRONG, file_or_404, file_to_write, question_or_404, why_read_only
from scoring.model import Question


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def together(request: SignedInRequest, code: str, year: int, part: str, question_id: str) -> HttpResponse:
    """One question, as its team sees it. A post says what to do: assign, comment, ask, cancel or adopt."""
    if request.method == "POST":
        file, _membership = file_to_write(request, code, year)
        said = _do(request, file, question_or_404(file, part, question_id))
        messages.success(request, said)
        return redirect("assessments:together", code, year, part, question_id)
    file, membership = file_or_404(request, code, year)
    question = question_or_404(file, part, question_id)
    shared = queries.shared(file)
    sheet = queries.sheet(file)
    context = {
        "application": file,
        "territory": file.territory,
        "edition": file.edition,
        "part": part,
        "question": question,
        "issue": file.framework.parsed.issue_by_id[question.issue],
        "said": wording.answer(question, sheet.answers.get(question_id)),
        "seen": sheet.version(question_id),
        "own": shared.carers.get(question_id),
        "of_issue": shared.carers.get(question.issue),
        "writers": [row.user for row in queries.members(file) if row.role != Role.READER],
        "comments": queries.comments(file, question_id),
        "enquiries": [(row, _said(question, row)) for row in queries.enquiries(file, question_id)],
        "now": timezone.now(),
        "may_ask": question.takes_answer and not question.confidential,
        "read_only": why_read_only(file, membership, questions=[question.id]),
    }
    return render(request, "assessments/together.html", context)


def _do(request: SignedInRequest, file: Application, question: Question) -> str:
    now, posted = timezone.now(), request.POST
    match posted.get("do"):
        case "assign":
            part = question.issue if posted.get("whole") else question.id
            person = User.objects.filter(pk=texts.whole(posted.get("person", "")) or 0).first()
            actions.assign(application=file, part=part, person=person, by=request.user, now=now)
            return _("C’est noté.")
        case "comment":
            text = posted.get("text", "")
            actions.comment(application=file, question_id=question.id, text=text, by=request.user, now=now)
            return _("Votre commentaire est ajouté.")
        case "ask":
            email = _email(posted.get("email", ""))
            MAILS.spend(request.user.pk, now=now)
            actions.ask(application=file, question_id=question.id, email=email, by=request.user, now=now)
            return _("La question part à %(email)s.") % {"email": email}
        case "cancel":
            actions.cancel_enquiry(enquiry=_enquiry(file, question, posted), by=request.user, now=now)
            return _("La question est retirée : le lien ne montre plus rien.")
        case "adopt":
            seen = forms.read_seen(posted)
            actions.adopt(enquiry=_enquiry(file, question, posted), seen=seen, by=request.user, now=now)
            return _("La réponse est reprise dans le dossier.")
    raise Refused(_("La page est incomplète : rechargez-la."))


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, secret: str) -> HttpResponse:
    """What the link of the mail opens: that question and nothing else of the file."""
    enquiry = queries.enquiry_by_secret(secret)
    if enquiry is None:
        raise Http404
    file = enquiry.application
    done, refusal, status = False, "", 200
    try:
        policies.check_enquiry_open(enquiry, timezone.now())
        question = file.framework.parsed.question_by_id[enquiry.question_id]
        policies.check_can_change(file, timezone.now(), questions=[question.id])
    except Refused as refused:
        return render(request, "assessments/reply.html", {"enquiry": enquiry, "closed": refused.reason}, status=409)
    if request.method == "POST":
        try:
            given = forms.read_answer(question, request.POST)
            actions.reply(
                enquiry=enquiry,
                state=given.state,
                value=given.value,
                reason=given.reason,
                words=request.POST.get("words", ""),
                now=timezone.now(),
            )
            done = True
        except Refused as refused:
            refusal, status = refused.reason, WRONG if refused.status == 400 else refused.status
    line = next(line for line in scorecards.live(file).lines if line.question.id == question.id)
    card = questionnaire.Card(question, line, None, 0)
    context = {
        "enquiry": enquiry,
        "card": card,
        "done": done,
        "refusal": refusal,
        "words": request.POST.get("words", ""),
    }
    return render(request, "assessments/reply.html", context, status=status)


def _enquiry(file: Application, question: Question, posted: Any) -> Enquiry:
    return get_object_or_404(queries.enquiries(file, question.id), pk=texts.whole(posted.get("enquiry", "")))


def _said(question: Question, row: Enquiry) -> str:
    return wording.answer(question, row) if row.replied_at else ""


def _email(text: str) -> str:
    email = text.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("Donnez l’adresse électronique de la personne à qui poser la question.")) from None
    return email
