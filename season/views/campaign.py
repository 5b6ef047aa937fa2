"""The campaign: whom to invite, what is written to them, how it went; and the two links of each message."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import Refused
from assessments.models import Edition
from assessments.queries import editions
from instance import queries as instance
from outbox.models import MailState
from season import forms
from season.actions import campaign as actions
from season.doors import campaign as door
from season.doors import lists
from season.enums import Segment
from season.models import Dispatch, Guest, Message
from season.queries import campaign as queries
from season.rules.fields import FIELDS

PAGE, WRONG = 100, 422
SHOWN = 3  # real recipients of whom a message is shown before it leaves
LIST = Signer(salt="season.guests")


@require_safe
@organiser_required
def campaign(request: SignedInRequest, year: int) -> HttpResponse:
    edition = _edition(year)
    context = {"edition": edition, "messages_written": queries.messages(edition), "guests": edition.guests.count()}
    return render(request, "season/campaign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def guests(request: SignedInRequest, year: int) -> HttpResponse:
    """The list; the POST reads a file and shows what it would add. Nothing is written before `confirm_guests`."""
    edition = _edition(year)
    form = forms.GuestsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = lists.lines(file.read())
        except Refused as refusal:
            form.add_error("file", refusal.reason)
        else:
            reading = lists.read(found, queries.meant(*lists.meant(found)))
            rows = [(guest.territory.code, guest.email) for guest in reading.guests]
            context = {
                "edition": edition,
                "reading": reading,
                "lines": LIST.sign(json.dumps([form.cleaned_data["role"], rows])),
            }
            return render(request, "season/guests_preview.html", context)
    page = Paginator(queries.guests(edition), PAGE).get_page(request.GET.get("page"))
    status = WRONG if request.method == "POST" else 200
    return render(request, "season/guests.html", {"edition": edition, "form": form, "page": page}, status=status)


@require_POST
@organiser_required
def confirm_guests(request: SignedInRequest, year: int) -> HttpResponse:
    edition = _edition(year)
    try:
        role, rows = json.loads(LIST.unsign(request.POST.get("lines", "")))
    except (BadSignature, ValueError):
        raise Refused(_("Cette page a été abîmée en route : envoyez la liste à nouveau.")) from None
    known = queries.by_code(code for code, _email in rows)
    read = [lists.Guest(known[code], email) for code, email in rows if code in known]
    added = actions.add_guests(edition=edition, guests=read, role=role, by=request.user, now=timezone.now())
    said = ngettext("%(n)s adresse est ajoutée.", "%(n)s adresses sont ajoutées.", added) % {"n": added}
    messages.success(request, said)
    return redirect("season:guests", year)


@require_POST
@organiser_required
def remove_guest(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    guest = get_object_or_404(Guest.objects.select_related("edition", "territory"), edition__year=year, pk=pk)
    actions.remove_guest(guest=guest, by=request.user)
    messages.success(request, _("L’adresse est retirée de la liste."))
    return redirect("season:guests", year)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def message(request: SignedInRequest, year: int, pk: int | None = None) -> HttpResponse:
    """A message: written, seen on real recipients, planned, then followed."""
    edition = _edition(year)
    row = get_object_or_404(queries.messages(edition), pk=pk) if pk else Message(edition=edition)
    if row.planned_at:
        return _followed(request, edition, row)
    form = forms.MessageForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.write_message(message=row, values=form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error("text", refusal.reason)
        else:
            return redirect("season:message", year, row.pk)
    context = {
        "edition": edition,
        "message": row,
        "form": form,
        "fields": [(f"{{{name}}}", words) for name, words in FIELDS.items()],
        **(_seen(row) if row.pk and not form.errors else {}),
    }
    return render(request, "season/message.html", context, status=WRONG if form.errors else 200)


def _seen(row: Message) -> dict[str, object]:
    """To how many it would go now, and the first of them with their text."""
    people = queries.recipients(row.edition, Segment(row.segment), now=timezone.now())
    link, label = _("[le lien personnel]"), instance.current()
    return {
        "count": len(people),
        "seen": [(person, door.written(row, person, label, link=link)) for person in people[:SHOWN]],
    }


def _followed(request: SignedInRequest, edition: Edition, row: Message) -> HttpResponse:
    state = request.GET.get("etat", "")
    page = Paginator(queries.dispatches(row, state=state), PAGE).get_page(request.GET.get("page"))
    context = {"edition": edition, "message": row, "page": page, "state": state, "states": MailState.choices}
    return render(request, "season/followed.html", context)


@require_POST
@organiser_required
def plan(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    actions.plan_message(message=_message(year, pk), by=request.user, now=timezone.now())
    messages.success(request, _("Le message est prévu : cette page dit ce qu’il devient."))
    return redirect("season:message", year, pk)


@require_POST
@organiser_required
def cancel(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    actions.cancel_message(message=_message(year, pk), by=request.user, now=timezone.now())
    messages.success(request, _("Le message est annulé : rien ne partira."))
    return redirect("season:campaign", year)


@require_POST
@organiser_required
def again(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    count = actions.send_again(message=_message(year, pk), by=request.user)
    said = ngettext("%(n)s courriel est remis à l’envoi.", "%(n)s courriels sont remis à l’envoi.", count)
    messages.success(request, said % {"n": count})
    return redirect("season:message", year, pk)


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a message: to one's files, or to the invitation of who has no account yet."""
    rows = Dispatch.objects.select_related("message__written_by", "territory")
    dispatch = get_object_or_404(rows, pk=door.dispatch_of(token))
    secret = actions.follow(dispatch=dispatch, now=timezone.now())
    return redirect("accounts:invitation", secret) if secret else redirect("start")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more messages of the campaign. A mail program posts here by itself, without our form (RFC 8058)."""
    email = door.address_of(token)
    if email is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("reprendre"):
            actions.unmute(email=email)
        else:
            actions.mute(email=email, now=timezone.now())
    return render(request, "season/stop.html", {"email": email, "muted": queries.is_muted(email)})


def _edition(year: int) -> Edition:
    return get_object_or_404(editions(), year=year)


def _message(year: int, pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("edition"), edition__year=year, pk=pk)
