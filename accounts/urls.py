from django.urls import URLPattern, URLResolver, path

from accounts.views import account, invitations, looking, mandates, organisers, outbox, people, requests

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("compte/", account.account, name="account"),
    path("compte/mes-donnees.json", account.own_data, name="own_data"),
    path("compte/courriels/", account.pace, name="pace"),
    path("compte/courriels/arreter/<str:token>/", account.stop, name="stop"),
    path("compte/effacer/", account.erase, name="erase"),
    path("compte/cles/", account.create_token, name="create_token"),
    path("compte/cles/<int:pk>/revoquer/", account.revoke_token, name="revoke_token"),
    path("compte/rattachement/", account.join, name="join"),
    path("compte/rattachements/<int:pk>/terminer/", account.end_membership, name="end_membership"),
    path("compte/equipe/<str:code>/", invitations.team, name="team"),
    path("compte/equipe/<str:code>/mandats/", mandates.grant, name="grant_mandate"),
    path("compte/mandats/<int:pk>/", mandates.mandate, name="mandate"),
    path("compte/structures/<str:siren>/", mandates.helper, name="helper"),
    path("compte/structures/<str:siren>/personnes/<int:pk>/retirer/", mandates.remove_person, name="remove_helper"),
    path("compte/invitations/<int:pk>/annuler/", invitations.cancel_invitation, name="cancel_invitation"),
    path("compte/invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("organisation/rattachements/", requests.requests, name="requests"),
    path("organisation/rattachements/<int:pk>/", requests.request_detail, name="request"),
    path("organisation/rattachements/<int:pk>/confirmer/", requests.confirm_signature, name="confirm_signature"),
    path("organisation/structures/", mandates.helpers, name="helpers"),
    path("organisation/organisateurs/", organisers.organisers, name="organisers"),
    path("organisation/organisateurs/<int:pk>/retirer/", organisers.end_organiser, name="end_organiser"),
    path("organisation/journal/", organisers.trail, name="trail"),
    path("organisation/droits/", organisers.rights, name="rights"),
    path("organisation/personnes/<int:pk>/voir/", looking.look, name="look"),
    path("organisation/voir/quitter/", looking.leave, name="stop_looking"),
    path("organisation/personnes/", people.people, name="people"),
    path("organisation/personnes/<int:pk>/effacer/", people.erase_person, name="erase_person"),
    path("organisation/courriels/", outbox.mails, name="mails"),
    path("organisation/courriels/<int:pk>/", outbox.mail, name="mail"),
    path("organisation/courriels/<int:pk>/revenu/", outbox.bounce, name="bounce"),
    path("organisation/courriels/<int:pk>/renvoyer/", outbox.send_again, name="send_again"),
    path("organisation/taches/", outbox.jobs, name="jobs"),
    path("organisation/taches/relancer/", outbox.retry_jobs, name="retry_jobs"),
    path("organisation/taches/<int:pk>/relancer/", outbox.retry_job, name="retry_job"),
]
