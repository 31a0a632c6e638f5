"""A walk through every page and state a resident may see, to be looked at from several sides."""

from __future__ import annotations

from collections.abc import Iterator

from .resident import Resident, field_id


def before_the_form(resident: Resident, prefix: str) -> Iterator[str]:
    """Yield a name at the landing page, and at each state of identification."""
    page = resident.page
    resident.open(prefix + "/")
    yield "landing"
    page.locator("a.main").click()
    page.wait_for_selector("#f-nik")
    yield "identify"
    resident.identify(nik="33251117", kk="")
    page.wait_for_selector(".errors")
    yield "identify-error"
    resident.identify(kk="3325110102030499")
    page.wait_for_selector(".errors .checks")
    yield "identify-not-found"
    resident.identify()
    page.wait_for_selector("#f-card-month")
    yield "card"
    resident.main_button.click()
    page.wait_for_selector(".errors")
    yield "card-error"
    resident.answer_card()
    yield "tasks"


def through_the_form(resident: Resident) -> Iterator[str]:
    """Yield at every page once, empty-handed first on the first one, then answered."""
    page, seen = resident.page, set()
    resident.go_on()
    resident.main_button.click()
    page.wait_for_selector(".errors")
    yield "page-error"
    while True:
        here = resident.where()
        if here == "confirm":
            return
        if here.startswith("page:"):
            resident.fill_page()
        kind = here.replace("page:person[", "").split("]")[-1].strip("/").replace("page:", "")
        if kind not in seen:
            seen.add(kind)
            yield f"page-{kind.replace('/', '-')}" if here.startswith("page:") else here
        resident.go_on()


def the_end(resident: Resident, prefix: str) -> Iterator[str]:
    """Yield at the careful question, the proof, and what others see of it."""
    page = resident.page
    yield "confirm"
    resident.main_button.click()
    number = resident.receipt_number()
    yield "receipt"
    resident.open(f"{prefix}/bukti/{number}")
    yield "verify-found"
    resident.open(f"{prefix}/bukti/7XK2-9QPM-4TDR-C")
    yield "verify-mistyped"
    resident.open(f"{prefix}/bukti/sp2020.a.b.c.d")
    yield "verify-forged"
    resident.open(f"{prefix}/bukti/")
    yield "verify"
    resident.open(f"{prefix}/nothing-here")
    yield "missing-page"
    resident.begin("en" if prefix else "id").identify()
    page.wait_for_url("**#already")
    yield "already"


def rarer_states(resident: Resident) -> Iterator[str]:
    """Yield at what few families see: another address, a new person, a warning, no signal."""
    page = resident.page
    resident.begin().identify().answer_card()
    yield from another_address(resident)
    yield from a_new_person(resident)
    resident.answers[field_id("person[1]/work/occupation")] = "dokter"
    resident.fill_until("page:person[1]/work").fill_page()
    resident.main_button.click()
    yield "warning"
    page.locator(".note.warning textarea").fill("Ijazahnya sedang diproses")
    resident.fill_until("confirm")
    page.route("**/api/submit", lambda route: route.abort())
    resident.main_button.click()
    page.get_by_role("button", name="Coba lagi sekarang").wait_for()
    yield "sending-waiting"
    page.unroute("**/api/submit")
    resident.try_again().receipt_number()
    page.goto(resident.site + "/isi/")
    resident.identify()
    page.wait_for_url("**#already")
    resident.main_button.click()
    page.wait_for_selector("#f-receipt")
    yield "reopen"


def another_address(resident: Resident) -> Iterator[str]:
    """Yield at the page of another address, with its errors, and with its long list open."""
    page = resident.page
    moved = field_id("family/address/at_registered")
    resident.go_on()
    resident.fill(moved, "2")
    resident.go_on()
    resident.main_button.click()
    yield "another-address-error"
    resident.fill(field_id("family/address_now/province"), "33")
    page.locator(f"#{field_id('family/address_now/regency')}").press_sequentially("bat")
    page.keyboard.press("ArrowDown")
    yield "list-open"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pilih dari daftar lengkap").click()
    yield "list-plain"
    page.get_by_role("link", name="Kembali").click()
    resident.fill(moved, "1")
    resident.go_on()
    page.goto(resident.site + "/isi/#tasks")


def a_new_person(resident: Resident) -> Iterator[str]:
    """Yield at an added person, its removal, and the page for stopping."""
    page = resident.page
    page.get_by_role("button", name="Tambah orang").click()
    yield "new-person"
    page.get_by_role("link", name="Kembali").click()
    yield "tasks-with-added"
    page.get_by_role("button", name="Hapus").click()
    yield "removed"
    page.get_by_role("button", name="Berhenti dulu").click()
    yield "leave"
    page.get_by_role("link", name="Kembali").click()


def everything(resident: Resident, prefix: str = "") -> Iterator[str]:
    """Yield a name at every page and state, from the landing page to a second device's refusal."""
    yield from before_the_form(resident, prefix)
    yield from through_the_form(resident)
    yield from the_end(resident, prefix)
