"""The keys of a session's laptop: what it stores can be undone with the pack's key, and only so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacah.registry.field_keys import KK, NIK, FieldKeys, field_keys
from cacah.registry.keys import ServerKeys, household_id_of, server_keys

NIKS = st.from_regex(r"[0-9]{16}", fullmatch=True)
RECEIPTS = st.from_regex(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z*~$=U]", fullmatch=True)
LISTED, ELSEWHERE = "3325010101800001", "3325014101800002"
CARD = "3325110102030405"


def keys(field: bytes = b"f" * 32) -> FieldKeys:
    secrets = {name: name.encode().ljust(32) for name in ("lookup", "register", "session")}
    secrets |= {"receipt_number": b"n" * 32, "receipt_signing": b"s" * 32, "field": field}
    bare = FieldKeys(**secrets, known={}, facts={"pack": 12})
    central = server_keys()
    known = {
        bare.block(NIK, LISTED.encode()): central.nik_digest(LISTED),
        bare.block(KK, CARD.encode()): central.kk_digest(CARD),
    }
    return FieldKeys(**secrets, known=known, facts={"pack": 12})


@given(NIKS)
def test_it_opens_a_foreign_nik_again(nik: str) -> None:
    assert keys().opened_nik(keys().nik_digest(nik)) == nik or nik == LISTED


@given(RECEIPTS)
def test_it_opens_receipt_and_reference_numbers_again(number: str) -> None:
    made = keys()
    assert made.opened_number(made.receipt_digest(number)) == number
    assert made.opened_reference(made.reference_digest(number)) == number
    assert made.receipt_digest(number) != made.reference_digest(number)


@given(st.binary(min_size=16, max_size=16))
def test_it_opens_submission_keys_again(key: bytes) -> None:
    assert keys().opened_key(keys().submission_key_digest(key)) == key


def test_a_family_of_the_pack_has_the_digests_and_the_id_of_the_centre() -> None:
    made, central = keys(), server_keys()
    assert made.nik_digest(LISTED) == central.nik_digest(LISTED)
    assert made.nik_digests([LISTED.encode()]) == [central.nik_digest(LISTED)]
    assert made.kk_digest(CARD) == central.kk_digest(CARD)
    assert household_id_of(made.kk_digest(CARD)) == household_id_of(central.kk_digest(CARD))
    assert made.opened_nik(made.nik_digest(LISTED)) == central.nik_digest(LISTED).hex()


def test_another_pack_knows_nothing_by_the_same_digests() -> None:
    one, other = keys(), keys(b"g" * 32)
    assert one.nik_digest(ELSEWHERE) != other.nik_digest(ELSEWHERE)
    # A NIK typed where a card's number belongs is another matter altogether.
    assert one.nik_digest(ELSEWHERE) != one.kk_digest(ELSEWHERE)


def test_it_refuses_what_does_not_fit_into_one_block() -> None:
    with pytest.raises(ValueError, match="16 bytes at most"):
        keys().nik_digest("3" * 17)


def test_its_receipts_bear_its_number_and_the_centre_has_none() -> None:
    assert keys().pack == 12
    assert server_keys().pack == 0 and type(server_keys()) is ServerKeys


def test_it_says_how_a_pack_is_started_where_the_key_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CACAH_PACK_KEY", raising=False)
    with pytest.raises(Exception, match="cacah session serve"):
        field_keys()
