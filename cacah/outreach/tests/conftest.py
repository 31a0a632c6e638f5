"""What several tests of outreach begin with."""

from __future__ import annotations

import pytest
from django.test import Client

from cacah.outreach.planning.effort import Effort
from cacah.outreach.tests.cast import KUPANG
from cacah.outreach.tests.laptops import on_the_laptop, path, quick, session  # noqa: F401
from cacah.staff.tests.cast import officer, signed_in


@pytest.fixture
def little_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan with a few tries: the pages, not the plan, are looked at."""
    monkeypatch.setattr(Effort, "for_size", staticmethod(lambda _problem: Effort(200, 30)))


@pytest.fixture
def planner(client: Client) -> Client:
    """An officer of Kupang who plans, signed in."""
    return signed_in(client, officer("regency", KUPANG))
