from django.urls import URLPattern, URLResolver, path

from jury.views import appeals, batches, calibration, deliberation, organising, reading, session

app_name = "jury"

FILE = "jury/<str:code>/<int:year>/"
PANEL = "organisation/editions/<int:year>/jury/"
READERS = "organisation/editions/<int:year>/lecteurs/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("jury/", reading.queue, name="queue"),
    path("jury/liens/", reading.interests, name="interests"),
    path("jury/liens/complete/", reading.declare, name="declare"),
    path("jury/liens/<int:pk>/retirer/", reading.remove_interest, name="remove_interest"),
    path("jury/deliberation/<int:year>/", deliberation.board, name="board"),
    path("jury/deliberation/<int:year>/lot/", batches.batch, name="batch"),
    path("jury/deliberation/<int:year>/classeur/", batches.board_file, name="board_file"),
    path("jury/deliberation/<int:year>/accord/", deliberation.undisputed, name="undisputed"),
    path("jury/proces-verbal/<int:year>/", deliberation.minutes, name="minutes"),
    path("jury/proces-verbal/<int:year>/<int:pk>/", deliberation.minutes_file, name="minutes_file"),
    path("jury/seance/<int:year>/", session.session, name="session"),
    path("jury/seance/<int:year>/votes/", session.ballots, name="ballots"),
    path("jury/votes/<int:pk>/", session.vote, name="vote"),
    path("jury/votes/<int:pk>/clore/", session.close_ballot, name="close_ballot"),
    path("jury/votes/<int:pk>/annuler/", session.call_off, name="call_off"),
    path("jury/chiffres/<int:year>/", deliberation.figures, name="figures"),
    path("jury/registre/<int:year>/", deliberation.register, name="register"),
    path("jury/essai/<int:year>/", calibration.calibration, name="calibration"),
    path("jury/essai/<int:year>/clore/", calibration.close, name="close_calibration"),
    path("jury/essai/<int:year>/<int:pk>/", calibration.trial, name="trial"),
    path("jury/reexamens/", appeals.appeals, name="appeals"),
    path("jury/reexamens/<int:pk>/", appeals.answer, name="answer"),
    path("jury/reexamens/<int:pk>/lecture/", appeals.read_anew, name="read_anew"),
    path(FILE, reading.file, name="file"),
    path(FILE + "initiatives/<int:pk>/", reading.initiative, name="initiative"),
    path(FILE + "axes/<str:axis>/", reading.axis, name="axis"),
    path(FILE + "lecture/", reading.review, name="review"),
    path(FILE + "avis/", reading.rule, name="rule"),
    path(FILE + "deport/", reading.recuse, name="recuse"),
    path(FILE + "complement/", reading.complement, name="complement"),
    path(FILE + "a-juger/<str:kind>/<str:name>/", reading.piece, name="piece"),
    path(FILE + "preuves/<int:pk>/", reading.evidence, name="evidence"),
    path(FILE + "preuves/<int:pk>/pages/", reading.pages, name="pages"),
    path(FILE + "preuves/<int:pk>/pages/<int:number>/", reading.page, name="page"),
    path(FILE + "images/<int:pk>/", reading.initiative_picture, name="picture"),
    path(FILE + "decision/", deliberation.decide, name="decide"),
    path(FILE + "troisieme-lecture/", deliberation.third_reader, name="third_reader"),
    path(FILE + "vote/", session.open_ballot, name="open_ballot"),
    path(FILE + "rouvrir/", deliberation.reopen, name="reopen"),
    path("dossiers/<str:code>/<int:year>/reexamen/", appeals.appeal, name="appeal"),
    path(PANEL, organising.panel, name="panel"),
    path(PANEL + "quorum/", organising.quorum, name="quorum"),
    path(PANEL + "reconduire/", organising.renew, name="renew"),
    path(PANEL + "<int:pk>/retirer/", organising.remove_juror, name="remove_juror"),
    path(PANEL + "<int:pk>/liens/", organising.juror_interests, name="juror_interests"),
    path("organisation/editions/<int:year>/reexamens/", organising.appeals, name="organised_appeals"),
    path(READERS, organising.assignments, name="assignments"),
    path(READERS + "proposer/", organising.propose, name="propose"),
    path(READERS + "<str:code>/", organising.readers, name="readers"),
    path(READERS + "<str:code>/proposition/", organising.adjust, name="adjust"),
    path(READERS + "<str:code>/retirer/", organising.unassign, name="unassign"),
    path(READERS + "<str:code>/non-recevable/", organising.ineligible, name="ineligible"),
]
