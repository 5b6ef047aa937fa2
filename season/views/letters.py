"""The words of the service’s own mails: read, changed, seen, put back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, organiser_required
from outbox.doors.letters import LETTERS, Letter, texts
from season import forms
from season.actions import letters as actions
from season.pages import letters as pages

WRONG = 422


@require_safe
@organiser_required
def letters(request: SignedInRequest) -> HttpResponse:
    context = {"groups": pages.groups(texts()), "tab": "letters"}
    return render(request, "season/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def letter(request: SignedInRequest, name: str) -> HttpResponse:
    """`look` shows what is typed, as a mail, and keeps nothing."""
    known = _letter(name)
    changed = texts()
    subject, text = changed.get(known.name, (str(known.subject), str(known.text)))
    form = forms.LetterForm(request.POST or None, letter=known, initial={"subject": subject, "text": text})
    if request.method == "POST" and form.is_valid():
        subject, text = form.cleaned_data["subject"], form.cleaned_data["text"]
        if "look" not in request.POST:
            actions.change_letter(letter=known, subject=subject, text=text, by=request.user)
            messages.success(request, _("Le texte est enregistré : les prochains courriels le disent ainsi."))
            return redirect("season:letter", name)
    context = {
        "letter": known,
        "form": form,
        "changed": known.name in changed,
        "fields": pages.fields_of(known),
        "seen": None if form.errors else pages.example(known, changed | {known.name: (subject, text)}),
    }
    return render(request, "season/letter.html", context, status=WRONG if form.errors else 200)


@require_POST
@organiser_required
def restore(request: SignedInRequest, name: str) -> HttpResponse:
    actions.restore_letter(letter=_letter(name), by=request.user)
    messages.success(request, _("Le texte d’origine est revenu."))
    return redirect("season:letter", name)


def _letter(name: str) -> Letter:
    if name not in LETTERS:
        raise Http404
    return LETTERS[name]
