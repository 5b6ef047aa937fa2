import pytest
from django.utils import timezone

from outbox.heartbeat import SILENCE, beat

pytestmark = pytest.mark.django_db


def test_health_with_a_living_worker_is_200(client):
    beat("worker", now=timezone.now())

    answer = client.get("/sante/")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "up",
        "parts": {"database": "up", "broker": "up", "worker": "up", "storage": "up"},
    }


def test_health_without_a_heartbeat_is_503(client):
    answer = client.get("/sante/")

    assert (answer.status_code, answer.json()["parts"]["worker"]) == (503, "down")


def test_health_after_a_silent_minute_is_503(client):
    beat("worker", now=timezone.now() - SILENCE * 2)

    assert client.get("/sante/").json()["parts"]["worker"] == "down"


def test_health_without_its_broker_says_so(client, settings):
    beat("worker", now=timezone.now())
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}

    assert client.get("/sante/").json()["parts"]["broker"] == "down"


def test_health_without_its_storage_says_so(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "gone"

    assert client.get("/sante/").json()["parts"]["storage"] == "down"


def test_health_is_never_cached(client):
    assert "no-store" in client.get("/sante/")["Cache-Control"]
