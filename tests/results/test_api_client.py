"""A typed client, generated from the document that the service gives, reads the running service."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from mypy import api as mypy

pytestmark = [pytest.mark.trial, pytest.mark.django_db(transaction=True)]

PROGRAM = """
from arobase_client import Client
from arobase_client.api.certificates import check_certificate
from arobase_client.api.results import get_result, list_results
from arobase_client.models import Check, PaginatedResultList, WholeResult

client = Client(base_url="{url}", raise_on_unexpected_status=True)


def read() -> tuple[str, int, float, str]:
    page = list_results.sync(client=client, level=3)
    assert isinstance(page, PaginatedResultList)
    first = page.results[0]
    whole = get_result.sync(first.territory.code, first.edition, client=client)
    assert isinstance(whole, WholeResult)
    check = check_certificate.sync(whole.certificate, client=client)
    assert isinstance(check, Check)
    return whole.territory.name, whole.level, whole.percent, check.status.value
"""


@pytest.fixture
def client_package(live_server, settings, tmp_path, monkeypatch):
    """The generated package, importable, and a program written against its types."""
    settings.SITE_URL = live_server.url
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--url", f"{live_server.url}/api/schema/"),
            *("--meta", "none", "--output-path", tmp_path / "arobase_client", "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        env={"PATH": path, "no_proxy": "*"},
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (tmp_path / "program.py").write_text(PROGRAM.format(url=live_server.url))
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_generated_client_reads_the_service(client_package, published):
    program = importlib.import_module("program")

    assert program.read() == ("Aubaine", 3, 64.3, "in_force")
    connection.close()


def test_generated_client_has_types(client_package, monkeypatch):
    monkeypatch.chdir(client_package)

    told, faults, status = mypy.run(["--strict", "--follow-imports=silent", "--config-file=", "program.py"])

    assert status == 0, told + faults
