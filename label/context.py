"""What every template may name."""

from django.http import HttpRequest

from accounts.doors import links
from accounts.queries import works_on_files
from accounts.rules.rights import rights_of
from instance.queries import current
from jury.queries import is_juror

# Where people work: these pages are set a little smaller and closer than the public ones.
WORKING = ("/dossiers/", "/jury/", "/organisation/", "/compte/")


def instance(request: HttpRequest) -> dict[str, object]:
    """`instance`: whose label this is; `roles`: which parts of the menu this person sees; `rights`: which of the
    organiser's; `looked_at`: whose files are seen in their place; `working`: a page of
    work; `here`: its address, unless it holds a secret."""
    # Absent when a request was refused before anyone was recognised, as for an unknown host.
    user = getattr(request, "user", None)
    roles = {"applicant": False, "juror": False, "organiser": False}
    if user is not None and user.is_authenticated:
        roles = {
            "applicant": works_on_files(user=user),
            "juror": is_juror(user=user),
            "organiser": user.organiser_role is not None,
        }
    return {
        "instance": current(),
        "roles": roles,
        "rights": rights_of(user) if user else frozenset(),
        "here": "/" if links.is_personal(request.path) else request.path,
        "working": request.path.startswith(WORKING),
        "looked_at": getattr(request, "looked_at", None),
    }
