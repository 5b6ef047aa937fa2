from datetime import date

import pytest

from assessments.actions.initiatives import kept
from assessments.models import Evidence, Initiative
from tests.assessments.conftest import DESCRIPTION

pytestmark = pytest.mark.django_db

LIST = "/dossiers/01901/2027/initiatives/"


def posted(**fields):
    return {
        "seen": 0,
        "title": "Prêt de matériel",
        "description": DESCRIPTION,
        "started_on": "2026-01-01",
        "ended_on": "",
        "operator": "in_house",
        "issues": ["mediation"],
        "link": "https://a.example/",
        **fields,
    }


THEIRS = {
    "title": "Version du maire",
    "description": "Celle du maire.",
    "started_on": "2026-02-01",
    "ended_on": "2026-05-01",
    "operator": "in_house",
    "issues": ["mediation"],
    "link": "https://b.example/",
    "results": "Trente",
    "partners": "La CAF",
    "cost": "under_1000",
    "inspired_by": "01902",
    "contact": "Accueil",
    "contact_public": "on",
}
MINE = {
    "title": "Version de l’agent",
    "description": "Celle de l’agent.",
    "started_on": "2026-03-02",
    "ended_on": "2026-06-02",
    "operator": "delegate",
    "issues": ["services-publics"],
    "link": "https://c.example/",
    "results": "Quarante",
    "partners": "Le CCAS",
    "cost": "over_50000",
    "inspired_by": "",
    "contact": "Mairie",
    "contact_public": "",
}
# `MINE` as the history keeps it; the questionnaire of these tests has no axis to choose.
ASIDE = MINE | {"axis": "", "inspired_by": None, "contact_public": False}


def test_new_initiative_is_saved_and_counts(application, agent, sign_in):
    client = sign_in(agent)

    response = client.post(f"{LIST}nouvelle/", posted())

    row = Initiative.objects.get()
    assert response.headers["Location"] == f"{LIST}{row.pk}/"
    assert row.title == "Prêt de matériel"
    assert "Compte dans le score" in client.get(LIST).text


def test_draft_with_a_title_alone_says_what_lacks(application, agent, sign_in):
    client = sign_in(agent)
    client.post(f"{LIST}nouvelle/", {"seen": 0, "title": "Idée"})

    text = client.get(LIST).text
    assert "Ne compte pas encore" in text
    assert "encore 200 caractères" in text


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"issues": ["mediation", "services-publics", "mediation"]},
        {"issues": ["cuisine"]},
        {"ended_on": "2025-01-01"},
        {"link": "javascript:alert(1)"},
        {"seen": "x"},
    ],
)
def test_initiative_with_a_fault_says_so_and_keeps_the_rest(application, agent, sign_in, fields):
    response = sign_in(agent).post(f"{LIST}nouvelle/", posted(**fields))

    assert response.status_code == 422
    assert DESCRIPTION[:40] in response.text
    assert Initiative.objects.count() == 0


def test_a_title_too_long_is_not_said_to_be_missing(application, agent, sign_in):
    response = sign_in(agent).post("/dossiers/01901/2027/initiatives/nouvelle/", {"title": "x" * 60_000})

    assert response.status_code == 422
    assert "Donnez un titre" not in response.text


def test_initiative_changed_meanwhile_shows_both(ready, agent, signatory, sign_in):
    row = Initiative.objects.get()
    sign_in(signatory).post(f"{LIST}{row.pk}/", posted(seen=1, title="Version du maire"))

    response = sign_in(agent).post(f"{LIST}{row.pk}/", posted(seen=1, title="Version de l’agent"))

    row.refresh_from_db()
    assert response.status_code == 409
    assert "Version du maire" in response.text
    assert "Version de l’agent" in response.text
    assert 'name="seen" value="2"' in response.text
    assert (row.title, row.version) == ("Version du maire", 2)


SCRIPT = {"HX-Request": "true"}


def test_an_initiative_is_saved_as_it_is_typed(application, agent, sign_in):
    client = sign_in(agent)

    first = client.post(f"{LIST}nouvelle/", {"seen": 0, "title": "Idée"}, headers=SCRIPT)

    row = Initiative.objects.get()
    assert first["HX-Replace-Url"] == f"{LIST}{row.pk}/"
    assert "Enregistré à" in first.text
    assert "<html" not in first.text
    second = client.post(f"{LIST}{row.pk}/", {"seen": 1, "title": "Idée", "description": "Deux"}, headers=SCRIPT)
    assert 'name="seen" id="id_seen" value="2"' in second.text
    row.refresh_from_db()
    assert (Initiative.objects.count(), row.description) == (1, "Deux")


def test_an_initiative_typed_without_a_title_yet_says_so_in_a_line(application, agent, sign_in):
    response = sign_in(agent).post(f"{LIST}nouvelle/", {"seen": 0, "description": "Deux"}, headers=SCRIPT)

    assert response.status_code == 422
    assert "Pas encore enregistré : Donnez un titre" in response.text
    assert "<form" not in response.text


def test_an_initiative_done_with_a_script_leads_to_its_card(application, agent, sign_in):
    response = sign_in(agent).post(f"{LIST}nouvelle/", posted(done="yes"), headers=SCRIPT)

    assert response["HX-Redirect"] == f"{LIST}{Initiative.objects.get().pk}/"


@pytest.mark.parametrize(
    ("field", "theirs", "mine", "said"),
    [
        ("title", "Version du maire", "Version de l’agent", "Version du maire"),
        ("description", "Celle du maire.", "Celle de l’agent.", "Celle du maire."),
        ("started_on", "2026-02-01", "2026-03-02", "février"),
        ("ended_on", "2026-05-01", "2026-06-02", "mai"),
        ("operator", "in_house", "delegate", "la collectivité elle-même"),
        ("issues", ["mediation"], ["services-publics"], "Médiation numérique"),
        ("link", "https://b.example/", "https://c.example/", "https://b.example/"),
        ("results", "Trente", "Quarante", "Trente"),
        ("partners", "La CAF", "Le CCAS", "La CAF"),
        ("cost", "under_1000", "", "moins de 1 000"),
        ("inspired_by", "01902", "", "Beaupré"),
        ("contact", "Accueil", "Mairie", "Accueil"),
        ("contact_public", "on", "", "oui"),
    ],
)
def test_each_field_of_two_people_is_shown(ready, beaupre, agent, signatory, sign_in, field, theirs, mine, said):
    row = Initiative.objects.get()
    assert sign_in(signatory).post(f"{LIST}{row.pk}/", posted(seen=1, **{field: theirs})).status_code == 302

    response = sign_in(agent).post(f"{LIST}{row.pk}/", posted(seen=1, **{"results": "Autre", field: mine}))

    assert response.status_code == 409
    box = response.text.partition("Deux versions")[2].partition("<form")[0]
    assert said in box
    assert 'name="seen" value="2"' in response.text


def test_each_field_of_two_people_outlives_the_choice(ready, beaupre, agent, signatory, sign_in):
    """Whoever wins, the history has the other's words."""
    row = Initiative.objects.get()
    sign_in(signatory).post(f"{LIST}{row.pk}/", posted(seen=1, **THEIRS))
    client = sign_in(agent)
    assert client.post(f"{LIST}{row.pk}/", posted(seen=1, **MINE)).status_code == 409

    client.post(f"{LIST}{row.pk}/", posted(seen=2, aside="yes", **MINE))

    row.refresh_from_db()
    aside = row.versions.get(aside=True)
    assert (row.title, row.version, row.contact_public) == ("Version du maire", 2, True)
    assert aside.content == ASIDE
    client.post(f"{LIST}{row.pk}/historique/", {"version": aside.pk, "seen": 2})
    row.refresh_from_db()
    assert (kept(row), row.version) == (ASIDE, 3)
    theirs = row.versions.get(version=2, aside=False)
    assert theirs.content["inspired_by"] == beaupre.pk
    client.post(f"{LIST}{row.pk}/historique/", {"version": theirs.pk, "seen": 3})
    row.refresh_from_db()
    assert kept(row) == theirs.content
    assert (row.title, row.inspired_by, row.started_on) == ("Version du maire", beaupre, date(2026, 2, 1))


def test_history_tells_who_changed_what(ready, agent, signatory, sign_in):
    row = Initiative.objects.get()
    sign_in(signatory).post(f"{LIST}{row.pk}/", posted(seen=1, title="Version du maire", link=row.link))

    page = sign_in(agent).get(f"{LIST}{row.pk}/historique/").text

    assert page.count("Rétablir<") == 1
    assert signatory.name in page
    assert "Titre" in page.partition("Change :")[2].partition("</p>")[0]


def test_what_only_grows_is_one_version(application, agent, sign_in):
    client = sign_in(agent)
    client.post(f"{LIST}nouvelle/", {"seen": 0, "title": "Idée"})
    row = Initiative.objects.get()
    client.post(f"{LIST}{row.pk}/", {"seen": 1, "title": "Idée de prêt", "description": "Un prêt"})
    client.post(f"{LIST}{row.pk}/", {"seen": 2, "title": "Idée de prêt", "description": "Un prêt de tablettes"})
    assert row.versions.count() == 0

    client.post(f"{LIST}{row.pk}/", {"seen": 3, "title": "Idée de prêt", "description": ""})

    assert [each.content["description"] for each in row.versions.all()] == ["Un prêt de tablettes"]


def test_removed_initiative_comes_back_with_its_proof(ready, agent, sign_in):
    row = Initiative.objects.get()
    Evidence.objects.create(application=row.application, title="Bilan", url="https://a.example/").uses.create(
        initiative=row
    )
    client = sign_in(agent)
    client.post(f"{LIST}{row.pk}/retirer/", {"seen": 1})

    assert f"{LIST}{row.pk}/historique/" in client.get(LIST).text
    assert "N’appuie plus rien" in client.get("/dossiers/01901/2027/preuves/").text
    assert "est retirée du dossier" in client.get(f"{LIST}{row.pk}/historique/").text
    client.post(f"{LIST}{row.pk}/historique/", {"version": "", "seen": 2})

    row.refresh_from_db()
    assert row.removed_at is None
    assert "Bilan" in client.get(f"{LIST}{row.pk}/").text


def test_who_writes_while_it_is_removed_keeps_their_text(ready, agent, signatory, sign_in):
    row = Initiative.objects.get()
    sign_in(signatory).post(f"{LIST}{row.pk}/retirer/", {"seen": 1})
    client = sign_in(agent)

    response = client.post(f"{LIST}{row.pk}/", posted(seen=1, title="Version de l’agent"))

    assert response.status_code == 409
    assert "a retiré cette initiative" in response.text
    assert "Version de l’agent" in response.text
    client.post(f"{LIST}{row.pk}/", posted(seen=2, title="Version de l’agent"))
    row.refresh_from_db()
    assert (row.title, row.removed_at) == ("Version de l’agent", None)


@pytest.mark.parametrize("version", ["9999999999", "x", "9" * 30])
def test_version_that_is_none_is_refused(ready, agent, sign_in, version):
    row = Initiative.objects.get()

    response = sign_in(agent).post(f"{LIST}{row.pk}/historique/", {"version": version, "seen": 1})

    assert response.status_code in (400, 404)
    assert row.versions.count() == 0


def test_initiative_chosen_after_a_conflict_is_saved(ready, agent, sign_in):
    row = Initiative.objects.get()
    client = sign_in(agent)
    client.post(f"{LIST}{row.pk}/", posted(seen=1, title="Une"))

    client.post(f"{LIST}{row.pk}/", posted(seen=2, title="Autre"))

    row.refresh_from_db()
    assert (row.title, row.version) == ("Autre", 3)


def test_initiative_saved_twice_is_harmless(ready, agent, sign_in):
    row = Initiative.objects.get()
    for _ in range(2):
        response = sign_in(agent).post(f"{LIST}{row.pk}/", posted(seen=1, title="Une"))

    row.refresh_from_db()
    assert response.status_code == 302
    assert row.version == 2


def test_initiative_removed_no_longer_shows(ready, agent, sign_in):
    row = Initiative.objects.get()
    client = sign_in(agent)

    for _ in range(2):
        assert client.post(f"{LIST}{row.pk}/retirer/", {"seen": 1}).status_code == 302

    assert "Aucune initiative" in client.get(LIST).text
    assert client.get(f"{LIST}{row.pk}/").status_code == 404
    assert Initiative.objects.count() == 1


def test_initiative_of_another_file_is_not_found(ready, beaupre, edition, stranger, sign_in, now):
    from assessments import actions

    actions.start(edition=edition, territory=beaupre, by=stranger, now=now)
    row = Initiative.objects.get()
    client = sign_in(stranger)

    assert client.get(f"/dossiers/01902/2027/initiatives/{row.pk}/").status_code == 404
    assert client.post(f"/dossiers/01902/2027/initiatives/{row.pk}/", posted(seen=1)).status_code == 404
    assert client.post(f"/dossiers/01902/2027/initiatives/{row.pk}/retirer/", {"seen": 1}).status_code == 404


def test_initiative_by_a_reader_is_forbidden(application, reader, sign_in):
    assert sign_in(reader).post(f"{LIST}nouvelle/", posted()).status_code == 403


def test_initiative_once_submitted_is_refused(submitted, agent, sign_in):
    assert sign_in(agent).post(f"{LIST}nouvelle/", posted()).status_code == 409


def test_remove_by_get_leads_to_the_initiative(ready, agent, sign_in):
    page = f"{LIST}{Initiative.objects.get().pk}/"
    assert sign_in(agent).get(f"{page}retirer/").url == page


@pytest.mark.parametrize("count", [1, 3])
def test_initiatives_use_the_same_queries(application, agent, sign_in, count, django_assert_num_queries):
    client = sign_in(agent)
    for number in range(count):
        client.post(f"{LIST}nouvelle/", posted(title=f"Initiative {number}"))
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)


def test_what_it_tells_others_is_kept(application, agent, beaupre, sign_in):
    told = {
        "results": "**120** personnes aidées",
        "partners": "La médiathèque",
        "cost": "under_1000",
        "inspired_by": beaupre.code,
        "contact": "La médiathèque, aide@a.example",
        "contact_public": "on",
    }
    client = sign_in(agent)

    client.post(f"{LIST}nouvelle/", posted(**told))

    row = Initiative.objects.get()
    assert (row.results, row.partners, row.cost) == ("**120** personnes aidées", "La médiathèque", "under_1000")
    assert (row.inspired_by, row.contact_public) == (beaupre, True)
    assert f'value="{beaupre.code}"' in client.get(f"{LIST}{row.pk}/").text


@pytest.mark.parametrize("code", ["99999", "01901"])
def test_it_is_inspired_by_another_territory_that_exists(application, agent, sign_in, code):
    response = sign_in(agent).post(f"{LIST}nouvelle/", posted(inspired_by=code))

    assert response.status_code == 422
    assert DESCRIPTION[:40] in response.text
    assert Initiative.objects.count() == 0


def test_initiative_once_submitted_is_shown_as_it_reads(submitted, agent, sign_in):
    row = Initiative.objects.first()

    page = sign_in(agent).get(f"{LIST}{row.pk}/").text

    assert "<textarea" not in page
    assert row.description[:60] in page
    assert "Joindre une preuve" not in page


@pytest.fixture
def many(ready):
    """Thirteen more than the one of the file, of which two lack their start."""
    for number in range(13):
        fields = {"title": f"Café numérique {number}", "description": DESCRIPTION, "operator": "in_house"}
        issue = "mediation" if number % 2 else "services-publics"
        Initiative.objects.create(
            application=ready,
            issues=[issue],
            link="https://a.example/",
            started_on=None if number > 10 else date(2026, 1, 1),
            **fields,
        )
    return ready


def test_many_initiatives_are_parted_with_what_is_left_to_do_first(many, agent, sign_in):
    page = sign_in(agent).get(LIST)

    groups = page.context["listed"].groups
    assert [group.title for group in groups] == ["À compléter", "Médiation numérique", "Services publics"]
    assert [row.initiative.title for row in groups[0].rows] == ["Café numérique 11", "Café numérique 12"]
    assert sum(len(group.rows) for group in groups) == 14
    assert "14 initiatives" in page.text
    assert page.text.count('<details class="fold" open>') == 1


@pytest.mark.parametrize(("words", "found"), [("CAFE 12", 1), ("démarches café", 13), ("piscine", 0)])
def test_many_initiatives_are_searched(many, agent, sign_in, words, found):
    page = sign_in(agent).get(LIST, {"q": words})

    assert page.context["listed"].found == found
    assert ("Aucune initiative ne contient ces mots" in page.text) is (found == 0)


def test_few_initiatives_need_neither(ready, agent, sign_in):
    page = sign_in(agent).get(LIST)

    assert 'role="search"' not in page.text
    assert [group.title for group in page.context["listed"].groups] == [""]
