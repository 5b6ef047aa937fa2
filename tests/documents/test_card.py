"""The image that social networks show of a result."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from documents import card
from documents.emblem import EmblemData

LONGEST = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"


def drawn(name="Aubaine", *, level=3, simulated=False):
    emblem = EmblemData(
        "Arobase", "le label", name, 2027, level, datetime(2027, 3, 1, tzinfo=UTC), "L’équipe", simulated
    )
    return card.render(card.CardData(emblem, "Ain (01)"))


def test_card_has_the_size_that_networks_ask_and_is_light():
    image = Image.open(io.BytesIO(drawn()))

    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(drawn()) < 60_000


@pytest.mark.parametrize(("simulated", "end"), [(False, "sur\u00a05"), (True, "démonstration sans valeur")])
def test_card_says_in_words_what_it_shows(simulated, end):
    said = Image.open(io.BytesIO(drawn(simulated=simulated))).text["Description"]

    assert said.startswith("Arobase 2027, Aubaine\u202f: 3\u00a0arobases sur")
    assert said.endswith(end)


def test_same_card_is_the_same_bytes():
    assert drawn() == drawn()


@pytest.mark.parametrize("name", ["Y", LONGEST, "Communauté d’agglomération " + LONGEST, "Abcdefghij" * 6])
def test_any_name_stays_within_the_image(name):
    image = Image.open(io.BytesIO(drawn(name))).convert("RGB")
    ground, edge = image.getpixel((5, 5)), image.crop((1130, 150, 1200, 380))

    assert {colour for _count, colour in edge.getcolors()} == {ground}


def test_demonstration_is_said_in_its_colour():
    seen = Image.open(io.BytesIO(drawn(simulated=True))).convert("RGB").getpixel((1100, 380))

    assert seen[0] > 120 > seen[2]
