"""What every template may name."""

from django.conf import settings
from django.http import HttpRequest

from accounts.queries import has_membership
from jury.queries import is_juror


def instance(request: HttpRequest) -> dict[str, object]:
    """`instance`: whose label this is; `roles`: which parts of the menu this person sees."""
    user = request.user
    signed_in = user.is_authenticated
    return {
        "instance": settings.INSTANCE,
        "roles": {
            "applicant": signed_in and has_membership(user=user),
            "juror": signed_in and is_juror(user=user),
            "organiser": signed_in and user.is_organiser,
        },
    }
