"""Numbers, shares and dates are put into French in one place: a page that formats its own says otherwise one day."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "label",
    "season",
    "results",
    "jury",
    "assessments",
    "accounts",
    "territories",
    "outbox",
    "instance",
    "documents",
)
# Thousands, a decimal comma, a day written by hand, a share followed by its sign.
FORMATS = re.compile(r""":,\}|replace\("\.", ","\)|replace\(",", |strftime\("%d|\.[0-9]f\}.{0,8}%"|%d/%m""")
VOICE = {"documents/french.py", "jury/wording.py"}


def lines():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                for number, line in enumerate(path.read_text().splitlines(), start=1):
                    yield f"{path.relative_to(ROOT)}", number, line


def test_no_page_formats_french_by_itself():
    assert [
        (path, number, line.strip()) for path, number, line in lines() if FORMATS.search(line) and path not in VOICE
    ] == []


def test_the_one_voice_would_be_caught_elsewhere():
    assert {path for path, _number, line in lines() if FORMATS.search(line)} == VOICE
