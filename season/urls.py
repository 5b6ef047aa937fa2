from django.urls import URLPattern, URLResolver, path

from season.views import settings

app_name = "season"

urlpatterns: list[URLPattern | URLResolver] = [
    path("organisation/reglages/", settings.words, name="words"),
    path("organisation/reglages/courriel/", settings.mail, name="mail"),
    path("organisation/reglages/courriel/essai/", settings.trial, name="mail_trial"),
    path("organisation/reglages/courriel/recu/", settings.confirm, name="mail_confirm"),
]
