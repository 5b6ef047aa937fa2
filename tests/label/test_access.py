"""Who runs the service finds a request again, and nobody finds who made it."""

import logging

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog, settings):
    caplog.set_level(logging.INFO, logger="label.access")

    def told():
        return [record.facts for record in caplog.records if record.name == "label.access"]

    return told


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("get", "/accessibilite/", "accessibility", 200),
        ("get", "/annuaire/99999/", "results:territory", 404),
        ("get", "/nulle-part/", "unknown", 404),
        ("post", "/accessibilite/", "accessibility", 405),
    ],
)
def test_request_is_a_line(client, lines, method, path, route, status):
    getattr(client, method)(path)

    [line] = lines()
    assert line.pop("milliseconds") >= 0
    assert line == {"method": method.upper(), "route": route, "status": status}


def test_page_that_is_kept_says_its_route_too(client, lines, settings):
    settings.KEEP_PAGES = True
    for _ in range(2):
        client.get("/accessibilite/")

    assert [line["route"] for line in lines()] == ["accessibility"] * 2


def test_method_of_one_s_own_is_no_series(client, lines):
    client.generic("PLANTED", "/accessibilite/")

    assert lines()[0]["method"] == "other"


def test_line_holds_neither_query_nor_address(client, lines, caplog):
    client.get("/annuaire/?q=PLANTED", REMOTE_ADDR="192.0.2.77")

    [record] = [record for record in caplog.records if record.name == "label.access"]
    assert "PLANTED" not in str(vars(record))
    assert "192.0.2.77" not in str(vars(record))


@pytest.fixture
def named(client, monkeypatch):
    """The name that a line of this request bears."""
    from label import access
    from outbox.doors.log import about

    seen = []
    monkeypatch.setattr(access.logger, "info", lambda *_args, **_more: seen.append(about.get()["request"]))

    def ask(given):
        client.get("/accessibilite/", headers={"X-Request-ID": given})
        return seen[-1]

    return ask


def test_name_is_that_of_our_proxy(named, settings):
    settings.PROXIES = 1

    assert named("9f3c-1") == "9f3c-1"


@pytest.mark.parametrize(("proxies", "given"), [(0, "9f3c-1"), (1, "a\tb"), (1, "x" * 65), (1, "")])
def test_name_that_anybody_may_give_is_not_taken(named, settings, proxies, given):
    settings.PROXIES = proxies

    assert named(given) != given
    assert len(named(given)) == 32
