"""Sign-up, sign-in, passwords and addresses: django-allauth's pages that we use, under French paths.

Their names are django-allauth's own, so they stand outside our namespace."""

from allauth.account import views
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, re_path


class ConfirmAddress(views.ConfirmEmailView):  # type: ignore[misc]  # untyped package
    """Opening the link of somebody else changes nothing, not even who is signed in: only the button does."""

    request: HttpRequest

    def logout_other_user(self, confirmation: object) -> None:
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", views.login, name="account_login"),
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
    path("mot-de-passe/choisi/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
