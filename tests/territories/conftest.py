import pytest

from territories.models import Department, Kind, Postcode, Region
from tests.conftest import make_territory


@pytest.fixture
def corsica(db):
    region = Region.objects.create(code="94", name="Corse")
    return Department.objects.create(code="2A", name="Corse-du-Sud", region=region)


@pytest.fixture
def france(department, corsica):
    """A handful of real names, by name."""
    from territories.rules.names import search_name, sort_key

    rows = [
        (department, "01001", "L’Abergement-Clémenciat", 860, {}),
        (department, "01004", "Ambérieu-en-Bugey", 15_301, {}),
        (department, "01025", "Bâgé-Dommartin", 4_173, {}),
        (department, "01387", "Saint-Trivier-de-Courtes", 1_073, {}),
        (department, "01389", "Saint-Trivier-sur-Moignans", 1_973, {}),
        (department, "01999", "Bourg-Saint-Trivier", 50, {}),
        (department, "01998", "Havre", 12, {}),
        (department, "01997", "Le Havre", 166_462, {}),
        (corsica, "2A004", "Ajaccio", 75_000, {}),
        (department, "200069193", "CC de la Dombes", 39_000, {"kind": Kind.EPCI, "siren": "200069193"}),
    ]
    made = {}
    for place, code, name, population, fields in rows:
        made[name] = make_territory(place, code, name, population, **fields)
        made[name].search_name, made[name].sort_key = search_name(name), sort_key(name)
        made[name].save()
    for code, name in [("01400", "L’Abergement-Clémenciat"), ("20000", "Ajaccio"), ("20090", "Ajaccio")]:
        Postcode.objects.create(code=code, territory=made[name])
    return made
