"""`make demo` without its installation: the real command, its processes, its data folder."""

import os
import socket
import subprocess

import pytest

from label.demo import people
from tests.pair import free_port
from tests.site import ROOT, Site, command

pytestmark = pytest.mark.trial


def environment(data):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
    return kept | {"AROBASE_DATA": str(data)}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Started, stopped in the midst of its first work, started and stopped again: what was seen on the way."""
    site, seen = Site(tmp_path_factory.mktemp("serve") / "data", free_port(), AROBASE_DEMO="1"), {}
    try:
        for run in ("first", "second"):
            site.start()
            seen[f"{run} answers"] = site.answers()
            seen[f"{run} output"] = site.says("Ctrl-C")
            seen[f"{run} counts"] = site.counts()
            site.stop()
            seen[f"{run} left"] = site.left()
            seen[f"{run} status"] = site.process.returncode
        yield seen
    finally:
        site.kill()


@pytest.mark.parametrize("run", ["first", "second"])
def test_start_answers(story, run):
    assert story[f"{run} answers"]


def test_start_says_where_and_with_which_accounts(story):
    said = story["first output"]
    assert "http://127.0.0.1:" in said
    assert people.PASSWORD in said
    assert all(people.address(who) in said for who in people.SHOWN)


@pytest.mark.parametrize("run", ["first", "second"])
def test_ctrl_c_ends_every_process(story, run):
    assert story[f"{run} left"] == []
    assert story[f"{run} status"] == 0


def test_second_start_loses_nothing(story):
    before, after = story["first counts"], story["second counts"]
    # Sessions, messages of the broker and the like are in no table of ours; every table only grows.
    assert {name: (count, after[name]) for name, count in before.items() if after[name] < count} == {}


def refusal(command, env):
    """The one sentence and the exit status."""
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_busy_port_is_told_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, said = refusal(command(port), environment(tmp_path))

    assert status == 1
    assert said.splitlines() == [
        f"CommandError: Port {port} of 127.0.0.1 is taken: stop what uses it, or choose another with --port."
    ]


def test_unusable_data_folder_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    status, said = refusal(command(free_port()), environment(tmp_path / "file" / "data"))

    assert status == 1
    assert said == f"The folder {tmp_path / 'file' / 'data'} cannot be created or written: Not a directory."


def test_unusable_database_is_told_in_one_sentence(tmp_path):
    (tmp_path / "arobase.sqlite3").write_text("This is not a database. " * 100)
    status, said = refusal(command(free_port()), environment(tmp_path))

    assert status == 1
    assert said == f"CommandError: The data folder {tmp_path} cannot be used: file is not a database"


@pytest.fixture
def python(tmp_path):
    """`python(script)`: a folder whose `python3` is this script of the shell."""

    def write(script):
        path = tmp_path / "python3"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ('case "$2" in *ensurepip*) exit 1;; esac', "Python's venv module is missing"),
        ('case "$2" in *version_info*) exit 1;; esac; echo Python 3.9.2', "Python 3.9.2 is too old"),
    ],
)
def test_environment_says_what_is_missing(python, script, sentence):
    status, said = refusal(["scripts/environment", python(script), "run"], environment("unused"))

    assert status == 1
    assert said.startswith(sentence)
    assert len(said.splitlines()) == 1


def test_environment_without_python_says_so():
    status, said = refusal(["scripts/environment", "python-of-nowhere", "run"], environment("unused"))

    assert status == 1
    assert said.startswith("Python is missing")
