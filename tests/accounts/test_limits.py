from datetime import UTC, datetime, timedelta

import pytest

from accounts.doors import entry
from accounts.doors.limits import Limit, come_back, place
from accounts.models import AuditEntry
from accounts.refusals import TooMany
from outbox.jobs import mail as sending
from outbox.models import Mail
from tests.conftest import PASSWORD

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
LIMIT = Limit("test", 2, 60, "C’est beaucoup.")
AT_HOME, ELSEWHERE, EMAIL = "203.0.113.5", "198.51.100.7", "agnes@aubaine.example"


def spend(times, *, who="me", now=NOON):
    return [LIMIT.spend(who, now=now) for _ in range(times)]


def test_limit_counts_up_to_its_amount():
    assert spend(2) == [1, 2]


def test_limit_beyond_its_amount_says_when_to_come_back():
    spend(2)

    with pytest.raises(TooMany, match=r"C’est beaucoup\. Revenez dans 40 secondes\.") as refusal:
        LIMIT.spend("me", now=NOON + timedelta(seconds=20))

    assert refusal.value.seconds == 40


def test_limit_of_one_is_not_the_limit_of_another():
    spend(2)

    assert spend(1, who="you") == [1]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_place_of_a_visitor(address, counted):
    assert place(address) == counted


def test_a_network_is_one_visitor():
    for number in range(5):
        entry.count(EMAIL, address=f"2001:db8:1:2::{number}", now=NOON)

    with pytest.raises(TooMany):
        entry.check(EMAIL, address="2001:db8:1:2:abcd::1", now=NOON)
    entry.check(EMAIL, address="2001:db8:1:3::1", now=NOON)


def test_limit_begins_anew():
    spend(2)

    assert spend(1, now=NOON + timedelta(seconds=60)) == [1]


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "dans 1 seconde."), (60, "dans 60 secondes."), (61, "dans 2 minutes.")]
)
def test_come_back_counts_in_french(seconds, text):
    assert text in come_back(seconds)


def fail(times, *, address, now=NOON):
    return [entry.count(EMAIL, address=address, now=now) for _ in range(times)]


def refused(*, address, now=NOON):
    try:
        entry.check(EMAIL, address=address, now=now)
    except TooMany:
        return True
    return False


def test_entry_slows_the_address_that_guesses_and_no_other():
    assert fail(5, address=ELSEWHERE) == [False] * 4 + [True]

    assert (refused(address=ELSEWHERE), refused(address=AT_HOME)) == (True, False)


def crowd():
    """Four tries from each of five addresses: none is slowed for itself."""
    for number in range(5):
        fail(4, address=f"192.0.2.{number}")


def test_entry_slows_a_crowd_on_one_account():
    crowd()

    assert refused(address=ELSEWHERE)


def test_entry_lets_the_owner_in_from_an_address_already_known():
    entry.remember(EMAIL, address=AT_HOME)
    crowd()

    assert not refused(address=AT_HOME)


def test_entry_slows_an_address_that_tries_many_accounts():
    for number in range(30):
        entry.count(f"{number}@x.example", address=ELSEWHERE, now=NOON)

    assert refused(address=ELSEWHERE)


@pytest.fixture
def tries(client):
    """`tries(password, number)`: the answers to so many sign-ins of Agnès."""

    def _tries(password, number):
        form = {"login": EMAIL, "password": password}
        return [client.post("/compte/connexion/", form) for _ in range(number)]

    return _tries


@pytest.mark.django_db
def test_owner_who_tries_five_times_gets_a_mail_that_lets_in(agent, client, tries, settings):
    answers = tries("pas le bon", 6)

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Cinq essais" in answers[-1].content.decode()
    mail = Mail.objects.get(to=agent.email)
    lines = sending.whole(mail).splitlines()
    link = next(line for line in lines if line.startswith("http")).removeprefix(settings.SITE_URL)
    choose = client.get(link, follow=True).request["PATH_INFO"]
    client.post(choose, {"password1": f"{PASSWORD} nouveau", "password2": f"{PASSWORD} nouveau"})
    assert tries(f"{PASSWORD} nouveau", 1)[0].status_code == 302
    assert "user.tries_slowed" in AuditEntry.objects.values_list("verb", flat=True)


@pytest.mark.django_db
def test_five_tries_on_an_unknown_account_write_to_nobody(tries):
    assert [answer.status_code for answer in tries("pas le bon", 6)] == [200] * 5 + [429]
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_invitations_have_an_hourly_limit(signatory, sign_in):
    visitor = sign_in(signatory)

    def invite(number):
        return visitor.post("/compte/equipe/01901/", {"email": f"p{number}@x.example", "role": "reader"})

    answers = [invite(number) for number in range(31)]

    assert [answer.status_code for answer in answers] == [302] * 30 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
