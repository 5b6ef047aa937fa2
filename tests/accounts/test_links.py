import re
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from accounts import actions
from accounts.doors import letters, links
from accounts.models import Role
from accounts.rules.addresses import has_secret
from outbox import jobs
from outbox.jobs import mail
from outbox.models import HOLE, Job, Mail, MailState
from tests.smtp import catcher

LINK = re.compile(re.escape(settings.SITE_URL) + r"(/\S+)")


@pytest.fixture
def server(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with catcher() as (settings.EMAIL_PORT, accepted):
        yield accepted


@pytest.fixture
def invitation(signatory, aubaine):
    return actions.invite(territory=aubaine, email="nina@x.example", role=Role.READER, by=signatory, now=timezone.now())


def send(message):
    jobs.run(Job.objects.get(key=f"mail:{message.pk}").pk)
    message.refresh_from_db()


def arrived(message):
    return LINK.search(message.get_content())[1]


@pytest.fixture
def address(agent):
    return EmailAddress.objects.create(user=agent, email="neuve@x.example", verified=False)


@pytest.mark.django_db
def test_mail_at_rest_holds_no_link_that_acts(invitation, agent, address):
    letters.way_in(agent, now=timezone.now())
    letters.account_created(agent)
    letters.password_forgotten(agent, to=agent.email)
    letters.confirm_address(address)

    for row in Mail.objects.all():
        assert not any(has_secret(path) for path in LINK.findall(row.text)), row.key
        assert any(has_secret(path) for path in LINK.findall(mail.whole(row))), row.key
        assert HOLE not in mail.whole(row)


@pytest.mark.django_db
def test_each_sending_makes_a_link_that_ends_the_one_before(client, invitation, server):
    message = Mail.objects.get()
    send(message)
    assert mail.send_again(message)
    send(message)

    first, second = map(arrived, server)
    assert [client.get(link).status_code for link in (first, second)] == [404, 200]


@pytest.mark.django_db
def test_sending_cut_off_makes_the_same_link_again(invitation):
    message = Mail.objects.get()

    assert mail.whole(message) == mail.whole(message)


@pytest.mark.django_db
def test_password_sent_again_asks_nothing_of_the_row(client, agent, server):
    letters.way_in(agent, now=timezone.now())
    send(Mail.objects.get())

    assert client.get(arrived(server[0]), follow=True).status_code == 200


@pytest.mark.django_db
def test_nothing_leaves_for_what_is_over(invitation, signatory, server):
    actions.cancel_invitation(invitation=invitation, by=signatory, now=timezone.now())
    message = Mail.objects.get()
    send(message)

    assert (message.state, server) == (MailState.FAILED, [])
    assert "annulé" in message.error


@pytest.mark.django_db
def test_address_confirmed_meanwhile_leaves_no_link(address):
    letters.confirm_address(address)
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)

    assert mail.whole(Mail.objects.get()) is None


@pytest.mark.django_db
def test_name_that_asks_for_the_link_does_not_get_it(aubaine, signatory):
    """The link would be read as part of an address of theirs."""
    actions.change_details(name=f"https://evil.example/?{HOLE}", function="maire", by=signatory)
    actions.invite(territory=aubaine, email="nina@x.example", role=Role.READER, by=signatory, now=timezone.now())

    assert mail.whole(Mail.objects.get()).count("/compte/invitations/") == 1


@pytest.mark.django_db
def test_mails_of_earlier_releases_lose_their_links(invitation):
    rows = {
        f"invitation:{invitation.pk}0": MailState.TODO,
        "sign-in:sent": MailState.KEPT,
        "sign-in:waiting": MailState.TODO,
    }
    Mail.objects.all().delete()
    for key, state in rows.items():
        mail.queue(key=key, to="a@x.example", subject="S", text=f"Ouvrez {settings.SITE_URL}/compte/invitations/AbC/\n")
        Mail.objects.filter(key=key).update(state=state)

    import_module("outbox.migrations.0009_links_made_at_sending").take_links_out(apps, None)

    known, kept, waiting = (Mail.objects.get(key=key) for key in rows)
    assert (known.letter, known.opens, known.text) == ("accounts.invitation", f"{invitation.pk}0", f"Ouvrez {HOLE}\n")
    assert (kept.text, mail.whole(kept)) == (f"Ouvrez {HOLE}\n", None)
    assert "AbC" in waiting.text


@pytest.mark.django_db
def test_choose_password_is_on_our_host(agent):
    assert links.choose_password(agent).startswith(settings.SITE_URL)
