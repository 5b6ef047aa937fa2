"""No text is cut by the browser: the server counts it, and refuses in words; nothing unseen is kept of it."""

import re
from pathlib import Path

import pytest
from django import forms
from django.urls import get_resolver

from accounts.forms import DetailsForm, Typed
from assessments.forms import WholeNumberField
from jury.forms import MinutesForm
from season.forms import MessageForm, WordsForm

APPS = ("accounts", "assessments", "instance", "jury", "label", "outbox", "results", "season", "territories")
TEMPLATES = Path("templates")
# What is looked for or looked up, never kept; what is judged whole by a rule of its own.
READ = {
    *("RulingForm.id", "RulingForm.axis", "DirectoryForm.q", "InitiativesForm.q", "FilesForm.q", "NumberForm.numero"),
    *("Sample.title", "Sample.summary", "SecondFactor.code", "SignUp.username", "NewKey.name"),
}
# Limited, and kept as the jury typed it.
AS_TYPED = {f"RulingForm.{name}" for name in ("reason", "again", "value")} | {
    f"DecisionForm.{name}" for name in ("reasons", "honours", "comment_to_territory", "waiver")
}
RULED = (forms.EmailField, forms.URLField, forms.RegexField, WholeNumberField)


def forms_of_ours(kind=forms.BaseForm):
    for form in kind.__subclasses__():
        if form.__module__.partition(".")[0] in APPS:
            yield form
        yield from forms_of_ours(form)


def texts():
    """Each text field that a form of ours declares."""
    assert get_resolver().url_patterns  # loads every form
    for form in sorted(set(forms_of_ours()), key=lambda form: form.__qualname__):
        for name, field in getattr(form, "base_fields", {}).items():
            kept = not field.widget.is_hidden and not isinstance(field.widget, forms.PasswordInput)
            if isinstance(field, forms.CharField) and not isinstance(field, RULED) and kept:
                yield f"{form.__name__}.{name}", field


def test_every_text_that_is_kept_is_cleaned():
    assert {name for name, field in texts() if not isinstance(field, Typed)} - READ - AS_TYPED == set()


@pytest.mark.parametrize("field", [pytest.param(field, id=name) for name, field in texts() if name not in READ])
def test_every_text_that_is_kept_has_a_limit(field):
    with pytest.raises(forms.ValidationError):
        field.clean("x" * 60_000)


def test_texts_of_several_apps_are_seen():
    assert {"DetailsForm.name", "MinutesForm.remarks", "WordsForm.legal_notice"} <= {name for name, _field in texts()}


def test_no_form_adds_a_bare_text_as_it_is_made():
    added = re.compile(r"self\.fields\[[^]]*\] = forms\.CharField\(")

    assert [path for path in Path().glob("*/forms.py") if added.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("field", [pytest.param(field, id=name) for name, field in texts()])
def test_long_field_is_not_cut(field):
    assert "maxlength" not in field.widget.attrs or not isinstance(field.widget, forms.Textarea)


def test_a_name_holds_no_mark_that_turns_what_follows():
    form = DetailsForm({"name": "Zoé d’Alès\u202e", "function": "secrétaire\nde mairie"})

    assert form.is_valid()
    assert form.cleaned_data == {"name": "Zoé d’Alès", "function": "secrétaire de mairie"}


def test_a_subject_is_one_line():
    assert MessageForm({"subject": "Un\r\nmot"})["subject"].field.clean("Un\r\nmot") == "Un mot"


@pytest.mark.parametrize(
    ("form", "name"),
    [(MinutesForm(sitting=()), "remarks"), (WordsForm(), "legal_notice"), (MessageForm(), "text")],
    ids=lambda one: one if isinstance(one, str) else type(one).__name__,
)
def test_a_text_of_a_book_is_refused_with_figures(form, name):
    with pytest.raises(forms.ValidationError) as refusal:
        form.fields[name].clean("x" * 60_000)

    assert refusal.value.messages == [
        "Ce texte compte 60\u202f000 caractères, pour 20\u202f000 au plus. Rien n’est coupé\u202f: raccourcissez-le."
    ]


def test_no_template_cuts_a_reason_or_a_long_text():
    cut = re.compile(r"<textarea[^>]* maxlength=|<input[^>]* name=\"reason\"[^>]* maxlength=")

    assert [path.name for path in TEMPLATES.rglob("*.html") if cut.search(path.read_text(encoding="utf-8"))] == []


def test_every_long_text_of_a_template_counts_what_is_typed():
    bare = re.compile(r"<textarea(?![^>]*data-most)[^>]*>")
    found = [path.name for path in TEMPLATES.rglob("*.html") if bare.search(path.read_text(encoding="utf-8"))]

    # What was typed, given back to be copied.
    assert found == ["untrusted.html"]


def numbers():
    assert get_resolver().url_patterns
    for form in sorted(set(forms_of_ours()), key=lambda form: form.__qualname__):
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.IntegerField) and not field.widget.is_hidden and form.__name__ != "Sample":
                yield pytest.param(field, id=f"{form.__name__}.{name}")


@pytest.mark.parametrize("number", ["-1", "10000000"])
@pytest.mark.parametrize("field", list(numbers()))
def test_no_number_is_without_bounds(field, number):
    with pytest.raises(forms.ValidationError):
        field.clean(number)
