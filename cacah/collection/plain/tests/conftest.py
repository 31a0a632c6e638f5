"""The site, the register and the family of five for the tests of the plain form."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from cacah.collection import opened, pages, pool, window
from cacah.collection.sealing import OfficePrivateKey, read_private_key
from cacah.registry.actions import set_census
from tests.browser.register import KK, register
from tests.browser.resident import FAMILIES

from .family import PlainFamily


@pytest.fixture
def site(transactional_db: None) -> Iterator[None]:
    window.forget()
    pages.forget()
    now = datetime.now(UTC)
    set_census(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30))
    yield
    opened._marks.clear()
    window.forget()
    pages.forget()
    pool.close()


@pytest.fixture
def five(site: None) -> dict[str, Any]:
    family = deepcopy(FAMILIES["family of five"])
    register(family)
    return family


@pytest.fixture
def plain(five: dict[str, Any]) -> PlainFamily:
    return PlainFamily(five["prefill"]["persons"][0]["nik"], KK, five["answers"])


@pytest.fixture
def office_key() -> OfficePrivateKey:
    return read_private_key(settings.CACAH_KEYS.parent / "office" / "office.private")
