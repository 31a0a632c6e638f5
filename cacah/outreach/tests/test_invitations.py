"""Invitations: what a coordinator makes and sees, what who opens one sees, and what is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from django.test import Client
from django.utils.http import http_date
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import JobAborted

from cacah.institutions.actions import add_entries
from cacah.institutions.models import Institution, RosterEntry
from cacah.institutions.tests.cast import answers, family, institution, people
from cacah.outreach.actions import invitations as verbs
from cacah.outreach.models import Invitation
from cacah.outreach.queries import invitations as asked
from cacah.registry.models import Case
from cacah.staff.models import AuditEntry, Grant, Officer
from cacah.staff.tests.cast import officer, signed_in
from cacah.staff.work.queries import jobs

pytestmark = pytest.mark.django_db
PAGES = "/kantor/penjangkauan/ajakan/"


@pytest.fixture
def dinas() -> Institution:
    made = institution("Dinas Kesehatan")
    add_entries(by=None, institution=made.pk, people=people(1, 2))
    return made


@pytest.fixture
def leader(dinas: Institution) -> Officer:
    return officer("coordinator", institution=dinas.pk)


def follow(code: str, *households: int) -> None:
    """Let families answer by an invitation."""
    for household in households:
        answers(family(household, 1000 + household))
    Case.objects.filter(pk__in=households).update(invitation=code)


def personal() -> list[Invitation]:
    return list(Invitation.objects.filter(kind="person").order_by("entry"))


def written(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_coordinator_makes_links_and_sees_families_in_fives(client, dinas, leader):
    desk, page = signed_in(client, leader), f"{PAGES}{dinas.pk}/"
    assert desk.get(PAGES).url == page
    assert PAGES in desk.get("/kantor/").content.decode()
    for doing in ("lembaga", "orang", "orang"):
        assert desk.post(page, {"lakukan": doing}).status_code == 302
    whole = Invitation.objects.get(kind="institution")
    first, second = personal()
    follow(whole.code, *range(1, 8))
    follow(first.code, *range(11, 15))
    follow(second.code, *range(21, 26))
    shown = desk.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert whole.code in shown
    rows = desk.get(page, {"format": "json"}).json()["rows"]
    assert [row["families"] for row in rows] == ["kurang dari 5", "paling sedikit 5"]
    assert [row["link"].split("/")[-2] for row in rows] == [first.code, second.code]
    assert asked.families_of_each([whole.code]) == {whole.code: 5}
    assert asked.families(asked.of_people([dinas.pk])) == 5
    verbs_of = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"outreach.invitations_made", "outreach.invitations_read"} <= verbs_of


def test_only_families_that_answered_count_and_one_more_is_not_seen(dinas):
    made = verbs.invite(by=None, institution=dinas)
    follow(made.code, *range(1, 6))
    assert asked.families_of_each([made.code])[made.code] == 5
    follow(made.code, *range(6, 10))
    assert asked.families_of_each([made.code])[made.code] == 5
    family(99, 99)
    Case.objects.filter(pk=99).update(invitation=made.code)
    assert asked.families_of_each([made.code])[made.code] == 5


def test_an_invitation_names_an_institution_and_never_a_person(client, dinas):
    whole = verbs.invite(by=None, institution=dinas)
    verbs.invite_people(by=None, institution=dinas, units=[dinas.pk])
    page = client.get(f"/ajakan/{whole.code.lower()}/")
    assert "Dinas Kesehatan" in page.content.decode()
    for form in ("isi", "polos"):
        assert f"/{form}/?ajakan={whole.code}" in page.content.decode()
    alone = client.get(f"/ajakan/{personal()[0].code}/")
    for told in ("Dinas", "Pegawai"):
        assert told not in alone.content.decode()
    assert not alone.cookies
    assert client.get("/ajakan/0000000000/").status_code == 404


def test_loading_it_again_is_not_counted_and_nothing_is_kept_of_anybody(client, dinas):
    made = verbs.invite(by=None, institution=dinas)
    address = f"/ajakan/{made.code}/"
    first = client.get(address)
    again = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 304
    client.head(address)
    client.get(address, headers={"Sec-Purpose": "prefetch"})
    made.refresh_from_db()
    assert made.opened == 1
    earlier = http_date((datetime.now(UTC) - timedelta(minutes=2)).timestamp())
    for since in (earlier, "nonsense", "Mon, 01 Jan 2990 00:00:00 GMT"):
        assert client.get(address, headers={"If-Modified-Since": since}).status_code == 200
    made.refresh_from_db()
    assert made.opened == 4


def test_posters_carry_the_link_and_a_name_only_where_it_is_cut_off(client, dinas, leader):
    desk, page = signed_in(client, leader), f"{PAGES}{dinas.pk}/poster.pdf"
    assert desk.get(page).status_code == 404
    verbs.invite(by=leader, institution=dinas)
    verbs.invite_people(by=leader, institution=dinas, units=[dinas.pk])
    whole, theirs = desk.get(page), desk.get(page, {"bagian": "1"})
    (own,), pages = written(whole.content), written(theirs.content)
    assert "Dinas Kesehatan" in own
    assert len(pages) == 2
    for page_of, invitation, number in zip(pages, personal(), (1, 2), strict=True):
        above, cut, below = page_of.partition("Potong")
        assert invitation.code in above
        assert cut
        assert f"Pegawai {number}" in below
        for name in ("Pegawai", "Dinas"):
            assert name not in above + own.replace("Dinas", "")
    for none in ("2", "99999999999999999999", "-1x"):
        answer = desk.get(page, {"bagian": none})
        assert answer.status_code == (404 if none == "2" else 200), none


def test_nobody_else_makes_or_sees_them(client, dinas, leader):
    elsewhere = institution("Dinas Lain")
    desk = signed_in(client, leader)
    for path in ("", "poster.pdf"):
        assert desk.get(f"{PAGES}{elsewhere.pk}/{path}").status_code == 404
    assert desk.post(f"{PAGES}{elsewhere.pk}/", {"lakukan": "orang"}).status_code == 404
    assert desk.post(f"{PAGES}{dinas.pk}/", {"lakukan": "apa"}).status_code == 404
    above = signed_in(Client(), officer("regency", area="33.25"))
    assert above.get(f"{PAGES}{dinas.pk}/").status_code in (403, 404)
    assert not Invitation.objects.exists()


def test_what_was_reached_stays_when_somebody_leaves_the_roster(client, dinas):
    verbs.invite_people(by=None, institution=dinas, units=[dinas.pk])
    made = personal()[0]
    RosterEntry.objects.filter(pk=made.entry_id).delete()
    made.refresh_from_db()
    assert made.entry_id is None
    assert client.get(f"/ajakan/{made.code}/").status_code == 200


@pytest.fixture
def many(monkeypatch, dinas, leader, client) -> Client:
    """The coordinator of seven people, where more than two are many, who has asked for links."""
    monkeypatch.setattr(verbs, "AT_ONCE", 2)
    add_entries(by=None, institution=dinas.pk, people=people(*range(3, 8)))
    desk = signed_in(client, leader)
    for _ in range(2):
        assert desk.post(f"{PAGES}{dinas.pk}/", {"lakukan": "orang"}).status_code == 302
    return desk


def asked_for(institution: Institution) -> dict[str, int]:
    (job,) = jobs()
    row = ProcrastinateJob.objects.get(pk=job.id)
    assert (row.task_name, row.args["institution_id"]) == (verbs.JOB, institution.pk)
    return {"institution": institution.pk, "officer": row.args["officer_id"]}


def test_the_links_of_many_people_are_made_by_one_job(many, dinas):
    page, asked = f"{PAGES}{dinas.pk}/", asked_for(dinas)
    assert not personal() and "segera dimulai" in many.get(page).content.decode()
    assert "HX-Refresh" not in many.get(f"{page}pembuatan/").headers
    told: list[tuple[int, int]] = []
    made = verbs.make_asked(**asked, tell=lambda *, done, of=0: told.append((done, of)))
    assert (made, told) == (7, [(2, 7), (4, 7), (6, 7), (7, 7)])
    assert len({each.code for each in personal()}) == 7
    assert verbs.make_asked(**asked, tell=lambda **_: None) == 0
    lines = AuditEntry.objects.filter(verb="outreach.invitations_made")
    assert sum(line.details["people"] for line in lines) == 7


def test_a_job_that_is_ended_keeps_what_it_made_and_the_rest_can_be_asked_for(many, dinas):
    asked = asked_for(dinas)

    def ended(*, done: int, of: int = 0) -> None:
        raise JobAborted

    with pytest.raises(JobAborted):
        verbs.make_asked(**asked, tell=ended)
    assert len(personal()) == 2
    many.post(f"{PAGES}{dinas.pk}/", {"lakukan": "hentikan"})
    assert [job.state for job in jobs()] == ["cancelled"]
    assert many.get(f"{PAGES}{dinas.pk}/pembuatan/").headers["HX-Refresh"] == "true"
    many.post(f"{PAGES}{dinas.pk}/", {"lakukan": "orang"})
    assert [job.state for job in jobs()] == ["todo", "cancelled"]


@pytest.mark.parametrize("lost", ["role", "access", "institution"])
def test_no_links_are_made_for_who_may_no_longer_ask(many, dinas, leader, lost):
    asked, now = asked_for(dinas), datetime.now(UTC)
    if lost == "role":
        Grant.objects.update(revoked_at=now)
    elif lost == "access":
        Officer.objects.filter(pk=leader.pk).update(suspended_at=now)
    else:
        Institution.objects.filter(pk=dinas.pk).update(closed_at=now)
    assert verbs.make_asked(**asked, tell=lambda **_: None) == 0
    assert not personal()
