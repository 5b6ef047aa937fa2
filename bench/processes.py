"""What the processes of a server used, as the system counts it (Linux)."""

import os
from collections.abc import Iterator
from pathlib import Path


def _of_group(group: int) -> Iterator[tuple[Path, list[str]]]:
    """The folder of each process of the group, and its counts from the third on."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            yield folder, fields


def spent(group: int) -> float:
    """Seconds of processor of every process of the group, and of those that it ended."""
    ticks = sum(int(count) for _folder, fields in _of_group(group) for count in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(group: int) -> dict[int, int]:
    """MiB of each process of the group, by its number; pages that they share are counted in shares (PSS)."""
    found = {}
    for folder, _fields in _of_group(group):
        try:
            lines = (folder / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found[int(folder.name)] = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) >> 10
    return found
