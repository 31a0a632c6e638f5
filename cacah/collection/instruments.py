"""The questionnaire that is asked, compiled once a process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from cacah.questionnaire.model import Instrument
from cacah.questionnaire.source import load


@cache
def current() -> Instrument:
    """Return the instrument of the setting CACAH_INSTRUMENT; a change needs a restart.

    Raises cacah.questionnaire.problems.Broken where the form has errors.
    """
    return load(settings.CACAH_INSTRUMENT)
