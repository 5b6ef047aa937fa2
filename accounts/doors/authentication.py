"""The API's key: `Authorization: Bearer …`. Only the digest of a key is stored."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from accounts.models import Scope, Token, User
from accounts.rules.digests import digest

SEEN = timedelta(hours=1)


def _is_private(request: Request) -> bool:
    """What everybody may do without a key, a key that only reads may do as well."""
    view = request.parser_context["view"]
    return IsAuthenticated in view.permission_classes


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        header = get_authorization_header(request).decode("latin-1").split()
        if len(header) != 2 or header[0].lower() != "bearer":
            return None
        now = timezone.now()
        token = Token.objects.select_related("user").filter(digest=digest(header[1]), revoked_at=None).first()
        if token is None or not token.user.is_active or (token.expires_at and token.expires_at <= now):
            raise AuthenticationFailed(_("Cette clé n’est pas ou n’est plus valable."))
        if token.scope == Scope.READ and request.method not in SAFE_METHODS and _is_private(request):
            raise PermissionDenied(_("Cette clé permet de lire, sans écrire : créez-en une autre pour écrire."))
        if token.last_used_at is None or now - token.last_used_at > SEEN:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes the key; found by its mere definition."""

    target_class = TokenAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
