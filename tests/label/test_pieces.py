"""Pieces of pages: what is kept is what would be drawn."""

import pytest
from django.core.cache import caches
from django.template import Context, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from label import pieces
from results.pages.rows import Row
from territories.models import Territory

TEXT = st.text(max_size=20)
LEVEL = st.none() | st.integers(1, 5)
ROWS = st.builds(Row, TEXT.map(lambda text: f"c{len(text)}"), TEXT, TEXT, LEVEL, LEVEL, st.booleans(), TEXT)


@pytest.fixture
def keep(settings):
    settings.KEEP_PAGES = True
    yield
    caches["pieces"].clear()


@given(lists=st.lists(st.lists(ROWS, max_size=3), min_size=2, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_what_would_be_drawn(keep, settings, lists):
    """Each twice, and values that compare equal (1 and True) among them."""
    asked = [*lists, *lists]
    kept = [pieces.drawn("results/_found.html", {"rows": rows}) for rows in asked]
    settings.KEEP_PAGES = False
    fresh = [pieces.drawn("results/_found.html", {"rows": rows}) for rows in asked]
    settings.KEEP_PAGES = True

    assert kept == fresh


def test_values_that_compare_equal_are_told_apart(keep):
    drawn = [pieces.drawn("components/segs.html", {"filled": [value]}) for value in (0, 1)]
    again = [pieces.drawn("components/segs.html", {"filled": [value]}) for value in (0, 1)]

    assert drawn[0] != drawn[1]
    assert again == drawn


def test_piece_is_drawn_once(keep, monkeypatch):
    rows = [Row("01901", "Aubaine", "Ain (01)", 3, 2027, False, "")]
    first = pieces.drawn("results/_found.html", {"rows": rows})
    monkeypatch.setattr(pieces, "_draw", None)

    assert pieces.drawn("results/_found.html", {"rows": rows}) == first


def test_form_has_the_token_of_its_request(keep):
    page = Template("{% drawn 'jury/_ruling.html' may_rule=True inline=True kind='claim' id='a' application=file %}")
    file = {"territory": {"code": "01901"}, "edition": {"year": 2027}}
    drawn = [page.render(Context({"csrf_token": token, "file": file})) for token in ("first", "second")]

    assert 'value="first"' in drawn[0]
    assert drawn[1] == drawn[0].replace("first", "second")


@pytest.mark.django_db
def test_piece_asks_the_database_nothing(aubaine):
    """What it would find there would be kept after it changed."""
    unread = Territory.objects.only("code").get(pk=aubaine.pk)

    with pytest.raises(RuntimeError, match="asks the database"):
        pieces.drawn("results/_portrait.html", {"shown": {"territory": unread}})
