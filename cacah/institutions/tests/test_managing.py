"""Officers add, change, move and close institutions of their area; coordinators units below."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cacah.institutions import actions, queries
from cacah.institutions.actions import tree
from cacah.institutions.models import Institution, Kind
from cacah.institutions.tests.cast import institution, people
from cacah.staff.models import AuditEntry, Grant, Officer
from cacah.staff.tests.cast import area, holds, officer, signed_in

pytestmark = pytest.mark.django_db
NEW = {"kind": Kind.DEPARTMENT, "name": "Dinas Perhubungan", "obliged": "1", "parent": "-"}


@pytest.fixture
def batang(client: Client) -> Client:
    """An officer of Kabupaten Batang, signed in."""
    return signed_in(client, officer("regency", "33.25"))


def post(client: Client, page: str, /, *args: object, **form: str) -> str:
    """Send a form; return where it leads, or the page that says why not."""
    response = client.post(reverse(page, args=args), form)
    assert response.status_code in (200, 302), response.status_code
    return response.get("Location") or response.content.decode()


def last(verb: str) -> AuditEntry:
    return AuditEntry.objects.filter(verb=f"institutions.{verb}").latest("pk")


def test_an_officer_adds_an_institution_and_invites_its_coordinator_at_once(batang: Client) -> None:
    form = NEW | {"area": "3325", "address": " Jalan  Veteran 1 ", "code": "D9"}
    invited = {"coordinator_email": "siti@example.org", "coordinator_name": "Siti"}
    where = post(batang, "institution-add", **form, **invited)
    made = Institution.objects.get(name="Dinas Perhubungan")
    assert where == reverse("institution-manage", args=[made.pk])
    assert (made.area_id, made.address, made.code, made.obliged) == (
        "3325",
        "Jalan Veteran 1",
        "D9",
        True,
    )
    grant = Grant.objects.get(institution=made.pk)
    assert (grant.officer.email, grant.role) == ("siti@example.org", "coordinator")
    page = batang.get(where).content.decode()
    assert "siti@example.org" in page
    link = batang.get(reverse("officer", args=[grant.officer.pk])).content.decode()
    assert "/undangan/" in link
    assert last("institution_added").officer is not None


def test_what_cannot_be_invited_adds_nothing(batang: Client) -> None:
    officer("coordinator", "33.25", institution=institution().pk, email="ada@example.org")
    Officer.objects.filter(email="ada@example.org").update(suspended_at="2026-01-01T00:00Z")
    form = NEW | {"area": "3325", "coordinator_email": "ada@example.org", "coordinator_name": "Ada"}
    page = post(batang, "institution-add", **form)
    assert 'id="id_coordinator_email_error"' in page
    assert not Institution.objects.filter(name=NEW["name"]).exists()


def test_who_presses_twice_adds_one(batang: Client) -> None:
    post(batang, "institution-add", **NEW, area="3325")
    page = post(batang, "institution-add", **(NEW | {"name": "dinas perhubungan"}), area="3325")
    assert 'id="id_name_error"' in page
    assert Institution.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"area": "3326"}, "area"),
        ({"area": ""}, "area"),
        ({"area": "", "area_teks": "Tidak ada begitu"}, "area"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"kind": "kantin"}, "kind"),
        ({"parent": "987654321"}, "parent"),
        ({"coordinator_name": "Siti"}, "coordinator_email"),
        ({"coordinator_email": "siti@example.org"}, "coordinator_name"),
        ({"code": "D1"}, "code"),
    ],
)
def test_it_refuses_with_a_sentence_beside_the_field(
    batang: Client, form: dict[str, str], field: str
) -> None:
    area("33.26")
    actions.add_institution(
        by=None,
        new=actions.NewInstitution("Dinas Rahasia", "department", area="3326", more={"code": "D1"}),
    )
    page = post(batang, "institution-add", **(NEW | {"area": "3325"} | form))
    assert f'id="id_{field}_error"' in page
    assert "Dinas Rahasia" not in page
    assert Institution.objects.count() == 1


def test_an_area_is_found_by_what_is_typed_within_the_scope_only(batang: Client) -> None:
    area("33.25.11")
    area("33.26.11")
    url = reverse("institutions-pick", args=["area"])
    found = batang.get(url, {"area_teks": "area 33"}).content.decode()
    assert 'value="332511"' in found and "332611" not in found
    # Without a script: one that fits is taken, several are offered.
    page = post(batang, "institution-add", **NEW, area_teks="area 3325")
    assert 'value="332511"' in page and not Institution.objects.exists()
    post(batang, "institution-add", **NEW, area_teks="33.25.11")
    assert Institution.objects.get().area_id == "332511"


def test_an_institution_above_is_found_by_what_is_typed(batang: Client) -> None:
    held = institution("Dinas Kesehatan")
    institution("Dinas Kesehatan Kendal", where="33.24")
    url = reverse("institutions-pick", args=["parent"])
    found = batang.get(url, {"parent_teks": "kesehatan"}).content.decode()
    assert f'value="{held.pk}"' in found and "Kendal" not in found
    unit = NEW | {"kind": "unit", "parent": "", "parent_teks": "dinas kesehatan"}
    post(batang, "institution-add", **unit)
    assert Institution.objects.get(name=NEW["name"]).parent == held


def test_a_coordinator_adds_a_unit_below_the_own_institution_and_nowhere_else(
    client: Client,
) -> None:
    held, other = institution("Dinas A"), institution("Dinas B")
    signed_in(client, officer("coordinator", "33.25", institution=held.pk))
    form = {"kind": "unit", "name": "Bidang Data"}
    post(client, "institution-add", **form, parent=str(held.pk))
    made = Institution.objects.get(name="Bidang Data")
    assert (made.parent_id, made.area_id, made.obliged) == (held.pk, "3325", True)
    for parent in (str(other.pk), "-", ""):
        page = post(client, "institution-add", **(form | {"name": "Lain"}), parent=parent)
        assert 'id="id_parent_error"' in page
    assert client.get(reverse("institution-add"), {"induk": other.pk}).status_code == 404
    assert client.get(reverse("institutions-pick", args=["area"])).status_code == 404
    assert Institution.objects.count() == 3


def test_a_coordinator_invites_for_a_unit_below_in_the_same_step(client: Client) -> None:
    held = institution("Dinas A")
    signed_in(client, officer("coordinator", "33.25", institution=held.pk))
    form = {"kind": "unit", "name": "Bidang Data", "parent": str(held.pk)}
    who = {"coordinator_email": "budi@example.org", "coordinator_name": "Budi"}
    post(client, "institution-add", **form, **who)
    grant = Grant.objects.get(officer__email="budi@example.org")
    assert grant.institution == Institution.objects.get(name="Bidang Data").pk


def test_a_coordinator_changes_units_and_not_the_own_institution(client: Client) -> None:
    held = institution("Dinas A")
    unit = institution("Bidang Dtaa", parent=held)
    signed_in(client, officer("coordinator", "33.25", institution=held.pk))
    form = {"kind": "unit", "name": "Bidang Data", "address": "", "obliged": "0", "area": "33"}
    post(client, "institution-change", unit.pk, **form)
    unit.refresh_from_db()
    assert (unit.name, unit.obliged, unit.area_id) == ("Bidang Data", True, "3325")
    for name in ("change", "move", "close", "reopen", "names"):
        assert client.get(reverse(f"institution-{name}", args=[held.pk])).status_code == 404
    assert client.get(reverse("institution-names", args=[unit.pk])).status_code == 404
    assert client.get(reverse("institution-manage", args=[held.pk])).status_code == 200


def test_a_coordinator_closes_an_empty_unit_only(client: Client) -> None:
    held = institution("Dinas A")
    unit = institution("Bidang Data", parent=held)
    actions.add_entries(by=None, institution=unit.pk, people=people(1))
    signed_in(client, officer("coordinator", "33.25", institution=held.pk))
    assert client.post(reverse("institution-close", args=[unit.pk])).status_code == 404
    empty = institution("Bidang Kosong", parent=held)
    assert post(client, "institution-close", empty.pk) == reverse(
        "institution-manage", args=[held.pk]
    )
    empty.refresh_from_db()
    assert empty.closed_at is not None


def test_an_officer_changes_what_a_decree_says_and_only_what_changed_is_traced(
    batang: Client,
) -> None:
    held = institution("Dinas A")
    area("33.25.11")
    form = {"kind": "department", "name": "Dinas A", "address": "", "area": "332511"}
    post(batang, "institution-change", held.pk, **form, obliged="0")
    held.refresh_from_db()
    assert (held.obliged, held.area_id) == (False, "332511")
    assert set(last("institution_changed").details) == {"obliged", "area_id"}
    many = AuditEntry.objects.count()
    post(batang, "institution-change", held.pk, **form, obliged="0")
    assert AuditEntry.objects.count() == many


def test_an_institution_with_units_elsewhere_keeps_its_area(batang: Client) -> None:
    held = institution("Dinas A")
    institution("Cabang", parent=held, where="33.25.11")
    area("33.25.12")
    form = {"kind": "department", "name": "Dinas A", "address": "", "obliged": "1"}
    page = post(batang, "institution-change", held.pk, **form, area="332512")
    assert 'id="id_area_error"' in page


def test_a_move_is_shown_before_it_is_made_and_sums_stay_exact(batang: Client) -> None:
    one, other = institution("Dinas A"), institution("Dinas B")
    unit = institution("Bidang", parent=one)
    actions.add_entries(by=None, institution=unit.pk, people=people(*range(1, 7)))
    page = post(batang, "institution-move", unit.pk, parent_teks="Dinas B")
    assert 'name="yakin"' in page
    assert queries.participation(one.pk).people == 6
    post(batang, "institution-move", unit.pk, parent=str(other.pk), yakin="1")
    assert queries.participation(one.pk).people == 0
    assert queries.participation(other.pk).people == 6
    assert sum(queries.recount(other.pk).values()) == 6
    post(batang, "institution-move", unit.pk, parent="-", yakin="1")
    unit.refresh_from_db()
    assert (unit.parent_id, unit.path) == (None, f"/{unit.pk}/")


def test_it_refuses_a_move_into_a_ring_to_the_same_place_and_out_of_reach(batang: Client) -> None:
    top = institution("Dinas A")
    unit = institution("Bidang", parent=top)
    elsewhere = institution("Dinas Kendal", where="33.24")
    for parent in (unit, elsewhere):
        page = post(batang, "institution-move", top.pk, parent=str(parent.pk), yakin="1")
        assert 'id="id_parent_error"' in page
    page = post(batang, "institution-move", unit.pk, parent=str(top.pk), yakin="1")
    assert 'id="id_parent_error"' in page


def test_a_unit_of_an_institution_outside_the_area_cannot_be_taken_away(batang: Client) -> None:
    province = institution("Dinas Provinsi", where="33")
    branch = institution("Cabang Batang", parent=province, where="33.25")
    assert batang.get(reverse("institution-move", args=[branch.pk])).status_code == 404
    assert batang.get(reverse("institution-manage", args=[branch.pk])).status_code == 200
    assert batang.get(reverse("institution-manage", args=[province.pk])).status_code == 404


def test_how_few_people_there_are_only_their_own_coordinators_are_told(batang: Client) -> None:
    held = institution("Dinas A")
    unit, other = institution("Bidang A", parent=held), institution("Bidang B", parent=held)
    actions.add_entries(by=None, institution=unit.pk, people=people(1, 2, 3))
    for page in ("institution-close", "institution-names"):
        said = batang.get(reverse(page, args=[unit.pk])).content.decode()
        assert "Ada orang di daftarnya." in said
        assert "3 orang" not in said
    said = post(batang, "institution-move", unit.pk, parent=str(other.pk))
    assert "Ada orang di daftarnya." in said
    assert "3 orang" not in said
    said = batang.get(reverse("institution-close", args=[other.pk])).content.decode()
    assert "Tidak ada orang di daftarnya." in said
    coordinator = signed_in(Client(), officer("coordinator", "33.25", institution=held.pk))
    said = post(coordinator, "institution-move", unit.pk, parent=str(other.pk))
    assert "Ada 3 orang di daftarnya." in said


def test_an_officer_closes_and_opens_again(batang: Client) -> None:
    held = institution("Dinas A")
    institution("Bidang", parent=held)
    actions.add_entries(by=None, institution=held.pk, people=people(1, 2))
    page = batang.get(reverse("institution-close", args=[held.pk])).content.decode()
    assert "danger" in page
    post(batang, "institution-close", held.pk)
    assert Institution.objects.filter(closed_at=None).count() == 0
    assert "Dinas A" in batang.get(reverse("institutions-closed")).content.decode()
    assert batang.post(reverse("institution-close", args=[held.pk])).status_code == 404
    post(batang, "institution-reopen", held.pk)
    assert queries.participation(held.pk).people == 2
    assert last("institution_reopened").details == {"institutions": 2}


def test_a_closed_unit_whose_name_was_given_again_stays_closed(batang: Client) -> None:
    held = institution("Dinas A")
    unit = institution("Bidang", parent=held)
    post(batang, "institution-close", unit.pk)
    institution("bidang", parent=held)
    page = post(batang, "institution-reopen", unit.pk)
    assert 'role="alert"' in page
    unit.refresh_from_db()
    assert unit.closed_at is not None


def test_names_are_opened_with_the_mandate_and_closed_again(batang: Client) -> None:
    held = institution("Dinas A")
    page = post(batang, "institution-names", held.pk, lakukan="open", mandate="")
    assert 'id="id_mandate_error"' in page
    post(batang, "institution-names", held.pk, lakukan="open", mandate="470/12/2020")
    held.refresh_from_db()
    assert held.names_to_officers
    assert last("names_opened").details == {"mandate": "470/12/2020"}
    # The same button twice does not turn it back.
    post(batang, "institution-names", held.pk, lakukan="open", mandate="470/12/2020")
    held.refresh_from_db()
    assert held.names_to_officers
    post(batang, "institution-names", held.pk, lakukan="close")
    held.refresh_from_db()
    assert not held.names_to_officers


def test_an_officer_who_may_not_manage_sees_no_such_page(client: Client) -> None:
    held = institution("Dinas A")
    signed_in(client, officer("district", "33.25.11"))
    for name in ("manage", "change", "move", "close", "names"):
        assert client.get(reverse(f"institution-{name}", args=[held.pk])).status_code == 404
    for name in ("institution-add", "institutions-closed"):
        assert client.get(reverse(name)).status_code == 404
    for what in ("area", "parent", "else"):
        assert client.get(reverse("institutions-pick", args=[what])).status_code == 404


def test_who_has_both_roles_may_do_what_either_may(client: Client) -> None:
    held = institution("Dinas Kendal", where="33.24")
    both = officer("regency", "33.25")
    holds(both, "coordinator", "33.24", institution=held.pk)
    signed_in(client, both)
    form = {"kind": "unit", "name": "Bidang", "obliged": "1", "parent": str(held.pk)}
    post(client, "institution-add", **form)
    assert Institution.objects.get(name="Bidang").area_id == "3324"


def test_a_subtree_is_not_moved_deeper_than_eight_levels() -> None:
    deep = institution("1")
    for n in range(2, 8):
        deep = institution(str(n), parent=deep)
    top = institution("A")
    institution("B", parent=top)
    with pytest.raises(ValidationError):
        tree.move_institution(by=None, institution=top.pk, parent=deep.pk)
