"""What Django says of what was typed, in our words."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import trans_real
from rest_framework import serializers

from label.sentences import SENTENCES, Ours

PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def faults(field, value):
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(value)
    return refusal.value.messages


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (forms.EmailField(), "nope", "Donnez une adresse électronique complète, par exemple mairie@exemple.fr."),
        (
            forms.EmailField(max_length=120),
            f"{'a' * 60}@{'b' * 49}.exemple.fr",
            "120 caractères au plus\u202f; vous en avez écrit 121.",
        ),
        (forms.IntegerField(min_value=2000), 1999, "Donnez un nombre à partir de 2000."),
        (forms.IntegerField(max_value=365), 366, "Donnez un nombre jusqu’à 365."),
        (forms.ChoiceField(choices=[("a", "A")]), "nope", "Choisissez une des réponses proposées."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), ["nope"], "Choisissez une des réponses proposées."),
        (
            forms.DateTimeField(),
            "2027-03-28 02:30:00",
            "Cette heure n’existe pas, ou existe deux fois, le jour du changement d’heure\u202f: "
            "choisissez-en une autre.",
        ),
        (forms.FileField(), SimpleUploadedFile("vide.txt", b""), "Ce fichier est vide\u202f: choisissez-en un autre."),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, forms.Field) else "",
)
def test_a_form_says_what_to_do(field, value, said):
    assert faults(field, value) == [said]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (serializers.FileField(), None, "Joignez un fichier."),
        (serializers.IntegerField(min_value=0), -1, "Donnez un nombre à partir de 0."),
        (serializers.ChoiceField(["a"]), "nope", "Choisissez une des réponses proposées."),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, serializers.Field) else "",
)
def test_the_api_says_the_same(field, value, said):
    class Given(serializers.Serializer):
        one = field

    given = Given(data={} if value is None else {"one": value})

    assert not given.is_valid()
    if value is not None:
        assert given.errors["one"] == [said]
    else:
        assert str(field.error_messages["required"]) == said


def test_what_they_say_is_still_what_we_replace():
    theirs = trans_real.DjangoTranslation("fr", domain="django", localedirs=None)
    known = {one[0] if isinstance(one, tuple) else one for one, _words in theirs._catalog.items()}

    assert [said for said in SENTENCES if said not in known] == []


@pytest.mark.parametrize("said", SENTENCES)
def test_a_sentence_asks_for_nothing_that_is_not_given(said):
    given = {one or other for one, other in PLACE.findall(said)}
    words = SENTENCES[said]

    for one in words if isinstance(words, tuple) else (words,):
        assert {one or other for one, other in PLACE.findall(one)} <= given


def test_one_is_singular():
    assert Ours.plural(1) == 0
    assert faults(forms.CharField(max_length=1), "ab") == ["1 caractère au plus\u202f; vous en avez écrit 2."]


def test_the_hour_that_comes_twice_is_refused_as_well():
    twice = datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))

    assert faults(forms.DateTimeField(), twice.strftime("%Y-%m-%d %H:%M"))[0].startswith("Cette heure n’existe pas")
