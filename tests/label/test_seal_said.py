"""Of each page that makes or gives papers: a seal that this site made for itself is said to be one."""

import pytest

from tests.season import AUBAINE, BEAUPRE, LAST_YEAR, YEAR

pytestmark = pytest.mark.django_db

SAID = "cachet fabriqué par ce site"
EDITION = f"/organisation/editions/{LAST_YEAR}/"
PAGES = [
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/accuse/"),
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/documents/"),
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/rapport/"),
    ("chair", f"/jury/proces-verbal/{LAST_YEAR}/"),
    ("organiser", f"/jury/proces-verbal/{LAST_YEAR}/"),
    ("organiser", f"{EDITION}publication/"),
    ("organiser", f"{EDITION}ceremonie/"),
    ("organiser", f"{EDITION}resultats/{AUBAINE}/correction/"),
    ("organiser", "/organisation/demarrage/"),
    ("organiser", "/organisation/reglages/"),
    ("organiser", "/organisation/reglages/cachet/"),
]


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_page_says_the_demonstration_seal(season, visitors, settings, role, address):
    client = visitors[role].client()
    assert SAID in client.get(address).content.decode()

    settings.SEAL_PKCS12 = "/keys/own.p12"

    assert SAID not in client.get(address).content.decode()


def test_anyone_reads_it_of_a_certificate(season, visitors):
    """As the certificate was sealed, whatever the instance has today."""
    result = season.past.results.filter(replaced_at=None, withdrawn_at=None, level__gte=1).first()
    certificate = result.certificate

    assert certificate.sealed_by.startswith("Cachet de démonstration")
    assert SAID in visitors["anonymous"].client().get(f"/verifier/{certificate.number}/").content.decode()
