"""Strangers' NIKs cannot be tried out on a roster: who comes and leaves at once is bounded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cacah.institutions import actions
from cacah.institutions.actions import people as verbs
from cacah.institutions.actions.turnover import TooManyLeave, allow_leaving, standing_of
from cacah.institutions.cards import cards
from cacah.institutions.models import Institution, RosterEntry, Turnover
from cacah.institutions.tests.cast import institution, nik, people
from cacah.institutions.tests.test_roster_pages import page, post, send
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.queries import scope_of
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinas(settings: Any) -> Institution:
    """An office with a unit and twenty people, who have long been there."""
    settings.CACAH_ROSTER_TRIALS = 3
    dinas = institution()
    institution("Bidang", parent=dinas)
    actions.add_entries(by=None, institution=dinas.pk, people=people(*range(1, 21)))
    RosterEntry.objects.update(added_at=timezone.now() - timedelta(days=30))
    return dinas


@pytest.fixture
def ani(dinas: Institution) -> Officer:
    return officer("coordinator", "33.25", institution=dinas.pk)


def tries(by: Officer, dinas: Institution, *numbers: int) -> None:
    """Put strangers on the roster and take them off."""
    actions.add_entries(by=by, institution=dinas.pk, people=people(*numbers))
    ids = list(
        RosterEntry.objects.filter(removed_at=None).order_by("-pk").values_list("pk", flat=True)
    )[: len(numbers)]
    actions.remove_entries(by=by, institution=dinas.pk, entries=ids)


def test_a_few_mistakes_a_day_are_nobodys_business(dinas: Institution, ani: Officer) -> None:
    tries(ani, dinas, 101, 102, 103)
    assert standing_of(top=dinas.pk).left == 3
    assert not Turnover.objects.exists()


def test_more_are_refused_nothing_is_changed_and_officers_above_are_told(
    dinas: Institution, ani: Officer
) -> None:
    tries(ani, dinas, 101, 102, 103)
    with pytest.raises(TooManyLeave):
        tries(ani, dinas, 104)
    assert RosterEntry.objects.filter(removed_at=None).count() == 21
    assert AuditEntry.objects.filter(verb="institutions.leaving_refused", officer=ani).exists()
    titles = {card.url for card in cards(scope_of(officer("regency", "33.25")))}
    assert reverse("institution-turnover", args=[dinas.pk]) in titles
    elsewhere = {card.url for card in cards(scope_of(officer("regency", "33.26")))}
    assert reverse("institution-turnover", args=[dinas.pk]) not in elsewhere


def test_who_was_there_for_a_week_leaves_freely(dinas: Institution, ani: Officer) -> None:
    assert (
        actions.add_entries(by=ani, institution=dinas.pk, people=people(1), replace=True).removed
        == 19
    )
    assert standing_of(top=dinas.pk).left == 0


def test_a_replacement_is_bounded_as_a_removal_is(dinas: Institution, ani: Officer) -> None:
    actions.add_entries(by=ani, institution=dinas.pk, people=people(*range(101, 105)))
    with pytest.raises(TooManyLeave):
        actions.add_entries(
            by=ani, institution=dinas.pk, people=people(*range(1, 21)), replace=True
        )
    assert RosterEntry.objects.filter(removed_at=None).count() == 24


def test_who_moves_to_another_unit_has_not_left(dinas: Institution, ani: Officer) -> None:
    unit = Institution.objects.get(name="Bidang")
    given = people(*range(101, 111))
    actions.add_entries(by=ani, institution=dinas.pk, people=given)
    moved = people(*range(101, 111), unit=unit)
    actions.add_entries(by=ani, institution=dinas.pk, people=moved)
    assert standing_of(top=dinas.pk).left == 0


def test_units_share_what_their_institution_may(dinas: Institution, ani: Officer) -> None:
    unit = Institution.objects.get(name="Bidang")
    tries(ani, dinas, 101, 102, 103)
    with pytest.raises(TooManyLeave):
        tries(ani, unit, 104)


def test_coming_back_begins_the_week_anew(dinas: Institution, ani: Officer) -> None:
    tries(ani, dinas, 101, 102, 103)
    long_ago = timedelta(days=9)
    RosterEntry.objects.exclude(removed_at=None).update(
        added_at=F("added_at") - long_ago, removed_at=F("removed_at") - long_ago
    )
    gone = RosterEntry.objects.exclude(removed_at=None).order_by("pk")
    first, *others = gone.values_list("pk", flat=True)
    verbs.restore_entry(by=ani, institution=dinas.pk, entry=first)
    actions.add_entries(by=ani, institution=dinas.pk, people=people(102, 103))
    actions.remove_entries(by=ani, institution=dinas.pk, entries=[first, *others])
    assert standing_of(top=dinas.pk).left == 3


def test_an_officer_above_allows_it_for_a_day(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    tries(ani, dinas, 101, 102, 103)
    signed_in(client, officer("regency", "33.25"))
    url = reverse("institution-turnover", args=[dinas.pk])
    assert client.post(url, {"people": "x"}).status_code == 200
    assert client.post(url, {"people": "1"}).status_code == 302
    tries(ani, dinas, 104)
    with pytest.raises(TooManyLeave):
        tries(ani, dinas, 105)
    Turnover.objects.update(allowed_at=timezone.now() - timedelta(days=2))
    assert standing_of(top=dinas.pk).most == 3
    assert AuditEntry.objects.filter(verb="institutions.leaving_allowed").count() == 1


def test_a_coordinator_cannot_allow_it(client: Client, dinas: Institution, ani: Officer) -> None:
    signed_in(client, ani)
    url = reverse("institution-turnover", args=[dinas.pk])
    assert client.post(url, {"people": "100"}).status_code == 404
    unit = Institution.objects.get(name="Bidang")
    with pytest.raises(Institution.DoesNotExist):
        allow_leaving(by=ani, institution=unit.pk, people=5)


def test_the_page_of_a_person_says_why(client: Client, dinas: Institution, ani: Officer) -> None:
    tries(ani, dinas, 101, 102, 103)
    actions.add_entries(by=ani, institution=dinas.pk, people=people(104))
    entry = RosterEntry.objects.latest("pk")
    signed_in(client, ani)
    url = reverse("institution-person", args=[dinas.pk, entry.pk])
    told = client.post(url, {"lakukan": "remove"}).content.decode()
    assert "baru masuk daftar" in told
    entry.refresh_from_db()
    assert entry.removed_at is None


STEP = st.tuples(
    st.sampled_from(["add", "remove", "replace", "restore", "wait"]),
    st.lists(st.integers(100, 130), min_size=1, max_size=8, unique=True),
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=3, max_size=12))
def test_whatever_a_coordinator_does_no_more_strangers_are_tried_out_a_day_than_may(
    dinas: Institution, ani: Officer, steps: list[tuple[str, list[int]]]
) -> None:
    """Attack: any order of adding, removing, replacing, undoing and waiting for days.

    The judge notes itself whose NIK came onto the roster and left it within a week.
    """
    RosterEntry.objects.filter(added_at__gt=timezone.now() - timedelta(days=20)).delete()
    strangers: set[bytes] = set()
    for doing, numbers in steps:
        before = on_roster()
        try:
            do(doing, numbers, dinas, ani)
        except TooManyLeave:
            assert on_roster() == before
        if doing == "wait":
            strangers = set()
        gone = before.keys() - on_roster().keys()
        week = timezone.now() - timedelta(days=7)
        strangers |= {digest for digest in gone if before[digest] > week}
        strangers -= on_roster().keys()
        assert len(strangers) <= site.CACAH_ROSTER_TRIALS


def on_roster() -> dict[bytes, Any]:
    """Return since when each NIK's person stands on the roster."""
    held = RosterEntry.objects.filter(removed_at=None).values_list("nik_digest", "added_at")
    return {bytes(digest): since for digest, since in held}


def do(doing: str, numbers: list[int], dinas: Institution, ani: Officer) -> None:
    if doing in ("add", "replace"):
        given = people(*numbers) if doing == "add" else people(*range(1, 21), *numbers)
        replace = doing == "replace"
        actions.add_entries(by=ani, institution=dinas.pk, people=given, replace=replace)
    if doing == "remove":
        fresh = RosterEntry.objects.filter(removed_at=None).order_by("-pk")[: len(numbers)]
        actions.remove_entries(by=ani, institution=dinas.pk, entries=[e.pk for e in fresh])
    if doing == "restore":
        gone = RosterEntry.objects.exclude(removed_at=None).order_by("pk")[: len(numbers)]
        for each in gone:
            verbs.restore_entry(by=ani, institution=dinas.pk, entry=each.pk)
    if doing == "wait":
        day = timedelta(days=1, hours=1)
        RosterEntry.objects.update(added_at=F("added_at") - day, removed_at=F("removed_at") - day)


def test_a_file_that_would_replace_too_many_waits_with_a_sentence(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    actions.add_entries(by=ani, institution=dinas.pk, people=people(*range(101, 105)))
    signed_in(client, ani)
    rows = "".join(f"{nik(n)};Pegawai {n}\n" for n in range(1, 21))
    upload = send(client, dinas, f"NIK;Nama\n{rows}")
    post(client, upload, "simpan", how="replace")
    assert "baru masuk daftar" in page(client, upload)
    assert RosterEntry.objects.filter(removed_at=None).count() == 24
    post(client, upload, "simpan", how="add")
    upload.refresh_from_db()
    assert (upload.stage, upload.problem) == ("stored", None)
