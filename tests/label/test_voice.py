"""Numbers, shares and dates are put into French in one place: a page that formats its own says otherwise one day."""

import importlib
import re
import subprocess
from pathlib import Path

import pytest
from django.forms import BaseForm

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


def voice(*folder):
    return subprocess.run([ROOT / "scripts/voice", *folder], capture_output=True, text=True)


def test_no_page_formats_french_by_itself():
    done = voice()
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "line",
    ['f"{inhabitants:,}"', 'share.replace(".", ",")', 'f"{share:.1f} %"', 'day.strftime("%d %B")', 'date("%d/%m/%Y")'],
)
def test_french_formatted_outside_the_one_voice_fails(tmp_path, line):
    for app in APPS:
        (tmp_path / app).mkdir()
    (tmp_path / "documents/french.py").write_text(line)
    assert voice(tmp_path).returncode == 0
    (tmp_path / "season/home.py").write_text(line)

    done = voice(tmp_path)

    assert (done.returncode, "season/home.py:1" in done.stdout) == (1, True)


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
    "taken",
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


# Turns that readers stumbled on: masculine for people unknown, two names for one thing, jargon, an empty word. In what
# is shown, never in a comment.
STUMBLED = re.compile(
    r"[Rr]attaché à|habilité à|[Vv]ous seul\b|[Uu]ne ou un élu|e-mail|adresse mail|URL valide|[Pp]arcours express"
    r"|\bun arobase|plus fier|[Mm]e rattacher|Requête ralentie|Autre mention"
    r"|ne doit plus savoir|est déposée? depuis|\d % du crédit|clés d’accès à l’API|touchent de plus près"
    r"|le premier quartile|Ce qui convient|Les images montrent la démonstration"
    r"|Bonne pratique recommandée|[+] %\(\w+\)s %%"
)
SHOWN = re.compile(
    r"""\b_\(\s*["'](.+?)["']|lazy\(\s*["'](.+?)["']|translate ["'](.+?)["']|blocktranslate[^%]*%\}(.+?)\{% end"""
)


def shown():
    """Every line of a template or a module that holds words to translate, with those words."""
    paths = [path for app in (*APPS, "templates") for path in sorted((ROOT / app).rglob("*"))]
    for path in paths:
        if path.suffix in (".py", ".html") and "migrations" not in path.parts:
            for found in SHOWN.finditer(path.read_text()):
                yield f"{path.relative_to(ROOT)}", next(filter(None, found.groups()))


def test_no_page_says_what_readers_stumbled_on():
    assert [(path, words) for path, words in shown() if STUMBLED.search(words)] == []


def test_enough_words_are_read():
    assert len(list(shown())) > 2_000


def test_no_field_is_named_by_its_english_name():
    """A form that names no field shows that of the code in its summary of errors."""
    # Those of the jury are written by hand in its pages, beside their own words.
    apps = [app for app in APPS if app != "jury" and (ROOT / app / "forms.py").exists()]
    modules = [importlib.import_module(f"{app}.forms") for app in apps]
    classes = {each for module in modules for each in vars(module).values() if is_form(each)}
    unnamed = {
        f"{each.__name__}.{name}"
        for each in classes
        for name, field in each.base_fields.items()
        if field.label is None and not field.widget.is_hidden
    }
    assert unnamed == set()
    assert len(classes) > 10


def is_form(each):
    return isinstance(each, type) and issubclass(each, BaseForm)
