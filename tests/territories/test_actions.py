import gzip

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from territories import actions
from territories.models import Department, Kind, PopulationBand, Postcode, Region, Territory

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
