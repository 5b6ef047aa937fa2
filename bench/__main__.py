"""Every measure, one after the other, kept in docs/measures.md; `--quick`: what does not depend on the machine, in two
minutes, printed alone."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

MEASURES = Path(__file__).parents[1] / "docs/measures.md"
BEGIN, END = "<!-- make bench writes from here -->", "<!-- to here -->"
WHOLE = [
    ("scoring", ""),
    ("assignment", ""),
    ("papers", ""),
    *((module, servers) for servers in ("embedded", "servers") for module in ("web", "ideas")),
    ("pages", "servers"),
    ("load", "servers"),
]


def main() -> None:
    if "--quick" in sys.argv[1:]:
        run("pages", "servers", "--quick")
        return
    said = []
    for module, servers in WHOLE:
        said += ["", f"bench.{module} {servers}".rstrip(), *run(module, servers)]
    MEASURES.write_text(kept(MEASURES.read_text("utf-8"), said, now=datetime.now(UTC)), "utf-8")


def run(module: str, servers: str, *options: str) -> list[str]:
    """Printed as it comes. A measure that fails ends them all."""
    # Settings are read once a process, and with them the servers.
    env = os.environ | {"DURABLE": "on", "PYTHONUNBUFFERED": "1"} | ({"PAIR": servers} if servers else {})
    command = [sys.executable, "-m", f"bench.{module}", *options]
    lines = []
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line.rstrip())
    if process.returncode:
        sys.exit(process.returncode)
    return lines


def kept(document: str, said: list[str], *, now: datetime) -> str:
    """The document with these lines in place of those of the run before."""
    before, _begin, rest = document.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    lines = "\n".join(["```text", f"{now:%Y-%m-%d}, {os.cpu_count()} processors", *said, "```"])
    return f"{before}{BEGIN}\n\n{lines}\n\n{END}{after}"


if __name__ == "__main__":
    main()
