"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from cacah.collection import forgetting, pages, window
from tests.browser.resident import ARGUMENTS, CHROMIUM
from tests.prepared import prepared

# Playwright's loop runs in this thread; Django's guard takes the tests' own queries for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# How long an example takes says how busy the machine is, and nothing about the rule.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


# What migrations fill, and Django after them.
FILLED_ONCE = ("django_migrations", "django_content_type", "auth_permission")
# Hundreds of tables and partitions, nearly all of them empty: TRUNCATE, which Django uses, takes a
# second for them. Triggers that forbid it are for officers, not for tests.
EMPTY = """
DO $$
DECLARE one regclass; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname <> ALL(ARRAY{kept})
        AND relnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %s', one); END IF;
    END LOOP;
END $$
"""


def empty_tables(case: TransactionTestCase) -> None:
    """Leave an empty database behind, as Django's own does in many times the time."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(kept=list(FILLED_ONCE)))


TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the database of each process from one that has been migrated."""
    connection.settings_dict["TEST"]["TEMPLATE"] = prepared()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End what a worker of jobs has left open in a thread of its own: the database shall go."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Let no test see the census or the families of another one, nor the language it left."""
    pages.forget()
    window.forget()
    forgetting._answered.clear()
    translation.deactivate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the one Chromium of this process: Playwright cannot be started twice in it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with launched as browser:
            yield browser
