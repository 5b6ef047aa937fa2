import pytest

from territories import queries


def text(answer):
    return answer.content.decode()


@pytest.fixture
def search(client):
    return lambda htmx=False, **asked: client.get(
        "/territoires/recherche/", asked, headers={"HX-Request": "true"} if htmx else {}
    )


def test_search_page_lists_what_answers(search, france):
    page = text(search(q="bugey"))

    assert "<html" in page
    assert "Ambérieu-en-Bugey" in page
    assert "15\u202f301 habitants" in page


def test_search_fragment_offers_choices(search, france):
    page = text(search(htmx=True, q="saint trivier"))

    assert "<html" not in page
    assert page.count('name="territory"') == 3
    assert "checked" not in page


def test_search_fragment_alone_is_chosen(search, france):
    assert "checked" in text(search(htmx=True, q="bugey"))


@pytest.mark.parametrize("htmx", [True, False])
def test_search_mistyped_suggests(search, france, htmx):
    page = text(search(htmx=htmx, q="ajacio"))

    assert "Vouliez-vous dire" in page
    assert "Ajaccio" in page


@pytest.mark.parametrize("htmx", [True, False])
def test_search_nothing_alike(search, france, htmx):
    assert "Rien ne répond à" in text(search(htmx=htmx, q="zzzzzzzz"))


def test_search_blank(search, france):
    assert text(search(htmx=True, q=" ")).strip() == ""
    assert search().status_code == 200


def test_search_filters(search, france):
    assert "Dombes" not in text(search(htmx=True, q="dombes", kind="commune"))
    assert "Dombes" in text(search(htmx=True, q="dombes", kind="x"))
    assert "Ajaccio" not in text(search(htmx=True, q="ajaccio", department="01"))


def test_search_long_text_is_cut(search, france):
    assert search(htmx=True, q="a" * 10_000).status_code == 200
    assert "a" * (queries.LONGEST + 1) not in text(search(q="a" * 10_000))


def test_search_escapes_what_was_typed(search, france):
    assert "<script>alert" not in text(search(htmx=True, q="<script>alert(1)"))


def test_search_refuses_a_post(client, db):
    assert client.post("/territoires/recherche/").status_code == 405


@pytest.mark.parametrize("q", ["bugey", "trivier"])
def test_search_fragment_query_count(search, france, django_assert_num_queries, q):
    search(htmx=True, q=q)
    with django_assert_num_queries(2):  # whether the index is today’s, and the rows
        search(htmx=True, q=q)
