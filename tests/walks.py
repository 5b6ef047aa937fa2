"""Which of our files a piece of work enters. `docs/architecture.md` tells four such walks; tests hold it true."""

import importlib
import pkgutil
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Those with rooms. `scoring`, `documents` and `prepared` are called like any library; `label` wraps every request.
PACKAGES = ("season", "results", "jury", "assessments", "accounts", "territories", "outbox", "instance")
TOLD = re.compile(r"^\d+\. `([^`]+\.py)`", re.MULTILINE)


def told(title: str) -> list[str]:
    """The files of one walk, as the document lists them."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = text.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0]
    return TOLD.findall(section)


@dataclass(frozen=True)
class Walk:
    """How often each file with a room was entered from another one, below a view or the handler of a job; and from
    which of our lines: not those of a template or a library that reads what it was given."""

    entered: Counter[str]
    lines: defaultdict[str, set[tuple[str, int]]]


@contextmanager
def walk() -> Iterator[Walk]:
    """Everything is imported before: no file is entered because it is read for the first time."""
    _import_all()
    seen = Walk(Counter(), defaultdict(set))

    def look(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or (here := _ours(frame)) is None:
            return
        above = _above(frame)
        if any(map(_starts, [here, *above])) and above[:1] != [here]:
            seen.entered[here] += 1
            if frame.f_back is not None and (caller := _ours(frame.f_back)) is not None:
                seen.lines[here].add((caller, frame.f_back.f_lineno))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield seen
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


# Those that are asked as often as there is something to say or to do: the engine, and what every line may ask for.
ASKED = ("assessments/doors/scorecards.py", "jury/doors/examination.py", "outbox/jobs/__init__.py")
ONCE_OR_TWICE_MORE = ("views", "jobs", "actions", "pages", "doors")


def check(seen: Walk, title: str, *, most: int) -> None:
    """The document says the files that were entered; they are no more than `most`; and no view, action, job, page or
    door is entered again more than twice: words, queries, rules and the engine are asked as often as need be."""
    new, gone = set(seen.entered) - set(told(title)), set(told(title)) - set(seen.entered)
    assert (new, gone) == (set(), set()), f"docs/architecture.md: {title}: entered {new}, no longer entered {gone}"
    assert len(seen.entered) <= most
    again = {name for name, lines in seen.lines.items() if len(lines) > 3 and name.split("/")[1] in ONCE_OR_TWICE_MORE}
    assert again <= set(ASKED), again - set(ASKED)
