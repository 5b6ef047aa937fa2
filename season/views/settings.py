"""The settings of the instance: its words, its mails, its seal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, organiser_required
from accounts.refusals import Refused
from instance import queries
from season import forms
from season.actions import settings

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def words(request: SignedInRequest) -> HttpResponse:
    form = forms.WordsForm(request.POST or None, instance=queries.row())
    if request.method == "POST" and form.is_valid():
        settings.change_words(values=form.cleaned_data, by=request.user)
        messages.success(request, _("Les réglages sont enregistrés. Les documents déjà faits ne changent pas."))
        return redirect("season:words")
    status = WRONG if request.method == "POST" else 200
    return render(request, "season/words.html", {"form": form, "tab": "words"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def mail(request: SignedInRequest) -> HttpResponse:
    form = forms.MailForm(request.POST or None, instance=queries.row())
    if request.method == "POST" and form.is_valid():
        settings.change_mail(values=form.cleaned_data, password=form.cleaned_data["secret"], by=request.user)
        messages.success(request, _("Les réglages du courrier sont enregistrés. Envoyez maintenant un essai."))
        return redirect("season:mail")
    return _mail(request, form=form, status=WRONG if request.method == "POST" else 200)


@require_POST
@organiser_required
def trial(request: SignedInRequest) -> HttpResponse:
    form = forms.TrialForm(request.POST)
    if form.is_valid():
        try:
            settings.send_trial(to=form.cleaned_data["to"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Le serveur a pris l’essai : recopiez ci-dessous le code qu’il contient."))
            return redirect("season:mail")
    return _mail(request, trial=form, status=WRONG)


@require_POST
@organiser_required
def confirm(request: SignedInRequest) -> HttpResponse:
    form = forms.CodeForm(request.POST)
    if form.is_valid():
        try:
            settings.confirm_trial(code=form.cleaned_data["code"], by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error("code", refusal.reason)
        else:
            messages.success(request, _("L’essai est arrivé : les courriels partent."))
            return redirect("season:mail")
    return _mail(request, code=form, status=WRONG)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def seal(request: SignedInRequest) -> HttpResponse:
    """Which seal papers bear and what it means; the POST has a worker try it."""
    if request.method == "POST":
        try:
            settings.try_seal(by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("L’essai est demandé : rechargez cette page dans un instant."))
        return redirect("season:seal")
    return render(request, "season/seal.html", {"row": queries.row(), "given": queries.seal_given(), "tab": "seal"})


def _mail(request: SignedInRequest, *, status: int, **bound: object) -> HttpResponse:
    """The page with its three forms; the one that was posted says what is wrong."""
    row = queries.row()
    context = {
        "row": row,
        "tab": "mail",
        "form": forms.MailForm(instance=row),
        "trial": forms.TrialForm(initial={"to": request.user.email}),
        "code": forms.CodeForm(),
        **bound,
    }
    return render(request, "season/mail.html", context, status=status)
