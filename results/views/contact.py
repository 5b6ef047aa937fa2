"""Write to those who carry an initiative, without knowing their address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors.limits import CONTACT, CONTACTED, visitor
from results.doors import letters
from results.forms import ContactForm
from results.queries import ideas
from results.rules import contacts

LARGEST = 2**63 - 1  # number of a row
WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """One mail to the one address that the territory gave; none to whoever writes, whose address nobody has checked."""
    now = timezone.now()
    initiative = ideas.initiative(number, now=now) if number <= LARGEST else None
    if initiative is None or not contacts.address(initiative.contact):
        raise Http404
    email = request.user.email if request.user.is_authenticated else ""
    form = ContactForm(request.POST or None, initial={"email": email})
    if request.method == "POST" and form.is_valid():
        CONTACT.spend(visitor(request), now=now)
        CONTACTED.spend(initiative.number, now=now)
        letters.contacted(initiative, **form.cleaned_data)
        messages.success(request, _("Votre message est écrit à la collectivité, qui vous répondra directement."))
        return redirect("results:initiative", initiative.number)
    context = {"initiative": initiative, "form": form, "who": contacts.words(initiative.contact)}
    return render(request, "results/contact.html", context, status=WRONG if request.method == "POST" else None)
