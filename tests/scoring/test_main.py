import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.__main__ import main
from tests.scoring.builders import COMMUNE, document, proven, question

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.json").write_text(json.dumps(document()))
    (tmp_path / "bad.json").write_text(json.dumps(document(question(points=-1)), indent=1))
    (tmp_path / "application.json").write_text(json.dumps({"context": COMMUNE, "answers": {"A-1": proven(True)}}))
    return tmp_path


def run(capfdbinary, *arguments):
    status = main(arguments)
    sys.stdout.flush()
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


def test_check_of_a_good_framework_is_silent(folder, capfdbinary):
    assert run(capfdbinary, "check", "good.json") == (0, "", "")


def test_check_tells_one_line_a_fault(folder, capfdbinary):
    line = "bad.json\u202f: questions[A-1].points, ligne 34\u202f: -1 n’est pas un entier de 0 à 1000."
    assert run(capfdbinary, "check", "bad.json") == (1, f"{line} Écrivez un entier de 0 à 1000.\n", "")


def test_check_strict(folder, capfdbinary):
    (folder / "gap.json").write_text(json.dumps(document(question(applies_when="overseas"))))
    assert run(capfdbinary, "check", "gap.json")[0] == 0
    status, out, _ = run(capfdbinary, "check", "--strict", "gap.json")
    assert (status, out.count("\n")) == (1, 1)


def test_check_since_an_earlier_version(folder, capfdbinary):
    (folder / "next.json").write_text(json.dumps(document(question(text={"fr": "Autre"}))))
    assert run(capfdbinary, "check", "--since", "next.json", "next.json")[0] == 0
    status, out, _ = run(capfdbinary, "check", "--since", "good.json", "next.json")
    assert (status, "a changé" in out) == (1, True)


def test_check_since_a_faulty_version(folder, capfdbinary):
    status, out, err = run(capfdbinary, "check", "--since", "bad.json", "good.json")
    assert (status, out, "bad.json" in err) == (2, "", True)


def test_score_writes_canonical_json_and_one_line_feed(folder, capfdbinary):
    status, out, err = run(capfdbinary, "score", "good.json", "application.json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    assert json.loads(out)["questions"] == {"A-1": ["answered", 100, 100, 100]}


@pytest.mark.parametrize(
    "files", [("bad.json", "application.json"), ("good.json", "bad.json"), ("good.json", "none.json")]
)
def test_score_of_faulty_documents(folder, capfdbinary, files):
    status, out, err = run(capfdbinary, "score", *files)
    assert (status, out) == (2, "")
    assert err.count("\n") >= 1


@pytest.mark.parametrize("name", ["none.json", ".", "good.json/x", "\udcff", "new\nline"])
def test_file_that_cannot_be_read(folder, capfdbinary, name):
    status, out, err = run(capfdbinary, "check", name)
    assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("arguments", [[], ["chek"], ["check"], ["score", "good.json"], ["check", "a", "b"]])
def test_wrong_usage(folder, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_endless_file_is_not_read_whole(capfdbinary):
    status, out, _ = run(capfdbinary, "check", "/dev/zero")
    assert (status, "1024" in out) == (1, True)


def program(*arguments, **how):
    command = [sys.executable, "-m", "scoring", *arguments]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **how)


def test_faults_told_whatever_the_encoding_of_the_terminal(folder):
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = program("check", folder / "bad.json", stdout=subprocess.PIPE, encoding="utf-8", env=environment)
    assert (ran.returncode, "n’est pas" in ran.stdout, ran.stderr) == (1, True, "")


def test_reader_that_leaves_early(folder):
    ours, theirs = os.pipe()
    os.close(ours)
    ran = program("score", folder / "good.json", folder / "application.json", stdout=theirs)
    os.close(theirs)
    assert ran.stderr == ""


def test_engine_loads_neither_django_nor_numpy():
    loaded = "import scoring.__main__, sys; print({'django', 'numpy', 'scipy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
