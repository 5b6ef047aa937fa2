from django.urls import URLPattern, URLResolver, path

from assessments import api
from assessments.views import (
    carrying,
    evidence,
    files,
    history,
    initiatives,
    organising,
    plan,
    questionnaire,
    simulation,
    spreadsheets,
    submission,
)

app_name = "assessments"

FILE = "dossiers/<str:code>/<int:year>/"
EDITION = "organisation/editions/<int:year>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("questionnaire/<int:year>.pdf", spreadsheets.questionnaire_pdf, name="questionnaire_pdf"),
    path("questionnaire/<int:year>.xlsx", spreadsheets.questionnaire_workbook, name="questionnaire_workbook"),
    path("dossiers/", files.applications, name="applications"),
    path("dossiers/commencer/", files.start, name="start"),
    path(FILE, files.application, name="application"),
    path(f"{FILE}contexte/", files.context, name="context"),
    path(f"{FILE}questions/<str:part>/", questionnaire.questions, name="questions"),
    path(f"{FILE}questions/<str:part>/<str:question_id>/", questionnaire.answer, name="answer"),
    path(f"{FILE}questions/<str:part>/<str:question_id>/historique/", history.history, name="history"),
    path(f"{FILE}reprise/", carrying.carry, name="carry"),
    path(f"{FILE}tableur/", spreadsheets.spreadsheet, name="spreadsheet"),
    path(f"{FILE}tableur/reponses.xlsx", spreadsheets.answers_file, name="answers_file"),
    path(f"{FILE}tableur/enregistrer/", spreadsheets.apply_workbook, name="apply_workbook"),
    path(f"{FILE}initiatives/", initiatives.initiatives, name="initiatives"),
    path(f"{FILE}initiatives/nouvelle/", initiatives.initiative, name="new_initiative"),
    path(f"{FILE}initiatives/<int:pk>/", initiatives.initiative, name="initiative"),
    path(f"{FILE}initiatives/<int:pk>/retirer/", initiatives.remove_initiative, name="remove_initiative"),
    path(f"{FILE}preuves/", evidence.evidence, name="evidence"),
    path(f"{FILE}preuves/ajouter/", evidence.add_evidence, name="add_evidence"),
    path(f"{FILE}preuves/<int:pk>/", evidence.download, name="download_evidence"),
    path(f"{FILE}preuves/<int:pk>/retirer/", evidence.remove_evidence, name="remove_evidence"),
    path(f"{FILE}score/", submission.trace, name="trace"),
    path(f"{FILE}plan/", plan.plan, name="plan"),
    path(f"{FILE}simulation/", simulation.simulation, name="simulation"),
    path(f"{FILE}simulation/<str:part>/", simulation.simulation, name="simulation"),
    path(f"{FILE}depot/", submission.submission, name="submission"),
    path(f"{FILE}accuse/", submission.receipt, name="receipt"),
    path(f"{FILE}accuse.pdf", submission.receipt_file, name="receipt_file"),
    path(f"{FILE}retrait/", files.withdrawal, name="withdrawal"),
    path("organisation/editions/", organising.editions, name="editions"),
    path("organisation/editions/nouvelle/", organising.create_edition, name="create_edition"),
    path(EDITION, organising.edition, name="edition"),
    path(f"{EDITION}dates/", organising.dates, name="dates"),
    path(f"{EDITION}ouvrir/", organising.open_now, name="open_now"),
    path(f"{EDITION}clore/", organising.close_now, name="close_now"),
    path("api/v1/editions/", api.EditionList.as_view(), name="api-editions"),
    path("api/v1/frameworks/<str:hash>/", api.FrameworkDetail.as_view(), name="api-framework"),
    path("api/v1/frameworks/<str:hash>/document/", api.FrameworkDocument.as_view(), name="api-framework-document"),
    path("api/v1/simulations/", api.Simulations.as_view(), name="api-simulations"),
    path("api/v1/applications/", api.ApplicationList.as_view(), name="api-applications"),
    path("api/v1/applications/<str:code>/<int:year>/", api.ApplicationDetail.as_view(), name="api-application"),
    path(
        "api/v1/applications/<str:code>/<int:year>/answers/<str:question_id>/",
        api.AnswerDetail.as_view(),
        name="api-answer",
    ),
]
