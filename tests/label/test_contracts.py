import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "label",
    "season",
    "results",
    "jury",
    "assessments",
    "accounts",
    "territories",
    "outbox",
    "instance",
    "scoring",
    "documents",
    "prepared",
)
BREACHES = {
    "Packages depend one way": ("territories/rules/names.py", "import jury.models\n"),
    "The engine and the papers are pure": ("scoring/display.py", "import django.utils.text\n"),
    "What writes a query once knows no query of ours": ("prepared/__init__.py", "import accounts.models\n"),
    "The engine and the papers do not know each other": ("documents/french.py", "import scoring.display\n"),
    "The scalar engine needs neither NumPy nor SciPy": ("scoring/hashing.py", "import numpy\n"),
    "Only the framework's module reads YAML": ("outbox/doors/files.py", "import yaml\n"),
    "Inside an app, upper rooms use lower ones": ("assessments/enums.py", "import assessments.policies\n"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("*.xz", "*.gz", "*.ttf"))
    return folder


def lint(folder):
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_contracts_hold(copy):
    assert lint(copy).returncode == 0, lint(copy).stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_contract_breached_fails(copy, contract):
    name, line = BREACHES[contract]
    file = copy / name
    whole = file.read_text()
    file.write_text(line + whole)
    try:
        done = lint(copy)
    finally:
        file.write_text(whole)

    assert f"{contract} BROKEN" in done.stdout
    assert done.returncode == 1


def test_module_outside_every_room_fails(copy):
    stray = copy / "assessments" / "helpers.py"
    stray.write_text("")
    try:
        done = lint(copy)
    finally:
        stray.unlink()

    assert "assessments.helpers" in done.stdout
    assert done.returncode == 1


def test_rooms_have_no_exception():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [rooms] = [each for each in contracts if each["name"] == "Inside an app, upper rooms use lower ones"]

    assert "ignore_imports" not in rooms
    assert rooms["exhaustive"]
    assert rooms["exhaustive_ignores"] == ["migrations"]


def test_largest_app_opens_on_few_entries():
    entries = [path for path in (ROOT / "assessments").iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 22, sorted(path.name for path in entries)


def test_locks_belong_to_actions():
    """No view, API or page holds one: what it does meanwhile (store a file, draw a page) would hold everybody."""
    rooms = [
        path for package in PACKAGES for room in ("views", "pages") for path in (ROOT / package / room).glob("*.py")
    ]
    rooms += [path for package in PACKAGES if (path := ROOT / package / "api.py").exists()]
    locks = ("select_for_update", "transaction.atomic", "lock=True", "locked(")
    assert len(rooms) > 50
    assert [path.name for path in rooms if any(lock in path.read_text() for lock in locks)] == []
