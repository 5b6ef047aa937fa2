from django.urls import URLPattern, URLResolver, path

from season.views import calendar, files, frameworks, help, home, settings, start

app_name = "season"

EDITION = "organisation/editions/<int:year>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("demarrer/<str:secret>/", start.first, name="first"),
    path("organisation/demarrage/", start.setting, name="setting"),
    path("organisation/referentiels/", frameworks.frameworks, name="frameworks"),
    path("organisation/referentiels/livre/<int:year>/", frameworks.load_shipped, name="load_shipped"),
    path("organisation/referentiels/<str:hash>/", frameworks.framework, name="framework"),
    path("organisation/referentiels/<str:hash>/verifier/", frameworks.judged, name="judged"),
    path("besoin-d-aide/", help.ask, name="help"),
    path("organisation/aide/", help.requests, name="help_requests"),
    path("organisation/aide/<int:pk>/clore/", help.close, name="close_help"),
    path(EDITION, files.files, name="files"),
    path(f"{EDITION}dossiers.<str:kind>", files.export, name="export"),
    path(f"{EDITION}chiffres/<str:name>.csv", home.download, name="figures"),
    path(f"{EDITION}dossiers/<str:code>/", files.file, name="file"),
    path(f"{EDITION}dossiers/<str:code>/lire/", files.read, name="read"),
    path(f"{EDITION}dossiers/<str:code>/note/", files.note, name="note"),
    path(f"{EDITION}dossiers/<str:code>/facturation/", files.billing, name="billing"),
    path(f"{EDITION}calendrier/", calendar.calendar, name="calendar"),
    path(f"{EDITION}dates/", calendar.dates, name="dates"),
    path(f"{EDITION}delais/", calendar.delay, name="delay"),
    path(f"{EDITION}montrer/", calendar.show, name="show_edition"),
    path(f"{EDITION}cloner/", calendar.clone, name="clone_edition"),
    path(f"{EDITION}supprimer/", calendar.delete, name="delete_edition"),
    path("organisation/reglages/", settings.words, name="words"),
    path("organisation/reglages/courriel/", settings.mail, name="mail"),
    path("organisation/reglages/courriel/essai/", settings.trial, name="mail_trial"),
    path("organisation/reglages/courriel/recu/", settings.confirm, name="mail_confirm"),
]
