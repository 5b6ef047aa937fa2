"""The texts of the demonstration, kept as data beside."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "texts"


@cache
def texts(name: str) -> dict[str, Any]:
    """The content of `texts/<name>.toml`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
