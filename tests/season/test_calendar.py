from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from assessments import actions
from assessments.models import Application, Edition
from outbox.models import Job
from season.models import Approval, Milestone
from season.pages.calendar import consequences, line

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(when):
    return timezone.localtime(when).strftime("%Y-%m-%dT%H:%M")


def address(edition, page="dates/"):
    return f"/organisation/editions/{edition.year}/{page}"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def edition(framework, now):
    dates = {"opens_at": now - 30 * DAY, "closes_at": now + 30 * DAY, "results_at": now + 90 * DAY}
    return Edition.objects.create(year=now.year + 1, framework=framework, **dates)


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def posted(edition, **changes):
    dates = {name: local(getattr(edition, name)) for name in ("opens_at", "closes_at", "results_at")}
    return {**dates, "reason": "une panne à la préfecture", **changes}


def draft(edition, territory):
    return Application.objects.create(edition=edition, territory=territory, framework=edition.framework)


def test_a_change_is_told_before_it_is_made(page, edition, aubaine, now):
    draft(edition, aubaine)
    data = posted(edition, closes_at=local(now - HOUR))

    told = page.post(address(edition), data)

    assert "1 dossier en préparation ne pourra plus être déposé" in text(told)
    assert Edition.objects.get().closes_at == edition.closes_at

    page.post(address(edition), data | {"confirmed": "on"})

    assert Edition.objects.get().closes_at < now
    entry = AuditEntry.objects.get(verb="edition.dates_changed")
    assert entry.detail["reason"] == "une panne à la préfecture"


@pytest.mark.parametrize(
    "changes",
    [{"closes_at": "0024-05-01T00:00"}, {"results_at": "2199-01-01T00:00"}, {"reason": ""}, {"session": "bientôt"}],
)
def test_impossible_dates_and_no_reason_are_refused(page, edition, changes):
    answer = page.post(address(edition), posted(edition, **changes) | {"confirmed": "on"})

    assert answer.status_code == 422
    assert Edition.objects.get().results_at == edition.results_at


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes_at": "9999-12-31T00:00", "results_at": "9999-12-31T00:00"}, "trop loin de l’édition"),
        ({"opens_at": "0001-01-01T00:00"}, "trop loin de l’édition"),
        ({"session": "2199-01-01T00:00"}, "dans cet ordre"),
        ({"readings_end": "2020-01-01T00:00"}, "dans cet ordre"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_announced(page, edition, aubaine, changes, said):
    draft(edition, aubaine)

    answer = page.post(address(edition), posted(edition, **changes))

    assert answer.status_code == 422
    assert said in text(answer)
    assert "Oui, changer les dates" not in text(answer)


def test_milestones_stand_between_closing_and_announcement(page, edition):
    wrong = posted(edition, session=local(edition.closes_at - DAY), confirmed="on")
    assert "dans cet ordre" in text(page.post(address(edition), wrong))

    right = {"readings_end": local(edition.closes_at + DAY), "session": local(edition.closes_at + 2 * DAY)}
    page.post(address(edition), posted(edition, **right, confirmed="on"))

    assert list(Milestone.objects.values_list("kind", flat=True)) == ["readings_end", "session"]
    assert "Séance du jury" in text(page.get(address(edition, "calendrier/")))


def test_the_announcement_moves_after_the_publication_until_it_happened(page, edition, now):
    published = {"opens_at": now - 9 * DAY, "closes_at": now - 2 * DAY, "published_at": now - HOUR}
    Edition.objects.filter(pk=edition.pk).update(**published)
    edition.refresh_from_db()
    page.post(address(edition), posted(edition, results_at=local(now + 5 * DAY), confirmed="on"))

    edition.refresh_from_db()
    assert local(edition.results_at) == local(now + 5 * DAY)
    assert Job.objects.get(kind="edition.announce").due_at == edition.results_at

    refused = page.post(address(edition), posted(edition, closes_at=local(now - DAY), confirmed="on"))
    assert "seule l’annonce" in text(refused)

    Edition.objects.filter(pk=edition.pk).update(results_at=now - timedelta(minutes=1))
    edition.refresh_from_db()
    late = page.post(address(edition), posted(edition, results_at=local(now + DAY), confirmed="on"))
    assert "les dates ne changent plus" in text(late)


@pytest.mark.parametrize(
    ("opens", "closes", "new_opens", "new_closes", "said"),
    [
        (-5, 5, -5, -1, ["closes aussitôt", "ne pourra plus être déposé"]),
        (-5, 5, 1, 5, ["se fermeront"]),
        (-5, -1, -5, 5, ["ouvertes aussitôt", "de nouveau"]),
        (1, 5, -1, 5, ["ouvertes aussitôt"]),
        (-5, 5, -5, 9, ["jusqu’au"]),
        (1, 5, 2, 6, []),
    ],
)
def test_consequences(now, opens, closes, new_opens, new_closes, said):
    before = SimpleNamespace(
        opens_at=now + opens * DAY, closes_at=now + closes * DAY, results_at=now + 20 * DAY, published_at=None
    )
    after = {"opens_at": now + new_opens * DAY, "closes_at": now + new_closes * DAY, "results_at": before.results_at}

    found = consequences(before, after, {"draft": 1}, now=now)

    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_the_jury_has_not_met_before_the_files_are_in(page, edition, now):
    def met():
        return page.get("/organisation/editions/2027/calendrier/").context["steps"][2].taken

    assert not met()

    Edition.objects.update(closes_at=now - DAY)

    assert met()


def test_line_says_what_comes_next(edition, now):
    drawn = line(edition, {}, now=now)

    assert (drawn.next, drawn.days, drawn.today) == ("Clôture", 30, 250)
    assert [point.past for point in drawn.points] == [True, False, False]


def test_a_longer_delay_for_one_territory(page, edition, aubaine, beaupre, now):
    files = [draft(edition, aubaine), draft(edition, beaupre)]
    Edition.objects.filter(pk=edition.pk).update(closes_at=now - HOUR)
    until = now + 3 * DAY

    answer = page.post(
        address(edition, "delais/"), {"territory": "01901", "until": local(until), "reason": "inondation"}, follow=True
    )

    assert "Aubaine peut déposer jusqu’au" in text(answer)
    reasons = [_why(file, now) for file in files]
    assert reasons[0] is None
    assert "closes" in reasons[1]
    assert "closes" in _why(files[0], until + HOUR)


def _why(file, when):
    from assessments import policies

    return policies.why_not_edit(Application.objects.select_related("edition").get(pk=file.pk), when)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"territory": "99999"}, "liste officielle"), ({"until": "2020-01-01T00:00"}, "passé"), ({"reason": " "}, "")],
)
def test_a_delay_that_cannot_be(page, edition, aubaine, now, changes, said):
    data = {"territory": "01901", "until": local(edition.closes_at + DAY), "reason": "inondation", **changes}

    answer = page.post(address(edition, "delais/"), data)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not Application.objects.exists()


def test_next_year_is_prepared_unseen_then_shown(page, edition, organiser):
    Milestone.objects.create(edition=edition, kind="session", at=edition.closes_at + DAY)
    page.post(address(edition, "cloner/"))
    made = Edition.objects.get(year=edition.year + 1)

    assert (made.draft, made.opens_at - edition.opens_at) == (True, timedelta(weeks=52))
    assert made.milestones.get().kind == "session"
    assert seen_by_the_public() == [edition.year]

    Approval.objects.create(framework=edition.framework, by=organiser)
    page.post(address(made, "montrer/"))

    assert seen_by_the_public() == [made.year, edition.year]


def seen_by_the_public():
    return [row["year"] for row in Client().get("/api/v1/editions/").json()["results"]]


def test_a_draft_takes_no_file(edition, aubaine, agent, now):
    Edition.objects.filter(pk=edition.pk).update(draft=True)
    edition.refresh_from_db()

    with pytest.raises(Exception, match="en préparation"):
        actions.start(edition=edition, territory=aubaine, by=agent, now=now)


def test_an_empty_edition_is_deleted_and_no_other(page, edition, aubaine):
    other = actions.clone_edition(edition=edition, by=page_user(page))
    page.post(address(other, "supprimer/"))
    draft(edition, aubaine)
    refused = page.post(address(edition, "supprimer/"))

    assert "ne se supprime plus" in text(refused)
    assert list(Edition.objects.values_list("year", flat=True)) == [edition.year]


def page_user(page):
    from accounts.models import User

    return User.objects.get(is_organiser=True)


def test_calendar_page_query_count(page, edition, aubaine, beaupre, django_assert_max_num_queries):
    for territory in (aubaine, beaupre):
        draft(edition, territory)

    with django_assert_max_num_queries(16):
        page.get(address(edition, "calendrier/"))


def test_a_step_says_what_is_done_or_what_to_do(page, edition):
    Edition.objects.filter(pk=edition.pk).update(draft=True)
    opening, *_others, announcing = page.get(address(edition, "calendrier/")).context["steps"]

    assert [check.words for check in opening.checks] == [
        "montrer l’édition au public",
        "envoyer un courriel d’essai, puis recopier son code",
        "écrire les mentions légales",
    ]
    assert announcing.checks[0].words == "publier l’édition"
    Edition.objects.filter(pk=edition.pk).update(draft=False)
    opening = page.get(address(edition, "calendrier/")).context["steps"][0]
    assert opening.checks[0].words == "l’édition est montrée au public"
