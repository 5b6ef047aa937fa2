from django.urls import URLPattern, URLResolver, path

from results import api
from results.views import checking, credentials, organising, pages, papers

app_name = "results"

urlpatterns: list[URLPattern | URLResolver] = [
    path("annuaire/", pages.directory, name="directory"),
    path("annuaire/<str:code>/", pages.territory, name="territory"),
    path("annuaire/<str:code>/exemples/<str:question_id>/", pages.examples, name="examples"),
    path("annuaire/<str:code>/<int:year>/calcul/", pages.replay, name="replay"),
    path("initiatives/", pages.initiatives, name="initiatives"),
    path("initiatives/<int:number>/", pages.initiative, name="initiative"),
    path("initiatives/<int:pk>/images/<int:number>/", pages.picture, name="picture"),
    path("methode/", pages.method, name="method"),
    path("verifier/", checking.verify, name="verify"),
    path("verifier/fichier/<str:token>/", checking.file_check, name="file_check"),
    path("verifier/<str:number>/", checking.certificate, name="certificate"),
    path("verifier/<str:number>/attestation.pdf", checking.certificate_file, name="certificate_file"),
    path("dossiers/<str:code>/<int:year>/documents/", papers.papers, name="papers"),
    path("dossiers/<str:code>/<int:year>/rapport/", papers.report, name="report"),
    path("dossiers/<str:code>/<int:year>/rapport/rapport.pdf", papers.report_file, name="report_file"),
    path("dossiers/<str:code>/<int:year>/rapport/dossier.json", papers.replay_file, name="replay_file"),
    path("dossiers/<str:code>/<int:year>/documents/panneau.zip", papers.kit, name="kit"),
    path("organisation/editions/<int:year>/attestations.zip", organising.archive, name="archive"),
    path("verifier/<str:number>/justificatif.<str:kind>", credentials.credential, name="credential"),
    path(".well-known/did.json", credentials.did, name="did"),
    path("organisation/editions/<int:year>/publication/", organising.publication, name="publication"),
    path(
        "organisation/editions/<int:year>/publication/avancement/",
        organising.publication_progress,
        name="publication_progress",
    ),
    path("organisation/editions/<int:year>/publication/relance/", organising.retry, name="publication_retry"),
    path("organisation/editions/<int:year>/resultats/<str:code>/retrait/", organising.withdrawal, name="withdrawal"),
    path("organisation/editions/<int:year>/resultats/<str:code>/correction/", organising.correction, name="correction"),
    path("api/v1/results/", api.ResultList.as_view(), name="api-list"),
    path("api/v1/results/<str:code>/<int:year>/", api.ResultDetail.as_view(), name="api-detail"),
    path(
        "api/v1/results/<str:code>/<int:year>/application.json",
        api.ResultApplication.as_view(),
        name="api-application",
    ),
    path("api/v1/initiatives/", api.InitiativeList.as_view(), name="api-initiatives"),
    path("api/v1/certificates/<str:number>/", api.CertificateCheck.as_view(), name="api-certificate"),
    path("api/v1/issuer/", credentials.profile, name="api-issuer"),
    path("api/v1/status-lists/<int:number>/", credentials.status_list, name="api-status-list"),
    path("api/v1/checks/", api.FileCheckCreate.as_view(), name="api-checks"),
    path("api/v1/checks/<str:token>/", api.FileCheckDetail.as_view(), name="api-check"),
    path("api/v1/palmares-<int:year>.csv", api.PalmaresCsv.as_view(), name="palmares-csv"),
    path("api/v1/palmares-<int:year>.json", api.PalmaresJson.as_view(), name="palmares-json"),
    path("api/v1/palmares.schema.json", api.PalmaresSchema.as_view(), name="palmares-schema"),
]
