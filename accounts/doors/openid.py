"""Signing in with an account of the State's agents (ProConnect) or of any OpenID Connect provider, by configuration.

django-allauth does it; here is what it leaves out: an answer of userinfo signed as a JWT, which ProConnect gives, and
the nonce that ties the tokens to this browser (OpenID Connect Core 1.0, §3.1.3.7 and §5.3.2)."""

import secrets
from typing import Any, cast

from allauth.socialaccount import adapter as providers
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

# The only provider, in addresses too.
NAME = "agent"
NONCE = "openid_nonce"


class Answers(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # untyped package
    """Of the provider: the tokens, then who it is."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        known = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        wanted = request.session.pop(NONCE, None)
        if not wanted or known.get("nonce") != wanted:
            raise OAuth2Error("the identity token answers another request")
        person = self._person(app, token.token)
        if person.get("sub") != known["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": person, "id_token": known})

    def _person(self, app: SocialApp, access_token: str) -> dict[str, Any]:
        with providers.get_adapter().get_requests_session() as web:
            answer = web.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
        answer.raise_for_status()
        if not answer.headers.get("Content-Type", "").startswith("application/jwt"):
            return cast("dict[str, Any]", answer.json())
        return cast(
            "dict[str, Any]",
            jwtkit.verify_and_decode(
                credential=answer.text,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            ),
        )


def leave_for(request: HttpRequest, *, then: str | None) -> HttpResponse:
    """To the provider; `SocialApp.DoesNotExist` when there is none."""
    provider = providers.get_adapter().get_provider(request, NAME)
    request.session[NONCE] = secrets.token_urlsafe(24)
    asked = {**provider.get_auth_params(), "nonce": request.session[NONCE]}
    return cast("HttpResponse", provider.redirect(request, process="login", next_url=then, auth_params=asked))
