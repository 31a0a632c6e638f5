"""Fixtures of the scope tests: one world for a whole module, in every test as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from fpdf import FPDF

from tests.scope.world import World, make_world, second_factor


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make the world in a transaction that ends with the module: it costs as much as 80 pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        second_factor(made.probe)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_marker(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take back what a marked test does to the world.

    This stands for the fixture of pytest-django behind its mark: that one closes the connection
    after each test, and the world would be gone with it.
    """
    if not request.node.get_closest_marker("django_db"):
        yield
        return
    world = request.getfixturevalue("world")
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    world.probe.refresh_from_db()


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect what is printed into PDFs: their fonts hold numbers of glyphs and no letters."""
    said: list[str] = []
    plain = FPDF.normalize_text

    def noted(self: FPDF, text: str) -> str:
        said.append(text)
        return plain(self, text)

    monkeypatch.setattr(FPDF, "normalize_text", noted)
    yield said
