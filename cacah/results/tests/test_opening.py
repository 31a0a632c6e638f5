"""The office opens what a family sealed, and nobody else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cacah.collection import receipts, sealing
from cacah.collection.models import Beside, Brought, Submission
from cacah.collection.packs.actions import make_pack

pytestmark = pytest.mark.django_db
KEY = settings.CACAH_KEYS.parent / "office" / "office.private"
NUMBERS = [receipts.number_for(bytes([n]) * 16, 7, n) for n in (1, 2)]


@pytest.fixture(autouse=True)
def stored() -> None:
    for revision, number in enumerate(NUMBERS, start=1):
        inside = {"answers": {"person": [{"name": "Siti"}] * revision}, "remarks": {"a": "b"}}
        Submission.objects.create(
            household_id=7,
            revision=revision,
            issued_at=datetime(2020, 2, 20, 3, 4, 5, tzinfo=UTC),
            mode="cawi",
            persons=revision,
            instrument="0123456789abcdef",
            key_digest=bytes(16),
            receipt_digest=receipts.number_digest(number),
            nik_digests=[],
            sealed=sealing.office_public_key().envelope().seal(7, revision, inside),
        )


def printed(*arguments: str, verb: str = "open") -> object:
    out = StringIO()
    call_command("submissions", verb, *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_a_receipt_number_opens_its_own_submission():
    told = printed("--key", str(KEY), "--receipt", NUMBERS[0].lower().replace("-", " "))
    assert told["answers"] == {"person": [{"name": "Siti"}]}
    assert (told["revision"], told["remarks"]) == (1, {"a": "b"})


def test_a_household_opens_every_revision():
    told = printed("--key", str(KEY), "--household", "7")
    assert [each["persons"] for each in told] == [1, 2]


def test_another_key_opens_nothing(tmp_path):
    sealing.create_office_keys(tmp_path / "office.private", tmp_path / "office.public")
    with pytest.raises(CommandError, match="another key"):
        printed("--key", str(tmp_path / "office.private"), "--receipt", NUMBERS[0])


def test_a_submission_moved_to_another_household_does_not_open():
    Submission.objects.filter(household_id=7, revision=1).update(household_id=8)
    with pytest.raises(CommandError, match="another family"):
        printed("--key", str(KEY), "--household", "8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--receipt", "0000-0000-0000-0"], "Not found"),
        (["--receipt", "nonsense"], "Not a receipt number"),
        (["--household", "9"], "Not found"),
    ],
)
def test_what_is_not_there_is_said_plainly(arguments, said):
    with pytest.raises(CommandError, match=said):
        printed("--key", str(KEY), *arguments)


def test_what_packs_delivered_too_late_to_count_is_printed_apart():
    at = datetime(2020, 2, 21, tzinfo=UTC)
    pack = make_pack(
        public_key=bytes(32), session_code="BATANG1", instrument="", valid_until=at, at=at
    )
    counted = Submission.objects.get(revision=1)
    sealed = {"answers": {"person": [{"name": "Budi"}]}, "remarks": {}}
    Beside.objects.create(
        receipt_digest=bytes(16),
        household_id=7,
        revision=1,
        issued_at=at,
        mode="guided",
        persons=1,
        instrument=counted.instrument,
        sealed=sealing.office_public_key().envelope().seal(7, 1, sealed),
        pack=pack,
        delivered_at=at,
    )
    (told,) = printed("--key", str(KEY), verb="beside")
    assert told["answers"] == {"person": [{"name": "Budi"}]}
    assert (told["pack"], told["household_id"], told["revision"]) == (pack.pk, 7, 1)
    assert printed("--key", str(KEY), "--receipt", NUMBERS[0])["answers"] != told["answers"]


def test_what_a_lost_laptop_brought_is_printed_whatever_it_said_of_seats():
    at = datetime(2020, 2, 21, tzinfo=UTC)
    pack, other = (
        make_pack(
            public_key=bytes(32), session_code="BATANG1", instrument="", valid_until=at, at=at
        )
        for _ in range(2)
    )
    digest = receipts.number_digest(NUMBERS[1])
    Brought.objects.create(receipt_digest=digest, pack=pack, delivered_at=at)
    (told,) = printed(str(pack.pk), "--key", str(KEY), verb="pack")
    assert (told["household_id"], told["revision"]) == (7, 2)
    assert printed(str(other.pk), "--key", str(KEY), verb="pack") == []


def test_a_missing_key_says_what_to_do(tmp_path):
    with pytest.raises(CommandError, match="is missing"):
        printed("--key", str(tmp_path / "gone"), "--household", "7")
