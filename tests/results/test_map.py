from results.pages.map import france

NAMES = [("01", "Ain"), ("75", "Paris"), ("971", "Guadeloupe"), ("987", "Polynésie française")]


def test_the_area_of_a_circle_is_the_number():
    drawn = {place.code: place for place in france({"01": 16, "75": 4}, NAMES).places}

    assert float(drawn["01"].radius) == 2 * float(drawn["75"].radius)


def test_the_largest_circle_stays_in_its_department():
    drawn = {place.code: place for place in france({"01": 400}, NAMES).places}

    assert drawn["01"].radius == "16.0"


def test_the_map_has_every_department_of_the_mainland_and_paris_again_in_a_corner():
    drawn = france({}, NAMES)

    assert len(drawn.places) == 96
    assert {place.code for place in drawn.ring} == {"75", "92", "93", "94"}
    assert all(500 < float(place.x) < 609 and 4 < float(place.y) < 104 for place in drawn.ring)


def test_overseas_stands_apart_and_elsewhere_when_it_has_one():
    assert [place.code for place in france({}, NAMES).overseas] == ["971"]
    assert [place.code for place in france({"987": 1}, NAMES).overseas] == ["971", "987"]


def test_the_table_has_those_that_have_one():
    assert [(place.name, place.count) for place in france({"971": 2, "01": 1}, NAMES).rows] == [
        ("Ain", 1),
        ("Guadeloupe", 2),
    ]
