import json
import os
import re
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from scoring.__main__ import main
from scoring.texts import MAX_BYTES
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


@pytest.mark.parametrize("arguments", [[], ["chek"], ["check"], ["score", "good.json"], ["check", "a", "\udcff"]])
def test_wrong_usage(folder, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


HELP = {
    "": [
        "usage: python -m scoring [-h] COMMANDE ...",
        "Vérifie un référentiel, note des candidatures.",
        "dit toutes les fautes d’un référentiel, une par ligne",
        "écrit le résultat d’une candidature, en JSON canonique (RFC 8785)",
        "écrit un résultat par ligne, pour une candidature par ligne",
    ],
    "check": [
        "usage: python -m scoring check [-h] [--since ANCIEN] [--strict] RÉFÉRENTIEL",
        "dit aussi les questions dont le sens a changé depuis celui-ci",
        "mesure aussi l’équilibre : points de chaque axe, seuils de population, enjeux, preuves, obligations",
    ],
    "score": ["usage: python -m scoring score [-h] RÉFÉRENTIEL CANDIDATURE"],
    "batch": ["usage: python -m scoring batch [-h] RÉFÉRENTIEL CANDIDATURES"],
}


@pytest.mark.parametrize("command", HELP)
def test_help(capfd, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    assert set(HELP[command]) <= set(re.split(r"\n|\s\s+", capfd.readouterr().out))


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


@pytest.mark.parametrize("command", ["score", "batch"])
def test_disk_that_is_full_is_told(folder, command):
    (folder / "application.json").write_bytes(b"{}\n" * (1 if command == "score" else 400))
    with open("/dev/full", "w") as full:
        ran = program(command, folder / "good.json", folder / "application.json", stdout=full)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("command", ["score", "batch"])
def test_disk_that_is_full_is_told_in_process(folder, capfd, command):
    (folder / "application.json").write_bytes(b"{}\n" * (1 if command == "score" else 400))
    with open("/dev/full", "w") as full, redirect_stdout(full):
        assert main([command, "good.json", "application.json"]) == 2
    assert capfd.readouterr().err.startswith("Le résultat ne s’écrit pas")


@pytest.mark.parametrize("command", ["score", "batch"])
def test_broken_pipe_is_no_fault(folder, command):
    ours, theirs = os.pipe()
    os.close(ours)
    with open(theirs, "w") as unread, redirect_stdout(unread):
        (folder / "application.json").write_bytes(b"{}\n" * (1 if command == "score" else 400))
        assert main([command, "good.json", "application.json"]) == 0


def test_module_exits_with_the_status_of_the_command(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["scoring", "check", "bad.json"])
    monkeypatch.delitem(sys.modules, "scoring.__main__")
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("scoring", run_name="__main__")
    assert caught.value.code == 1


def test_engine_loads_neither_django_nor_numpy():
    loaded = "import scoring.__main__, sys; print({'django', 'numpy', 'scipy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


# --- batch

FAULTY_LINES = [b"", b" ", b"{", b"[]", b"\xff", b'{"answers": {"A-1": {"value": 1}}}', b'{"id": 3}', b'{"a": 1.5}']


def batch(capfdbinary, folder, data, rules="good.json"):
    (folder / "applications.jsonl").write_bytes(data)
    status, out, err = run(capfdbinary, "batch", rules, "applications.jsonl")
    return status, [json.loads(line) for line in out.split("\n")[:-1]], err


def test_batch_gives_what_score_gives(folder, capfdbinary):
    _, scored, _ = run(capfdbinary, "score", "good.json", "application.json")
    line = (folder / "application.json").read_bytes()
    (folder / "applications.jsonl").write_bytes(line + b"\n" + line + b"\r\n")
    assert run(capfdbinary, "batch", "good.json", "applications.jsonl") == (0, scored * 2, "")


def test_batch_puts_errors_in_their_place(folder, capfdbinary):
    lines = [piece for number, fault in enumerate(FAULTY_LINES) for piece in (f'{{"id": "{number}"}}'.encode(), fault)]
    status, told, err = batch(capfdbinary, folder, b"\n".join(lines) + b"\n")
    assert (status, err, len(told)) == (2, "", len(lines))
    assert [one["id"] for one in told[::2]] == [str(number) for number in range(len(FAULTY_LINES))]
    assert [one["line"] for one in told[1::2]] == list(range(2, len(lines) + 1, 2))
    assert all(set(one) == {"error", "line"} and one["error"] for one in told[1::2])


def test_batch_error_names_the_place(folder, capfdbinary):
    _, (told,), _ = batch(capfdbinary, folder, b'{"answers": {"A-1": {"value": 1}}}')
    assert told["error"].startswith("answers.A-1.value")


@pytest.mark.parametrize(
    ("data", "count"), [(b"", 0), (b"{}", 1), (b"{}\n", 1), (b"{}\n{}", 2), (b"\xef\xbb\xbf{}\n", 1)]
)
def test_batch_ends_of_lines(folder, capfdbinary, data, count):
    status, told, _ = batch(capfdbinary, folder, data)
    assert (status, [one.get("status") for one in told]) == (0, ["scored"] * count)


def test_batch_blank_line_is_a_bad_line(folder, capfdbinary):
    status, told, _ = batch(capfdbinary, folder, b"{}\n\n{}\n")
    assert (status, [one.get("line") for one in told]) == (2, [None, 2, None])


def test_batch_line_break_inside_a_string_is_none(folder, capfdbinary):
    status, told, _ = batch(capfdbinary, folder, '{"id": "a\u2028b\x85"}'.encode())
    assert (status, [one["id"] for one in told]) == (0, ["a\u2028b\x85"])


def test_batch_line_too_long_is_one_bad_line(folder, capfdbinary):
    status, told, _ = batch(capfdbinary, folder, b"{}\n" + b" " * 5_000_000 + b"{}\n{}\n")
    assert (status, [one.get("line") for one in told]) == (2, [None, 2, None])


def test_batch_line_too_long_by_one_ends_where_it_ends(folder, capfdbinary):
    lines = [b"{}".rjust(MAX_BYTES), b"{}".rjust(MAX_BYTES + 1), b"{}"]
    status, told, _ = batch(capfdbinary, folder, b"\n".join(lines))
    assert (status, [one.get("line") for one in told]) == (2, [None, 2, None])


def test_batch_in_several_rounds(folder, capfdbinary, monkeypatch):
    monkeypatch.setattr("scoring.__main__.LINES_AT_ONCE", 2)
    _, told, _ = batch(capfdbinary, folder, b"".join(f'{{"id": "{number}"}}\n'.encode() for number in range(5)))
    assert [one["id"] for one in told] == list("01234")


@pytest.mark.parametrize("files", [("bad.json", "application.json"), ("good.json", "none.json")])
def test_batch_of_files_that_cannot_be_used(folder, capfdbinary, files):
    status, out, err = run(capfdbinary, "batch", *files)
    assert (status, out, bool(err)) == (2, "", True)


def test_reader_of_batch_that_leaves_early(folder):
    (folder / "applications.jsonl").write_bytes(b"{}\n" * 5000)
    ours, theirs = os.pipe()
    os.close(ours)
    ran = program("batch", folder / "good.json", folder / "applications.jsonl", stdout=theirs)
    os.close(theirs)
    assert (ran.returncode, ran.stderr) == (0, "")
