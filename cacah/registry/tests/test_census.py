"""The census is one row, made and changed by `cacah census set`."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from cacah.registry import actions, queries

pytestmark = pytest.mark.django_db


def test_it_says_that_no_census_is_set():
    with pytest.raises(queries.NoCensus):
        queries.census()
    with pytest.raises(CommandError, match="census set"):
        call_command("census", "show")


def test_what_is_not_given_stays():
    actions.set_census(help_phone="021 350 7057")
    actions.set_census(name="Sensus Penduduk 2030")
    census = queries.census()
    assert census.code == "sp2020"
    assert (census.name, census.help_phone) == ("Sensus Penduduk 2030", "021 350 7057")


def test_the_command_reads_times_of_the_site():
    out = io.StringIO()
    call_command(
        "census", "set", "--opens", "2026-02-15", "--closes", "2026-04-01T00:00", stdout=out
    )
    assert queries.census().opens_at == datetime(2026, 2, 14, 17, tzinfo=UTC)
    assert "2026-02-15T00:00+07:00" in out.getvalue()


def test_it_refuses_a_window_that_ends_before_it_begins():
    actions.set_census()
    with pytest.raises(CommandError, match="closes_at"):
        call_command("census", "set", "--closes", "2019-01-01")
    assert queries.census().closes_at.year == 2020


def test_it_refuses_a_name_that_does_not_fit():
    with pytest.raises(ValidationError, match="name"):
        actions.set_census(name="x" * 101)
