"""The tree of institutions: added, moved, closed and imported, with its sums exact throughout."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from cacah.institutions import actions, queries
from cacah.institutions.actions import tree
from cacah.institutions.actions.importing import import_institutions
from cacah.institutions.models import Institution
from cacah.institutions.tests.cast import family, institution, people
from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = pytest.mark.django_db
TABLE = """nama;jenis;kode;induk;wilayah;wajib
Dinas Kesehatan;dinas;D1;;33.25;ya
Puskesmas Batang;unit;;D1;;ya
Universitas Batang;universitas;U1;;33.25;tidak
"""


def test_a_move_keeps_every_sum_exact():
    one, other = institution("Dinas A"), institution("Dinas B")
    unit = institution("Unit", parent=one)
    below = institution("Seksi", parent=unit)
    family(1, 1, 2)
    actions.add_entries(by=None, institution=one.pk, people=people(1, unit=unit))
    actions.add_entries(by=None, institution=one.pk, people=people(2, 3, unit=below))
    tree.move_institution(by=None, institution=unit.pk, parent=other.pk)
    assert queries.participation(one.pk).people == 0
    assert queries.participation(other.pk).people == 3
    assert queries.recount(other.pk) == {"not_yet": 2, "not_found": 1}
    assert Institution.objects.get(pk=below.pk).path == f"/{other.pk}/{unit.pk}/{below.pk}/"


def test_it_refuses_to_put_an_institution_below_itself_or_outside_the_area():
    top = institution("Dinas")
    unit = institution("Unit", parent=top)
    elsewhere = institution("Dinas Kendal", where="33.24")
    for parent in (unit, elsewhere):
        with pytest.raises(ValidationError):
            tree.move_institution(by=None, institution=top.pk, parent=parent.pk)
    with pytest.raises(ValidationError):
        institution("Cabang", parent=top, where="33.24")


def test_a_closed_subtree_is_counted_no_more_and_comes_back():
    top = institution("Dinas")
    unit = institution("Unit", parent=top)
    actions.add_entries(by=None, institution=top.pk, people=people(1, 2, unit=unit))
    assert tree.close_institution(by=None, institution=unit.pk) == 1
    assert queries.participation(top.pk).people == 0
    assert tree.reopen_institution(by=None, institution=unit.pk) == 1
    assert queries.participation(top.pk).people == 2
    assert AuditEntry.objects.filter(verb="institutions.institution_closed").count() == 1


def test_a_table_of_institutions_comes_in_and_may_be_repeated():
    area("33.25")
    first = import_institutions(by=None, file=BytesIO(TABLE.encode()))
    assert (first.added, first.changed, first.wrong) == (3, 0, [])
    unit = Institution.objects.get(name="Puskesmas Batang")
    assert unit.parent.code == "D1" and unit.area_id == "3325"
    again = TABLE.replace("Universitas Batang", "Universitas Pantura").replace("\nPuskesmas", "\n#")
    only = "\n".join(line for line in again.splitlines() if not line.startswith("#"))
    second = import_institutions(by=None, file=BytesIO(only.encode()))
    assert (second.added, second.changed) == (0, 1)


def test_a_wrong_table_says_where_and_stores_nothing(tmp_path):
    area("33.25")
    wrong = TABLE + "Kantor;kantin;;X9;99.99;mungkin\nBank;bumn;;;33.25;ya\nBank;bumn;D1;;;ya\n"
    found = import_institutions(by=None, file=BytesIO(wrong.encode()))
    assert {(each.row, each.column) for each in found.wrong} == {
        (5, "kind"),
        (5, "parent"),
        (5, "area"),
        (5, "obliged"),
    }
    assert not Institution.objects.exists()
    path = tmp_path / "a.csv"
    path.write_text(wrong)
    with pytest.raises(CommandError, match="5, kind"):
        call_command("institutions", "import", str(path))
    path.write_text("a;b\n1;2\n")
    with pytest.raises(CommandError):
        call_command("institutions", "import", str(path))


def test_an_officer_brings_in_institutions_of_the_own_area_only(client: Client):
    area("33.24")
    signed_in(client, officer("regency", "33.25"))
    outside = TABLE.replace("33.25;tidak", "33.24;tidak")
    for text, status, stored in ((outside, 422, 0), (TABLE, 200, 3)):
        sent = {"file": SimpleUploadedFile("a.csv", text.encode())}
        assert client.post("/kantor/instansi/impor/", sent).status_code == status
        assert Institution.objects.count() == stored
    coordinator = officer("coordinator", "33.25", institution=Institution.objects.first().pk)
    assert signed_in(Client(), coordinator).get("/kantor/instansi/impor/").status_code == 404


def test_a_column_that_is_not_there_changes_nothing():
    area("33.25")
    top = "nama;jenis;kode;wilayah;alamat;wajib\nBank;bumn;B1;33.25;Jl. Kartini 1;tidak\n"
    import_institutions(by=None, file=BytesIO(top.encode()))
    unit = "nama;jenis;kode;induk\nCabang;unit;B2;B1\n"
    import_institutions(by=None, file=BytesIO(unit.encode()))
    again = "nama;jenis;kode\nBank Jateng;bumn;B1\nCabang;unit;B2\n"
    found = import_institutions(by=None, file=BytesIO(again.encode()))
    assert (found.wrong, found.changed) == ([], 1)
    bank = Institution.objects.get(code="B1")
    assert (bank.name, bank.address, bank.obliged) == ("Bank Jateng", "Jl. Kartini 1", False)


def test_a_table_that_is_too_large_is_refused_before_it_is_read(client: Client):
    signed_in(client, officer("regency", "33.25"))
    sent = {"file": SimpleUploadedFile("a.csv", b"x" * (5 << 20 | 1 << 18))}
    answer = client.post("/kantor/instansi/impor/", sent)
    assert answer.status_code == 413
    assert "5 MB" in answer.text
    strict = signed_in(Client(enforce_csrf_checks=True), officer("regency", "33.25"))
    small = {"file": SimpleUploadedFile("a.csv", TABLE.encode())}
    assert strict.post("/kantor/instansi/impor/", small).status_code == 403
    assert not Institution.objects.exists()


def test_an_operator_opens_names_moves_and_closes():
    top, other = institution("Dinas"), institution("Badan")
    unit = institution("Bagian Umum", parent=top)
    Institution.objects.filter(pk=top.pk).update(code="D1")
    call_command("institutions", "open-names", "D1")
    call_command("institutions", "move", str(unit.pk), str(other.pk))
    call_command("institutions", "close", str(other.pk))
    top.refresh_from_db()
    unit.refresh_from_db()
    assert top.names_to_officers
    assert unit.path.startswith(other.path) and unit.closed_at is not None
    assert AuditEntry.objects.filter(verb="institutions.names_opened").exists()
    call_command("institutions", "reopen", str(other.pk))
    call_command("institutions", "close-names", "D1")
    for wrong in (("close", "9999"), ("reopen", "D1"), ("move", "D1", str(top.pk))):
        with pytest.raises(CommandError):
            call_command("institutions", *wrong)
