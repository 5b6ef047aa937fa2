"""A process of its own for what strangers send: bounded in memory and time, told nothing but the file."""

import os
import resource
import subprocess
import sys
from pathlib import Path


class Failed(Exception):
    """It ended with an error, or did not end in time."""


def run(module: str, *words: str, content: bytes, folder: str, seconds: float) -> bytes:
    """What `python -m MODULE WORDS…` wrote, given the file on its standard input. Raises Failed."""
    # No secret of this process reaches the other one.
    environment = {"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[1])}
    try:
        done = subprocess.run(  # noqa: S603 -- our own modules, with words of ours
            [sys.executable, "-m", module, *words],
            input=content,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=environment,
            cwd=folder,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"not done in {seconds} s") from error
    except subprocess.CalledProcessError as error:
        raise Failed(error.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]) from error
    return done.stdout


def limit(*, memory: int, seconds: int) -> None:
    """Called in that process first: the system holds the rest of it to these."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
