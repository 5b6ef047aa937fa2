import re
import subprocess
from pathlib import Path

import pytest
import yaml

from label.supervisor import QUEUES, web_command, worker_command
from tests.pair import program

ROOT = Path(__file__).resolve().parents[2]
APP = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text()


def version(name):
    return re.search(r"(\d+)\.(\d+)", subprocess.check_output([program(name), "--version"], text=True)).groups()


def test_compose_runs_every_part(compose):
    assert set(compose["services"]) == {"database", "redis", "migrate", "web", "worker", "beat", "mail"}


def test_compose_has_the_postgres_of_the_tests(compose):
    assert compose["services"]["database"]["image"].split(":")[1].split("-")[0] == version("postgres")[0]


def test_compose_has_the_redis_of_the_tests(compose):
    major, minor = version("redis-server")

    assert compose["services"]["redis"]["image"].split(":")[1].split("-")[0] == f"{major}.{minor}"


def test_compose_redis_keeps_what_it_is_told(compose):
    pair = (ROOT / "tests" / "pair.py").read_text()
    options = compose["services"]["redis"]["command"][1:]

    assert all(f'"{option}"' in pair for option in options)


def test_compose_worker_listens_to_every_queue(compose):
    command = compose["services"]["worker"]["command"]

    assert command[command.index("--queues") + 1] == QUEUES


def test_compose_worker_is_the_one_that_the_suite_runs(compose):
    ours = [word for word in worker_command()[1:] if word not in ("--beat", "--without-gossip", "--without-mingle")]

    assert compose["services"]["worker"]["command"][1:] == ours


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

    assert (holders, told) == (["worker"], ["worker"])
    assert services["worker"]["environment"]["AROBASE_KEYS"] == "/keys"
    assert set(services["web"]["volumes"]) < set(services["worker"]["volumes"])


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

    assert files == {name: [".env"] for name in APP} | {"worker": [".env", ".env.worker"]}
