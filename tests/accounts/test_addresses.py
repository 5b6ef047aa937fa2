import pytest
from django.urls import get_resolver

from accounts.rules.addresses import has_secret

SECRETS = {"secret", "token", "key"}


def test_every_page_that_takes_a_secret_is_known():
    """A new one is found here: its secret would stay in logs and caches."""
    whole = get_resolver()
    spaces = [whole.reverse_dict, *(space.reverse_dict for _prefix, space in whole.namespace_dict.values())]
    found = {
        f"/{form % dict.fromkeys(names, 'PLANTED')}"
        for kept in spaces
        for views in kept.lists()
        for forms, *_rest in views[1]
        for form, names in forms
        if SECRETS & set(names)
    }

    assert len(found) == 10
    assert [path for path in found if not has_secret(path)] == []


@pytest.mark.parametrize("path", ["/compte/", "/compte/mot-de-passe/oublie/", "/dossiers/3/", "/verifier/2027-AB/"])
def test_address_that_holds_none(path):
    assert not has_secret(path)
