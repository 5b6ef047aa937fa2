"""Mutation testing of `scoring/`: each line of the engine spoilt in turn, to see whether a test notices.

`python -m bench.mutants [PATTERN…]` makes a folder with the engine and its tests alone (no Django, so that a thousand
runs stay cheap), runs mutmut there on one process, and prints what was killed by module, then the survivors. A pattern
names a module ('scoring.engine*') or draws a sample: the names end with a number, '*[37]' is one in five.

The folder is kept when MUTANTS names it: the next run goes on from there, and `mutmut show NAME` in it shows one.
Not part of `make test`: all of them take hours.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MUTMUT = Path(sys.executable).with_name("mutmut")

# What starts another process, or feeds bytes for a fixed time, tells little of one line and costs much.
SLOW = ("tests/scoring/test_fuzz.py", "tests/scoring/test_main.py::test_reader_of_batch_that_leaves_early")
KILLED, SURVIVED = 1, 0  # what pytest exits with
OUTCOMES = {
    0: "survived",
    33: "no test",
    5: "no test",
    34: "skipped",
}  # all other codes are kills: a failure, a crash, a hang

CONFIGURATION = f"""
[tool.mutmut]
source_paths = ["scoring/"]
also_copy = ["assessments/"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:django", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = ["tests/scoring", {", ".join(f'"--deselect={name}"' for name in SLOW)}]
timeout_constant = 20.0
timeout_multiplier = 4.0
track_dependencies = false
use_git_change_detection = false

[tool.pytest.ini_options]
filterwarnings = ["error"]
markers = ["fuzz", "once", "both", "browser", "pdf"]
"""


def main(patterns: list[str]) -> None:
    """Run, then report."""
    folder = Path(os.environ.get("MUTANTS") or tempfile.mkdtemp(prefix="mutants-"))
    _copy(folder)
    environment = os.environ | {"HYPOTHESIS_PROFILE": "mutants", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(folder)}
    command = [MUTMUT, "run", "--max-children", "1", *patterns]
    subprocess.run(command, cwd=folder, env=environment, check=True)  # noqa: S603 -- ours
    report(folder)


def _copy(folder: Path) -> None:
    for part in ("scoring", "tests/scoring", "assessments/editions"):
        shutil.copytree(
            ROOT / part, folder / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
    (folder / "tests" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(CONFIGURATION)


def report(folder: Path) -> None:
    """By module: mutants, killed, survivors; then the names of the survivors (`mutmut show NAME` in the folder)."""
    total: Counter[str] = Counter()
    survivors = []
    print(f"{'module':24} {'mutants':>8} {'killed':>8} {'share':>7}")
    for meta in sorted((folder / "mutants" / "scoring").glob("*.meta")):
        codes = json.loads(meta.read_text())["exit_code_by_key"]
        outcomes = Counter(OUTCOMES.get(code, "killed") for code in codes.values() if code is not None)
        survivors += [name for name, code in codes.items() if code in OUTCOMES]
        total += outcomes
        if outcomes:
            _line(meta.name.removesuffix(".py.meta"), outcomes)
    _line("all", total)
    print(*survivors, sep="\n")


def _line(name: str, outcomes: Counter[str]) -> None:
    print(f"{name:24} {outcomes.total():8} {outcomes['killed']:8} {outcomes['killed'] / outcomes.total():7.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
