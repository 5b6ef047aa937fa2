"""What somebody opened stands in the trail, once a day."""

import pytest

from accounts.models import AuditEntry
from outbox.jobs import mail
from tests.label.matrix import MATRIX
from tests.season import AUBAINE, BEAUPRE, YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _traced(settings):
    settings.TRACE_READINGS = True


@pytest.fixture
def opened(season, visitors):
    """`opened(role, *addresses)`: what the trail says then, `(verb, model)`, and who did it."""

    def _opened(role, *addresses):
        before = AuditEntry.objects.count()
        client = visitors[role].client()
        for address in addresses:
            b"".join(client.get(address))
        rows = list(AuditEntry.objects.order_by("pk")[before:])
        assert {row.actor_id for row in rows} <= {season.people[role].pk}
        return [(row.verb, row.object_type.rpartition(".")[2]) for row in rows]

    return _opened


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("agent", f"/dossiers/{AUBAINE}/{YEAR}/"),
        ("juror", f"/jury/dossiers/{YEAR}/{BEAUPRE}/"),
        ("organiser", f"/organisation/editions/{YEAR}/dossiers/{AUBAINE}/"),
    ],
)
def test_file_is_told_once_whichever_of_its_pages_are_opened(opened, season, role, address):
    if role == "juror":
        address = MATRIX["jury:file"].address("jury:file", season)

    assert opened(role, address, f"{address}?x=1") == [("application.read", "Application")]


def test_proof_opened_by_a_juror_is_told(opened, season):
    address = MATRIX["jury:evidence"].address("jury:evidence", season)

    assert opened("juror", address) == [("evidence.read", "Evidence")]


@pytest.mark.parametrize("name", ["assessments:answers_file", "season:export", "results:report_file"])
def test_export_is_told_with_its_name(opened, season, name):
    role = next(role for role, status in MATRIX[name].get.items() if status == 200)
    address = MATRIX[name].address(name, season)

    assert [verb for verb, _model in opened(role, address)] == ["document.read"]
    assert AuditEntry.objects.latest("pk").detail == {"file": address.rpartition("/")[2].partition("?")[0]}


def test_mail_read_by_the_organiser_is_told(opened):
    row = mail.queue(key="k", to="a@x.example", subject="S", text="T")

    assert opened("organiser", f"/organisation/courriels/{row.pk}/") == [("mail.read", "Mail")]


def test_refused_page_is_not_told(opened, season):
    assert opened("stranger", f"/dossiers/{AUBAINE}/{YEAR}/") == []


def test_public_page_is_not_told(opened):
    assert opened("agent", "/annuaire/", "/methode/") == []
