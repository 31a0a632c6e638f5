"""Seals, receipts and sessions: what they prove, and what they refuse."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cacah.collection import numbers, receipts, sealing, sessions
from cacah.collection.receipt_pdf import receipt_pdf
from cacah.collection.receipts import NotAReceipt, Receipt
from cacah.collection.sessions import NotASession, Session

AT = datetime(2020, 2, 20, 3, 4, 5, tzinfo=UTC)
NUMBER = receipts.number_for(b"k" * 16, 7, 1)
RECEIPT = Receipt("sp2020", NUMBER, AT, 4, 1)
SESSION = Session(2**62 + 3, 1, 4, 2, 1_582_167_845, "0123456789abcdef")
VALUES = st.integers(0, 2**60 - 1)


@given(VALUES)
def test_a_number_is_read_however_it_is_written(value):
    number = numbers.spell(value)
    body, check = number.replace("-", "")[:12], number[-1]
    sloppy = body.replace("0", "o").replace("1", "l").lower() + " " + check.lower()
    assert numbers.normalise(number) == numbers.normalise(f"  {sloppy} ") == number


@given(VALUES, st.integers(0, 11), st.sampled_from(numbers.ALPHABET))
def test_one_wrong_symbol_is_noticed(value, place, symbol):
    number = numbers.spell(value).replace("-", "")
    wrong = number[:place] + symbol + number[place + 1 :]
    if wrong != number:
        with pytest.raises(numbers.NotANumber):
            numbers.normalise(wrong)


@given(VALUES, st.integers(0, 10))
def test_two_swapped_symbols_are_noticed(value, place):
    number = numbers.spell(value).replace("-", "")
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        with pytest.raises(numbers.NotANumber):
            numbers.normalise(wrong)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_is_refused(text):
    with contextlib.suppress(numbers.NotANumber):
        assert numbers.normalise(numbers.normalise(text)) == numbers.normalise(text)


def test_the_same_submission_always_has_the_same_number():
    assert receipts.number_for(b"k" * 16, 7, 1) == NUMBER
    assert receipts.number_for(b"k" * 16, 8, 1) != NUMBER
    assert receipts.number_for(b"k" * 16, 7, 2) != NUMBER
    assert receipts.sign(RECEIPT) == receipts.sign(RECEIPT)


def test_a_receipt_is_verified_from_its_text_or_its_address():
    signed = receipts.sign(RECEIPT)
    assert receipts.verify(signed) == RECEIPT
    assert receipts.verify(f" https://sensus.example/bukti/{signed}/\n") == RECEIPT
    assert len(signed) < 150


@given(st.data())
def test_a_changed_receipt_is_refused(data):
    signed = receipts.sign(RECEIPT)
    place = data.draw(st.integers(0, len(signed) - 2))  # the last symbol carries four spare bits
    symbol = data.draw(st.characters(codec="utf-8").filter(lambda c: c != signed[place]))
    with pytest.raises(NotAReceipt):
        receipts.verify(signed[:place] + symbol + signed[place + 1 :])


@given(st.text(max_size=200))
def test_no_text_breaks_the_verification(text):
    with pytest.raises(NotAReceipt):
        receipts.verify(text)


def test_the_command_verifies_offline_with_the_public_key_alone(tmp_path):
    key = tmp_path / "receipt.public"
    key.write_bytes(receipts.public_pem(receipts.public_key()))
    verify = [sys.executable, "-m", "cacah", "receipt", "verify", "--key", str(key)]
    nowhere = {"CACAH_HOME": str(tmp_path / "nowhere"), "PATH": ""}
    good = subprocess.run(
        [*verify, receipts.sign(RECEIPT)], env=nowhere, capture_output=True, text=True
    )
    assert good.returncode == 0, good.stderr
    assert f"Genuine: {NUMBER}, census sp2020, 4 people" in good.stdout
    bad = subprocess.run(
        [*verify, receipts.sign(RECEIPT).replace(".4.1.", ".9.1.")],
        env=nowhere,
        capture_output=True,
        text=True,
    )
    assert bad.returncode == 1
    assert "Not genuine" in bad.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en", "jv", "su"])
def test_the_proof_is_a_pdf_in_the_language_asked_for(language):
    pdf = receipt_pdf(receipts.sign(RECEIPT), language)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == 1
    assert f"/Lang ({language}".encode() in pdf


def test_a_pdf_is_made_of_no_text_that_is_not_ours():
    with pytest.raises(NotAReceipt):
        receipt_pdf("sp2020.x.y.z.1.sig", "id")


def test_keys_are_made_once_and_never_replaced(tmp_path, settings):
    settings.CACAH_KEYS = tmp_path / "keys"
    (tmp_path / "stick").mkdir()
    out = StringIO()
    call_command("keys", "create", "--office", str(tmp_path / "stick"), stdout=out)
    private = tmp_path / "stick" / "office.private"
    assert private.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys" / "server.json").stat().st_mode & 0o777 == 0o600
    assert "off this machine" in out.getvalue()
    assert "off this machine" in json.loads(private.read_text())["keep"]
    before = private.read_bytes()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("keys", "create", "--office", str(tmp_path / "stick"), stdout=out)
    assert private.read_bytes() == before
    from cacah.registry.keys import server_keys

    server_keys.cache_clear()


@pytest.fixture
def pair(tmp_path):
    sealing.create_office_keys(tmp_path / "office.private", tmp_path / "office.public")
    return (
        sealing.read_public_key(tmp_path / "office.public"),
        sealing.read_private_key(tmp_path / "office.private"),
    )


def test_a_seal_opens_with_the_office_key_only_for_its_household_and_revision(pair, tmp_path):
    public, private = pair
    sealed = public.envelope().seal(7, 1, {"answers": {"name": "Siti"}})
    assert b"Siti" not in sealed
    assert private.open(7, 1, sealed) == {"answers": {"name": "Siti"}}
    for household, revision in ((8, 1), (7, 2)):
        with pytest.raises(sealing.CannotOpen, match="another family"):
            private.open(household, revision, sealed)
    for damaged in (sealed[:-1], sealed[:9] + bytes([sealed[9] ^ 1]) + sealed[10:], b"", b"\x01"):
        with pytest.raises(sealing.CannotOpen):
            private.open(7, 1, damaged)


def test_a_missing_or_damaged_key_says_what_to_do(tmp_path, pair):
    with pytest.raises(ImproperlyConfigured, match="keys create"):
        sealing.read_public_key(tmp_path / "elsewhere")
    with pytest.raises(ImproperlyConfigured, match=r"not office\.private"):
        sealing.read_private_key(tmp_path / "office.public")
    (tmp_path / "office.public").write_text("{}")
    with pytest.raises(ImproperlyConfigured, match="damaged"):
        sealing.read_public_key(tmp_path / "office.public")


def test_a_session_comes_back_as_it_was():
    for session in (SESSION, replace(SESSION, card_answered=True, mode="guided", revision=0)):
        assert sessions.read(sessions.issue(session)) == session


@given(st.data())
def test_a_changed_session_is_refused(data):
    token = sessions.issue(SESSION)
    place = data.draw(st.integers(0, len(token) - 1))
    symbol = data.draw(st.characters(codec="utf-8").filter(lambda c: c != token[place]))
    changed = token[:place] + symbol + token[place + 1 :]
    # base64 has more than one spelling of the last bits; the session must not change.
    with contextlib.suppress(NotASession):
        assert sessions.read(changed) == SESSION


@given(st.text(max_size=100))
def test_no_text_is_a_session(text):
    with pytest.raises(NotASession):
        sessions.read(text)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**63 - 1), st.integers(1, 1000))
def test_a_number_ends_in_a_digit_or_a_letter(key, household_id, revision):
    number = receipts.number_for(key, household_id, revision)
    assert number[-1] in numbers.ALPHABET
    assert numbers.normalise(number) == number


def test_the_office_folder_must_be_there_and_half_a_set_of_keys_is_not_left(settings, tmp_path):
    settings.CACAH_HOME, settings.CACAH_KEYS = tmp_path, tmp_path / "keys"
    with pytest.raises(CommandError, match="stick"):
        call_command("keys", "create", office=tmp_path / "stick")
    assert not any(tmp_path.iterdir())
    (tmp_path / "office").write_text("a file where a folder should be")
    with pytest.raises(CommandError, match="No keys were made"):
        call_command("keys", "create")
    assert not any((tmp_path / "keys").iterdir())


def test_a_mere_number_is_sent_to_the_page_that_checks_it():
    with pytest.raises(CommandError, match="/bukti/"):
        call_command("receipt", "verify", numbers.spell(7))
