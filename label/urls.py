"""The whole map. Each app's `urls.py` mounts its own parts with their full paths, public, private and API alike."""

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from accounts.views import openid
from label import views
from season.views.home import season


class Year(IntConverter):
    """Of an edition: no other address names one, and none is a number that a database cannot count with."""

    regex = "[0-9]{4}"


# Before the apps' own parts are read.
register_converter(Year, "year")

urlpatterns = [
    path("", views.home, name="home"),
    path("depart/", views.start, name="start"),
    path("organisation/", season, name="organisation"),
    path("organisation/charte/", views.style, name="style"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("mentions-legales/", views.legal_notice, name="legal_notice"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("accessibilite/criteres/", views.accessibility_audit, name="accessibility_audit"),
    path("contact/", views.contact, name="contact"),
    path("plan/", views.site_map, name="site_map"),
    path("donnees-personnelles/", views.personal_data, name="personal_data"),
    path("aide/", views.guide, name="guide"),
    path("aide/<slug:name>/", views.guide, name="guide_page"),
    path("sante/detail/", views.health, name="health"),
    path("sante/mesures/", views.measures, name="metrics"),
    path("api/schema/", views.schema, name="api-schema"),
    path("api/docs/", views.api_docs, name="api-docs"),
    path("compte/", include("accounts.doors.entrance")),
    # The names are django-allauth's.
    path("compte/connexion/<slug:provider_id>/", openid.login, name="openid_connect_login"),
    path("compte/connexion/<slug:provider_id>/retour/", openid.callback, name="openid_connect_callback"),
    path("", include("accounts.urls")),
    path("", include("assessments.urls")),
    path("", include("jury.urls")),
    path("", include("season.urls")),
    path("", include("results.urls")),
    path("", include("territories.urls")),
    path("", include("outbox.urls")),
]

handler400 = "label.views.bad_request"
handler403 = "label.views.forbidden"
handler404 = "label.views.not_found"
handler429 = "label.views.too_many"  # read by django-allauth
handler500 = "label.views.server_error"
