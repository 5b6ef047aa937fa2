import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from label.supervisor import web_command
from outbox.models import Queue
from tests.pair import program

ROOT = Path(__file__).resolve().parents[2]
WORKERS = tuple(f"worker-{group}" for group in settings.WORKERS)
APP = ("web", *WORKERS, "beat", "prepare")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text()


def version(name):
    return re.search(r"(\d+)\.(\d+)", subprocess.check_output([program(name), "--version"], text=True)).groups()


def test_compose_is_as_its_schema_asks():
    """The Compose Specification's, as `check-jsonschema` brings it."""
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*check, ROOT / "docker-compose.yml"], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_compose_runs_every_part(compose):
    assert set(compose["services"]) == {"database", "redis", "mail", *APP}


def test_compose_has_the_postgres_of_the_tests(compose):
    assert compose["services"]["database"]["image"].split(":")[1].split("-")[0] == version("postgres")[0]


def test_compose_has_the_redis_of_the_tests(compose):
    major, minor = version("redis-server")

    assert compose["services"]["redis"]["image"].split(":")[1].split("-")[0] == f"{major}.{minor}"


def test_compose_redis_keeps_what_it_is_told(compose):
    pair = (ROOT / "tests" / "pair.py").read_text()
    options = compose["services"]["redis"]["command"][1:]

    assert all(f'"{option}"' in pair for option in options)


def test_compose_has_a_worker_for_each_group(compose):
    groups = {name: compose["services"][name]["command"][-1] for name in (*WORKERS, "beat")}

    assert groups == {f"worker-{group}": group for group in settings.WORKERS} | {"beat": "beat"}


def test_every_queue_has_its_workers():
    listened = [queue for queues in settings.WORKERS.values() for queue in queues]

    assert sorted(listened) == sorted([*Queue.values, "celery"])
    assert settings.WORKERS.keys() == settings.WORKER_PROCESSES.keys()


def test_compose_prepares_before_it_serves(compose):
    assert compose["services"]["prepare"]["command"] == ["python", "manage.py", "prepare"]
    waits = {name: compose["services"][name]["depends_on"].get("prepare") for name in APP if name != "prepare"}

    assert waits == {key: {"condition": "service_completed_successfully"} for key in waits}


def test_compose_leaves_time_to_stop(compose):
    """To a request to be answered, to a worker to give back what it holds, to PostgreSQL to write what it owes."""
    graces = {name: compose["services"][name].get("stop_grace_period", "10s") for name in (*APP, "database")}

    assert [name for name, grace in graces.items() if int(grace.removesuffix("s")) < 30] == []


def test_compose_bounds_every_log(compose):
    kept = {name: service["logging"]["options"] for name, service in compose["services"].items()}

    assert [name for name, options in kept.items() if not {"max-size", "max-file"} <= options.keys()] == []


def test_compose_hardens_every_service(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name


def test_compose_holds_no_password(compose):
    written = [value for service in compose["services"].values() for value in service.get("environment", {}).values()]

    assert [value for value in written if re.search(r"://\w+:[^@]*@", value)] == []
    assert compose["services"]["database"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"


def test_compose_leaves_mails_to_the_assistant(compose):
    """A catcher by default would let the pages say « envoyé » of mails that nobody receives."""
    set_there = {name for service in APP for name in compose["services"][service]["environment"]}

    assert {name for name in set_there if name.startswith(("MAIL_", "EMAIL_"))} == set()


def test_compose_asks_the_web_server_whether_it_lives(compose):
    assert "/sante/vivant/" in compose["services"]["web"]["healthcheck"]["test"][-1]


def test_image_keeps_its_static_files_out_of_the_volume(dockerfile, compose):
    static = re.search(r"AROBASE_STATIC=(\S+)", dockerfile).group(1)

    assert not static.startswith("/data")
    assert dockerfile.index("collectstatic") < dockerfile.index("USER arobase")
    assert "AROBASE_STATIC" not in compose["x-arobase"]["environment"]


def test_image_serves_with_the_command_that_the_suite_runs(dockerfile):
    command = re.search(r"^CMD \[(.+)\]$", dockerfile, re.MULTILINE).group(1).replace('"', "").split(", ")

    assert command[1:] == [*web_command(8000)[1:-1], "0.0.0.0:8000"]


def test_compose_sets_only_variables_that_are_read(compose):
    read = (ROOT / "label" / "settings.py").read_text() + (ROOT / "label" / "environment.py").read_text()
    names = {name.removesuffix("_FILE") for service in APP for name in compose["services"][service]["environment"]}

    assert {name for name in names if f'"{name}"' not in read} == set()


def test_compose_gives_the_keys_to_the_worker_alone(compose):
    services = compose["services"]
    holders = [name for name in services if "keys:/keys" in services[name].get("volumes", [])]
    told = [name for name in APP for key in services[name]["environment"] if key.startswith(("SEAL", "AROBASE_KEYS"))]

    assert sorted(holders) == sorted(told) == sorted(WORKERS)
    assert {services[name]["environment"]["AROBASE_KEYS"] for name in WORKERS} == {"/keys"}
    assert set(services["web"]["volumes"]) < set(services["worker-mail"]["volumes"])


def test_compose_publishes_ports_on_loopback_alone(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_image_holds_every_package(dockerfile):
    packages = sorted(
        path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "bench")
    )

    assert [name for name in packages if f"COPY {name} {name}\n" not in dockerfile] == []


def test_image_runs_as_an_ordinary_user(dockerfile):
    assert dockerfile.index("USER arobase") < dockerfile.index("CMD ")


def test_image_has_the_oldest_python_that_is_supported(dockerfile):
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text()).group(1)

    assert f"FROM python:{oldest}-slim-bookworm" in dockerfile


def test_compose_services_take_the_settings_of_the_operator(compose):
    files = {name: [each["path"] for each in compose["services"][name]["env_file"]] for name in APP}

    assert files == {name: [".env"] for name in APP} | {name: [".env", ".env.worker"] for name in WORKERS}
