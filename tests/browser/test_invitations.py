"""An invitation leads a family into the form, and its case knows the code and nothing else."""

from __future__ import annotations

from cacah.institutions.tests.cast import institution
from cacah.outreach.actions.invitations import invite
from cacah.outreach.models import Invitation
from cacah.registry.models import Case

from .resident import Resident


def test_a_family_follows_an_invitation(site: str, resident: Resident) -> None:
    where = institution("Dinas Kesehatan Batang")
    code = invite(by=None, institution=where).code
    page = resident.page
    page.goto(f"{site}/ajakan/{code}/")
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Dinas Kesehatan Batang")
    page.get_by_role("link", name="Isi sekarang").click()
    page.wait_for_url(f"**/isi/?ajakan={code}#identify")
    resident.identify().answer_card()
    resident.send()
    assert Case.objects.get(invitation=code).mode == "cawi"
    assert Invitation.objects.get().opened == 1
