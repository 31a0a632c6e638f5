"""The packaged areas load, repeat, and take projections and targets."""

from __future__ import annotations

import io
import tarfile
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from cacah.areas import actions, packaged, queries, targets
from cacah.areas.models import Area


@pytest.fixture
def loaded(db):
    actions.put_areas(
        [
            ("33", "Jawa Tengah"),
            ("3325", "Kabupaten Batang"),
            ("332501", "Wonotunggal"),
            ("3325012001", "Silurah"),
        ]
    )


def package_of(path, **sources):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in sources.items():
            member = tarfile.TarInfo(f"package/data/{name}.csv")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def test_the_package_holds_the_whole_country():
    areas = packaged.packaged_areas()
    by_length = [sum(len(code) == n for code in areas) for n in (2, 4, 6, 10)]
    assert by_length == [38, 514, 7277, 83763]
    assert areas["3325"] == "Kabupaten Batang"
    assert areas["31"] == "DKI Jakarta"


def test_villages_within_an_area_are_its_own():
    villages = packaged.packaged_villages("332501")
    assert villages
    assert all(code.startswith("332501") for code in villages)


def test_loading_again_changes_nothing_and_keeps_targets(db):
    assert actions.load() == len(packaged.packaged_areas()) == Area.objects.count()
    Area.objects.filter(code="53").update(target_percent=23, name="Timor")
    assert actions.load() == 1
    assert actions.load() == 0
    assert Area.objects.get(code="53").target_percent == 23


def test_a_place_is_named_from_the_smallest_area_up(loaded):
    assert queries.full_name("3325012001") == (
        "Silurah, Wonotunggal, Kabupaten Batang, Jawa Tengah"
    )
    assert [area.code for area in queries.ancestors("3325")] == ["33", "3325"]
    assert [area.code for area in queries.children("3325")] == ["332501"]
    assert [area.code for area in queries.children(None)] == ["33"]
    assert queries.full_name("99") == ""


def test_targets_come_in_both_spellings_and_bad_rows_are_named(loaded, tmp_path):
    file = tmp_path / "targets.csv"
    file.write_bytes(
        b"\xef\xbb\xbfKode Wilayah;Proyeksi Penduduk;Target\r\n"
        b"33.25;801718;17\r\n"
        b"3325012001;1200;22,9\r\n"
        b"332501;1.200;\r\n"
        b"99;1;1\r\n"
        b"33;;101\r\n"
        b"33\r\n"
        b"\xff3;1;1\r\n"
        b"33;;\r\n"
        b"3325;1;1\r\n"
    )
    report = actions.import_targets(file)
    assert report.updated == 2
    assert [(r.row, r.column) for r in report.rejected] == [
        (4, "projected_population"),
        (5, "code"),
        (6, "target_percent"),
        (7, ""),
        (8, "code"),
        (9, ""),
        (10, "code"),
    ]
    batang = Area.objects.get(code="3325")
    assert (batang.projected_population, batang.target_percent) == (801718, 17)
    assert Area.objects.get(code="3325012001").target_percent == Decimal("22.90")


def test_it_refuses_targets_without_a_header(loaded, tmp_path):
    file = tmp_path / "targets.csv"
    file.write_text("33.25,1000,17\n")
    with pytest.raises(targets.BadTargetsFile):
        actions.import_targets(file)
    with pytest.raises(CommandError, match="the first row must name"):
        call_command("areas", "import-targets", str(file))


def test_it_refuses_to_replace_the_package_by_a_broken_one(tmp_path):
    before = packaged.FILE.read_bytes()
    header = "code,parent,name\n"
    orphan = package_of(
        tmp_path / "orphan.tgz",
        provinces="code,name\n11,ACEH\n",
        regencies=header + "12.01,12,KABUPATEN NIAS\n",
        districts=header,
        villages=header,
    )
    small = package_of(
        tmp_path / "small.tgz",
        provinces="code,name\n11,ACEH\n",
        regencies=header,
        districts=header,
        villages=header,
    )
    missing = package_of(tmp_path / "missing.tgz", provinces="code,name\n")
    for package in (orphan, small, missing):
        with pytest.raises(packaged.BadAreaPackage):
            packaged.refresh(package)
    assert packaged.FILE.read_bytes() == before
