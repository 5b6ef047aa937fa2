import gzip
import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from assessments.models import Edition
from results import actions
from results.models import PastLaureate, PublishedInitiative, PublishedResult
from results.queries import ideas as initiatives
from results.rules.stems import tokens
from results.templatetags.palmares import linked_data
from territories.models import Department, FormerName, Nature, Region, Territory
from tests.conftest import make_territory
from tests.sums import pairs, total

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def results(make_file, aubaine, beaupre, epci, publish, announce, request):
    for territory in (aubaine, beaupre, epci)[: getattr(request, "param", 3)]:
        make_file(territory)
    publish()
    announce()


@pytest.fixture
def laureate(beaupre):
    return PastLaureate.objects.create(
        year=2012,
        territory=beaupre,
        name="Beaupré-le-Vieux",
        level=5,
        source="« Les treizièmes labels », Localtis, février 2012",
    )


def read(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_directory_lists_what_is_published(client, published):
    page = read(client, "/annuaire/")

    assert "Aubaine" in page
    assert "3\u00a0arobases sur\u00a05" in page


def test_directory_before_anything_says_so(client, aubaine):
    page = read(client, "/annuaire/")

    assert "Aucun résultat n’est encore publié" in page
    assert "Aubaine" not in page


@pytest.mark.parametrize("q", ["beaupré", "BEAUPRE", "01902"])
def test_directory_finds_who_never_took_part(client, published, beaupre, q):
    page = read(client, f"/annuaire/?q={q}")

    assert "Beaupré" in page
    assert "N’a pas encore participé" in page


def test_directory_puts_the_exact_name_first(client, published, department):
    make_territory(department, "01001", "Aubaine-la-Grande", 90_000)

    page = read(client, "/annuaire/?q=aubaine")

    assert page.index(">Aubaine<") < page.index(">Aubaine-la-Grande<")


def test_directory_shows_a_past_laureate_as_another_label(client, laureate):
    page = read(client, "/annuaire/")

    assert "5@ au palmarès 2012" in page
    assert "arobases sur\u00a05, 2012" not in page


def test_directory_suggests_when_mistyped(client, published):
    page = read(client, "/annuaire/?q=aubeine")

    assert page.count("Vouliez-vous dire") == 1
    assert "Aubaine" in page


def test_directory_says_that_nothing_is_like_it(client, published):
    assert "Vérifiez l’orthographe" in read(client, "/annuaire/?q=xyzxyzxyz")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("edition=2027", True),
        ("level=3", True),
        ("level=5", False),
        ("department=01", True),
        ("region=84", True),
        ("region=11", False),
        ("band=500", True),
        ("band=50000", False),
        ("kind=commune", True),
        ("kind=epci", False),
        ("page=abc", True),
        ("page=9", False),
    ],
)
def test_directory_filters_and_never_breaks(client, published, asked, found):
    Region.objects.create(code="11", name="Île-de-France").departments.create(code="75", name="Paris")

    assert (">Aubaine<" in read(client, f"/annuaire/?{asked}")) is found


def test_directory_beyond_its_last_page_still_counts(client, published, laureate):
    page = read(client, "/annuaire/?page=9999")

    assert "2 collectivités" in page
    assert "Aucune collectivité trouvée" not in page
    assert "Cette page de résultats n’existe pas." in page


def test_directory_says_what_it_counts(client, published, laureate):
    page = read(client, "/annuaire/")

    assert "2 collectivités" in page
    assert "1 labellisée" in page
    assert "1 connue seulement par le palmarès d’un autre label" in page


def test_directory_keeps_those_with_an_honour(client, results):
    PublishedResult.objects.exclude(territory__code="01902").update(honours=[])

    assert shown(read(client, "/annuaire/?honour=yes")) == ["Beaupré"]


@pytest.mark.parametrize(
    ("asked", "first"),
    [("sort=level", "Beaupré"), ("sort=population", "CC du Val d’Aubaine"), ("q=au&sort=level", "Beaupré")],
)
def test_directory_sorts(client, results, aubaine, asked, first):
    PublishedResult.objects.filter(territory__code="01902").update(level=5)

    assert shown(read(client, f"/annuaire/?{asked}"))[0] == first


def test_directory_shows_the_result_of_the_edition_that_is_asked(client, published, edition, make_file, aubaine):
    earlier = Edition.objects.create(
        year=2026,
        framework=edition.framework,
        opens_at=edition.opens_at - timedelta(days=400),
        closes_at=edition.closes_at - timedelta(days=400),
        results_at=edition.results_at - timedelta(days=400),
        published_at=edition.results_at - timedelta(days=400),
    )
    row = PublishedResult.objects.get()
    row.pk, row.edition, row.level = None, earlier, 2
    row.application = make_file(aubaine, edition=earlier)
    row.save()

    assert "2\u00a0arobases sur\u00a05</span>" in read(client, "/annuaire/?edition=2026")
    assert "3\u00a0arobases sur\u00a05</span>" in read(client, "/annuaire/")


@pytest.mark.parametrize(
    ("asked", "short"),
    [("?q=&level=3&kind=", "?level=3"), ("?q=", ""), ("?q=a+b&level=", "?q=a+b")],
)
def test_directory_has_short_addresses(client, published, asked, short):
    assert client.get(f"/annuaire/{asked}")["Location"] == f"/annuaire/{short}"
    assert client.get(f"/annuaire/{asked}", headers={"HX-Request": "true"})["HX-Push-Url"] == f"/annuaire/{short}"


def test_directory_offers_to_take_the_filters_away_and_keeps_the_words(client, published):
    assert 'href="/annuaire/?q=aubaine"' in read(client, "/annuaire/?q=aubaine&level=3")
    assert "Retirer les filtres" not in read(client, "/annuaire/?q=aubaine")


def test_directory_draws_a_map_that_counts_by_department(client, results):
    page = read(client, "/annuaire/")

    assert "<title>Ain (01) : 3</title>" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert '<a href="?department=01">Ain (01)</a></th><td class="num">3</td>' in page
    assert "CC BY 4.0" in page


def test_directory_maps_no_result_under_embargo(client, results, now):
    Edition.objects.update(results_at=now + timedelta(days=1))

    assert '<td class="num">' not in read(client, "/annuaire/")


def test_directory_gives_htmx_the_results_alone(client, published):
    fragment = read(client, "/annuaire/?q=aubaine", HX_Request="true")

    assert fragment.lstrip().startswith('<section id="found"')
    assert "Aubaine" in fragment


@pytest.mark.parametrize("results", [1, 3], indirect=True)
@pytest.mark.parametrize("asked", ["", "?q=au", "?q=zzzzzz", "?edition=2027&level=3", "?sort=level"])
@pytest.mark.parametrize(("headers", "most"), [({}, 6), ({"HX-Request": "true"}, 5)], ids=["whole", "fragment"])
def test_directory_costs_few_queries(client, results, asked, headers, most, django_assert_max_num_queries):
    client.get(f"/annuaire/{asked}")  # the departments and the names are kept

    with django_assert_max_num_queries(most):  # one more for the map
        assert client.get(f"/annuaire/{asked}", headers=headers).status_code == 200


def test_directory_of_a_full_page_is_light(client, published, department):
    for number in range(40):
        make_territory(department, f"01{number:03}", f"Aub-le-Château-sur-Veyle-{number}", 500)

    page = read(client, "/annuaire/?q=aub")

    assert len(gzip.compress(page.encode())) < 40_000
    assert "page=2" in page
    assert "42 collectivités" in page


@pytest.mark.parametrize("results", [1, 3], indirect=True)
@pytest.mark.parametrize("address", ["/annuaire/01901/", "/initiatives/?q=atelier", "/methode/"])
def test_public_pages_cost_five_queries_at_most(client, results, address, django_assert_max_num_queries):
    client.get(address)

    with django_assert_max_num_queries(5):
        assert client.get(address).status_code == 200


def test_territory_explains_its_level(client, published):
    page = read(client, "/annuaire/01901/")

    assert "3\u00a0arobases sur\u00a05" in page
    assert "La collectivité mène une politique numérique suivie" in page
    assert "64,3" in page


def test_territory_shows_lines_but_the_confidential_ones(client, published):
    page = read(client, "/annuaire/01901/")

    assert "Un délégué est-il nommé" in page
    assert "Vos sauvegardes" not in page
    assert "Questions confidentielles, ensemble" in page


def test_territory_without_a_result(client, beaupre):
    page = read(client, "/annuaire/01902/")

    assert "pas encore de résultat publié" in page
    assert "Aucune participation à ce label" in page


def test_territory_cites_the_source_of_a_past_palmares(client, laureate):
    page = read(client, "/annuaire/01902/")

    assert "5@ au palmarès 2012" in page
    assert "Localtis, février 2012" in page
    assert "Beaupré-le-Vieux" in page


def test_territory_tells_a_withdrawn_result_and_hides_its_level(client, published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    page = read(client, "/annuaire/01901/")

    assert "Fausse déclaration." in page
    assert "arobases sur\u00a05" not in page


def test_territory_says_that_a_result_is_simulated(client, make_file, aubaine, publish, announce):
    make_file(aubaine, simulated=True)
    publish()
    announce()

    assert "ce résultat est simulé" in read(client, "/annuaire/01901/")


def test_territory_gives_the_reasons_of_the_jury(client, make_file, aubaine, publish, announce):
    make_file(aubaine, level=4)
    publish()
    announce()

    page = read(client, "/annuaire/01901/")

    assert "L’atelier sert tout le canton." in page
    assert "Le calcul donne 3 sur 5, le jury accorde 4 sur 5." in page


def test_territory_that_does_not_exist(client, db):
    assert client.get("/annuaire/99999/").status_code == 404


def test_initiatives_are_found_by_a_word_begun(client, published):
    assert "Un atelier d’aide au numérique" in read(client, "/initiatives/?q=ordina")


def test_initiatives_none_found_says_what_to_do(client, published):
    assert "Essayez un mot plus général" in read(client, "/initiatives/?q=piscine")


def test_initiatives_of_a_replaced_result_are_gone(client, published, now):
    PublishedResult.objects.update(replaced_at=now)

    assert "Un atelier" not in read(client, "/initiatives/")


@pytest.fixture
def ideas(published, department, make_file):
    """`ideas({name: (population, title)})`: published initiatives of others, each serving the issue « mediation »."""

    def make(of):
        for number, (name, (population, title)) in enumerate(of.items()):
            other = make_territory(department, f"0195{number}", name, population)
            result = PublishedResult.objects.get(territory__code="01901")
            result.pk, result.application, result.territory = None, make_file(other), other
            result.save()
            row = {"description": "", "operator": "in_house", "issues": ["mediation"], "tokens": tokens(title)}
            PublishedInitiative.objects.create(result=result, title=title, **row)

    return make


def shown(page):
    """Names listed by the directory, in order."""
    return re.findall(r'<h3><a href="/annuaire/[^"]+">([^<]+)</a></h3>', page)


def titles(page):
    return re.findall(r"<strong>([^<]+)</strong><br>", page)


def test_examples_put_first_the_near_ones_then_those_that_share_words(client, ideas):
    ideas(
        {
            "Grandville": (90_000, "Nous aidons nos habitants"),
            "Proche": (1_000, "Une mosaïque"),
            "Voisine": (2_100, "Nous aidons les habitants au marché"),
            "Autre": (900, "Une fresque"),
        }
    )

    page = read(client, "/annuaire/01901/exemples/INC-01/")

    assert titles(page) == ["Nous aidons les habitants au marché", "Une fresque", "Une mosaïque"]


def test_examples_leave_out_the_territory_itself_and_the_same_idea_twice(client, ideas):
    ideas({"Proche": (1_000, "Une mosaïque"), "Voisine": (1_100, "Une mosaïque")})

    assert titles(read(client, "/annuaire/01901/exemples/INC-01/")) == ["Une mosaïque"]


def test_examples_before_the_announcement_are_none(client, ideas, now):
    ideas({"Proche": (1_000, "Une mosaïque")})
    Edition.objects.update(results_at=now + timedelta(days=1))

    assert "Aucune initiative n’est encore publiée" in read(client, "/annuaire/01901/exemples/INC-01/")


def test_examples_with_htmx_are_a_fragment(client, published):
    page = read(client, "/annuaire/01901/exemples/INC-01/", **{"HX-Request": "true"})

    assert "<html" not in page
    assert "?issue=mediation" in page


@pytest.mark.parametrize("address", ["/annuaire/99999/exemples/INC-01/", "/annuaire/01901/exemples/XXX-01/"])
def test_examples_of_nothing_known_are_not_found(client, published, address):
    assert client.get(address).status_code == 404


def test_method_gives_the_thresholds_of_the_latest_edition(client, edition):
    page = read(client, "/methode/")

    assert "Les niveaux de l’édition 2027" in page
    assert ">75<" in page


def test_method_before_any_edition(client, db):
    assert "Aucune édition n’est encore ouverte" in read(client, "/methode/")


@pytest.mark.parametrize("address", ["/annuaire/", "/annuaire/01901/", "/initiatives/", "/methode/"])
def test_public_pages_only_answer_reading(client, published, address):
    assert client.post(address).status_code == 405


def test_territory_lines_sum_to_the_totals_shown(client, published):
    page = client.get("/annuaire/01901/").content.decode()
    tables = re.findall(r"<tbody[^>]*>((?:(?!</tbody>).)*)</tbody>\s*<tfoot>(.*?)</tfoot>", page, re.DOTALL)
    assert tables
    for body, foot in tables:
        assert total(pairs(body)) == pairs(foot)[0]


def test_territory_lines_say_evidence_and_rule(client, published):
    line = next(line for line in published.document["lines"] if line["state"] == "answered" and line["answer"])
    line["answer"], line["rule"] = {**line["answer"], "evidence": True}, "population >= 500"
    published.save()
    page = client.get("/annuaire/01901/").content.decode()
    assert "Avec preuve" in page
    assert "<code>population &gt;= 500</code>" in page


def test_territory_lines_lead_to_what_proves_them(client, published):
    published.document["lines"][0]["links"] = [{"title": "La page d’aide", "url": "https://aubaine.example/aide"}]
    published.save()
    link = '<a href="https://aubaine.example/aide" rel="noopener noreferrer nofollow">La page d’aide</a>'

    assert link in client.get("/annuaire/01901/").text
    (lines,) = [client.get("/api/v1/results/01901/2027/").json()["lines"]]
    assert [len(line["links"]) for line in lines[:2]] == [1, 0]


def test_old_code_leads_to_the_page_of_today(client, aubaine):
    FormerName.objects.create(
        code="01999",
        name="Vieille-Aubaine",
        search_name="vieille aubaine",
        nature=Nature.MERGED,
        territory=aubaine,
        last_year=2025,
    )

    for old, new in (
        ("/annuaire/01999/", "/annuaire/01901/"),
        ("/api/v1/territories/01999/", "/api/v1/territories/01901/"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("vélos", "Un vélo pour chacun"),
        ("vélo", "Des vélos à prêter"),
        ("tiers lieux", "Un tiers-lieu au village"),
        ("mediatheque", "La médiathèque ouvre tard"),
        ("open data", "Des données ouvertes à tous"),
        ("médiathèuqe", "La médiathèque ouvre tard"),
        ("Aubaine", "Un vélo pour chacun"),
    ],
)
def test_initiatives_are_found_as_people_type(client, published, typed, written):
    """The plural, no accent, another way to say it, one fault, the name of the commune."""
    PublishedInitiative.objects.update(title=written, tokens=tokens(written))
    page = read(client, f"/initiatives/?q={quote(typed)}")

    assert f"1 initiative trouvée pour « {typed} »" in page


def test_initiatives_say_what_was_understood_of_a_word_that_nobody_wrote(client, published):
    page = read(client, "/initiatives/?q=mediathekue")

    assert "Personne n’écrit « mediathekue » : voici « mediatheque »." in page
    assert "<mark>médiathèque</mark>" not in page


def test_initiatives_bring_out_the_words_that_were_searched(client, published):
    assert "<mark>numérique</mark>" in read(client, "/initiatives/?q=numeriques")


def test_initiatives_without_an_answer_say_so(client, published):
    assert "Aucune initiative trouvée" in read(client, "/initiatives/?q=Marseille")


def test_initiatives_are_narrowed_by_links_that_say_their_number(client, ideas):
    ideas({"Grandville": (90_000, "Un vélo pour chacun"), "Voisine": (2_100, "Un vélo prêté")})
    page = read(client, "/initiatives/?q=velo")
    assert 'href="?q=velo&amp;band=50000"' in page
    narrowed = read(client, "/initiatives/?q=velo&band=50000")

    assert "1 initiative trouvée" in narrowed
    assert "Taille : 50\u202f000 habitants et plus" in narrowed
    assert 'href="?q=velo"' in narrowed


def test_initiatives_keep_their_filters_when_other_words_are_searched(client, published):
    assert '<input type="hidden" name="issue" value="mediation">' in read(client, "/initiatives/?issue=mediation")


def test_initiatives_have_a_short_address(client, published):
    answer = client.get("/initiatives/?q=atelier&department=&issue=")

    assert (answer.status_code, answer["Location"]) == (302, "/initiatives/?q=atelier")


@pytest.mark.parametrize("results", [3], indirect=True)
def test_initiatives_of_one_commune_leave_room_to_others(client, results):
    """Three more of the first: each of the others comes before its second."""
    first = PublishedInitiative.objects.order_by("result__territory__sort_key")[0]
    for number in range(3):
        first.pk, first.title = None, f"Encore une idée {number}"
        first.save()
    _answer, found = initiatives.search("", {}, now=timezone.now())
    places = [row.result.territory_id for row in found[:]]

    assert len(set(places[:3])) == 3


def test_directory_finds_those_that_are_strongest_on_an_axis(client, published):
    best = max(published.document["axes"], key=lambda axis: axis["earned"] / axis["possible"])
    others = [axis["id"] for axis in published.document["axes"] if axis is not best]

    assert shown(read(client, f"/annuaire/?axis={best['id']}")) == ["Aubaine"]
    assert all(shown(read(client, f"/annuaire/?axis={axis}")) == [] for axis in others)


def test_initiative_has_a_page_that_a_correction_does_not_move(client, published, organiser, now):
    row = PublishedInitiative.objects.get()
    address = f"/initiatives/{row.number}/"
    assert f'href="{address}"' in read(client, "/initiatives/")
    corrected = {"name": "Aubaine-sur-Veyle", "honours": [], "reason": "Une faute.", "by": organiser, "now": now}
    again = actions.correct(result=published, **corrected)
    actions.correct(result=again, **{**corrected, "name": "Aubaine-la-Jolie"})

    assert f"<h1>{row.title}</h1>" in read(client, address)
    assert f'href="{address}"' in read(client, "/initiatives/")


def test_initiative_says_what_it_serves(client, published):
    PublishedInitiative.objects.update(axis="inclusion", operator="in_house", issues=["mediation"])
    page = read(client, f"/initiatives/{PublishedInitiative.objects.get().number}/")

    assert "Sert d’abord" in page
    assert "la collectivité elle-même" in page
    assert "?issue=mediation" in page


def test_initiative_shows_similar_ones_of_others(client, ideas):
    ideas({"Proche": (1_000, "Une mosaïque"), "Voisine": (1_100, "Un atelier de couture")})
    row = PublishedInitiative.objects.get(result__territory__code="01901")
    page = read(client, f"/initiatives/{row.number}/")

    assert "Un atelier de couture" in page


def test_initiative_under_embargo_withdrawn_or_unknown_is_not_found(client, published, organiser, now):
    number = PublishedInitiative.objects.get().number
    assert client.get(f"/initiatives/{10**30}/").status_code == 404
    Edition.objects.update(results_at=now + timedelta(days=1))
    assert client.get(f"/initiatives/{number}/").status_code == 404
    Edition.objects.update(results_at=now - timedelta(days=1))
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)
    assert client.get(f"/initiatives/{number}/").status_code == 404


def test_territory_tells_search_engines_who_it_is(client, published):
    page = read(client, "/annuaire/01901/")

    assert "<title>Aubaine (01) – " in page
    assert 'name="description" content="Aubaine (Ain) : 3\u00a0arobases sur\u00a05, édition 2027.' in page
    assert '<link rel="canonical" href="http://testserver/annuaire/01901/">' in page
    about = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (about["name"], about["award"]) == ("Aubaine", "3\u00a0arobases sur\u00a05, édition 2027")


def test_linked_data_cannot_end_its_block():
    assert "</script><b>" not in linked_data({"name": "</script><b>"})


def test_territories_of_one_name_differ_by_their_department(client, department, epci):
    """As three Saint-Denis do."""
    region = Region.objects.create(code="11", name="Île-de-France")
    other = Department.objects.create(code="93", name="Seine-Saint-Denis", region=region)
    for code, where in (("01990", department), ("93066", other)):
        make_territory(where, code, "Saint-Denis", 1_000)
    heads = {read(client, f"/annuaire/{code}/").split("</head>")[0].split("<title>")[1] for code in ("01990", "93066")}

    assert len({head.split("</title>")[0] for head in heads}) == 2
    assert len({re.search('name="description" content="([^"]+)"', head)[1] for head in heads}) == 2


def test_territory_says_first_that_its_result_replaces_another(client, published, organiser, now):
    corrected = {"name": "Aubaine-sur-Veyle", "honours": [], "reason": "Une faute.", "by": organiser, "now": now}
    actions.correct(result=published, **corrected)
    page = read(client, "/annuaire/01901/")

    assert "Raison de la correction : Une faute." in page
    assert page.index("Ce résultat en remplace un autre") < page.index("arobases sur\u00a05</span>")


def test_grouping_lists_its_communes_with_their_level(client, results, epci, aubaine):
    Territory.objects.filter(pk=aubaine.pk).update(epci=epci)
    page = read(client, f"/annuaire/{epci.code}/")

    assert "1 commune, 1 labellisée." in page
    assert shown(page) == ["Aubaine"]


def test_territories_are_compared_side_by_side(client, results):
    page = read(client, "/annuaire/comparer/?c=01901&c=01902")

    assert page.index(">Aubaine</a>") < page.index(">Beaupré</a>")
    assert 'href="?c=01902"' in page
    assert "Inclusion" in page


def test_comparison_finds_one_more_by_its_name(client, results):
    assert 'href="?c=01901&amp;c=01902"' in read(client, "/annuaire/comparer/?c=01901&q=beaupre")


@pytest.mark.parametrize(
    ("asked", "words"),
    [("c=99999", "Aucune collectivité ne porte ce code : 99999"), ("&".join(f"c=0{n}" for n in range(6)), "au plus")],
)
def test_comparison_refuses_in_words(client, db, asked, words):
    answer = client.get(f"/annuaire/comparer/?{asked}")

    assert answer.status_code == 422
    assert words in answer.text


def test_comparison_says_nothing_before_the_announcement(client, make_file, aubaine, publish):
    make_file(aubaine)
    publish()

    assert "pas de résultat publié" in read(client, "/annuaire/comparer/?c=01901")
