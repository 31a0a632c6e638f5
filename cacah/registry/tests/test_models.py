"""The tables keep what the models promise."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from cacah.registry.models import Case, Household, Person

pytestmark = pytest.mark.django_db


def test_the_migrations_say_what_the_models_say():
    call_command("makemigrations", "--check", "--dry-run", "areas", "registry", verbosity=0)


@pytest.mark.parametrize("model", [Household, Person, Case])
def test_a_growing_table_has_sixteen_partitions(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (16,)


def test_a_case_keeps_free_room_in_its_pages():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'registry_case_07'")
        assert cursor.fetchone() == (["fillfactor=70"],)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"mode": "fax"},
        {"persons": -1},
        {"revision": -1},
        {"state": "submitted"},
    ],
)
def test_the_database_refuses_an_impossible_case(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(household_id=1, area="3325012001", **wrong)


def test_the_database_refuses_a_half_digest():
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(household_id=1, position=1, nik_digest=b"short")


@pytest.mark.parametrize("column", ["guide", "invitation"])
def test_the_few_guided_and_invited_cases_are_found_by_an_index_of_every_part(column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid"
            " WHERE inhparent = %s::regclass AND indisvalid AND indpred IS NOT NULL",
            [f"case_by_{column}"],
        )
        assert cursor.fetchone() == (16,)
