"""A session's pack: prepared at the centre, loaded on a laptop, taken back."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cacah.areas.queries import names
from cacah.collection.models import Pack
from cacah.institutions.models import Finding, RosterEntry
from cacah.outreach.actions.packs import prepare_pack, revoke_pack
from cacah.outreach.actions.sessions import Full, take_seat
from cacah.outreach.models import GuidedSession, Seat, SessionPack
from cacah.outreach.packs import loading, numbering
from cacah.outreach.packs.facts import here
from cacah.outreach.packs.making import Wanted
from cacah.outreach.packs.passphrase import is_one_of_ours, new_passphrase
from cacah.outreach.tests.cast import institution
from cacah.outreach.tests.laptops import (
    NOW,
    OTHER,
    PASSPHRASE,
    VILLAGE,
    family,
    kk,
    loaded,
    nik,
    prepared,
)  # fmt: skip
from cacah.registry import sealed_lines
from cacah.registry.field_keys import FieldKeys
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Census, Household, Person
from cacah.registry.sealed_lines import BadPack
from cacah.staff.models import AuditEntry, Grant
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def test_a_laptop_has_the_families_under_their_ids_and_sealed_under_its_own_key(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    ids = sorted(family(number) for number in (1, 2, 3))
    family(4, OTHER)
    central = server_keys()
    record = bytes(Household.objects.get(pk=ids[0]).record)
    answered = {"state": "submitted", "mode": "cawi", "persons": 2, "revision": 1}
    answered |= {"submitted_at": NOW}
    Case.objects.filter(pk=ids[1]).update(**answered, opened_at=NOW)
    facts = prepared(session, path)
    assert (facts.families, facts.left_out, facts.serial) == (3, 0, 1)
    loaded(on_the_laptop())
    keys = server_keys()
    assert isinstance(keys, FieldKeys) and keys.pack == facts.pack
    there = Household.objects.order_by("pk")
    assert [each.pk for each in there] == ids
    assert bytes(there[0].record) != record
    assert keys.open_record(ids[0], bytes(there[0].record)) == central.open_record(ids[0], record)
    for number in (1, 2, 3):
        found = keys.kk_digest(kk(number)), keys.nik_digest(nik(number, 2))
        assert found == (central.kk_digest(kk(number)), central.nik_digest(nik(number, 2)))
        assert Person.objects.filter(household_id=household_id_of(found[0]), nik_digest=found[1])
    assert Case.objects.filter(pk=ids[1]).values(*answered)[0] == answered
    assert Case.objects.get(pk=ids[0]).state == "expected"


def test_a_laptop_has_the_session_the_census_the_villages_around_and_one_officer(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    family(1)
    area("3325111017")
    name, closes = Census.objects.get().name, Census.objects.get().closes_at
    prepared(session, path)
    assert GuidedSession.objects.get().offline
    pack = on_the_laptop()
    facts = loaded(pack)
    assert loading.load(pack, bytes.fromhex(os.environ["CACAH_PACK_KEY"]), facts) == 0
    assert (Census.objects.get().name, Census.objects.get().closes_at) == (name, closes)
    held = loading.session_here()
    assert (held.code, held.area_id, held.closes_at) == (session.code, VILLAGE, facts.until)
    guide = loading.guide()
    assert guide is not None and guide.is_active
    assert Grant.objects.get(officer=guide).area_id == VILLAGE


def test_its_seats_begin_where_no_other_place_gives_numbers(
    session: GuidedSession, path: Path, on_the_laptop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    family(1)
    assert take_seat(session.code).number == 1
    prepared(session, path.with_name("first"))
    assert prepared(session, path).serial == 2
    assert take_seat(session.code).number == 2
    Seat.objects.create(session=session, number=1000, joined_at=NOW)
    with pytest.raises(Full):
        take_seat(session.code)
    loaded(on_the_laptop())
    assert [take_seat(session.code).number for _ in range(2)] == [2001, 2002]
    monkeypatch.setattr(numbering, "SEATS_OF_A_LAPTOP", 2)
    Seat.objects.all().delete()
    monkeypatch.setattr(numbering, "first_number", lambda serial: 2001)
    taken = [take_seat(session.code).number for _ in range(2)]
    with pytest.raises(Full):
        take_seat(session.code)
    assert taken == [2001, 2002]


def test_nothing_of_a_pack_that_was_cut_off_is_kept(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    for number in range(40):
        family(number)
    prepared(session, path)
    pack = on_the_laptop()
    facts = here()
    content = path.read_bytes()
    path.write_bytes(content[: -len(content) // 3])
    with pytest.raises(BadPack, match="cut off or damaged"):
        loading.load(pack, bytes.fromhex(os.environ["CACAH_PACK_KEY"]), facts)
    assert not Household.objects.exists() and not GuidedSession.objects.exists()


def test_it_leaves_out_who_came_before_the_card_was_kept_and_says_how_many(
    session: GuidedSession, path: Path
) -> None:
    family(1)
    family(2, has_kk=False)
    facts = prepared(session, path)
    assert (facts.families, facts.left_out) == (1, 1)
    Household.objects.filter(pk=household_id_of(server_keys().kk_digest(kk(1)))).delete()
    with pytest.raises(ValidationError, match="import it again"):
        prepared(session, path)


def test_an_institutions_people_come_along_wherever_they_may_be_taken_from(
    session: GuidedSession, path: Path
) -> None:
    ours = institution(where="3325")
    session.institution = ours
    session.save()
    near, far = family(1), family(2, "5371011001")
    for number, household in enumerate((near, far)):
        entry = RosterEntry.objects.create(
            institution=ours, nik_digest=bytes([number]) * 16, sealed=b"x", state="not_yet"
        )
        Finding.objects.create(entry=entry, household_id=household, way="register")
    assert prepared(session, path).families == 2
    assert prepared(session, path.with_name("b"), within=("33",)).families == 1


@pytest.mark.parametrize(
    ("code", "areas", "sentence"),
    [
        ("3325", (), "area is too large"),
        (VILLAGE, (OTHER,), "has no family there"),
    ],
)
def test_it_refuses_what_cannot_be_a_pack(
    session: GuidedSession, path: Path, code: str, areas: tuple[str, ...], sentence: str
) -> None:
    family(1)
    session.area = area(code)
    session.save()
    with pytest.raises(ValidationError, match=sentence):
        prepared(session, path, *areas)
    assert not Pack.objects.exists()


def test_it_takes_no_more_families_than_a_laptop_can_hold(
    session: GuidedSession, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cacah.outreach.packs.making.MOST_FAMILIES", 2)
    for number in range(3):
        family(number)
    with pytest.raises(ValidationError, match="more than 2 families"):
        prepared(session, path)


def test_a_passphrase_is_long_and_no_other_is_taken() -> None:
    assert is_one_of_ours(new_passphrase()) and new_passphrase() != new_passphrase()
    for text in ("", "rahasia", PASSPHRASE[:-1], PASSPHRASE.replace("-", "x"), "7" * 24):
        assert not is_one_of_ours(text)


def test_an_officer_prepares_a_pack_under_a_passphrase_that_is_shown_once(
    client: Client, session: GuidedSession, path: Path
) -> None:
    family(1)
    by = officer("regency", "3325")
    signed_in(client, by)
    page = f"/en/kantor/penjangkauan/sesi/{session.pk}/"
    assert f"{page}paket/" in client.get(page).content.decode()
    shown = client.get(f"{page}paket/").content.decode()
    assert 'value="33.25.11.1015"' in shown
    asked = {"lakukan": "siapkan", "areas": "33.25.11.1015", "days": "7"}
    ready = client.post(f"{page}paket/", asked)
    passphrase = ready.context["passphrase"]
    assert passphrase in ready.content.decode() and ready.headers["Cache-Control"] == "no-store"
    assert not Pack.objects.exists()
    given = client.post(f"{page}paket/", asked | {"lakukan": "unduh", "sandi": passphrase})
    path.write_bytes(b"".join(given.streaming_content))
    pack = sealed_lines.read(path)
    assert len(list(pack.lines(pack.key(passphrase)))) == 3
    made = SessionPack.objects.get()
    assert (made.made_by, made.families, made.areas) == (by, 1, [VILLAGE])
    assert passphrase not in str(AuditEntry.objects.values())
    assert AuditEntry.objects.filter(verb="outreach.pack_prepared", officer=by).exists()
    listed = client.get(f"{page}paket/").content.decode()
    assert passphrase not in listed and "Good" in listed
    assert names([VILLAGE])[VILLAGE] in listed


def test_a_lost_laptops_pack_is_taken_back(client: Client, session: GuidedSession, path: Path):
    family(1)
    prepared(session, path)
    signed_in(client, officer("regency", "3325"))
    page = f"/en/kantor/penjangkauan/sesi/{session.pk}/paket/"
    pack = SessionPack.objects.get()
    sent = {"lakukan": "tarik", "paket": str(pack.pk)}
    assert "any more" in client.post(page, sent, follow=True).content.decode()
    assert Pack.objects.get().revoked_at is not None
    assert "Taken back" in client.get(page).content.decode()
    assert not revoke_pack(by=None, pack=pack)
    assert AuditEntry.objects.filter(verb="outreach.pack_revoked").count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"areas": "53.71.01.1001"}, "no area with this code"),
        ({"areas": "abc"}, "in digits"),
        ({"areas": "33.25.11.1016"}, "has no family there"),
        ({"days": "90"}, "60"),
        ({"areas": "1 " * 41}, "too many"),
    ],
)
def test_it_refuses_a_wish_that_cannot_be_met_and_makes_no_pack(
    client: Client, session: GuidedSession, more: dict[str, str], words: str
) -> None:
    family(1)
    area(OTHER)
    area("5371011001")
    signed_in(client, officer("regency", "3325"))
    asked = {"lakukan": "siapkan", "areas": "33.25.11.1015", "days": "7"} | more
    page = client.post(f"/en/kantor/penjangkauan/sesi/{session.pk}/paket/", asked)
    assert words in page.content.decode() and not Pack.objects.exists()


def test_only_who_plans_there_prepares_a_pack(client: Client, session: GuidedSession) -> None:
    for role, where in (("team", "3325"), ("regency", "3326")):
        signed_in(client, officer(role, where))
        page = client.get(f"/kantor/penjangkauan/sesi/{session.pk}/paket/")
        assert page.status_code == 404, (role, where)


def test_no_short_passphrase_of_somebodys_own_seals_a_pack(
    client: Client, session: GuidedSession
) -> None:
    family(1)
    signed_in(client, officer("regency", "3325"))
    asked = {"lakukan": "unduh", "areas": "33.25.11.1015", "days": "7", "sandi": "rahasia"}
    page = client.post(f"/kantor/penjangkauan/sesi/{session.pk}/paket/", asked)
    assert page.status_code == 404 and not Pack.objects.exists()


def test_a_waived_second_factor_counts_for_nothing_at_the_centre(client: Client) -> None:
    client.force_login(officer("regency", "3325", second_factor=False))
    store = client.session
    store["second_factor_waived"] = True
    store.save()
    assert client.get("/kantor/penjangkauan/").status_code == 302


def test_a_file_in_memory_is_as_good(session: GuidedSession) -> None:
    family(1)
    file = BytesIO()
    wanted = Wanted.of(session, ())
    prepare_pack(by=None, session=session, wanted=wanted, passphrase=PASSPHRASE, file=file)
    assert file.getvalue().startswith(sealed_lines.MAGIC)
