"""Which of our files a piece of work enters. `docs/architecture.md` tells four such walks; tests hold it true."""

import importlib
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Those with rooms. `scoring` and `documents` are called like any library; `label` wraps every request alike.
PACKAGES = ("season", "results", "jury", "assessments", "accounts", "territories", "outbox", "instance")
TOLD = re.compile(r"^\d+\. `([^`]+\.py)`", re.MULTILINE)


def told(title: str) -> list[str]:
    """The files of one walk, as the document lists them."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = text.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0]
    return TOLD.findall(section)


@contextmanager
def walk() -> Iterator[Counter[str]]:
    """Inside, how often each file with a room is entered from another one, below a view or the handler of a job.

    Everything is imported before: no file is entered because it is read for the first time."""
    _import_all()
    entered: Counter[str] = Counter()

    def look(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or (here := _ours(frame)) is None:
            return
        above = _above(frame)
        if any(map(_starts, [here, *above])) and above[:1] != [here]:
            entered[here] += 1

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield entered
    finally:
        sys.setprofile(before)


def _above(frame: FrameType) -> list[str]:
    """Our files on the stack, the nearest first."""
    found, back = [], frame.f_back
    while back is not None:
        if name := _ours(back):
            found.append(name)
        back = back.f_back
    return found


def _starts(name: str) -> bool:
    """A view or a handler. What wraps each request (who looks with whose eyes) and each job (the outbox) is no walk."""
    package, room = name.split("/")[:2]
    return room in ("views", "jobs") and package != "outbox" and name != "accounts/views/looking.py"


_known: dict[str, str | None] = {}


def _ours(frame: FrameType) -> str | None:
    name = frame.f_code.co_filename
    if name not in _known:
        path = Path(name)
        inside = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PACKAGES
        _known[name] = path.relative_to(ROOT).as_posix() if inside else None
    return _known[name]


def _import_all() -> None:
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)


def check(entered: Counter[str], title: str, *, most: int) -> None:
    """The document says the files that were entered; they are no more than `most`; and no view, action or job is
    entered again more than twice: words, queries and rules are asked as often as there is something to say."""
    new, gone = set(entered) - set(told(title)), set(told(title)) - set(entered)
    assert (new, gone) == (set(), set()), f"docs/architecture.md: {title}: entered {new}, no longer entered {gone}"
    assert len(entered) <= most
    again = {name for name, times in entered.items() if times > 3}
    assert {name for name in again if name.split("/")[1] in ("views", "jobs", "actions") and _is_app(name)} == set()


def _is_app(name: str) -> bool:
    return not name.startswith(("outbox/", "accounts/"))
