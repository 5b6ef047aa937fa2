"""Where the whole run is kept."""

from datetime import UTC, datetime

from bench.__main__ import BEGIN, END, MEASURES, kept

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_run_takes_the_place_of_the_one_before():
    document = MEASURES.read_text("utf-8")
    once = kept(document, ["home: 1.5"], now=NOW)
    again = kept(once, ["home: 1.6"], now=NOW)

    assert "home: 1.5" in once
    assert again == once.replace("home: 1.5", "home: 1.6")
    assert (again.partition(BEGIN)[0], again.partition(END)[2]) == (
        document.partition(BEGIN)[0],
        document.partition(END)[2],
    )
