"""The stock of souvenirs is the sum of what moved, and nothing moves that is not there."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cacah.outreach.actions import stock
from cacah.outreach.models import Item, Place, StockMove
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer

from .cast import KUPANG

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Officer:
    return officer("regency", area=KUPANG)


@pytest.fixture
def store(keeper: Officer) -> Place:
    made = stock.add_place(by=keeper, name=" Gudang  kota", area=area(KUPANG))
    stock.receive(by=keeper, place=made.pk, kind="Pulpen", pieces=30)
    return made


def test_what_comes_in_goes_on_and_is_counted_adds_up(keeper, store):
    car = stock.add_place(by=keeper, name="Mobil", area=area(KUPANG))
    pens = Item.objects.get().pk
    stock.receive(by=keeper, place=store.pk, kind=" pulpen ", pieces=10, note="dari provinsi")
    stock.transfer(by=keeper, place=store.pk, to=car.pk, item=pens, pieces=15)
    assert [stock.pieces_of(place.pk, pens) for place in (store, car)] == [25, 15]
    stock.count(by=keeper, place=car.pk, item=pens, pieces=12)
    assert stock.pieces_of(car.pk, pens) == 12
    assert StockMove.objects.get(kind="counted").pieces == -3
    assert store.name == "Gudang kota"


def test_nothing_is_passed_on_that_is_not_there(keeper, store):
    car = stock.add_place(by=keeper, name="Mobil", area=area(KUPANG))
    pens = Item.objects.get().pk
    with pytest.raises(ValidationError, match="hanya ada 30"):
        stock.transfer(by=keeper, place=store.pk, to=car.pk, item=pens, pieces=31)
    with pytest.raises(ValidationError, match="tempat yang lain"):
        stock.transfer(by=keeper, place=store.pk, to=store.pk, item=pens, pieces=1)
    assert stock.pieces_of(store.pk, pens) == 30


def test_no_number_below_one_or_beyond_sense_moves(keeper, store):
    for pieces in (0, -5, 10**7):
        with pytest.raises(ValidationError):
            stock.receive(by=keeper, place=store.pk, kind="Pulpen", pieces=pieces)
    with pytest.raises(ValidationError):
        stock.receive(by=keeper, place=store.pk, kind="  ", pieces=1)


def test_a_place_is_named_once_and_closed_only_when_it_is_empty(keeper, store):
    with pytest.raises(ValidationError, match="dengan nama ini"):
        stock.add_place(by=keeper, name="Gudang kota", area=area(KUPANG))
    with pytest.raises(ValidationError, match="sisa barang"):
        stock.close_place(by=keeper, place=store.pk)
    stock.count(by=keeper, place=store.pk, item=Item.objects.get().pk, pieces=0)
    stock.close_place(by=keeper, place=store.pk)
    with pytest.raises(Place.DoesNotExist):
        stock.receive(by=keeper, place=store.pk, kind="Pulpen", pieces=1)
    assert stock.add_place(by=keeper, name="Gudang kota", area=area(KUPANG)).pk != store.pk
