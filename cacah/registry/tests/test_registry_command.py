"""`cacah registry import` says what it did, in counts alone."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from cacah.areas.actions import put_areas
from cacah.registry.management.commands import registry as command
from cacah.registry.models import Household
from cacah.registry.tests.test_import import CHILD, HEAD, HEADER, KK, VILLAGE


@pytest.fixture(autouse=True)
def areas(db):
    put_areas({"33": "a", "3325": "b", "332501": "c", VILLAGE: "d"}.items())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "register.csv"
    bad = CHILD.replace("2010-02-01", "2010-02-31")
    path.write_text("\n".join((HEADER + ",hobi", HEAD + ",", bad + ",")) + "\n")
    return path


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with override("en"):
        call_command("registry", "import", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_ends_with_a_summary(file):
    out, _ = run(file, "--as-of", "2020-02-01")
    assert "families new: 1, 1 persons" in out
    assert "rows read: 2, rejected: 1" in out
    assert "1 × birth_date: no such date" in out
    assert f"see {file}.rejects.csv" in out
    assert "columns not used: hobi" in out


def test_it_names_nobody(file, caplog):
    out, err = run(file)
    for datum in (KK, "3325011505800001", "3325010102100002", "SITI", "BUDI", "Mawar"):
        assert datum not in out + err + caplog.text


def test_it_refuses_a_missing_file_and_one_that_is_no_register(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere.csv")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="missing column"):
        run(wrong)


def test_an_interruption_is_said_and_changes_nothing(file, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(command.Bars, "show", interrupt)
    with pytest.raises(CommandError, match="as it was") as raised:
        run(file)
    assert raised.value.returncode == 130
    assert not Household.objects.exists()
