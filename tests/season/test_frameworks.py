import pytest
from django.core.files.base import ContentFile

from assessments.doors import frameworks as door
from assessments.models import Framework
from scoring import framework as engine
from season.pages.questionnaires import differences

pytestmark = pytest.mark.django_db

PAGE = "/organisation/referentiels/"
SMALL = "tests/results/framework.yaml"


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def text(answer):
    return answer.content.decode()


def source():
    with open(SMALL, encoding="utf-8") as file:
        return file.read()


def send(page, content, **how):
    return page.post(PAGE, {"file": ContentFile(content.encode(), "cadre.yaml")}, follow=True, **how)


def test_nothing_is_loaded_yet(page):
    answer = text(page.get(PAGE))

    assert "Aucun référentiel n’est chargé" in answer
    assert "Charger le référentiel 2027" in answer


def test_the_shipped_one_in_one_click(page):
    answer = page.post(f"{PAGE}livre/2027/", follow=True)

    assert Framework.objects.get().document == door.shipped_source(2027)
    assert "Le référentiel 2027 est chargé" in text(answer)


def test_a_year_that_is_not_shipped(page):
    assert page.post(f"{PAGE}livre/1999/").status_code == 404


def test_a_file_is_loaded_once(page):
    send(page, source())
    send(page, source())

    assert Framework.objects.count() == 1


def test_faults_are_said_in_their_place_and_nothing_is_kept(page):
    answer = send(page, source().replace("points: ", "points: -", 1))

    assert answer.status_code == 422
    assert "points: -" in text(answer)
    assert "ligne" in text(answer)
    assert not Framework.objects.exists()


@pytest.mark.parametrize("content", ["", "- [", "\0", "é" * 1_100_000])
def test_what_is_no_framework(page, content):
    assert send(page, content).status_code == 422


def test_what_is_no_text(page):
    answer = page.post(PAGE, {"file": ContentFile(b"\xff\xfe\x00", "cadre.yaml")})

    assert "pas du texte en UTF-8" in text(answer)


def test_the_next_version_says_what_it_changes(page):
    send(page, source())
    old = engine.load(source())
    name = old.questions[0].text["fr"]
    answer = send(page, source().replace(name, "Une question tout autre ?"))

    assert "Ce qui change depuis" in text(answer)
    assert name in text(answer)


def test_differences_of_the_same_are_none():
    old = engine.load(source())

    assert differences(old, old) == []


def test_judged(page):
    send(page, source())

    answer = page.get(f"{PAGE}{Framework.objects.get().hash}/verifier/")

    assert "L’équilibre du référentiel" in text(answer)
