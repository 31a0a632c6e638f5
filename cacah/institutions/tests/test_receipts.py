"""A receipt handed in stands for one person, and nobody finds one by guessing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cacah.collection import guesses, numbers
from cacah.collection import receipts as proofs
from cacah.collection.models import Guess, Submission
from cacah.institutions import actions
from cacah.institutions.actions import people as persons
from cacah.institutions.actions.receipts import add_by_name, look_up_again, wait_for_receipt
from cacah.institutions.models import Finding, Institution, RosterEntry
from cacah.institutions.queries import participation, recount
from cacah.institutions.receipts import Refused, hand_in, read
from cacah.institutions.tests.cast import answers, family, institution, people
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.tests.cast import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinas() -> Institution:
    return institution()


@pytest.fixture
def ani(dinas: Institution) -> Officer:
    return officer("coordinator", "33.25", institution=dinas.pk)


def answered(household: int, *niks: int, counts: int = 1) -> str:
    """Let a registered family answer; return its receipt number."""
    family(household, *niks)
    answers(household)
    return receipt(household, 1, counts)


def receipt(household: int, revision: int, counts: int = 1) -> str:
    number = proofs.number_for(b"k" * 16, household, revision)
    Submission.objects.create(
        household_id=household,
        revision=revision,
        issued_at=datetime(2020, 2, 20, tzinfo=UTC),
        mode="cawi",
        persons=counts,
        instrument="0" * 16,
        key_digest=bytes(16),
        receipt_digest=proofs.number_digest(number),
        nik_digests=[],
        sealed=b"",
    )
    return number


def signed(number: str) -> str:
    made = proofs.Receipt("sp2020", number, datetime(2020, 2, 20, tzinfo=UTC), 1, 1)
    return f"https://sensus.example/bukti/{proofs.sign(made)}"


def entry(of: Institution, nik: int) -> RosterEntry:
    actions.add_entries(by=None, institution=of.pk, people=people(nik))
    return RosterEntry.objects.latest("id")


def state(of: RosterEntry) -> str:
    return RosterEntry.objects.get(pk=of.pk).state


def refusal(by: Officer, of: RosterEntry, given: str) -> str:
    with pytest.raises(Refused) as refused:
        hand_in(by=by, institution=of.institution_id, entry=of.pk, given=given)
    counts = participation(of.institution_id)
    assert recount(of.institution_id).get("complete", 0) == counts.complete
    return refused.value.code


def test_a_number_handed_in_completes_a_person_without_a_nik(
    dinas: Institution, ani: Officer
) -> None:
    number = answered(1, 7)
    budi = add_by_name(by=ani, institution=dinas.pk, name=" Budi  Santoso ")
    assert participation(dinas.pk).not_yet == 1
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=number.lower().replace("-", " "))
    assert state(budi) == "complete"
    assert (participation(dinas.pk).complete, participation(dinas.pk).people) == (1, 1)


def test_what_the_qr_code_holds_is_taken_too(dinas: Institution, ani: Officer) -> None:
    budi = add_by_name(by=ani, institution=dinas.pk, name="Budi")
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=signed(answered(1, 7)))
    assert state(budi) == "complete"


def test_a_receipt_is_bound_to_one_entry_in_all_institutions(
    dinas: Institution, ani: Officer
) -> None:
    number = answered(1, 7, counts=4)
    other = institution("Dinas Pendidikan")
    budi = add_by_name(by=ani, institution=dinas.pk, name="Budi")
    siti = add_by_name(by=ani, institution=other.pk, name="Siti")
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=number)
    assert refusal(ani, siti, number) == "used"
    assert refusal(ani, siti, signed(number)) == "used"
    assert state(siti) == "not_yet"


def test_a_family_covers_no_more_entries_than_it_counts_people(
    dinas: Institution, ani: Officer
) -> None:
    first = answered(1, 7, counts=2)
    for n, number in enumerate((first, receipt(1, 2, counts=2))):
        somebody = add_by_name(by=ani, institution=dinas.pk, name=f"Orang {n}")
        hand_in(by=ani, institution=dinas.pk, entry=somebody.pk, given=number)
    third = add_by_name(by=ani, institution=dinas.pk, name="Orang 3")
    assert refusal(ani, third, receipt(1, 3, counts=2)) == "used"


def test_who_leaves_the_roster_takes_the_receipt_along(dinas: Institution, ani: Officer) -> None:
    number = answered(1, 7)
    budi = add_by_name(by=ani, institution=dinas.pk, name="Budi")
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=number)
    actions.remove_entries(by=ani, institution=dinas.pk, entries=[budi.pk])
    again = add_by_name(by=ani, institution=dinas.pk, name="Budi")
    hand_in(by=ani, institution=dinas.pk, entry=again.pk, given=number)
    assert state(again) == "complete"
    assert participation(dinas.pk).people == 1


def test_a_receipt_hides_what_the_nik_would_show(dinas: Institution, ani: Officer) -> None:
    family(1, 7)
    answers(1)
    budi = entry(dinas, 7)
    assert state(budi) == "complete"
    wait_for_receipt(by=ani, institution=dinas.pk, entry=budi.pk)
    assert state(budi) == "not_yet"
    assert not Finding.objects.filter(entry=budi).exists()
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=answered(2, 8))
    assert list(Finding.objects.values_list("way", flat=True)) == ["receipt"]
    look_up_again(by=ani, institution=dinas.pk, entry=budi.pk)
    assert state(budi) == "complete"
    assert list(Finding.objects.values_list("way", flat=True)) == ["register"]
    assert RosterEntry.objects.get(pk=budi.pk).receipt_digest is None


def test_who_was_exempt_and_hands_in_a_receipt_is_complete(
    dinas: Institution, ani: Officer
) -> None:
    budi = entry(dinas, 7)
    persons.exempt(by=ani, institution=dinas.pk, entry=budi.pk, reason="abroad")
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=answered(2, 8))
    assert (participation(dinas.pk).complete, participation(dinas.pk).exempt) == (1, 0)


def test_it_refuses_what_is_no_number(dinas: Institution, ani: Officer) -> None:
    budi = entry(dinas, 7)
    assert refusal(ani, budi, "7K3M-9QXA-2B4C") == "number"
    assert refusal(ani, budi, "") == "number"
    assert not Guess.objects.exists()


def test_it_refuses_a_changed_code_without_counting_a_guess(
    dinas: Institution, ani: Officer
) -> None:
    budi = entry(dinas, 7)
    code = signed(answered(1, 9)).replace(".1.1.", ".9.1.")
    assert refusal(ani, budi, code) == "signature"
    assert not Guess.objects.exists()


def test_wrong_guesses_are_slowed_even_for_a_right_number(dinas: Institution, ani: Officer) -> None:
    budi = entry(dinas, 7)
    number = answered(1, 9)
    wrong = [numbers.spell(value) for value in range(1, guesses.HANDED_IN.free + 2)]
    assert {refusal(ani, budi, each) for each in wrong} == {"unknown"}
    assert refusal(ani, budi, number) == "slow"
    assert state(budi) == "not_found"
    earlier = datetime.now(UTC) - timedelta(hours=1)
    Guess.objects.update(last_at=earlier)
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=number)
    assert state(budi) == "complete"


def test_somebody_elses_entry_is_unknown(dinas: Institution, ani: Officer) -> None:
    other = entry(institution("Dinas Pendidikan"), 7)
    with pytest.raises(RosterEntry.DoesNotExist):
        hand_in(by=ani, institution=dinas.pk, entry=other.pk, given=answered(1, 9))


def test_neither_trace_nor_entry_tells_number_or_household(
    dinas: Institution, ani: Officer
) -> None:
    number = answered(1234567, 9)
    budi = entry(dinas, 7)
    hand_in(by=ani, institution=dinas.pk, entry=budi.pk, given=number)
    trail = str(list(AuditEntry.objects.values_list("subject", "details")))
    assert "1234567" not in trail
    assert number not in trail
    with connection.cursor() as cursor:
        cursor.execute("SELECT institutions_rosterentry::text FROM institutions_rosterentry")
        assert number.replace("-", "") not in str(cursor.fetchall())


@given(st.text(max_size=600))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        assert numbers.is_number(read(text))
    except Refused as refused:
        assert refused.code in {"number", "signature"}


def test_the_database_itself_binds_a_receipt_once(dinas: Institution, ani: Officer) -> None:
    number = answered(1, 7, counts=4)
    first = add_by_name(by=ani, institution=dinas.pk, name="Budi")
    second = add_by_name(by=ani, institution=dinas.pk, name="Siti")
    hand_in(by=ani, institution=dinas.pk, entry=first.pk, given=number)
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterEntry.objects.filter(pk=second.pk).update(receipt_digest=proofs.number_digest(number))
