"""One souvenir for each family: online the second is refused, offline it is found and named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from cacah.collection import receipts
from cacah.collection.models import Submission
from cacah.institutions import actions as institutions
from cacah.institutions.models import Institution
from cacah.institutions.tests.cast import family, people
from cacah.outreach.actions import handing, stock
from cacah.outreach.actions.handing import Giving, HadOne, NoneLeft, NoReceipt, NotForThem
from cacah.outreach.models import Handout, HandoutDouble, Item, Place, Visit
from cacah.outreach.queries.souvenirs import stores
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer

from .cast import KUPANG, institution, visit

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2020, 2, 20, 2, tzinfo=UTC)


@pytest.fixture
def keeper(db: None) -> Officer:
    return officer("regency", area=KUPANG)


@pytest.fixture
def hall(keeper: Officer) -> Place:
    """A hall with ten pens."""
    made = stock.add_place(by=keeper, name="Aula", area=area(KUPANG))
    stock.receive(by=keeper, place=made.pk, kind="Pulpen", pieces=10)
    return made


def issued(household: int, revision: int = 1) -> bytes:
    """Let a household hold a receipt; return its digest."""
    number = receipts.number_for(b"k" * 16, household, revision)
    digest = receipts.number_digest(number)
    Submission.objects.create(
        household_id=household,
        revision=revision,
        issued_at=MORNING,
        mode="cawi",
        persons=1,
        instrument="0" * 16,
        key_digest=bytes(16),
        receipt_digest=digest,
        nik_digests=[],
        sealed=b"",
    )
    return digest


def giving(by: Officer, place: Place, event: Visit | None = None) -> Giving:
    return Giving(by, place.pk, Item.objects.get(kind="Pulpen").pk, event)


def left(place: Place) -> list[int]:
    [store] = stores(Place.objects.filter(pk=place.pk))
    return list(store.pieces.values())


def test_a_family_gets_one_and_the_second_try_says_when_and_where(keeper, hall):
    first = handing.hand_out(giving(keeper, hall), issued(7))
    with pytest.raises(HadOne) as had:
        handing.hand_out(giving(keeper, hall), issued(7, revision=2))
    assert had.value.first.pk == first.pk
    assert had.value.first.place.name == "Aula"
    assert left(hall) == [9]


def test_of_two_counters_at_the_same_moment_one_hands_it_out(keeper, hall):
    car = stock.add_place(by=keeper, name="Mobil", area=area(KUPANG))
    stock.receive(by=keeper, place=car.pk, kind="Pulpen", pieces=5)
    digest, both = issued(7), Barrier(2)

    def at(place: Place) -> bool:
        both.wait()
        try:
            handing.hand_out(giving(keeper, place), digest)
        except HadOne:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as counters:
        assert sorted(counters.map(at, (hall, car))) == [False, True]
    assert Handout.objects.count() == 1
    assert sum(left(hall) + left(car)) == 14


def test_nothing_is_handed_out_for_no_receipt_or_from_no_stock(keeper, hall):
    with pytest.raises(NoReceipt):
        handing.hand_out(giving(keeper, hall), bytes(16))
    stock.count(by=keeper, place=hall.pk, item=Item.objects.get().pk, pieces=0)
    with pytest.raises(NoneLeft):
        handing.hand_out(giving(keeper, hall), issued(7))
    assert not Handout.objects.exists()


def test_an_event_gives_to_the_first_and_to_its_own_people(keeper, hall):
    dinas = institution("Dinas Kesehatan")
    event = visit(dinas, day=timezone.localdate())
    handing.set_rule(by=keeper, event=event, first=2, people_of=dinas.pk)
    on_the_roster(dinas, 7, 8, 9)
    with pytest.raises(NotForThem):
        handing.hand_out(giving(keeper, hall, event), issued(66))
    for household in (7, 8):
        handing.hand_out(giving(keeper, hall, event), issued(household))
    with pytest.raises(NotForThem):
        handing.hand_out(giving(keeper, hall, event), issued(9))
    assert event.handouts.count() == 2


def on_the_roster(dinas: Institution, *households: int) -> None:
    for household in households:
        family(household, household)
    institutions.add_entries(by=None, institution=dinas.pk, people=people(*households))


def test_what_was_handed_out_offline_is_noted_once_however_often_it_is_reported(keeper, hall):
    digest = issued(7)
    for expected in ("given", "known", "known"):
        assert handing.report(giving(keeper, hall), digest, MORNING).outcome == expected
    assert left(hall) == [9]


def test_offline_doubles_are_found_and_the_earlier_one_counts(keeper, hall):
    handing.hand_out(giving(keeper, hall), issued(7))
    late = issued(7, revision=2)
    told = [handing.report(giving(keeper, hall), late, MORNING) for _ in range(2)]
    assert [each.outcome for each in told] == ["double", "known"]
    double = HandoutDouble.objects.get()
    assert double.first.handed_at == MORNING < double.handed_at
    assert left(hall) == [8]


def test_a_receipt_that_is_still_on_its_way_is_found_later(keeper, hall):
    number = receipts.number_for(b"k" * 16, 7, 1)
    unknown = receipts.number_digest(number)
    assert handing.report(giving(keeper, hall), unknown, MORNING).outcome == "given"
    assert handing.find_families() == 0
    issued(7)
    handing.hand_out(giving(keeper, hall), issued(8))
    assert handing.find_families() == 1
    with pytest.raises(HadOne):
        handing.hand_out(giving(keeper, hall), issued(7, revision=2))


def test_two_receipts_of_one_family_on_their_way_become_a_double(keeper, hall):
    digests = [receipts.number_digest(receipts.number_for(b"k" * 16, 7, n)) for n in (1, 2)]
    for n, digest in enumerate(digests):
        handing.report(giving(keeper, hall), digest, MORNING + timedelta(hours=n))
        # The same one shown twice is a double before anybody knows the family.
        handing.report(giving(keeper, hall), digest, MORNING + timedelta(hours=n, minutes=30))
    issued(7), issued(7, revision=2)
    assert handing.find_families() == 2
    assert Handout.objects.get().handed_at == MORNING
    assert HandoutDouble.objects.count() == 3
    assert left(hall) == [6]


def test_more_than_there_was_shows_as_less_than_nothing(keeper, hall):
    stock.count(by=keeper, place=hall.pk, item=Item.objects.get().pk, pieces=0)
    handing.report(giving(keeper, hall), issued(7), MORNING)
    assert left(hall) == [-1]
