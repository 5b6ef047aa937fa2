from django.urls import URLPattern, URLResolver, path

from accounts import views, views_invitations, views_mandates, views_outbox, views_people, views_requests

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("compte/", views.account, name="account"),
    path("compte/effacer/", views.erase, name="erase"),
    path("compte/cles/", views.create_token, name="create_token"),
    path("compte/cles/<int:pk>/revoquer/", views.revoke_token, name="revoke_token"),
    path("compte/rattachement/", views.join, name="join"),
    path("compte/rattachements/<int:pk>/terminer/", views.end_membership, name="end_membership"),
    path("compte/equipe/<str:code>/", views_invitations.team, name="team"),
    path("compte/equipe/<str:code>/mandats/", views_mandates.grant, name="grant_mandate"),
    path("compte/mandats/<int:pk>/", views_mandates.mandate, name="mandate"),
    path("compte/structures/<str:siren>/", views_mandates.helper, name="helper"),
    path(
        "compte/structures/<str:siren>/personnes/<int:pk>/retirer/", views_mandates.remove_person, name="remove_helper"
    ),
    path("compte/invitations/<int:pk>/annuler/", views_invitations.cancel_invitation, name="cancel_invitation"),
    path("compte/invitations/<str:secret>/", views_invitations.invitation, name="invitation"),
    path("organisation/rattachements/", views_requests.requests, name="requests"),
    path("organisation/rattachements/<int:pk>/", views_requests.request_detail, name="request"),
    path("organisation/structures/", views_mandates.helpers, name="helpers"),
    path("organisation/personnes/", views_people.people, name="people"),
    path("organisation/personnes/<int:pk>/effacer/", views_people.erase_person, name="erase_person"),
    path("organisation/courriels/", views_outbox.mails, name="mails"),
    path("organisation/courriels/<int:pk>/", views_outbox.mail, name="mail"),
    path("organisation/taches/", views_outbox.jobs, name="jobs"),
    path("organisation/taches/relancer/", views_outbox.retry_jobs, name="retry_jobs"),
    path("organisation/taches/<int:pk>/relancer/", views_outbox.retry_job, name="retry_job"),
]
