"""Where an import stores households, and what it does when two of them claim one place."""

from __future__ import annotations

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.registry import keys
from cacah.registry.importing.placing import bucket_bits, partitions, placed
from cacah.registry.models import Case, Household
from cacah.registry.partitions import PARTITIONS
from cacah.registry.tests.test_import import (
    CHILD,
    HEAD,
    KK,
    OTHER,
    areas,
    bring,
    register,
    rejects,
    state,
)

__all__ = ["areas", "register"]
IDS = st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=50)
REMAINDER = (
    "SELECT r FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (id, place), "
    "generate_series(0, %s)"
    " AS r WHERE satisfies_hash_partition('registry_household'::regclass, %s, r, id)"
    " ORDER BY place"
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(IDS)
def test_a_partition_is_the_one_that_postgresql_chooses(ids):
    with connection.cursor() as cursor:
        cursor.execute(REMAINDER, [ids, PARTITIONS - 1, PARTITIONS])
        chosen = [remainder for (remainder,) in cursor.fetchall()]
    assert partitions(pa.array(ids, pa.int64())).to_pylist() == chosen


@settings(deadline=None)
@given(st.lists(st.integers(10**15, 10**16 - 1) | st.none(), max_size=30), st.integers(1, 600))
def test_a_familys_rows_fall_into_one_bucket_and_buckets_follow_ids(kks, wanted):
    server = keys.ServerKeys(*(bytes([n] * 32) for n in range(5)))
    bits = bucket_bits(wanted)
    assert PARTITIONS << bits >= wanted
    table = placed(pa.table({"kk": pa.array(kks, pa.int64())}), server, bits).to_pylist()
    for row in table:
        assert 0 <= row["bucket"] < PARTITIONS << bits
        if row["kk"] is None:
            assert (row["id"], row["bucket"]) == (None, 0)
        else:
            assert row["id"] == keys.household_id_of(server.kk_digest(str(row["kk"])))
    for one in table:
        for other in table:
            same = None not in (one["id"], other["id"]) and (
                one["bucket"] >> bits == other["bucket"] >> bits
            )
            if same and one["id"] <= other["id"]:
                assert one["bucket"] <= other["bucket"]


@pytest.fixture
def one_id_for_all(monkeypatch):
    monkeypatch.setattr(keys, "household_id_of", lambda _: 2020)


def test_of_two_households_with_one_id_it_rejects_the_second_and_keeps_the_rest(
    register, one_id_for_all
):
    file = register(HEAD, OTHER, CHILD)
    summary = bring(file)
    assert (summary.stored.new, summary.families_rejected) == (1, 1)
    assert rejects(file) == [(3, "kk")]
    assert summary.reasons == {"kk:same-id": 1}
    assert Household.objects.get().persons == 2
    assert Case.objects.get().pk == 2020


def test_it_rejects_a_household_whose_id_is_anothers_in_the_register(register, one_id_for_all):
    bring(register(HEAD))
    before = state()
    file = register(OTHER, OTHER.replace("3325011505700009,JOKO,01", "3325011505700010,JAKA,04"))
    summary = bring(file)
    assert (summary.stored.new, summary.families_rejected) == (0, 1)
    assert rejects(file) == [(2, "kk"), (3, "kk")]
    assert summary.reasons == {"kk:same-id": 2}
    assert state() == before
    assert bytes(Household.objects.get().kk_digest) == keys.server_keys().kk_digest(KK)


def test_an_import_says_the_same_of_names_that_json_must_escape(register):
    name = 'SITI \\ "" ÉLISE\t'
    bring(register(HEAD.replace("SITI AMINAH", f'"{name}"')))
    found = Household.objects.get()
    record = keys.server_keys().open_record(found.id, bytes(found.record))
    assert record["persons"][0]["name"] == 'SITI \\ " ÉLISE'


def test_digests_made_together_are_those_made_one_by_one():
    server = keys.server_keys()
    numbers = ["3325011505800001", "3325011001100001"]
    given_bytes = [number.encode() for number in numbers]
    assert server.nik_digests(given_bytes) == [server.nik_digest(n) for n in numbers]
    assert server.kk_digests(given_bytes) == [server.kk_digest(n) for n in numbers]
