import os
import re
import subprocess
import sys
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("label", "season", "results", "jury", "assessments", "accounts", "territories", "outbox", "instance")
READ = re.compile(
    r"""(?:\benv\.(?:text|flag|integer|choice|words)\(\s*|\btext\(|environ(?:\.get\(|\[))["']([A-Z][A-Z0-9_]+)["']"""
)
TOLD = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|DEBUG)`")
# Of the system, or written by us for a library.
# Not of the instance: of the system, of a library, of each request (WSGI).
OTHERS = {"PATH", "PROMETHEUS_MULTIPROC_DIR", "REQUEST_METHOD"}


def start(tmp_path, **variables):
    environment = {key: value for key, value in os.environ.items() if key not in ("SECRET_KEY", "REDIS_URL")}
    environment |= {"AROBASE_DATA": str(tmp_path / "data"), **variables}
    command = [sys.executable, "-c", "import django; django.setup()"]
    environment["DJANGO_SETTINGS_MODULE"] = "label.settings"
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DEBUG": "maybe"}, "DEBUG='maybe' is neither 1 nor 0."),
        ({"WEB_THREADS": "many"}, "WEB_THREADS='many' is not a whole number."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        ({"SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE names a file that cannot be read"),
        ({"WEB_PROCESSES": "2"}, "WEB_PROCESSES is above 1 without REDIS_URL"),
        ({"SEAL_LEVEL": "B-C"}, "SEAL_LEVEL='B-C' is none of B-B, B-T, B-LT, B-LTA."),
        ({"SEAL_LEVEL": "B-T"}, "SEAL_LEVEL is B-T without SEAL_TIMESTAMP_URL"),
        ({"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"}, "EMAIL_USE_TLS (STARTTLS, port 587) and EMAIL_USE_SSL"),
        ({"AROBASE_DATA": "/dev/null/data"}, "The folder /dev/null/data cannot be created or written"),
    ],
)
def test_start_with_a_bad_variable_says_which(tmp_path, variables, sentence):
    done = start(tmp_path, **variables)

    assert done.returncode != 0
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_first_start_makes_a_key_for_its_owner_alone(tmp_path):
    assert start(tmp_path).returncode == 0

    key = tmp_path / "data" / "secret_key"
    assert (key.stat().st_mode & 0o777, len(key.read_text()) >= 50) == (0o600, True)


def test_second_start_keeps_the_key(tmp_path):
    start(tmp_path)
    key = (tmp_path / "data" / "secret_key").read_text()

    start(tmp_path)

    assert (tmp_path / "data" / "secret_key").read_text() == key


def test_https_binds_cookies_to_the_host(tmp_path):
    program = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    environment = os.environ | {
        "AROBASE_DATA": str(tmp_path),
        "SITE_URL": "https://label.example",
        "DJANGO_SETTINGS_MODULE": "label.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)

    assert done.stdout.split() == ["__Host-session", "True"]


@pytest.mark.parametrize(("asked", "bound"), [({}, "False"), ({"HSTS_PRELOAD": "1"}, "True")])
def test_preloading_is_a_choice(tmp_path, asked, bound):
    program = "from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_PRELOAD)"
    environment = os.environ | {
        "AROBASE_DATA": str(tmp_path),
        "SITE_URL": "https://label.example",
        "DJANGO_SETTINGS_MODULE": "label.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment | asked, capture_output=True, text=True)

    assert done.stdout.split() == ["31536000", bound]


def test_deployment_checks_have_nothing_to_say(tmp_path):
    environment = os.environ | {"AROBASE_DATA": str(tmp_path), "SITE_URL": "https://label.example"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("asked", "options"), [("", "-c jit=off"), ("?options=-c%20work_mem%3D8MB", "-c work_mem=8MB")]
)
def test_postgresql_compiles_no_query_unless_its_address_says_otherwise(tmp_path, asked, options):
    program = "from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS'])"
    environment = os.environ | {
        "AROBASE_DATA": str(tmp_path),
        "DATABASE_URL": f"postgres://arobase@127.0.0.1/arobase{asked}",
        "DJANGO_SETTINGS_MODULE": "label.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str({"options": options})


def test_who_shares_connections_does_not_wait_long_for_one(tmp_path):
    """By themselves they wait for half a minute each while PostgreSQL is away, and for minutes once it is back."""
    program = "from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS']['pool'])"
    environment = os.environ | {
        "AROBASE_DATA": str(tmp_path),
        "DATABASE_URL": "postgres://arobase@127.0.0.1/arobase",
        "DATABASE_POOL": "5",
        "DJANGO_SETTINGS_MODULE": "label.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str({"min_size": 1, "max_size": 5, "timeout": 10, "reconnect_timeout": 10})


@pytest.mark.parametrize("name", ["tidy", "purge"])
def test_nightly_work_comes_though_the_beat_was_started_again_the_evening_before(settings, name):
    nightly = copy(settings.CELERY_BEAT_SCHEDULE[name]["schedule"])
    started = datetime(2027, 3, 1, 20, tzinfo=nightly.tz)
    nightly.nowfun = lambda: started + timedelta(hours=8)

    assert nightly.is_due(started).is_due


def test_what_the_service_writes_is_for_its_owner_alone(tmp_path):
    program = "import label.settings as s; (s.DATA_DIR / 'log').write_text('x')"
    environment = os.environ | {"AROBASE_DATA": str(tmp_path / "data")}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)

    assert (tmp_path / "data" / "log").stat().st_mode & 0o777 == 0o600


def variables_read():
    sources = [path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {name for source in sources for name in READ.findall(source)} - OTHERS


def variables_told():
    pages = [ROOT / "docs" / name for name in ("install.md", "operate.md", "seals.md")]
    return set(TOLD.findall("\n".join(page.read_text() for page in pages)))


def test_every_variable_is_documented():
    assert variables_read() - variables_told() == set()


def test_every_variable_that_is_documented_is_read():
    told = {name.removesuffix("_FILE") for name in variables_told()}
    assert told - variables_read() == set()
