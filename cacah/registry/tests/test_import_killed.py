"""An import that is killed in the middle leaves the register as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Event

import pytest
from django.db import connection

from cacah.areas.actions import put_areas
from cacah.registry.models import Case, Household, Person, ProgressDelta, RegisterImport
from cacah.registry.tests.test_import import CHILD, HEAD, HEADER, VILLAGE

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'registry_case'::regclass"
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def number(cursor, query):
    cursor.execute(query)
    return cursor.fetchone()[0]


def until(condition):
    """Ask again until it is so; a busy machine needs its time to start a process."""
    pause = Event()
    for _ in range(6000):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it never came")


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_leaves_the_register_as_it_was(tmp_path):
    put_areas({"33": "a", "3325": "b", "332501": "c", VILLAGE: "d"}.items())
    file = tmp_path / "register.csv"
    file.write_text("\n".join((HEADER, HEAD, CHILD)) + "\n")
    database = connection.settings_dict
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cacah.site.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace(
            "/postgres?", f"/{database['NAME']}?", 1
        ),
    }
    assert database["NAME"] in environment["DATABASE_URL"]
    command = [sys.executable, "-m", "cacah", "registry", "import", str(file)]
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            # Households and persons are written by then; the cases wait for this lock.
            holder.set_autocommit(False)
            cursor.execute("LOCK TABLE registry_case IN SHARE MODE")
            running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            until(lambda: number(cursor, WAITS))
            running.send_signal(signal.SIGKILL)
            assert running.wait() == -signal.SIGKILL
            holder.rollback()
    finally:
        holder.close()
    with connection.cursor() as cursor:
        until(lambda: not number(cursor, OTHERS))
    for model in (Household, Person, Case, ProgressDelta, RegisterImport):
        assert not model.objects.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["register.csv"]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    assert Household.objects.get().persons == 2
