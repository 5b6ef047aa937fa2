"""Mutation testing of `scoring/`: each line of the engine spoilt in turn, to see whether a test notices.

`python -m bench.mutants [NAME…]` makes a folder with the engine and its tests alone (no Django), where mutmut writes
the spoilt lines, and prints by module what was killed, then the lines that no test missed. A name may have stars:
'scoring.plan.*'. SAMPLE=80 tries that many of each module, drawn by its name: the same ones as long as the code is.

Tests are collected once. Each mutant is then a forked process of its own, where the tests that reach its function run
one by one until one fails: all those of its module's file, then the quickest others, five seconds of them. What none
of these notices survives, so the shares are rather too low. A process that takes far more time than its tests do is
ended, and counted apart.

Not part of `make test`: all of them take hours.
"""

import difflib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial
from itertools import accumulate
from pathlib import Path

import pytest
from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

ROOT = Path(__file__).parents[1]
KILLED, SURVIVED, UNREACHED, HUNG = "killed", "survived", "no test", "out of time"
OTHERS = 5  # seconds
MEMORY = 6 * 2**30  # bytes, above which a mutant fails

# What starts another process, or feeds bytes for a fixed time, tells little of one line and costs much.
SLOW = ("tests/scoring/test_fuzz.py", "tests/scoring/test_main.py::test_reader_of_batch_that_leaves_early")
OPTIONS = ["tests/scoring", "-qq", "-s", "--no-header", "--no-summary", "--basetemp=temporary"]
OPTIONS += [f"-pno:{plugin}" for plugin in ("cacheprovider", "django", "xdist", "cov", "randomly")]
OPTIONS += [f"--deselect={name}" for name in SLOW]

CONFIGURATION = """
[tool.mutmut]
source_paths = ["scoring/"]

[tool.pytest.ini_options]
filterwarnings = ["error"]
markers = ["fuzz", "once", "both", "browser", "pdf"]
"""


def main(patterns: list[str]) -> None:
    """Spoil, run, report."""
    folder = Path(tempfile.mkdtemp(prefix="mutants-"))
    _copy(folder)
    os.chdir(folder)
    spoilt = {path.stem: mutate_file_contents(str(path), path.read_text()) for path in Path("scoring").glob("*.py")}
    for module, file in spoilt.items():
        Path("scoring", f"{module}.py").write_text(file.code)
    os.environ |= {"HYPOTHESIS_PROFILE": "mutants", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(folder)}
    sys.path.insert(0, str(folder))
    chosen = list(_chosen(spoilt, patterns or ["*"], int(os.environ.get("SAMPLE", "0"))))
    random.Random(0).shuffle(chosen)  # noqa: S311 -- so that a run cut off tells of every module
    runs = Runs(chosen)
    try:
        pytest.main(OPTIONS, plugins=[runs])
    finally:
        report(spoilt, runs.outcomes)
        shutil.rmtree(folder)


def _copy(folder: Path) -> None:
    for part in ("scoring", "tests/scoring", "assessments/editions"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    # A small framework that a test of the engine reads.
    (folder / "tests" / "results").mkdir()
    shutil.copy(ROOT / "tests/results/framework.yaml", folder / "tests" / "results")
    (folder / "tests" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(CONFIGURATION)


def _chosen(spoilt: dict[str, MutatedFile], patterns: list[str], sample: int) -> Iterator[str]:
    for module, file in sorted(spoilt.items()):
        names = [f"scoring.{module}.{name}" for name in file.mutant_names]
        names = [name for name in names if any(fnmatch(name, pattern) for pattern in patterns)]
        yield from random.Random(module).sample(names, sample) if 0 < sample < len(names) else names  # noqa: S311


class Runs:
    """A plugin that runs the collected tests once for each mutant, in place of once."""

    def __init__(self, mutants: list[str]) -> None:
        self.mutants = mutants
        self.outcomes: dict[str, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        seconds, tests = self._reached(session)
        for index, mutant in enumerate(self.mutants, 1):
            reaching = tests.get(mutant.partition("__mutmut_")[0], ())
            items = [item for item in session.items if item.nodeid in reaching]
            items.sort(key=lambda item: seconds[item.nodeid])
            file = f"test_{_module(mutant).strip('_')}.py"
            own = [item for item in items if item.path.name == file]
            others = [item for item in items if item.path.name != file]
            sums = accumulate(seconds[item.nodeid] for item in others)
            items = own + [item for item, so_far in zip(others, sums, strict=True) if so_far <= OTHERS]
            limit = 20 + 8 * sum(seconds[item.nodeid] for item in items)
            began = time.monotonic()
            self.outcomes[mutant] = _forked(partial(_run, mutant, items), int(limit)) if items else UNREACHED
            took = time.monotonic() - began
            print(f"{index}/{len(self.mutants)} {mutant} {self.outcomes[mutant]} {took:.1f} s", file=sys.stderr)
        return True

    @staticmethod
    def _reached(session: pytest.Session) -> tuple[dict[str, float], dict[str, set[str]]]:
        """The seconds that each test takes, and the tests that reach each function; refused if one fails."""
        told = Path("reached.json")

        def survey() -> bool:
            set_mutant_under_test("stats")
            seconds: dict[str, float] = {}
            tests: dict[str, list[str]] = defaultdict(list)
            for item in session.items:
                began = time.process_time()
                if not _passes([item]):
                    print("fails before anything is spoilt:", item.nodeid, file=sys.stderr)
                    return False
                seconds[item.nodeid] = time.process_time() - began
                for function in state()._stats:
                    tests[function].append(item.nodeid)
                state()._stats.clear()
            told.write_text(json.dumps([seconds, tests]))
            return True

        if _forked(survey, 3600) != SURVIVED:
            raise SystemExit(2)
        seconds, tests = json.loads(told.read_text())
        return seconds, {function: set(names) for function, names in tests.items()}


def _run(mutant: str, items: list[pytest.Item]) -> bool:
    set_mutant_under_test(mutant)
    return _passes(items)


def _passes(items: list[pytest.Item]) -> bool:
    """Whether all of these tests pass; none is begun after a failure."""
    failed: list[bool] = []

    class Failures:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                failed.append(True)

    plugins = items[0].config.pluginmanager
    plugins.register(Failures(), "failures")
    for item in items:
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        if failed:
            break
    plugins.unregister(name="failures")
    return not failed


def _forked(work: Callable[[], bool], limit: int) -> str:
    """What became of a process that tells whether all passes, with so many seconds of processor at most."""
    child = os.fork()
    if not child:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(60 + 5 * limit)  # one that waits takes no processor
        try:
            os._exit(0 if work() else 1)
        except BaseException:  # whatever it is, the mutant did not pass
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return HUNG if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM) else KILLED
    return KILLED if os.WEXITSTATUS(status) else SURVIVED


def report(spoilt: dict[str, MutatedFile], outcomes: dict[str, str]) -> None:
    """By module: mutants, how many were tried, what became of them; then each that was not killed, as a difference."""
    print(f"{'module':12} {'mutants':>8} {'tried':>8} {'killed':>8} {'hung':>8} {'share':>7}")
    total: Counter[str] = Counter()
    for module, file in sorted(spoilt.items()):
        counted = Counter(outcome for mutant, outcome in outcomes.items() if _module(mutant) == module)
        total += counted
        if counted:
            _line(module, len(file.mutant_names), counted)
    if total:
        _line("all", sum(len(file.mutant_names) for file in spoilt.values()), total)
    for mutant, outcome in outcomes.items():
        if outcome != KILLED:
            print(f"\n{mutant}: {outcome}", *_difference(spoilt[_module(mutant)], mutant), sep="\n")


def _line(name: str, mutants: int, counted: Counter[str]) -> None:
    tried, killed = counted.total(), counted[KILLED]
    print(f"{name:12} {mutants:8} {tried:8} {killed:8} {counted[HUNG]:8} {killed / tried:7.1%}")


def _difference(file: MutatedFile, mutant: str) -> Iterator[str]:
    lines = file.code.splitlines()
    function, _, number = mutant.rpartition(".")[2].partition("__mutmut_")
    spans = (file.line_span_by_function_name[f"{function}__mutmut_{which}"] for which in ("orig", number))
    before, after = ([line for line in lines[span.start - 1 : span.end] if function not in line] for span in spans)
    differences = difflib.unified_diff(before, after, n=0, lineterm="")
    return (line for line in differences if line[:2] not in ("--", "++", "@@"))


def _module(mutant: str) -> str:
    return mutant.split(".")[1]


if __name__ == "__main__":
    main(sys.argv[1:])
