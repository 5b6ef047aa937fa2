import pytest
from django.conf import settings

from accounts.doors import links


@pytest.mark.parametrize(
    "text",
    [
        "https://arobase.example/compte/invitations/AbC-1_2/",
        "http://127.0.0.1:8000/compte/mot-de-passe/choisir/1a-cz9-0f0/",
        "https://arobase.example/compte/adresse/confirmer/Mg:1x:abc_d-e/",
    ],
)
def test_hide_personal_link(text):
    assert links.hide_personal(f"Ouvrez {text} vite.") == "Ouvrez [lien personnel masqué] vite."


@pytest.mark.parametrize("path", ["/compte/", "/compte/mot-de-passe/oublie/", "/dossiers/3/", "/verifier/2027-AB/"])
def test_hide_personal_leaves_common_links(path):
    text = f"Voyez https://arobase.example{path}"

    assert links.hide_personal(text) == text


@pytest.mark.django_db
def test_choose_password_is_hidden_and_on_our_host(agent):
    link = links.choose_password(agent)

    assert link.startswith(settings.SITE_URL)
    assert links.hide_personal(link) == "[lien personnel masqué]"
