from django.urls import URLPattern, URLResolver, path

from season.views import frameworks, settings, start

app_name = "season"

urlpatterns: list[URLPattern | URLResolver] = [
    path("demarrer/<str:secret>/", start.first, name="first"),
    path("organisation/demarrage/", start.setting, name="setting"),
    path("organisation/referentiels/", frameworks.frameworks, name="frameworks"),
    path("organisation/referentiels/livre/<int:year>/", frameworks.load_shipped, name="load_shipped"),
    path("organisation/referentiels/<str:hash>/", frameworks.framework, name="framework"),
    path("organisation/referentiels/<str:hash>/verifier/", frameworks.judged, name="judged"),
    path("organisation/reglages/", settings.words, name="words"),
    path("organisation/reglages/courriel/", settings.mail, name="mail"),
    path("organisation/reglages/courriel/essai/", settings.trial, name="mail_trial"),
    path("organisation/reglages/courriel/recu/", settings.confirm, name="mail_confirm"),
]
