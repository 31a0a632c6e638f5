"""Whoever skips the card question need not type the NIK from the door again."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from playwright.sync_api import Page, expect

from .register import register
from .resident import Resident, field_id


def nik_of(number: int) -> str:
    return f"#{field_id(f'person[{number}]/identity/nik')}"


def test_it_offers_the_nik_from_the_door_to_whomever_it_belongs_to(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().skip_card()
    resident.fill_until("page:person[1]/identity")
    expect(page.locator(nik_of(1))).to_have_value("")
    page.get_by_role("button", name=f"Pakai NIK yang Anda ketik di awal: {resident.nik}").click()
    expect(page.locator(nik_of(1))).to_have_value(resident.nik)
    expect(page.locator(nik_of(1))).to_be_focused()
    resident.go_on()
    resident.fill_until("page:person[2]/identity")
    expect(page.locator(nik_of(2))).to_have_value("")
    expect(page.get_by_role("button", name="Pakai NIK")).to_have_count(0)


def family_of(persons: int, five: dict[str, Any], page: Page, site: str) -> Resident:
    """Return a resident of a family of the first so many of the five."""
    family = deepcopy(five)
    del family["prefill"]["persons"][persons:], family["answers"]["person"][persons:]
    register(family)
    return Resident(page, site, family)


def test_it_fills_the_nik_of_the_only_one_whose_it_can_be(
    page: Page, site: str, five: dict[str, Any]
) -> None:
    resident = family_of(2, five, page, site)
    resident.begin().identify().skip_card()
    resident.fill_until("page:person[1]/identity")
    expect(page.locator(nik_of(1))).to_have_value(resident.nik)
    resident.go_on()
    resident.fill_until("page:person[2]/identity")
    expect(page.locator(nik_of(2))).to_have_value("")


def test_it_fills_the_nik_of_somebody_who_lives_alone(
    page: Page, site: str, five: dict[str, Any]
) -> None:
    resident = family_of(1, five, page, site)
    resident.begin().identify().skip_card()
    resident.fill_until("page:person[1]/identity")
    expect(page.locator(nik_of(1))).to_have_value(resident.nik)
