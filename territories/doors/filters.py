"""Filters of the API: one that asks for nothing of ours is refused by its name, never passed over."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LONGEST_NUMBER = 4


def known(request: Request, name: str, codes: Collection[str]) -> str | None:
    """A code of the address, one of the list’s; None when it is not asked."""
    code = request.query_params.get(name)
    if code is not None and code not in codes:
        raise ValidationError({name: [_("Ce code n’existe pas\u202f: « {code} ».").format(code=code[:20])]})
    return code


def whole(request: Request, name: str) -> int | None:
    """A number of the address; None when it is not asked."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    raise ValidationError({name: [_("Écrivez un nombre entier.")]})
