import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import actions as files
from assessments.enums import Basis
from assessments.models import Application, Benchmark, Evidence, Initiative, LinkedPage
from jury import actions, queries
from jury.models import Assignment, Interest, Juror, Recusal, Review, Ruling
from jury.views import sheets
from outbox.doors import files as stored_files
from tests.season import work
from tests.sums import amount, pairs, total

from .conftest import SECOND, accept_claim, read, reading

FILE = "/jury/01901/2027/"
WHOLE = FILE + "?tout=oui"
HTMX = {"HX-Request": "true"}


def parts():
    """The pages of what the file folds."""
    return [f"{FILE}initiatives/{Initiative.objects.get().pk}/", f"{FILE}axes/inclusion/", f"{FILE}axes/services/"]


def posted(**fields):
    return {
        "mark-inclusion": "3",
        "mark-services": "2",
        "proposed_level": "3",
        "comment_to_territory": "Un bel accueil.",
        "comment_to_jury": "",
        "seen": "0",
        **fields,
    }


@pytest.fixture
def attached(in_reading):
    """A file among the evidence of Aubaine."""
    stored = stored_files.store(b"%PDF-1.7 preuve %%EOF", content_type="application/pdf")
    return Evidence.objects.create(application=in_reading, title="Convention", file=stored, file_name="convention.pdf")


# --- the queue


def test_queue_shows_what_is_left(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get("/jury/").content.decode()
    assert "Aubaine" in page
    assert "1 lecture à rendre." in page


def test_queue_tells_how_much_there_is_to_read(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get("/jury/").text
    for words in (
        "1\u202f240 habitants",
        "arobases déclarées",
        "1 initiative",
        "1 pièce",
        "1 « pas concerné » à instruire",
    ):
        assert words in page


def test_queue_tells_that_a_file_came_back_completed(in_reading, jeanne, now, sign_in):
    actions.save_review(application=in_reading, by=jeanne, reading=reading(), seen=0, now=now)
    assert "complété depuis" not in sign_in(jeanne.user).get("/jury/").text
    Application.objects.filter(pk=in_reading.pk).update(submitted_at=now + timedelta(hours=1))
    assert "complété depuis" in sign_in(jeanne.user).get("/jury/").text


def test_queue_tells_what_is_begun_from_what_is_not(in_reading, other, jeanne, organiser, now, sign_in):
    actions.assign(application=other, juror=jeanne, by=organiser, now=now)
    actions.save_review(application=other, by=jeanne, reading=reading(), seen=0, now=now)
    page = sign_in(jeanne.user).get("/jury/").content.decode()
    places = [page.index(words) for words in ("Commencées", "Beaupré", "À commencer", "Aubaine")]
    assert places == sorted(places)


def test_queue_folds_what_waits_for_the_commune(in_reading, jeanne, now, sign_in):
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Une date manque.", parts=["INC-01"], now=now)
    assert "1 lecture qui n’attend rien de vous" in sign_in(jeanne.user).get("/jury/").content.decode()


def test_queue_of_a_published_edition_is_folded(in_reading, jeanne, edition, now, sign_in):
    read(in_reading, jeanne, now)
    edition.published_at = now
    edition.save()
    page = sign_in(jeanne.user).get("/jury/").content.decode()
    assert "Les lectures de cette édition sont closes." in page
    assert page.index("<details") < page.index("Aubaine")


def test_queue_says_what_a_reading_usually_takes(in_reading, jules, jeanne, now, monkeypatch, sign_in):
    monkeypatch.setattr(queries, "FEW", 1)
    for minutes, words in ((0, "Un bel accueil."), (20, "Un très bel accueil."), (90, "Un bel accueil !")):
        actions.save_review(
            application=in_reading,
            by=jules,
            reading=reading(comment_to_territory=words),
            seen=queries.review_of(jules, in_reading).version,
            now=now + timedelta(minutes=minutes),
        )
    read(in_reading, jules, now + timedelta(minutes=100), seen=3)
    assert "prend d’ordinaire 30 minutes" in sign_in(jeanne.user).get("/jury/").content.decode()


def test_queue_asks_for_the_declaration_first(in_reading, jeanne, sign_in):
    Juror.objects.filter(pk=jeanne.pk).update(declared_at=None)
    client = sign_in(jeanne.user)
    assert "Faire ma déclaration" in client.get("/jury/").content.decode()
    assert client.get(FILE).status_code == 409
    assert "Je n’ai aucun lien" in client.get("/jury/liens/").content.decode()
    assert client.post("/jury/liens/complete/").url == "/jury/"
    assert client.get(FILE).status_code == 200


def test_queue_without_file_says_so(jeanne, sign_in):
    assert "Aucun dossier ne vous est confié" in sign_in(jeanne.user).get("/jury/").content.decode()


def test_queue_once_all_is_read(in_reading, jeanne, now, sign_in):
    read(in_reading, jeanne, now)
    assert "Tout est lu" in sign_in(jeanne.user).get("/jury/").content.decode()


def test_queue_of_a_stranger_is_not_found(jeanne, agent, sign_in):
    assert sign_in(agent).get("/jury/").status_code == 404


def test_queue_asks_who_you_are(client, db):
    assert client.get("/jury/").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_queue_query_count(more_files, jeanne, organiser, now, count, sign_in, django_assert_num_queries):
    for application in more_files(count):
        actions.assign(application=application, juror=jeanne, by=organiser, now=now)
    client = sign_in(jeanne.user)
    with django_assert_num_queries(8):
        assert client.get("/jury/").status_code == 200


# --- one file


def test_file_shows_score_titles_and_form(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(FILE).content.decode()
    axes = parts()[1:]
    for words in ("83,3", "Permanences numériques", "Rendre ma lecture", *axes, f"{FILE}a-juger/claim/SER-02/"):
        assert words in page


def test_whole_file_holds_what_its_folds_do(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(WHOLE).content.decode()
    for words in ("Nous n’avons pas de maternité.", "La page d’aide", "Permanences numériques"):
        assert words in page
    assert not [part for part in parts() if part in page]


def test_fold_fetches_what_the_whole_file_shows(decided, jeanne, sign_in):
    client = sign_in(jeanne.user)
    whole = client.get(WHOLE).content.decode()
    for part in parts():
        fragment = client.get(part, headers={"HX-Request": "true"}).content.decode()
        assert fragment.strip() in whole
        assert fragment.strip() in client.get(part).content.decode()


def test_piece_that_proves_several_things_is_judged_once(in_reading, jeanne, sign_in):
    initiative, inclusion, _services = parts()
    piece = Evidence.objects.get()
    piece.uses.create(initiative=Initiative.objects.get())
    piece.uses.create(question_id="INC-02")
    client = sign_in(jeanne.user)
    form = re.compile(rf'value="evidence">\s*<input type="hidden" name="id" value="{piece.pk}"')
    assert len(form.findall(client.get(initiative).text)) == 1
    page = client.get(inclusion).text
    assert not form.findall(page)
    assert f'href="{initiative}#evidence-{piece.pk}"' in page


def test_claim_that_waits_comes_first(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(FILE).text
    first = page.index(f"{FILE}a-juger/")
    assert page[first:].startswith(f"{FILE}a-juger/claim/SER-02/")
    assert "la décision attend cet avis" in page


@pytest.mark.parametrize("kind", ["claim", "evidence", "initiative"])
def test_thing_to_judge_is_a_page_and_a_fragment_with_its_ruling(in_reading, jeanne, kind, sign_in):
    names = {"claim": "SER-02", "evidence": Evidence.objects.get().pk, "initiative": Initiative.objects.get().pk}
    client = sign_in(jeanne.user)
    address = f"{FILE}a-juger/{kind}/{names[kind]}/"
    fragment = client.get(address, headers=HTMX).text
    assert "J’accepte" in fragment
    assert "<html" not in fragment
    assert "J’accepte" in client.get(address).text


@pytest.mark.parametrize("address", ["claim/INC-01/", "evidence/999999/", "evidence/x/", "nothing/1/"])
def test_thing_that_the_file_has_not_is_not_found(in_reading, jeanne, address, sign_in):
    assert sign_in(jeanne.user).get(f"{FILE}a-juger/{address}").status_code == 404


def test_accepting_takes_no_words_and_counts_at_once(in_reading, jeanne, sign_in):
    posted = {"kind": "claim", "id": "SER-02", "accepted": "oui"}
    answer = sign_in(jeanne.user).post(f"{FILE}avis/", posted, headers=HTMX).text
    assert Ruling.objects.get().accepted
    assert ('id="claim-SER-02"' in answer, "1 avis sur 3" in answer) == (True, True)


def test_refusing_without_a_reason_is_refused(in_reading, jeanne, sign_in):
    posted = {"kind": "claim", "id": "SER-02", "accepted": "non", "reason": " "}
    assert sign_in(jeanne.user).post(f"{FILE}avis/", posted).status_code == 400
    assert not Ruling.objects.exists()


def test_rest_of_a_part_is_accepted_and_taken_back_in_a_gesture_each(in_reading, jeanne, sign_in):
    """As the forms of the page have it, with and without a script."""
    client, initiative = sign_in(jeanne.user), Initiative.objects.get()
    on = {"part": "initiatives", "on": f"initiative:{initiative.pk}"}
    assert f'value="{on["on"]}"' in client.get(FILE).text
    given = client.post(f"{FILE}avis/reste/", on, headers=HTMX).text
    assert ("accepté à la lecture" in given, 'id="judged"' in given, 'name="on"' in given) == (True, True, False)
    answer = client.post(f"{FILE}avis/reprendre/", {"part": "initiatives", "ruling": Ruling.objects.get().pk})
    assert answer.url == f"{FILE}#part-initiatives"
    assert f'value="{on["on"]}"' in client.get(FILE).text


def test_rest_that_left_the_file_is_refused(in_reading, jeanne, sign_in):
    on = {"part": "initiatives", "on": ["initiative:999", f"initiative:{Initiative.objects.get().pk}"]}
    assert sign_in(jeanne.user).post(f"{FILE}avis/reste/", on).status_code == 409
    assert not Ruling.objects.exists()


def test_what_asks_for_a_ruling_of_its_own_comes_first(in_reading, jeanne, sign_in):
    groups = sheets.part(queries.file_for(user=jeanne.user, code="01901", year=2027))["trace"].groups
    assert [(group.part, [piece.kind for piece in group.pieces]) for group in groups] == [
        ("", ["claim", "evidence"]),
        ("initiatives", ["initiative"]),
    ]


def test_reason_given_before_refuses_in_one_gesture(in_reading, jeanne, now, sign_in):
    actions.rule(application=in_reading, on="SER-02", accepted=False, reason="Sans source.", by=jeanne, now=now)
    client, piece = sign_in(jeanne.user), Evidence.objects.get()
    for address in (f"{FILE}a-juger/evidence/{piece.pk}/", f"{FILE}axes/inclusion/", WHOLE):
        assert 'value="Sans source."' in client.get(address).text
    client.post(f"{FILE}avis/", {"kind": "evidence", "id": piece.pk, "again": "Sans source."})
    ruling = Ruling.objects.get(evidence=piece)
    assert (ruling.accepted, ruling.reason) == (False, "Sans source.")


@pytest.mark.parametrize("evidence", [1, 3])
def test_part_query_count(in_reading, jeanne, evidence, sign_in, django_assert_num_queries):
    for number in range(evidence):
        piece = Evidence.objects.create(application=in_reading, title="Page", url=f"https://aubaine.example/{number}")
        piece.uses.create(question_id="INC-02")
    client = sign_in(jeanne.user)
    for part in parts():
        # One more for what stood behind the link of an initiative at the deposit.
        with django_assert_num_queries(12 if "initiatives" in part else 11):
            assert client.get(part).status_code == 200


def test_part_that_does_not_exist_is_not_found(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    assert [client.get(FILE + part).status_code for part in ("initiatives/999999/", "axes/nulle/")] == [404, 404]


def test_part_sent_back_is_not_shown(in_reading, jeanne, now, sign_in):
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-01"], now=now)
    client = sign_in(jeanne.user)
    assert [client.get(part).status_code for part in parts()] == [409, 409, 409]


@pytest.mark.parametrize("who", ["agent", "organiser", "stranger"])
def test_file_of_who_does_not_sit_is_not_found(in_reading, who, request, sign_in):
    assert sign_in(request.getfixturevalue(who)).get(FILE).status_code == 404


def test_file_of_a_juror_who_does_not_read_it_is_not_found(submitted, jeanne, jules, organiser, now, sign_in):
    actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    assert sign_in(jules.user).get(FILE).status_code == 404


def test_file_is_blind_until_both_have_read(in_reading, jeanne, jules, now, sign_in):
    read(in_reading, jules, now, comment_to_jury="Le secret de Jules.")
    client = sign_in(jeanne.user)
    assert "Le secret de Jules." not in client.get(FILE).content.decode()
    read(in_reading, jeanne, now)
    assert "Le secret de Jules." in client.get(FILE).content.decode()


def test_file_never_shows_the_draft_of_another(in_reading, jules, chair, now, sign_in):
    draft = reading(comment_to_jury="Le brouillon de Jules.")
    actions.save_review(application=in_reading, by=jules, reading=draft, seen=0, now=now)
    assert "Le brouillon de Jules." not in sign_in(chair.user).get(FILE).content.decode()


def test_file_of_a_decided_application_shows_the_decision(decided, jeanne, sign_in):
    page = sign_in(jeanne.user).get(FILE).content.decode()
    assert "Décidé par" in page
    assert "Rendre ma lecture" not in page


def test_file_sent_back_hides_what_the_commune_is_changing(in_reading, jeanne, now, sign_in):
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-01"], now=now)
    Initiative.objects.update(title="Titre en chantier")
    page = sign_in(jeanne.user).get(WHOLE).content.decode()
    assert "Titre en chantier" not in page
    assert "Un complément est demandé" in page


def test_file_proposes_the_next_one(in_reading, other, jeanne, organiser, now, sign_in):
    actions.assign(application=other, juror=jeanne, by=organiser, now=now)
    assert "/jury/01902/2027/" in sign_in(jeanne.user).get(FILE).content.decode()


@pytest.mark.parametrize(("address", "count"), [(FILE, 10), (WHOLE, 12)])
@pytest.mark.parametrize("evidence", [1, 3])
def test_file_query_count(in_reading, jeanne, evidence, address, count, sign_in, django_assert_num_queries):
    for number in range(evidence):
        piece = Evidence.objects.create(application=in_reading, title="Page", url=f"https://aubaine.example/{number}")
        piece.uses.create(question_id="INC-02")
    client = sign_in(jeanne.user)
    with django_assert_num_queries(count):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(("address", "more"), [(FILE, 0), (WHOLE, 1)])
@pytest.mark.parametrize("inspired", [1, 3])
def test_inspirations_are_looked_up_together_where_they_show(
    in_reading, jeanne, beaupre, inspired, address, more, sign_in, django_assert_num_queries
):
    row, client = Initiative.objects.get(), sign_in(jeanne.user)
    row.pk = None
    Initiative.objects.bulk_create([row] * inspired)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    Initiative.objects.update(inspired_by=beaupre)
    with django_assert_num_queries(len(before) + more):
        page = client.get(address).text
    assert page.count("Inspirée d’une initiative de") == more * (1 + inspired)


def test_file_says_how_firm_its_level_is(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    assert "n’est pas encore prêt" in client.get(FILE).content.decode()
    work("robustness.make")
    page = client.get(FILE).content.decode()
    assert "du score déclaré" in page
    assert "Seuil le plus proche" in page


def test_file_says_where_it_stands_since_the_closing(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    assert "Comparaison avec" not in client.get(FILE).content.decode()
    document = {"kind": "commune", "band": 500, "group": "band", "size": 9, "standings": []}
    Benchmark.objects.create(application=in_reading, basis=Basis.DECLARED, document=document)
    assert "Comparaison avec 9 autres communes" in client.get(FILE).content.decode()


def test_decided_file_says_it_of_the_examined_score(decided, chair, sign_in):
    work("robustness.make")
    assert "du score instruit" in sign_in(chair.user).get(FILE).content.decode()


def test_file_get_never_writes(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    with CaptureQueriesContext(connection) as seen:
        client.get(FILE)
    assert not [row for row in seen if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


# --- the reading


def test_review_saves_the_draft(in_reading, jeanne, sign_in):
    answer = sign_in(jeanne.user).post(FILE + "lecture/", posted(proposed_level=""))
    assert answer.status_code == 302
    assert (Review.objects.get().marks, Review.objects.get().submitted_at) == ({"inclusion": 3, "services": 2}, None)


def test_review_saves_by_itself_and_gives_the_next_version(in_reading, jeanne, sign_in):
    answer = sign_in(jeanne.user).post(FILE + "lecture/", posted(), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert '<input type="hidden" name="seen" value="1">' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_review_handed_in_goes_to_the_next_file(in_reading, other, jeanne, organiser, now, sign_in):
    actions.assign(application=other, juror=jeanne, by=organiser, now=now)
    answer = sign_in(jeanne.user).post(FILE + "lecture/", posted(rendre="1"))
    assert answer.url == "/jury/01902/2027/"
    assert Review.objects.get().submitted_at is not None


def test_review_handed_in_from_the_page_redirects_the_page(in_reading, jeanne, sign_in):
    answer = sign_in(jeanne.user).post(FILE + "lecture/", posted(rendre="1"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/jury/"


def test_review_handed_in_with_a_gap_keeps_the_draft(in_reading, jeanne, sign_in):
    answer = sign_in(jeanne.user).post(FILE + "lecture/", posted(rendre="1", **{"mark-services": ""}))
    assert answer.status_code == 422
    assert "Il manque une note" in answer.content.decode()
    assert (Review.objects.get().marks, Review.objects.get().submitted_at) == ({"inclusion": 3}, None)


def test_review_from_an_old_window_shows_both(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    client.post(FILE + "lecture/", posted(comment_to_territory="Depuis l’autre fenêtre."))
    answer = client.post(FILE + "lecture/", posted(comment_to_territory="Depuis celle-ci."))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Depuis l’autre fenêtre." in page
    assert "Depuis celle-ci." in page
    assert '<button class="button quiet" type="submit" name="seen" value="1">' in page
    assert 'type="hidden" name="seen"' not in page


def test_review_keeps_this_window_when_asked(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    client.post(FILE + "lecture/", posted(comment_to_territory="Depuis l’autre fenêtre."))
    client.post(FILE + "lecture/", posted(comment_to_territory="Depuis celle-ci.", seen="1"))
    assert Review.objects.get().comment_to_territory == "Depuis celle-ci."


def test_review_of_a_decided_file_gives_the_words_back(decided, jeanne, sign_in):
    answer = sign_in(jeanne.user).post(FILE + "lecture/", posted(comment_to_territory="Trop tard, mais écrit."))
    assert answer.status_code == 409
    assert "Trop tard, mais écrit." in answer.content.decode()


def test_review_by_the_chair_who_does_not_read_it_is_refused(in_reading, chair, sign_in):
    assert sign_in(chair.user).post(FILE + "lecture/", posted()).status_code == 403
    assert not Review.objects.exists()


def test_review_by_get_leads_to_the_file(in_reading, jeanne, sign_in):
    assert sign_in(jeanne.user).get(FILE + "lecture/").url == FILE


def test_review_by_get_tells_a_stranger_nothing(in_reading, agent, sign_in):
    assert sign_in(agent).get(FILE + "lecture/").status_code == 405


def test_saved_fragment_is_that_of_the_page(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    fragment = client.post(FILE + "lecture/", posted(), headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip() in client.get(FILE).content.decode()


# --- rulings


def test_file_offers_a_ruling_on_each_thing(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(WHOLE).content.decode()
    kinds = {kind: page.count(f'name="kind" value="{kind}"') for kind in ("claim", "evidence", "initiative")}
    assert kinds == {"claim": 1, "evidence": 1, "initiative": 1}


def test_file_offers_no_ruling_once_decided(decided, jeanne, sign_in):
    assert 'name="kind"' not in sign_in(jeanne.user).get(WHOLE).content.decode()


@pytest.mark.parametrize("kind", ["claim", "evidence", "initiative"])
def test_rule_from_the_page(in_reading, jeanne, kind, sign_in):
    ids = {"claim": "SER-02", "evidence": Evidence.objects.get().pk, "initiative": Initiative.objects.get().pk}
    form = {"kind": kind, "id": ids[kind], "accepted": "non", "reason": "Rien ne le montre."}
    client = sign_in(jeanne.user)
    answer = client.post(FILE + "avis/", form)
    initiative, inclusion, services = parts()
    claim, evidence = f"claim-{ids['claim']}", f"evidence-{ids['evidence']}"
    pages = {"claim": f"{services}#{claim}", "evidence": f"{inclusion}#{evidence}", "initiative": initiative}
    assert answer.url == pages[kind]
    page = client.get(answer.url).content.decode()
    assert "Rien ne le montre." in page
    assert kind == "initiative" or f'id="{answer.url.partition("#")[2]}"' in page
    assert (Ruling.objects.get().accepted, Ruling.objects.get().by) == (False, jeanne)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"kind": "claim", "id": "SER-02", "accepted": "non", "reason": ""}, 400),
        ({"kind": "claim", "id": "SER-02", "accepted": "", "reason": "Parce que."}, 400),
        ({"kind": "claim", "id": "SER-01", "accepted": "non", "reason": "Parce que."}, 409),
        ({"kind": "evidence", "id": "999999", "accepted": "non", "reason": "Parce que."}, 404),
        ({"kind": "evidence", "id": "x", "accepted": "non", "reason": "Parce que."}, 404),
    ],
)
def test_rule_with_a_fault_writes_nothing(in_reading, jeanne, form, status, sign_in):
    assert sign_in(jeanne.user).post(FILE + "avis/", form).status_code == status
    assert not Ruling.objects.exists()


# --- evidence


def test_evidence_is_downloaded_by_a_reader(attached, jeanne, sign_in):
    answer = sign_in(jeanne.user).get(f"{FILE}preuves/{attached.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 preuve %%EOF"
    assert answer["Content-Disposition"].startswith("attachment")


def test_evidence_of_another_file_is_not_found(attached, other, jeanne, organiser, now, sign_in):
    actions.assign(application=other, juror=jeanne, by=organiser, now=now)
    assert sign_in(jeanne.user).get(f"/jury/01902/2027/preuves/{attached.pk}/").status_code == 404


def test_evidence_of_a_recused_juror_is_not_found(attached, aubaine, jeanne, now, sign_in):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=jeanne.user, now=now)
    assert sign_in(jeanne.user).get(f"{FILE}preuves/{attached.pk}/").status_code == 404


def test_link_among_the_evidence_is_no_download(in_reading, jeanne, sign_in):
    assert sign_in(jeanne.user).get(f"{FILE}preuves/{Evidence.objects.get().pk}/").status_code == 404


# --- recusal, complement, interests


def test_recuse_from_the_page_hides_it(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    assert client.post(FILE + "deport/", {"reason": "Un ami."}).url == "/jury/"
    assert client.get(FILE).status_code == 404
    assert Recusal.objects.get().reason == "Un ami."


def test_own_data_holds_what_a_juror_declared(in_reading, jeanne, beaupre, now, sign_in):
    actions.declare_interest(juror=jeanne, territory=beaupre, nature="élue", by=jeanne.user, now=now)
    actions.recuse(juror=jeanne, application=in_reading, reason="Un ami.", by=jeanne.user, now=now)

    kept = sign_in(jeanne.user, confirmed=True).get("/compte/mes-donnees.json").json()

    assert [(row["territory"], row["nature"]) for row in kept["interests"]] == [("01902", "élue")]
    assert [(row["territory"], row["reason"]) for row in kept["recusals"]] == [("01901", "Un ami.")]


def test_recuse_without_reason_says_so(in_reading, jeanne, sign_in):
    assert sign_in(jeanne.user).post(FILE + "deport/", {"reason": ""}).status_code == 400
    assert not Recusal.objects.exists()


def test_complement_from_the_page(in_reading, jeanne, sign_in):
    assert (
        sign_in(jeanne.user).post(FILE + "complement/", {"reason": "Une date manque.", "parts": ["INC-01"]}).status_code
        == 302
    )
    in_reading.refresh_from_db()
    assert (in_reading.state, in_reading.state_reason) == ("returned", "Une date manque.")


def test_complement_twice_is_refused(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    client.post(FILE + "complement/", {"reason": "Une date manque.", "parts": ["INC-01"]})
    assert client.post(FILE + "complement/", {"reason": "Une autre.", "parts": ["INC-01"]}).status_code == 409


def test_complement_without_a_point_keeps_what_was_typed(in_reading, jeanne, sign_in):
    answer = sign_in(jeanne.user).post(FILE + "complement/", {"reason": "Une date manque."})
    assert answer.status_code == 422
    assert "Une date manque." in answer.content.decode()
    in_reading.refresh_from_db()
    assert in_reading.state == "under_review"


def test_complement_on_what_no_database_counts_with_is_refused(in_reading, jeanne, sign_in):
    posted = {"reason": "Une date manque.", "initiatives": ["9" * 25]}
    assert sign_in(jeanne.user).post(FILE + "complement/", posted).status_code == 422


def test_complement_page_ticks_the_question_it_comes_from(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(FILE + "complement/?part=INC-02").content.decode()
    assert 'value="INC-02" checked' in page
    assert page.count(" checked") == 1


def test_file_back_shows_what_changed(in_reading, jeanne, signatory, now, sign_in):
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-02"], now=now)
    later = now + timedelta(hours=1)
    files.fill(application=in_reading, document={"answers": {"INC-02": {"value": 3}}}, by=signatory, now=later)
    client = sign_in(jeanne.user)
    assert "En place</dd>" not in client.get(FILE).content.decode()
    files.submit(application=in_reading, by=signatory, now=later)
    page = client.get(FILE).content.decode()
    assert "Demandé par Jeanne" in page
    assert "En place</dd>" in page


def test_interest_declared_from_the_page_hides_the_file(in_reading, jeanne, sign_in):
    client = sign_in(jeanne.user)
    client.post("/jury/liens/", {"territory": "01901", "nature": "élue"})
    assert client.get(FILE).status_code == 404
    assert "Aubaine" in client.get("/jury/liens/").content.decode()


def test_interest_in_an_unknown_place_says_so(jeanne, sign_in):
    answer = sign_in(jeanne.user).post("/jury/liens/", {"territory": "99999", "nature": "élue"})
    assert answer.status_code == 422
    assert "liste officielle" in answer.content.decode()


def test_interest_is_removed_by_its_juror_alone(jeanne, jules, aubaine, now, sign_in):
    interest = actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=jeanne.user, now=now)
    address = reverse("jury:remove_interest", args=[interest.pk])
    assert sign_in(jules.user).post(address).status_code == 404
    assert sign_in(jeanne.user).post(address).status_code == 302
    assert not Interest.objects.exists()


def test_next_to_read_goes_round(in_reading, edition, more_files, jeanne, organiser, now):
    extra = more_files(3)
    for application in extra:
        actions.assign(application=application, juror=jeanne, by=organiser, now=now)
    seen = ["01901"]
    for _ in range(4):
        seen.append(queries.file_for(user=jeanne.user, code=seen[-1], year=2027).following["code"])
    assert len(set(seen[:4])) == 4
    assert seen[4] == "01901"


def test_next_to_read_is_of_the_same_person_and_left_to_do(in_reading, more_files, jeanne, jules, organiser, now):
    [other] = more_files(1)
    actions.assign(application=other, juror=jules, by=organiser, now=now)
    assert queries.file_for(user=jeanne.user, code="01901", year=2027).following is None
    actions.assign(application=other, juror=jeanne, by=organiser, now=now)
    following = queries.file_for(user=jeanne.user, code="01901", year=2027).following
    assert following == {"code": other.territory.code, "name": other.territory.name}
    Review.objects.create(assignment=Assignment.objects.get(application=other, juror=jeanne), submitted_at=now)
    assert queries.file_for(user=jeanne.user, code="01901", year=2027).following is None


def test_other_editions_are_not_mixed(in_reading, jeanne, sign_in):
    assert sign_in(jeanne.user).get("/jury/01901/2026/").status_code == 404


def test_reasons_sum_to_the_totals_shown(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(WHOLE).content.decode()
    chunks = re.split(r"([\d,]+) points sur ([\d,]+)", page)[1:]
    assert len(chunks) == 2 * 3
    for earned, possible, rows in zip(chunks[::3], chunks[1::3], chunks[2::3], strict=True):
        assert total(pairs(rows)) == (amount(earned), amount(possible))


def test_reasons_say_rule_evidence_and_points(in_reading, jeanne, sign_in):
    page = sign_in(jeanne.user).get(WHOLE).content.decode()
    assert "Avec preuve" in page
    assert "posée à tout le monde" in page


@pytest.mark.parametrize("questionnaire", [SECOND])
def test_both_figures_are_read_until_the_claim_is_ruled(in_reading, jeanne, sign_in, now):
    both = "50,0\u202f%, et 75,0\u202f% si le jury accepte son «\u202fpas concerné\u202f»."
    page = sign_in(jeanne.user)
    assert page.get(FILE).text.count(both) == 2

    accept_claim(in_reading, jeanne, now)
    assert page.get(FILE).text.count(both) == 1


@pytest.mark.parametrize("what", ["evidence", "initiative"])
def test_a_link_that_was_rotten_at_the_deposit_says_so(in_reading, jeanne, sign_in, now, what):
    named = Evidence.objects.get() if what == "evidence" else Initiative.objects.get()
    url = named.url if what == "evidence" else named.link
    LinkedPage.objects.create(**{what: named}, url=url, status=404, seen_at=now)
    assert "cette page n’existait pas (404)" in sign_in(jeanne.user).get(WHOLE).text
