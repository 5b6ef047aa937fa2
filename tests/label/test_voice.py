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


VERB = re.compile(r'verb=f?"([a-z_]+\.[^"]+)"')
IRREGULAR = [
    "sent",
    "shown",
    "written",
    "withdrawn",
    "withheld",
    "left",
    "set",
    "made",
    "lost",
    "stolen",
    "chosen",
    "read",
]
DONE = re.compile(rf"[._]([a-z]+ed|{'|'.join(IRREGULAR)})(_|$)|\}}$")


def test_the_trail_says_what_was_done():
    """One form, one tense: the thing, then what was done to it. What a state is called says it too."""
    packages = ("accounts", "assessments", "jury", "season", "results", "territories", "outbox", "label")
    verbs = {
        verb
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
        for verb in VERB.findall(path.read_text())
    }
    assert len(verbs) > 90
    assert sorted(verb for verb in verbs if not DONE.search(verb) and verb != "membership.active") == []
