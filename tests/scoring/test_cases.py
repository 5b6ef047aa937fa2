"""The reference cases: documents with the results and the faults that any implementation of the rules must give."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scoring import answers, engine, framework
from scoring.hashing import canonical

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/framework.json"))
APPLICATIONS = [path for folder in FOLDERS for path in sorted(folder.glob("application-*.json"))]
FAULTS = json.loads((CASES / "faults" / "expected.json").read_bytes())

# Runs each command given as JSON, and tells status, output and errors of all of them.
DRIVER = """
import contextlib, io, json, sys
from scoring.__main__ import main
told = []
for command in json.load(sys.stdin):
    out, err = (io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(command)
    told.append([status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()])
json.dump(told, sys.stdout)
"""


def run_all(commands):
    ran = subprocess.run(
        [sys.executable, "-c", DRIVER], input=json.dumps(commands), capture_output=True, text=True, cwd=ROOT, check=True
    )
    return json.loads(ran.stdout)


def expected_of(application):
    return canonical(
        json.loads(application.with_name(application.name.replace("application", "expected")).read_bytes())
    )


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_result_of_case(application):
    rules = framework.load((application.parent / "framework.json").read_bytes())
    scored = engine.score(rules, answers.load(rules, application.read_bytes()))
    assert canonical(scored.as_document()) == expected_of(application)


def test_cases_by_command():
    told = run_all([["score", str(path.with_name("framework.json")), str(path)] for path in APPLICATIONS])
    for path, answer in zip(APPLICATIONS, told, strict=True):
        assert answer == [0, expected_of(path).decode() + "\n", ""], path


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_framework_of_case_has_no_fault(folder):
    assert framework.check((folder / "framework.json").read_bytes()) == ()


def test_faulty_documents_by_command():
    commands = []
    for name, case in FAULTS.items():
        command, *files = case["command"].split()
        commands.append([command, *(str(CASES / "faults" / file) for file in (*files, name))])
    for (name, case), (status, out, err) in zip(FAULTS.items(), run_all(commands), strict=True):
        told, silent = (out, err) if case["command"] == "check" else (err, out)
        assert (name, status, silent) == (name, case["status"], "")
        assert case["names"] in told.replace(str(CASES), "")


def test_faults_cover_every_file():
    files = {path.name for path in (CASES / "faults").iterdir()}
    assert files == {*FAULTS, "expected.json"}


@pytest.mark.parametrize(
    ("arguments", "status", "out"),
    [
        (["check", "faults/framework-good.json"], 0, b""),
        (["score", "edge-rules/framework.json", "edge-rules/application-5.json"], 0, None),
        (["score", "faults/framework-good.json", "faults/application-not-a-map.json"], 2, b""),
    ],
)
def test_module_run_as_program(arguments, status, out):
    command, *files = arguments
    ran = subprocess.run(
        [sys.executable, "-m", "scoring", command, *(CASES / file for file in files)], capture_output=True, cwd=ROOT
    )
    wanted = expected_of(CASES / files[-1]) + b"\n" if out is None else out
    assert (ran.returncode, ran.stdout) == (status, wanted)
