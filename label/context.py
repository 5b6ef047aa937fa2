"""What every template may name."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.permissions import rights_of
from accounts.queries import on_files
from accounts.rules.addresses import has_secret
from instance.queries import current
from jury.queries import seated
from label import rgaa
from prepared import prepared

# Where people work: these pages are set a little smaller and closer than the public ones.
WORKING = ("/dossiers/", "/jury/", "/organisation/", "/compte/")


def instance(request: HttpRequest) -> dict[str, object]:
    """`instance`: whose label this is; `roles`: which parts of the menu this person sees, asked when a page has a menu;
    `rights`: which of the organiser's; `looked_at`: whose files are seen in their place; `working`: a page of work;
    `here`: its address, unless it holds a secret; `accessibility`: what the audit found; `version`: of the program."""
    # Absent when a request was refused before anyone was recognised, as for an unknown host.
    user = getattr(request, "user", None)
    return {
        "instance": current(),
        "roles": SimpleLazyObject(lambda: _roles(user)),
        "rights": rights_of(user) if user else frozenset(),
        "here": "/" if has_secret(request.path) else request.path,
        "working": request.path.startswith(WORKING),
        "accessibility": rgaa.state(),
        "version": settings.VERSION,
        "looked_at": getattr(request, "looked_at", None),
    }


def _roles(user: User | None) -> dict[str, bool]:
    if user is None or not user.is_authenticated:
        return {"applicant": False, "juror": False, "organiser": False}
    applicant, juror = _parts(user=user.pk)[0]
    return {"applicant": applicant, "juror": juror, "organiser": user.organiser_role is not None}


_parts = prepared(
    lambda user: (
        User.objects.filter(pk=user)
        .annotate(applicant=on_files(), juror=seated())
        .order_by()
        .values_list("applicant", "juror")
    )
)
