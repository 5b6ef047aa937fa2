"""The trial of the three crowds (`tests/label/test_load.py`), for what it prints: how long agents, readers and jurors
waited, beside a page without data that somebody asked of the same server all along."""

import os
import sys

import pytest


def main() -> None:
    # Read when pytest loads `tests.pair`.
    os.environ |= {"PAIR": "servers", "DURABLE": "on"}
    sys.exit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/label/test_load.py"]))


if __name__ == "__main__":
    main()
