"""Signing in with OpenID Connect: to the provider, and back."""

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import openid


@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id != openid.NAME:
        raise Http404
    try:
        return openid.leave_for(request, then=get_next_redirect_url(request))
    except SocialApp.DoesNotExist:
        raise Http404 from None


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id != openid.NAME:
        raise Http404
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(openid.Answers(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    answer["Cache-Control"] = "no-store"
    return answer
