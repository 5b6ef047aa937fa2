"""« Je ne sais pas »: who in or around a town hall is likely to know. From `advice.toml`, which decides no point and
so stands outside the questionnaire and its hash."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("advice.toml")


def who_knows(question_id: str) -> str:
    """A noun phrase, without a full stop; empty for a question that nobody wrote of."""
    return _by_question().get(question_id, "")


@cache
def _by_question() -> Mapping[str, str]:
    return {question: group["who"] for group in _groups() for question in group["questions"]}


def _groups() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["ask"]
    return groups
