from django.urls import URLPattern, URLResolver, path

from season.views import calendar, campaign, ceremony, files, frameworks, help, home, settings, start, territories

app_name = "season"

EDITION = "organisation/editions/<int:year>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("demarrer/<str:secret>/", start.first, name="first"),
    path("organisation/demarrage/", start.setting, name="setting"),
    path("organisation/referentiels/", frameworks.frameworks, name="frameworks"),
    path("organisation/referentiels/livre/<int:year>/", frameworks.load_shipped, name="load_shipped"),
    path("organisation/referentiels/<str:hash>/", frameworks.framework, name="framework"),
    path("organisation/referentiels/<str:hash>/verifier/", frameworks.judged, name="judged"),
    path("organisation/referentiels/<str:hash>/approuver/", frameworks.approve, name="approve"),
    path("organisation/referentiels/<str:hash>/apercu/", frameworks.preview, name="preview"),
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
    path(f"{EDITION}ceremonie/", ceremony.ceremony, name="ceremony"),
    path(f"{EDITION}ceremonie/attestations.pdf", ceremony.print_file, name="print_file"),
    path(f"{EDITION}ceremonie/panneaux.csv", ceremony.signs, name="signs"),
    path(f"{EDITION}campagne/", campaign.campaign, name="campaign"),
    path(f"{EDITION}campagne/invitees/", campaign.guests, name="guests"),
    path(f"{EDITION}campagne/invitees/confirmer/", campaign.confirm_guests, name="confirm_guests"),
    path(f"{EDITION}campagne/invitees/<int:pk>/retirer/", campaign.remove_guest, name="remove_guest"),
    path(f"{EDITION}campagne/messages/nouveau/", campaign.message, name="new_message"),
    path(f"{EDITION}campagne/messages/<int:pk>/", campaign.message, name="message"),
    path(f"{EDITION}campagne/messages/<int:pk>/prevoir/", campaign.plan, name="plan_message"),
    path(f"{EDITION}campagne/messages/<int:pk>/annuler/", campaign.cancel, name="cancel_message"),
    path(f"{EDITION}campagne/messages/<int:pk>/renvoyer/", campaign.again, name="again"),
    path("invite/<str:token>/", campaign.follow, name="follow"),
    path("rappels/arreter/<str:token>/", campaign.stop, name="stop"),
    path(f"{EDITION}calendrier/", calendar.calendar, name="calendar"),
    path(f"{EDITION}dates/", calendar.dates, name="dates"),
    path(f"{EDITION}delais/", calendar.delay, name="delay"),
    path(f"{EDITION}montrer/", calendar.show, name="show_edition"),
    path(f"{EDITION}cloner/", calendar.clone, name="clone_edition"),
    path(f"{EDITION}supprimer/", calendar.delete, name="delete_edition"),
    path("organisation/territoires/", territories.territories, name="territories"),
    path("organisation/territoires/<int:pk>/", territories.settle, name="settle"),
    path("organisation/reglages/", settings.words, name="words"),
    path("organisation/reglages/courriel/", settings.mail, name="mail"),
    path("organisation/reglages/courriel/essai/", settings.trial, name="mail_trial"),
    path("organisation/reglages/courriel/recu/", settings.confirm, name="mail_confirm"),
]
