import gzip
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from outbox.models import Job
from territories import actions, queries
from territories.models import Change, Department, FormerName, Kind, PopulationBand, Postcode, Region, Territory

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def rows():
    tables = [Region, Department, Territory, Postcode]
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@pytest.fixture
def folder(tmp_path):
    """Two communes of two departments in one EPCI, one overseas collectivity."""
    (tmp_path / "regions.csv").write_text("code,nom,chef_lieu,zone\n84,AURA,1,metro\n975,Saint-Pierre,2,com\n")
    (tmp_path / "departments.csv").write_text(
        "code,nom,code_region,chef_lieu,zone\n01,Ain,84,1,metro\n69,Rhône,84,1,metro\n975,Saint-Pierre,975,1,com\n"
    )
    write(tmp_path, "epci", "siren,nom,type,population_municipale,nombre_communes", ["200000001,CC d'Ici,CC,300,2"])
    communes = [
        "01001,L'Un,01,84,200000001,210100012,100,01400 01410",
        "69002,Deux,69,84,200000001,,200,69000",
        "97501,Miquelon,975,975,,,,97500",
    ]
    write(tmp_path, "communes", HEADER, communes)
    return tmp_path


HEADER = "code_insee,nom,code_departement,code_region,siren_epci,siren,population,codes_postaux"


def write(folder, name, header, lines):
    (folder / f"{name}.csv.gz").write_bytes(gzip.compress("\n".join([header, *lines]).encode()))


def test_load_france_counts(folder):
    assert actions.load_france(folder) == actions.Loaded(regions=2, departments=3, communes=3, epcis=1, postcodes=4)


def test_load_france_fills_a_commune(folder):
    actions.load_france(folder)

    commune = Territory.objects.get(code="01001")
    assert (commune.name, commune.search_name, commune.sort_key) == ("L’Un", "l un", "un")
    assert (commune.kind, commune.siren, commune.population) == (Kind.COMMUNE, "210100012", 100)
    assert (commune.department_id, commune.band, commune.epci.code) == ("01", PopulationBand.UNDER_500, "200000001")


def test_load_france_places_epci_where_most_inhabitants_live(folder):
    actions.load_france(folder)

    assert Territory.objects.get(code="200000001").department_id == "69"


def test_load_france_overseas_from_the_zone(folder):
    actions.load_france(folder)

    assert list(Department.objects.filter(overseas=True).values_list("code", flat=True)) == ["975"]
    assert Territory.objects.get(code="97501").population is None


def test_load_france_twice_changes_nothing(folder):
    actions.load_france(folder)
    before = rows()
    actions.load_france(folder)

    assert rows() == before


def test_load_france_follows_a_new_list(folder):
    actions.load_france(folder)
    write(folder, "communes", HEADER, ["01001,Un-le-Neuf,01,84,200000001,210100012,700,01410"])
    actions.load_france(folder)

    commune = Territory.objects.get(code="01001")
    assert (commune.name, commune.band) == ("Un-le-Neuf", PopulationBand.FROM_500)
    assert list(Postcode.objects.values_list("code", flat=True)) == ["01410"]
    assert Territory.objects.filter(code="69002").exists()


@pytest.mark.parametrize(
    ("line", "error"),
    [("02001,Deux,01,84,999999999,,1,", KeyError), ("02001,Deux,99,84,200000001,,1,", IntegrityError)],
)
@pytest.mark.django_db(transaction=True)
def test_load_france_all_or_nothing(folder, line, error):
    write(folder, "communes", HEADER, ["01001,Un,01,84,200000001,,1,01400", line])

    with pytest.raises(error):
        actions.load_france(folder)
    assert rows() == [[], [], [], []]


def test_main_departments_equal_takes_the_smaller_code():
    row = {"siren_epci": "1", "population": "5"}

    assert actions.main_departments([row | {"code_departement": "69"}, row | {"code_departement": "01"}]) == {"1": "01"}


def test_command_loads_the_official_list(capsys):
    call_command("load_territories")

    assert capsys.readouterr().out == ("34969 communes, 1255 EPCI, 109 departments, 26 regions, 35493 postcodes.\n")
    assert Territory.objects.filter(kind=Kind.COMMUNE).count() == 34_969
    assert Territory.objects.filter(kind=Kind.COMMUNE, epci=None).count() == 98
    assert set(Territory.objects.filter(department__overseas=True).values_list("department", flat=True)) == {
        "971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988", "989",
    }  # fmt: skip


CHANGED = (
    HEADER,
    [
        "01001,Un-le-Neuf,01,84,200000009,210100012,300,01400",
        "69003,Deux,69,84,200000009,210690028,200,69000",
        "01500,Trois,01,84,200000009,210105003,10,01500",
    ],
)


@pytest.fixture
def two_years(folder):
    """From one year to the next: L'Un renamed, Deux of another code, Quatre merged into Trois, Miquelon gone without a
    word, and the EPCI of another SIREN."""
    lines = [
        "01001,L'Un,01,84,200000001,210100012,100,01400 01410",
        "69002,Deux,69,84,200000001,210690028,200,69000",
        "01500,Trois,01,84,200000001,210105003,10,01500",
        "01501,Quatre,01,84,200000001,210105011,10,01500",
        "97501,Miquelon,975,975,,,,97500",
    ]
    write(folder, "communes", HEADER, lines)
    actions.load_france(folder, year=2026)
    write(folder, "communes", *CHANGED)
    write(folder, "epci", "siren,nom,type,population_municipale,nombre_communes", ["200000009,CC d'Ici,CC,300,3"])
    former = ["69002,Deux,ancien-nom,69003,2026,", "01501,Quatre,ancienne,01500,2026,"]
    write(folder, "former", "code,nom,nature,code_commune,derniere_annee,deduit", former)
    before = dict(Territory.objects.values_list("code", "pk"))
    actions.load_france(folder, year=2027)
    return before


def test_load_of_another_year_keeps_the_row_of_who_took_another_code(two_years):
    for old, new in (("69002", "69003"), ("200000001", "200000009")):
        assert Territory.objects.get(code=new).pk == two_years[old]
        assert queries.now_called(old).code == new


def test_load_of_another_year_dates_who_became_part_of_another(two_years):
    merged = Territory.objects.get(code="01501")

    assert (merged.ended_on, merged.successor.code) == (date(2027, 1, 1), "01500")
    assert [row.code for row in queries.search("quatre")] == ["01500"]


def test_load_of_another_year_leaves_to_decide_what_nobody_knows(two_years):
    gone = Territory.objects.get(code="97501")

    assert (gone.ended_on, gone.successor) == (date(2027, 1, 1), None)
    open_changes = Change.objects.filter(settled_at=None).order_by("old_code")
    assert list(open_changes.values_list("old_code", "happened")) == [("01501", "merged"), ("97501", "ended")]


def test_load_of_another_year_remembers_a_name(two_years):
    assert [row.name for row in queries.search("l’un")] == ["Un-le-Neuf"]
    assert Territory.objects.get(code="01001").pk == two_years["01001"]


def test_load_of_another_year_schedules_its_news_once(two_years, folder):
    actions.load_france(folder, year=2027)

    assert Job.objects.filter(kind="territories.changed").count() == 1


def test_what_is_in_being_again_is_no_longer_ended(two_years, folder):
    write(folder, "communes", HEADER, [*CHANGED[1], "01501,Quatre,01,84,200000009,210105011,10,01500"])
    actions.load_france(folder, year=2028)

    again = Territory.objects.get(code="01501")
    assert (again.ended_on, again.successor) == (None, None)


def test_real_changes_are_replayed(tmp_path):
    """Back to the list of years ago, as far as these go, and forth: Pierrefitte-sur-Seine in Saint-Denis, the SIREN of
    the agglomération d'Agen, the code of Les Trois Lacs."""
    actions.load_france()
    lost = dict(
        FormerName.objects.filter(nature__in=["ancienne", "ancien-epci"]).values_list("code", "territory__code")
    )
    for code, name in (("93059", "Pierrefitte-sur-Seine"), ("200035459", "CA d’Agen")):
        today = Territory.objects.get(code=lost[code])
        kind = Kind.EPCI if len(code) == 9 else Kind.COMMUNE
        Territory.objects.create(
            kind=kind,
            code=code,
            siren="",
            name=name,
            search_name=name,
            sort_key=name,
            department=today.department,
            band=0,
        )
    lakes = FormerName.objects.get(search_name="les trois lacs")
    Territory.objects.filter(pk=lakes.territory_id).update(code=lakes.code)
    actions.load_france(year=2026)

    assert Territory.objects.get(code="93059").successor.code == "93066"
    assert Territory.objects.get(code="200035459").successor.code == "200096956"
    assert Territory.objects.get(pk=lakes.territory_id).code == lakes.territory.code
