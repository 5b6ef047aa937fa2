import re
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db.models import Model
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from assessments.doors import scorecards
from assessments.enums import State
from assessments.models import Answer, Application, Edition, Initiative, Scorecard
from assessments.queries import sheet
from jury.models import Appeal, AppealState, Decision, Juror, Minutes, Review
from label.demo import people, readings, season
from label.demo.files import Fate
from label.demo.words import texts
from outbox import jobs
from outbox.models import Job, JobState, Mail
from results.models import Certificate, PublishedInitiative, PublishedResult
from results.rules.contacts import words

pytestmark = [pytest.mark.trial, pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_everything_is_done_at_the_first_attempt():
    assert set(Job.objects.exclude(state=JobState.TODO).values_list("state", "attempts")) == {(JobState.DONE, 1)}
    assert season.is_ready()


def test_every_state_of_a_file_is_there():
    assert set(Application.objects.values_list("state", flat=True)) == set(State)


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.DRAFT, State.DRAFT),
        (Fate.LATE, State.SUBMITTED),
        (Fate.RETURNED, State.RETURNED),
        (Fate.READING, State.UNDER_REVIEW),
        (Fate.READ, State.UNDER_REVIEW),
        (Fate.DECIDED, State.DECIDED),
        (Fate.INELIGIBLE, State.INELIGIBLE),
        (Fate.WITHDRAWN, State.WITHDRAWN),
    ],
)
def test_files_of_this_year_came_as_far_as_their_fate(fate, state):
    territories = [plan.territory for plan in season.plans(season.THIS_YEAR) if plan.fate == fate]
    files = Application.objects.filter(edition__year=season.THIS_YEAR, territory__in=territories)

    assert territories
    assert set(files.values_list("state", flat=True)) == {state}


def test_files_that_were_read_have_two_readings_others_one_or_none():
    handed_in = Counter(Review.objects.exclude(submitted_at=None).values_list("assignment__application", flat=True))
    for plan in season.plans(season.THIS_YEAR):
        file = Application.objects.get(edition__year=season.THIS_YEAR, territory=plan.territory)
        expected = {Fate.READING: 1, Fate.READ: 2, Fate.DECIDED: 2}
        # A file that was taken back may have been read before.
        if plan.fate is not Fate.WITHDRAWN:
            assert handed_in[file.pk] == expected.get(plan.fate, 0)


def test_a_third_reader_reads_what_two_see_far_apart():
    plan = next(plan for plan in season.plans(season.THIS_YEAR) if plan.fate is Fate.READ)
    file = Application.objects.get(edition__year=season.THIS_YEAR, territory=plan.territory)
    reviews = Review.objects.filter(assignment__application=file).exclude(submitted_at=None)
    for review, level in zip(reviews.order_by("pk"), (1, 5), strict=True):
        Review.objects.filter(pk=review.pk).update(proposed_level=level)

    chair = Juror.objects.get(panel__edition=file.edition, is_chair=True)
    readings.settle(plan, file, sheet(file), chair, now=timezone.now())

    assert reviews.count() == 3


@pytest.mark.parametrize("model", [Edition, Application, PublishedResult])
def test_every_row_says_that_it_is_simulated(model: type[Model]):
    assert set(model.objects.values_list("simulated", flat=True)) == {True}


def test_last_year_is_published_whole_with_its_certificates():
    edition = Edition.objects.get(year=season.LAST_YEAR)
    in_force = PublishedResult.objects.filter(edition=edition, replaced_at=None)

    assert edition.published_at
    assert in_force.count() == len(season.plans(season.LAST_YEAR))
    assert not Certificate.objects.filter(file=None).exists()


def test_one_result_is_withdrawn_with_its_reason():
    withdrawn = PublishedResult.objects.exclude(withdrawn_at=None).get()

    assert withdrawn.withdrawn_reason == texts("jury")["withdrawal"]


def test_one_appeal_is_upheld_by_a_result_that_replaces():
    appeal = Appeal.objects.get(state=AppealState.UPHELD)
    old, new = PublishedResult.objects.filter(application=appeal.application).order_by("pk")

    assert (new.replaces, new.level, new.withdrawn_at) == (old, old.level + 1, None)
    assert old.replaced_at


def test_one_appeal_waits():
    assert Appeal.objects.filter(answered_at=None).count() == 1


def test_initiatives_of_a_file_have_different_titles():
    titles = Initiative.objects.values_list("application", "title")

    assert len(titles) == len(set(titles)) > 0


def test_initiatives_say_besides_what_a_reader_looks_for():
    rows = PublishedInitiative.objects.all()
    told = ("cost", "contact", "results", "partners", "pictures", "inspired_by")

    assert {name for name in told if not any(getattr(row, name) for row in rows)} == set()
    assert all("@" not in words(row.contact) for row in rows)
    assert all(row.inspired_by_id != row.result.territory_id for row in rows)


def test_pictures_say_that_they_are_simulated():
    shown = [picture for row in PublishedInitiative.objects.all() for picture in row.pictures]

    assert shown
    assert all("simulée" in picture["alternative"] for picture in shown)


def test_a_comment_of_the_jury_comes_from_its_texts():
    words = texts("jury")
    known = {text for said in words["by_axis"].values() for side in said.values() for text in side}
    known |= set(words["to_territory"])
    own = [re.sub(r"\\\{\w+\\\}", "[^»]+", re.escape(template)) for template in words["by_issue"]]
    for comment in Decision.objects.values_list("comment_to_territory", flat=True):
        rest = re.sub("|".join(own), "", comment)
        for text in known:
            rest = rest.replace(text, "")
        assert rest.strip() == ""


def test_no_word_of_the_jury_is_read_four_times():
    said = Counter(Decision.objects.values_list("comment_to_territory", flat=True))

    assert [text for text, times in said.items() if times > 3] == []


def test_files_of_this_year_that_have_no_arobase_have_level_zero():
    territories = [plan.territory for plan in season.plans(season.THIS_YEAR) if plan.level == 0]
    found = Application.objects.filter(edition__year=season.THIS_YEAR, territory__in=territories)

    assert [scorecards.live(file).level for file in found] == [0]


def test_no_act_lies_ahead_of_its_time():
    for model, field in ((Review, "submitted_at"), (Decision, "decided_at"), (Scorecard, "frozen_at")):
        assert not model.objects.filter(**{f"{field}__gt": timezone.now()}).exists(), model


def test_minutes_are_signed_on_the_day_of_the_session():
    minutes = Minutes.objects.get()

    assert timezone.localdate(minutes.signed_at) == minutes.held_on


def test_first_readers_of_a_file_do_not_repeat_each_other():
    said = Counter(
        Review.objects.filter(submitted_at__isnull=False, assignment__appeal=None).values_list(
            "assignment__application", "comment_to_territory"
        )
    )

    assert [file for (file, _text), times in said.items() if times > 1] == []


def test_plans_hold_each_territory_once_the_demo_accounts_first():
    for year in season.DATES:
        codes = [plan.territory.code for plan in season.plans(year)]
        assert len(codes) == len(set(codes))
        assert codes[0] == season.sample.agents_commune().code


def test_plans_are_the_same_again():
    before = season.plans(season.THIS_YEAR)

    assert season.plans(season.THIS_YEAR) == before


def tables():
    models = (
        User,
        Edition,
        Application,
        Answer,
        Initiative,
        Review,
        Decision,
        Appeal,
        PublishedResult,
        Certificate,
        Mail,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_jobs_cut_off_before_their_end_and_run_again_change_nothing(monkeypatch):
    @contextmanager
    def cut_off(job):
        raise jobs.LeaseLost(job.key)
        yield

    before = tables()
    # Files that came late would be shared out by a second round of `demo.readers`, which comes before them.
    done = Job.objects.exclude(state=JobState.TODO).exclude(kind__in=("mail.send", "demo.readers")).order_by("pk")
    keys = list(done.values_list("pk", flat=True))
    done.update(state=JobState.TODO, finished_at=None)
    monkeypatch.setattr(jobs, "finish", cut_off)

    for key in keys:
        jobs.run(key)

    after = tables()
    assert {name for name in before if before[name] != after[name]} == set()
    assert not Job.objects.exclude(error="").exists()


def test_demo_accounts_open_with_their_password():
    for who in people.SHOWN:
        assert people.person(who).check_password(people.PASSWORD)


def test_demo_accounts_outside_a_demonstration_are_refused(settings):
    with (
        override_settings(INSTANCE={**settings.INSTANCE, "demo": False}),
        pytest.raises(RuntimeError, match="AROBASE_DEMO"),
    ):
        people.make()
