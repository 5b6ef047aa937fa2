"""The organiser's pages on mails and tasks. The outbox itself knows nobody, so they live here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.permissions import Right, SignedInRequest, right_required
from instance import queries as instance
from outbox import queries
from outbox.jobs import mail as sending
from outbox.models import Job, Mail, MailState

PAGE = 50


@require_safe
@right_required(Right.OUTBOX)
def mails(request: SignedInRequest) -> HttpResponse:
    """`?q=&etat=`."""
    q = request.GET.get("q", "").strip()
    state = request.GET.get("etat", "")
    state = state if state in MailState.values else ""
    page = Paginator(queries.mails(q=q, state=state), PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/mails.html", {"page": page, "q": q, "state": state, "states": MailState.choices})


@require_safe
@right_required(Right.OUTBOX)
def mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One message, without its personal link, which each sending makes; save in a demo, where no mail leaves."""
    mail = get_object_or_404(queries.mails().defer(None).prefetch_related("files"), pk=pk)
    text = (sending.whole(mail) if instance.current().demo else None) or mail.shown
    return render(request, "outbox/mail.html", {"mail": mail, "text": text})


@require_POST
@right_required(Right.OUTBOX)
def bounce(request: SignedInRequest, pk: int) -> HttpResponse:
    """`said`: what the return tells, as far as somebody copied it."""
    message, said = get_object_or_404(Mail, pk=pk), request.POST.get("said", "")
    if actions.note_bounce(message=message, said=said, by=request.user):
        messages.success(request, _("C’est noté : ce message n’est pas arrivé."))
    else:
        messages.info(request, _("Ce message n’était pas parti : rien n’est à noter."))
    return redirect("accounts:mail", pk)


@require_POST
@right_required(Right.OUTBOX)
def send_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked twice, the second finds it already on its way."""
    if actions.send_mail_again(message=get_object_or_404(Mail, pk=pk), by=request.user):
        messages.success(request, _("Le message attend de nouveau son départ."))
    else:
        messages.info(request, _("Ce message attend déjà son départ."))
    return redirect("accounts:mail", pk)


@require_safe
@right_required(Right.OUTBOX)
def jobs(request: SignedInRequest) -> HttpResponse:
    failed = Paginator(queries.failed(), PAGE).get_page(request.GET.get("page"))
    work = queries.work(now=timezone.now())
    running = list(queries.running()[:PAGE])
    # A long task says itself how far it is.
    long = {job.kind for job in running}
    context = {
        "work": work,
        "waiting": [line for line in work if line.due and line.kind not in long],
        "running": running,
        "page": failed,
    }
    template = "outbox/jobs.html#progress" if request.htmx else "outbox/jobs.html"
    return render(request, template, context)


@require_POST
@right_required(Right.OUTBOX)
def retry_job(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked twice, the second finds it already on its way."""
    job = get_object_or_404(Job, pk=pk)
    failed = queries.failed().filter(pk=job.pk)
    return _retried(request, actions.retry_jobs(failed=failed, by=request.user))


@require_POST
@right_required(Right.OUTBOX)
def retry_jobs(request: SignedInRequest) -> HttpResponse:
    return _retried(request, actions.retry_jobs(failed=queries.failed(), by=request.user))


def _retried(request: SignedInRequest, count: int) -> HttpResponse:
    if count:
        said = ngettext("%(count)s tâche relancée.", "%(count)s tâches relancées.", count) % {"count": count}
        messages.success(request, said)
    else:
        messages.info(request, _("Rien à relancer : la tâche est déjà repartie."))
    return redirect("accounts:jobs")
