"""Every text of the import has its sentence in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override

from cacah.registry.importing.rejects import REASONS
from cacah.registry.management.commands import registry as command

LOCALE = Path(__file__).parents[1] / "locale"


def catalogue(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_is_in_the_catalogue(language):
    known = catalogue(language)
    assert all(known.values())
    with override(None):
        assert {str(reason) for reason in REASONS.values()} <= known.keys()


def test_both_catalogues_hold_the_same_texts():
    assert catalogue("id").keys() == catalogue("en").keys()


def test_every_text_of_the_command_is_in_the_catalogue():
    source = Path(command.__file__).read_text()
    called = [part.split('"')[1] for part in source.split("_(")[1:] if part.startswith('"')]
    assert called
    assert set(called) <= catalogue("id").keys()
