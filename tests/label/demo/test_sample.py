from label.demo import sample, season
from label.demo.files import Fate


def test_a_full_season_is_about_a_hundred_and_forty_files():
    drawn = sum(sample.FILES_BY_BAND.values()) + sample.FILES_OF_EPCI

    assert 130 <= drawn <= 150
    # Fates beyond the files drawn would leave a state to chance.
    assert sum(season.FATES.values()) == drawn
    assert set(season.FATES) == set(Fate) - {Fate.SUBMITTED}
