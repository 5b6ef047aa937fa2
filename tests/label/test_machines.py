"""Several machines, as two groups of processes that share a PostgreSQL, a Redis and a bucket, and no disk."""

import os
import subprocess
from collections import Counter
from contextlib import ExitStack, contextmanager

import boto3
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from moto.server import ThreadedMotoServer

from label import health
from label.supervisor import beat_command, worker_command
from outbox.doors import files
from outbox.jobs import mail
from outbox.models import Job, JobState, Mail, MailState
from results import actions
from results.models import Certificate, CredentialKey
from tests.label.test_server import PATIENCE, SOMEBODY, Visitor, as_installed, server
from tests.load import PATIENCE as LONG
from tests.load import Person
from tests.pair import PAIR
from tests.results import conftest as room
from tests.smtp import catcher
from tests.worker import database_url, wait

pytestmark = pytest.mark.django_db(transaction=True)
now, edition, chair, make_file = room.now, room.edition, room.chair, room.make_file
MAILS = 40
BUCKET = {"bucket_name": "files", "access_key": "key", "secret_key": "secret", "region_name": "us-east-1"}


@pytest.fixture
def bucket(settings):
    """The variables of a machine that keeps its files there."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    address = "http://{}:{}".format(*store.get_host_and_port())
    options = BUCKET | {"endpoint_url": address, "file_overwrite": True}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket="files")
    yield {
        "S3_BUCKET": "files",
        "S3_ENDPOINT": address,
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": "secret",
    }
    store.stop()


@contextmanager
def machine(folder, name, **variables):
    """A web server, a worker of every group and a beat, on a data folder of its own. The port of the web server."""
    data = folder / name
    data.mkdir()
    variables |= as_installed(data) | {"AROBASE_DATA": str(data), "DATABASE_URL": database_url()}
    commands = [worker_command(group) for group in ("mail", "papers", "bulk")] + [beat_command()]
    with ExitStack() as stack:
        log = stack.enter_context((folder / f"{name}.log").open("ab"))
        for command in commands:
            running = subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)
            stack.callback(running.wait, PATIENCE)
            stack.callback(running.terminate)
        port, _running = stack.enter_context(server(folder / f"{name}.web", **variables))
        yield port


@pytest.mark.trial
@pytest.mark.skipif(PAIR != "servers", reason="several machines need PostgreSQL and Redis")
def test_two_machines_are_one_service(tmp_path, bucket, make_file, aubaine, edition, organiser, now):
    make_file(aubaine)
    with ExitStack() as stack:
        sent_to, accepted = stack.enter_context(catcher())
        shared = bucket | {
            "REDIS_URL": os.environ["REDIS_URL"],
            "AROBASE_KEYS": str(tmp_path / "keys"),
            "MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(sent_to),
        }
        # The processes of the second share their connections, those of its workers too.
        machines = [machine(tmp_path, "one", **shared), machine(tmp_path, "two", DATABASE_POOL="3", **shared)]
        ports = [stack.enter_context(each) for each in machines]

        actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)
        for number in range(MAILS):
            mail.queue(key=f"mail {number}", to=f"{number}@x.example", subject="Objet", text="Texte")
        edition.results_at = timezone.now()
        edition.save(update_fields=["results_at"])
        wait(lambda: not Job.objects.filter(state=JobState.TODO, due_at__lte=timezone.now()).exists(), seconds=LONG)

        # Each piece of work was done once, whoever did it.
        assert not Job.objects.filter(state=JobState.DEAD).exists()
        assert set(Counter(message["Message-ID"] for message in accepted).values()) == {1}
        assert Mail.objects.filter(state=MailState.SENT).count() == len(accepted) >= MAILS
        # A paper made by one is given by both; a session of one is known to the other, a public page too.
        number = Certificate.objects.get().number
        papers = {Visitor(SOMEBODY, port).ask("GET", f"/verifier/{number}/").status for port in ports}
        homes = {Person(port, 0, organiser).ask("home", "/organisation/").status for port in ports}
        communes = ["Numérique libre" in Person(port, 1).ask("commune", "/annuaire/01901/").text for port in ports]
        assert (papers, homes, communes) == ({200}, {200}, [True, True])
        assert CredentialKey.objects.count() == 1


def test_worker_without_the_files_of_the_others_does_not_start(settings, tmp_path):
    files.store(b"of another machine", content_type="text/plain")
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(CommandError, match="files of this service are not here"):
        call_command("work", "papers")
    assert health.detail()["parts"]["storage"]["state"] == "down"


def test_worker_without_the_keys_of_the_others_does_not_start(settings, tmp_path):
    CredentialKey.objects.create(multikey="z6Mk", since=timezone.now())
    settings.KEYS_DIR = tmp_path

    with pytest.raises(CommandError, match="keys of this service are not in"):
        call_command("work", "papers")


def test_machine_that_shares_them_lacks_nothing(settings, tmp_path):
    files.store(b"kept", content_type="text/plain")
    CredentialKey.objects.create(multikey="z6Mk", since=timezone.now())
    settings.KEYS_DIR = tmp_path
    (tmp_path / "credential.key").touch()

    assert health.lacks() == ""
