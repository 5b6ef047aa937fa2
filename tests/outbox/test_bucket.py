"""Files in a bucket: the same as in a folder, against a server that speaks S3."""

from datetime import timedelta

import boto3
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from moto.server import ThreadedMotoServer

from outbox.doors import files
from outbox.jobs import tidying
from outbox.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def store():
    """The address of a server with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(store, settings):
    options = {
        "bucket_name": "files",
        "endpoint_url": store,
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "us-east-1",
        "file_overwrite": True,
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    client = boto3.client(
        "s3", endpoint_url=store, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
    )
    client.create_bucket(Bucket="files")
    yield client
    for listed in client.list_objects_v2(Bucket="files").get("Contents", []):
        client.delete_object(Bucket="files", Key=listed["Key"])


def names(bucket):
    return {listed["Key"] for listed in bucket.list_objects_v2(Bucket="files").get("Contents", [])}


def keep(content=b"an attestation"):
    return files.store(content, content_type="text/plain")


def test_store_keeps_the_bytes_under_their_digest(bucket):
    stored = keep()

    assert names(bucket) == {files.path_of(stored.sha256)}
    assert files.read(stored) == b"an attestation"


def test_store_twice_keeps_one_file(bucket):
    assert keep() == keep()
    assert len(names(bucket)) == 1


def test_store_again_what_has_no_row_mends_it(bucket):
    stored = keep()
    StoredFile.objects.all().delete()

    assert files.read(keep()) == b"an attestation"
    assert names(bucket) == {files.path_of(stored.sha256)}


def test_tidying_moves_a_file_without_a_row_to_the_bin(bucket):
    for number in range(40):
        keep(b"%d" % number)
    lost = keep(b"lost")
    lost.delete()

    tidying.tidy(now=timezone.now() + timedelta(days=2))

    assert f"{files.BIN}/{lost.sha256}" in names(bucket)
    assert files.path_of(lost.sha256) not in names(bucket)
    assert len(names(bucket)) == 41


def test_listing_is_what_the_tidying_needs(bucket):
    stored = keep()

    assert default_storage.listdir("")[0] == [stored.sha256[:2]]
    assert default_storage.listdir("none") == ([], [])
