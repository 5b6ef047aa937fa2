"""What the applicant reads never breaks before a sign or inside quotes: the space there is narrow, and holds."""

import re
from pathlib import Path

import pytest

# Words inside a translation tag, or given to a component.
WORDS = re.compile(
    r'{% translate "([^"]*)"|\b_\("([^"]*)"\)|{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}', re.DOTALL
)
TAG = re.compile(r"{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
BREAKS = re.compile(r"« | »|(?<=[^\s:;!?]) [:;!?](?=\s|$)")
PAGES = sorted(
    page for folder in ("assessments", "accounts", "account") for page in Path("templates", folder).glob("*.html")
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_no_line_breaks_before_a_sign(page):
    texts = [next(filter(None, found)) for found in WORDS.findall(page.read_text(encoding="utf-8")) if any(found)]

    assert [text for text in texts if BREAKS.search(TAG.sub("…", text))] == []
