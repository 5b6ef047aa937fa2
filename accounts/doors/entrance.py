"""Sign-up, sign-in, passwords and addresses: django-allauth's pages that we use, under French paths.

Their names are django-allauth's own, so they stand outside our namespace."""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as providers
from allauth.usersessions import views as sessions
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path, reverse
from django.views.decorators.http import require_http_methods, require_safe


class ConfirmAddress(views.ConfirmEmailView):  # type: ignore[misc]  # untyped package
    """Opening the link of somebody else changes nothing, not even who is signed in: only the button does."""

    request: HttpRequest

    def logout_other_user(self, confirmation: object) -> None:
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


class EnterByKey(keys.LoginWebAuthnView):  # type: ignore[misc]
    """On a page of its own: its scripts would weigh on everybody's sign-in."""

    template_name = "account/login_by_key.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer: HttpResponse
        if request.accepts("text/html"):
            answer = self.render_to_response(self.get_context_data())
        else:
            answer = super().get(request, *args, **kwargs)
        return answer


class SignUpByProvider(providers.SignupView):  # type: ignore[misc]
    """The provider says who comes; what one does in one's town hall is asked once."""

    def get_authenticated_redirect_url(self) -> str:
        return reverse("start")


urlpatterns: list[URLPattern] = [
    path("connexion/", views.login, name="account_login"),
    path("connexion/inscription/", SignUpByProvider.as_view(), name="socialaccount_signup"),
    path("connexion/abandonnee/", providers.login_cancelled, name="socialaccount_login_cancelled"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("suspendu/", views.account_inactive, name="account_inactive"),
    path("inscription/", views.signup, name="account_signup"),
    path("adresse/", views.email, name="account_email"),
    path("adresse/a-confirmer/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse/confirmer/(?P<key>[-:\w]+)/$", ConfirmAddress.as_view(), name="account_confirm_email"),
    path("mot-de-passe/", views.password_change, name="account_change_password"),
    path("mot-de-passe/premier/", views.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/choisir/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("confirmer/", views.reauthenticate, name="account_reauthenticate"),
    path("confirmer/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("connexion/second-facteur/", second_factor.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", EnterByKey.as_view(), name="mfa_login_webauthn"),
    path("second-facteur/", second_factor.index, name="mfa_index"),
    path("second-facteur/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/application/arreter/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/secours/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/secours/refaire/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/secours/enregistrer/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-facteur/cles/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("second-facteur/cles/ajouter/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("second-facteur/cles/<int:pk>/retirer/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("appareils/", require_safe(sessions.list_usersessions), name="usersessions_list"),
    path("mot-de-passe/choisi/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
# Django's views of forms take a PUT for a POST.
for pattern in urlpatterns:
    pattern.callback = require_http_methods(["GET", "HEAD", "POST"])(pattern.callback)
