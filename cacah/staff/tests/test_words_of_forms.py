"""Every form of the office refuses in this project's words, not in Django's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django import forms
from django.core import validators
from django.forms.models import ModelChoiceField
from django.utils import translation

CATALOGUES = Path(__file__).resolve().parents[1] / "locale"
FIELDS = (
    forms.CharField,
    forms.IntegerField,
    forms.FloatField,
    forms.DateField,
    forms.TimeField,
    forms.EmailField,
    forms.BooleanField,
    forms.ChoiceField,
    forms.MultipleChoiceField,
    forms.FileField,
    ModelChoiceField,
)
VALIDATORS = (
    validators.validate_email,
    validators.ProhibitNullCharactersValidator,
    validators.MinValueValidator,
    validators.MaxValueValidator,
)
# Nobody can clear a file here, so that is never said; that of a file's name counts (see below).
NEVER = {"contradiction", "max_length"}


def django_says() -> Iterator[str]:
    """Yield what Django's fields say where nobody has told them otherwise, as it is written."""
    with translation.override(None, deactivate=True):
        for field in FIELDS:
            for of in field.__mro__:
                told = getattr(of, "default_error_messages", {})
                yield from (str(words) for code, words in told.items() if code not in NEVER)
        yield from (str(each.message) for each in VALIDATORS)


@pytest.mark.parametrize("language", ["id", "en"])
def test_there_are_words_for_all_that_a_field_may_refuse(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES/django.po").open("rb") as file:
        known = {each.id: each.string for each in read_po(file)}
    assert not {words for words in django_says() if not known.get(words)}


class Asked(forms.Form):
    name = forms.CharField(max_length=3)
    many = forms.IntegerField(min_value=1, max_value=9)
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "A")])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", "Terlalu panjang: paling banyak 3 huruf, ini 5.|Paling besar 9.|Bagian ini perlu"),
        ("en", "Too long: at most 3 characters, this has 5.|At most 9.|Please fill this in."),
    ],
)
def test_a_form_refuses_in_plain_words(language: str, words: str) -> None:
    with translation.override(language):
        form = Asked({"name": "Agung", "many": "10", "kind": "b"})
        said = str(form.errors)
    assert all(each in said for each in words.split("|"))
    assert "“b”" in said
    for theirs in ("Bidang", "required", "Pastikan", "Ensure", "valid"):
        assert theirs not in said
