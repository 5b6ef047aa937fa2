from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Role
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments.enums import State
from assessments.models import Edition, Scorecard
from jury import actions
from jury.models import Calibration, Decision, Review, Ruling, TrialReading
from jury.queries import calibration
from tests.conftest import join, make_user

from .conftest import MARKS, submit_file

PAGE = "/jury/essai/2027/"


@pytest.fixture
def past(edition, aubaine, beaupre, chair, organiser, now):
    """Aubaine's and Beaupré's files of the edition before, published: one arobase, then two."""
    before = Edition.objects.create(
        year=2026,
        framework=edition.framework,
        opens_at=now - timedelta(days=400),
        closes_at=now + timedelta(days=1),
        results_at=now + timedelta(days=2),
    )
    made = []
    for level, territory in enumerate((aubaine, beaupre), start=1):
        person = join(make_user(f"Maire{territory.pk}", "maire"), territory, Role.SIGNATORY)
        application = submit_file(before, territory, person, now)
        for state in (State.UNDER_REVIEW, State.DECIDED, State.PUBLISHED):
            files.move(application=application, to=state, by=organiser, now=now)
        card = application.scorecards.get()
        Decision.objects.create(
            application=application, scorecard=card, level=level, examined_level=level, decided_by=chair
        )
        made.append(application)
    return made


@pytest.fixture
def opened(past, jeanne, jules, chair, now):
    return actions.open_calibration(files=past, by=chair, now=now)


def attempt(opened, application, juror, now, *, marks=MARKS, level=3):
    reading = actions.Reading(marks=marks, proposed_level=level)
    return actions.try_reading(calibration=opened, application=application, by=juror, reading=reading, now=now)


def test_deviation_is_from_the_median_of_all_by_axis_and_level():
    trials = [
        TrialReading(juror_id=juror, application_id=file, marks={"inclusion": mark}, level=level)
        for juror, file, mark, level in [
            (1, 1, 4, 5),
            (2, 1, 2, 3),
            (3, 1, 2, 3),
            (1, 2, 3, 4),
            (2, 2, 1, 4),
            (3, 3, 0, 1),
        ]
    ]
    assert calibration.deviations(trials) == {
        1: {"inclusion": 1.5, "level": 1.0},
        2: {"inclusion": -0.5, "level": 0.0},
        3: {"inclusion": 0.0, "level": 0.0},
    }


def test_a_round_is_of_one_to_five_files():
    assert [n for n in range(8) if calibration.why_not_open(n) is None] == [1, 2, 3, 4, 5]


def test_a_trial_counts_for_nothing_in_the_file(opened, past, jeanne, now):
    cards = Scorecard.objects.count()
    attempt(opened, past[0], jeanne, now)
    past[0].refresh_from_db()
    assert (past[0].state, Review.objects.exists(), past[0].assignments.exists()) == (State.PUBLISHED, False, False)
    assert Scorecard.objects.count() == cards


def test_a_trial_may_be_redone_until_the_round_is_closed(opened, past, jeanne, chair, now):
    attempt(opened, past[0], jeanne, now, level=2)
    attempt(opened, past[0], jeanne, now, level=4)
    assert TrialReading.objects.get().level == 4
    actions.close_calibration(calibration=opened, by=chair, now=now)
    with pytest.raises(NotNow):
        attempt(opened, past[0], jeanne, now)


def test_a_recused_juror_tries_no_such_file(opened, past, aubaine, jeanne, now):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=jeanne.user, now=now)
    assert list(calibration.files_for(opened, jeanne)) == [past[1]]
    with pytest.raises(NotAllowed):
        attempt(opened, past[0], jeanne, now)


@pytest.mark.parametrize("fields", [{"marks": {"inclusion": 3}}, {"level": None}, {"marks": {**MARKS, "services": 5}}])
def test_a_trial_is_whole(opened, past, jeanne, fields, now):
    with pytest.raises(Refused):
        attempt(opened, past[0], jeanne, now, **fields)
    assert not TrialReading.objects.exists()


def test_a_round_is_opened_once_by_the_chair(past, jeanne, chair, now):
    with pytest.raises(NotAllowed):
        actions.open_calibration(files=past, by=jeanne, now=now)
    actions.open_calibration(files=past, by=chair, now=now)
    with pytest.raises(NotNow):
        actions.open_calibration(files=past, by=chair, now=now)


def test_a_file_of_this_edition_is_no_practice(past, submitted, chair, now):
    with pytest.raises(Refused):
        actions.open_calibration(files=[submitted], by=chair, now=now)
    assert not Calibration.objects.exists()


def test_files_proposed_are_spread_over_levels_and_bands():
    """Two files of each level and band: the first one of a pair, and no level or band twice before the others."""
    files = [
        (level, band, 100 * level + 10 * band + turn) for turn in (0, 1) for level in range(1, 6) for band in range(7)
    ]
    chosen = calibration.spread(files)
    levels, bands = (Counter(key // place % 10 for key in chosen) for place in (100, 10))
    assert (len(chosen), {key % 10 for key in chosen}) == (12, {0})
    assert (sorted(levels.values()), sorted(bands.values())) == ([2, 2, 2, 3, 3], [1, 1, 2, 2, 2, 2, 2])


def test_files_proposed_say_their_level_to_the_chair_alone(past, submitted, jeanne, chair, sign_in):
    page = sign_in(chair.user).get(PAGE).content.decode()
    assert page.count('name="chosen"') == 2
    assert "Beaupré <small>de 3\u202f500 à 9\u202f999 habitants · 2026 · 2 arobases</small>" in page
    assert "Beaupré" not in sign_in(jeanne.user).get(PAGE).content.decode()


def test_no_file_is_proposed_from_which_the_chair_is_recused(past, aubaine, chair, now):
    actions.declare_interest(juror=chair, territory=aubaine, nature="élue", by=chair.user, now=now)
    assert list(calibration.proposed(chair)) == [past[1]]


def test_without_a_published_file_there_is_nothing_to_choose(submitted, chair, sign_in):
    page = sign_in(chair.user).get(PAGE).content.decode()
    assert "rien à lire à l’essai" in page
    assert "Aubaine" not in page


@pytest.mark.parametrize("chosen", ["none", "another", "beyond"])
def test_a_choice_out_of_those_proposed_opens_nothing(chosen, past, submitted, chair, sign_in):
    keys = {"none": [], "another": [submitted.pk], "beyond": ["9" * 25]}[chosen]
    answer = sign_in(chair.user).post(PAGE, {"chosen": keys})
    assert (answer.status_code, Calibration.objects.exists()) == (422, False)


def test_a_round_from_its_opening_to_the_gaps(past, jeanne, jules, chair, now, sign_in):
    client = sign_in(chair.user)
    assert client.post(PAGE, {"chosen": [file.pk for file in past]}).url == PAGE
    file = f"{PAGE}{past[0].pk}/"
    form = {"mark-inclusion": "4", "mark-services": "2", "proposed_level": "4"}
    for juror in (jeanne, jules):
        client = sign_in(juror.user)
        page = client.get(file).content.decode()
        # Its public page tells the level that was awarded.
        assert ("Les raisons du score" in page, "/annuaire/01901/" in page) == (True, False)
        assert client.post(file, {}).status_code == 422
        assert client.post(file, form | {"proposed_level": "2" if juror == jules else "4"}).url == PAGE
    assert "Mon écart" not in client.get(PAGE).content.decode()
    client = sign_in(chair.user)
    assert "1 dossier lu" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}clore/")
    assert "−1,0" in client.get(PAGE).content.decode()
    page = sign_in(jeanne.user).get(PAGE).content.decode()
    assert ("+1,0" in page, "−1,0" in page, "Jules" in page) == (True, False, False)


@pytest.mark.parametrize("who", ["agent", "organiser"])
def test_a_round_is_the_business_of_the_panel(opened, past, who, request, sign_in):
    client = sign_in(request.getfixturevalue(who))
    assert {client.get(page).status_code for page in (PAGE, f"{PAGE}{past[0].pk}/")} == {404}


def test_a_file_of_the_round_from_which_one_is_recused_is_not_found(opened, past, aubaine, jeanne, now, sign_in):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=jeanne.user, now=now)
    client = sign_in(jeanne.user)
    assert client.get(f"{PAGE}{past[0].pk}/").status_code == 404
    assert "Aubaine" not in client.get(PAGE).content.decode()


# --- what that jury had made of a file is shown once one has marked it


@pytest.fixture
def corrected(opened, past, chair, now):
    """That jury had not accepted the only initiative."""
    Ruling.objects.create(
        application=past[0],
        initiative=past[0].initiatives.get(),
        accepted=False,
        reason="Trop ancien.",
        by=chair,
        at=now,
    )
    return past[0]


def test_a_trial_hides_what_was_examined_and_granted_until_it_is_marked(opened, corrected, jeanne, now, sign_in):
    page, client = f"{PAGE}{corrected.pk}/", sign_in(jeanne.user)
    words = ("Instruit", "Trop ancien.", "Accordé")
    assert [word in client.get(page).text for word in words] == [False, False, False]
    attempt(opened, corrected, jeanne, now, level=3)
    assert [word in client.get(page).text for word in words] == [True, True, True]


@pytest.mark.parametrize(
    ("level", "words"),
    [(2, "le niveau que ce jury avait accordé"), (4, "2 arobases de plus"), (1, "1 arobase de moins")],
)
def test_the_gap_is_told_file_by_file(opened, past, jeanne, now, sign_in, level, words):
    """Beaupré was granted two."""
    attempt(opened, past[1], jeanne, now, level=level)
    assert words in sign_in(jeanne.user).get(f"{PAGE}{past[1].pk}/").text
    rows = sign_in(jeanne.user).get(PAGE).context["files"]
    assert [(given, granted) for _row, given, granted in rows] == [(None, None), (level, 2)]
