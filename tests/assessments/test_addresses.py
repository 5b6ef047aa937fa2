import pytest

from assessments.doors import addresses


def test_address_names_its_row():
    assert addresses.read(addresses.of("receipt", 12)) == ("receipt", 12)


@pytest.mark.parametrize(
    "change", [lambda said: said.replace(":12:", ":13:"), lambda said: said.partition("#")[0], str.upper]
)
def test_address_that_we_did_not_write_names_nothing(change):
    assert addresses.read(change(addresses.of("receipt", 12))) is None
