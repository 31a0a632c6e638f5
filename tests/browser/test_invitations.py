"""An invitation leads a family into the form, and its case knows the code and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from cacah.institutions.actions import add_entries
from cacah.institutions.tests.cast import institution, people
from cacah.outreach.actions import sessions
from cacah.outreach.actions.invitations import invite
from cacah.outreach.models import GuidedSession, Invitation
from cacah.outreach.tests.cast import team, visit
from cacah.registry.models import Case
from cacah.staff.tests.cast import officer

from .resident import Resident
from .test_institutions import look_at, opened_by


def test_a_family_follows_an_invitation(site: str, resident: Resident) -> None:
    where = institution("Dinas Kesehatan Batang")
    code = invite(by=None, institution=where).code
    page = resident.page
    page.goto(f"{site}/ajakan/{code}/")
    page.reload()
    look_at(page, "invitation")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Dinas Kesehatan Batang")
    page.get_by_role("link", name="Isi sekarang").click()
    page.wait_for_url(f"**/isi/?ajakan={code}#identify")
    resident.identify().answer_card()
    resident.send()
    assert Case.objects.get(invitation=code).mode == "cawi"
    assert Invitation.objects.get().opened == 1


def test_a_coordinator_shares_links_and_a_planner_sees_what_was_brought(
    browser: Browser, site: str
) -> None:
    where = institution("Dinas Kesehatan Batang")
    add_entries(by=None, institution=where.pk, people=people(1, 2, 3))
    ani = officer("coordinator", institution=where.pk)
    with opened_by(browser, site, ani, wide=True) as office:
        invites(office.new_page(), site)
    there = visit(where, team("Tim Satu", "33.25"), day=timezone.localdate(), state="done")
    planner = officer("regency", area="33.25")
    new = GuidedSession(title="Dinas Kesehatan", visit=there, opens_at=datetime.now(UTC))
    held = sessions.open_session(by=planner, new=new)
    sessions.take_seat(held.code)
    with opened_by(browser, site, planner, wide=True) as office:
        page = office.new_page()
        page.goto(f"{site}/kantor/penjangkauan/hasil/")
        page.get_by_label("Satu baris untuk setiap").select_option("tim")
        page.get_by_role("button", name="Tampilkan").click()
        expect(page.get_by_role("row", name="Tim Satu")).to_contain_text("1")
        look_at(page, "results")


def invites(page: Page, site: str) -> None:
    """Make all links from the home page on."""
    page.goto(f"{site}/kantor/")
    page.get_by_role("link", name="Ajak keluarga dan tetangga").click()
    page.get_by_role("button", name="Buat tautan", exact=True).click()
    page.get_by_role("button", name="Buat tautan bagi yang belum punya").click()
    expect(page.get_by_text("3 dari 3 orang")).to_be_visible()
    look_at(page, "invitations")
