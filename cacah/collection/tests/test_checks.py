"""A site that lacks something says so before the first family comes."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from cacah.collection import checks
from cacah.registry.keys import server_keys


@pytest.fixture
def no_keys(settings, tmp_path):
    settings.CACAH_KEYS = tmp_path
    server_keys.cache_clear()
    yield
    server_keys.cache_clear()


def test_missing_keys_are_named_with_the_remedy(no_keys):
    found = checks.keys_are_there()
    assert [each.id for each in found] == ["cacah.E001", "cacah.E002"]
    assert all("cacah keys create" in each.hint for each in found)


def test_a_private_key_beside_the_site_is_a_warning(settings, tmp_path):
    settings.CACAH_HOME = tmp_path
    assert checks.private_key_is_elsewhere() == []
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "office.private").touch()
    assert [each.id for each in checks.private_key_is_elsewhere()] == ["cacah.W003"]


def test_an_unknown_prefill_is_refused(settings):
    settings.CACAH_PREFILL = "everything"
    assert [each.id for each in run_checks() if each.id == "cacah.E004"] == ["cacah.E004"]


@pytest.mark.django_db
def test_a_site_without_a_census_is_told(settings):
    assert [each.id for each in checks.census_is_set(databases=["default"])] == ["cacah.W005"]


def test_the_questionnaire_and_keys_are_read_before_the_first_family(census):
    from cacah.collection import door

    door.prepare()
