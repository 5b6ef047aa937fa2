import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label.markdown import SCHEMES, TAGS, rendered

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![image](https://autre.example/pixel.png)",
    "[clic](javascript:alert(1))",
    "[clic](JaVaScRiPt:alert(1))",
    "[clic](java\tscript:alert(1))",
    "[clic](&#106;avascript:alert(1))",
    "[clic](data:text/html;base64,PHNjcmlwdD4=)",
    "[clic](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    '[clic](https://a.example "onmouseover=alert(1)")',
    '[clic](https://a.example"onmouseover="alert(1))',
    "<a href='javascript:alert(1)'>clic</a>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://a.example'></iframe>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "```<script>\nalert(1)\n```",
    "# Un titre qui prendrait la place du nôtre",
    "[a]: javascript:alert(1)\n\n[a]",
    "<!-- --><form action=https://a.example><input name=q></form>",
    "\u202e<b>gras</b>",
]


def harm(html):
    """Elements and attributes that were not to be let through."""
    elements = re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)
    attributes = [name for tag in re.findall(r"<[a-zA-Z][^>]*>", html) for name in re.findall(r'([\w-]+)="', tag)]
    addresses = [address.partition(":")[0] for address in re.findall(r'href="([^"]*)"', html) if ":" in address]
    return [
        *(name for name in elements if name not in TAGS),
        *(name for name in attributes if name not in ("href", "rel")),
        *(scheme for scheme in addresses if scheme not in SCHEMES),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text):
    assert harm(rendered(text)) == []


@given(
    st.lists(st.sampled_from([*HOSTILE, "**", "_", "`", "\n", ">", "- ", "](", "<", "&", '"']), max_size=8).map("".join)
)
def test_any_mixture_is_harmless(text):
    assert harm(rendered(text)) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Bonjour**", "<p><strong>Bonjour</strong></p>\n"),
        ("une\ndeux", "<p>une<br>\ndeux</p>\n"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"),
        (
            "[la page](https://a.example/)",
            '<p><a href="https://a.example/" rel="noopener noreferrer nofollow">la page</a></p>\n',
        ),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
    ],
)
def test_what_people_write_is_shown(text, html):
    assert rendered(text) == html
