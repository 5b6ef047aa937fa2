"""A small disk of our own, that is full, has no place for one more name, or turned read-only: a real one, mounted."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

NO_ROOM = "Il n’y a plus de place"


@contextmanager
def mounted() -> Iterator[Path]:
    """Its folder, which anybody may enter: a PostgreSQL of another user too."""
    place = Path(tempfile.mkdtemp(prefix="arobase-disk-"))
    options = ["-t", "tmpfs", "-o", "size=4m,nr_inodes=300,mode=0755", "tmpfs", str(place)]
    if subprocess.run(["mount", *options], capture_output=True).returncode:
        place.rmdir()
        pytest.skip("only root may mount a disk, and not in every container")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not one byte more."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        _until_refused(lambda _number: file.write(bytes(1 << 12)))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def crowded(disk: Path) -> Iterator[None]:
    """Bytes are left, but no inode for one more name."""
    crowd = disk / "crowd"
    crowd.mkdir()
    _until_refused(lambda number: (crowd / str(number)).touch())
    try:
        yield
    finally:
        for path in crowd.iterdir():
            path.unlink()


def _until_refused(write: Callable[[int], object]) -> None:
    with suppress(OSError):
        for number in count():
            write(number)


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    _remount(disk, "ro")
    try:
        yield
    finally:
        _remount(disk, "rw")


def _remount(disk: Path, mode: str) -> None:
    os.sync()
    subprocess.run(["mount", "-o", f"remount,{mode}", str(disk)], check=True)


ways = pytest.mark.parametrize("way", [full, crowded, read_only], ids=lambda way: way.__name__)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
