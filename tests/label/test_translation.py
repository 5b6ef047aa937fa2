import re
from pathlib import Path

import pytest
from django.utils.translation import ngettext

ROOT = Path(__file__).resolve().parents[2] / "templates"
# What is the same in every language.
UNIVERSAL = {
    "CSV",
    "JSON",
    "OpenAPI",
    "Authorization",
    "Bearer",
    "aro",
    "INSEE",
    "SIREN",
    "PDF",
    "EPCI",
    "API",
    "h",
    "nbsp",
    "cnil",
    "fr",
    "amp",
    "times",
    "n",
    "o",
}
DROPPED = (
    r"{#.*?#}",
    r"{% comment %}.*?{% endcomment %}",
    r"{% block layout %}.*?{% endblock %}",
    r"{% blocktranslate.*?{% endblocktranslate %}",
    r"{%.*?%}",
    r"{{.*?}}",
    r"<!--.*?-->",
    r"<(script|style|svg|symbol|code|kbd)\b.*?</\1>",
)
FOR_PROGRAMS = "viewport|htmx-config|color-scheme|robots|og:type|twitter:card"
SPOKEN = r'\b(?:alt|title|placeholder|aria-label|content)="([^"]*)"'


def bare_words(source):
    for pattern in DROPPED:
        source = re.sub(pattern, " ", source, flags=re.DOTALL)
    spoken = " ".join(re.findall(SPOKEN, re.sub(rf'<meta (name|property)="({FOR_PROGRAMS})"[^>]*>', "", source)))
    text = re.sub(r"<[^>]*>", " ", re.sub(r"<meta[^>]*>", " ", source), flags=re.DOTALL)
    return [word for word in re.findall(r"[^\W\d_]+", f"{text} {spoken}") if word not in UNIVERSAL]


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.html")), ids=lambda path: str(path.relative_to(ROOT)))
def test_template_marks_its_words_for_translation(path):
    assert bare_words(path.read_text()) == []


def test_bare_words_are_found():
    assert bare_words('<p title="Bonjour">Le {{ name }} {% translate "dit" %} mot</p>') == ["Le", "mot", "Bonjour"]


@pytest.mark.parametrize(("count", "said"), [(0, "0 demande"), (1, "1 demande"), (2, "2 demandes")])
def test_plural_of_our_sentences_begins_at_two(count, said):
    assert ngettext("%(n)s demande", "%(n)s demandes", count) % {"n": count} == said


def test_plural_of_a_catalogue_is_its_own():
    assert ngettext("%(num)d day", "%(num)d days", 0) % {"num": 0} == "0 jour"
