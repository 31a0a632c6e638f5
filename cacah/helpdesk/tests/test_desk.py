"""The help desk: both numbers, one's own areas, where the family stands, and never an answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cacah.collection import guesses
from cacah.collection.models import Guess
from cacah.helpdesk import actions, calls
from cacah.helpdesk.actions import SlowDown
from cacah.helpdesk.tests.cast import CHILD, KK, NIK, answered, census, family, unlisted
from cacah.registry import queries as registry
from cacah.registry.cases import OUTCOMES
from cacah.registry.keys import server_keys
from cacah.registry.models import State, VisitRequest
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
DESK = "/en/kantor/bantuan/"
NOT_THERE = "No family in your areas has these numbers together."
FORGED = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def helper() -> Officer:
    census()
    return officer(Role.HELP_DESK, "33.25")


@pytest.fixture
def desk(client: Client, helper: Officer) -> Client:
    """Sign in who sits at the desk of Batang."""
    return signed_in(client, helper)


def ask(client: Client, nik: str = NIK, kk: str = KK, **more: str) -> str:
    answer = client.post(DESK, {"nik": nik, "kk": kk} | more, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def plain(page: str) -> str:
    """Return what a page says after its heading."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_both_numbers_show_where_a_family_stands(desk: Client, helper: Officer) -> None:
    household = family(state="opened", opened_at=datetime(2026, 11, 20, 7, 5, tzinfo=UTC))
    told = plain(ask(desk, CHILD))
    assert "opened, not sent First opened on 20 November 2026, 14:05 WIB." in told
    assert "33.25.11.1015" in told
    assert "People on the family card 2" in told
    assert "S•••, B•••" in told
    assert "continue code" in told
    entry = AuditEntry.objects.get(verb="helpdesk.family_read")
    assert (entry.officer, entry.subject, entry.area) == (helper, f"{household}", "3325111015")
    assert entry.network == "127.0.0.1"


def test_it_tells_no_name_no_number_no_address_and_no_answer(desk: Client) -> None:
    family(**answered())
    page = ask(desk)
    for secret in ("Siti", "Aminah", "Budi", "Gajah Mada", NIK, CHILD, KK):
        assert secret not in page
    trail = "".join(str(each) for each in AuditEntry.objects.values_list("subject", "details"))
    assert NIK not in trail
    assert KK not in trail


def test_names_are_told_no_further_than_to_the_family(desk: Client, settings) -> None:
    settings.CACAH_PREFILL = "none"
    family()
    assert "•••" not in ask(desk)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"state": "expected"}, ("not opened", "enter the same two numbers")),
        (answered(), ("received", "receipt number on the proof", "People counted by the family 3")),
        (answered("reopened"), ("received, being corrected", "Until it is sent")),
        ({"state": "not_home"}, ("nobody at home", "counts more than the visit")),
    ],
)
def test_each_state_has_words_of_its_own(
    desk: Client, state: dict[str, object], says: tuple[str, ...]
) -> None:
    family(**state)
    told = plain(ask(desk))
    assert all(each in told for each in says), told


@pytest.mark.parametrize("state", [*OUTCOMES, State.EXPECTED, State.OPENED])
def test_no_state_is_without_words(desk: Client, state: State) -> None:
    family(state=state)
    assert "What to tell the caller" in ask(desk)


def test_after_the_end_it_says_that_an_officer_comes(desk: Client) -> None:
    census(opens=-30, closes=-1)
    family()
    told = plain(ask(desk))
    assert "The online census closed on" in told
    assert "an officer visits whoever has not answered" in told


def test_before_the_beginning_it_says_when(desk: Client) -> None:
    census(opens=3)
    family()
    assert "The census has not begun" in plain(ask(desk))


def test_an_unlisted_family_is_found_by_its_reference_number(desk: Client) -> None:
    _, reference = unlisted()
    typed = {"reference": reference.lower().replace("-", " ")}
    told = plain(desk.post(DESK, typed, follow=True).content.decode())
    assert "not in the register, to be verified" in told
    assert "People, as the family says 4" in told
    assert "W•••" in told


@pytest.mark.parametrize("case", [{"state": "verified"}, answered(), answered("reopened")])
def test_an_unlisted_family_is_never_told_of_two_numbers(
    desk: Client, case: dict[str, object]
) -> None:
    _, reference = unlisted(**case)
    told = plain(desk.post(DESK, {"reference": reference}, follow=True).content.decode())
    assert "What to tell the caller" in told
    assert "reference number" in told
    assert "two numbers" not in told


def test_an_unlisted_family_that_answered_waits_to_be_verified(desk: Client) -> None:
    _, reference = unlisted(**answered("unlisted"))
    told = plain(desk.post(DESK, {"reference": reference}, follow=True).content.decode())
    assert "received, to be verified" in told
    assert "reference number and the receipt number" in told


def test_one_number_alone_or_somebody_elses_finds_nobody(desk: Client) -> None:
    family()
    family("3325010101150002", ["3325010101700009"], names=["Joko"])
    for nik, kk in ((NIK, "3325010101150002"), ("3325010101700009", KK), (NIK, "1" * 16)):
        assert NOT_THERE in ask(desk, nik, kk)
    assert "16 digits; 0 characters" not in ask(desk, NIK, "")
    assert not AuditEntry.objects.filter(verb="helpdesk.family_read").exists()
    assert AuditEntry.objects.filter(verb="helpdesk.not_found", area="3325").count() == 3


def test_outside_ones_areas_is_as_if_it_did_not_exist(desk: Client) -> None:
    family(where="3326111015")
    outside, unknown = (
        FORGED.sub("", ask(desk, NIK, kk).replace(kk, "")) for kk in (KK, "3325010101159999")
    )
    assert NOT_THERE in outside
    assert outside == unknown
    unknown_reference = "0000-0000-0000-0"
    _, reference = unlisted("3326111015")
    pages = [
        FORGED.sub("", desk.post(DESK, {"reference": each}, follow=True).content.decode())
        for each in (reference, unknown_reference)
    ]
    assert pages[0].replace(reference, "") == pages[1].replace(unknown_reference, "")
    assert AuditEntry.objects.filter(verb="helpdesk.not_found").count() == 4


def test_outside_ones_areas_the_database_is_asked_as_for_what_does_not_exist(
    helper: Officer,
) -> None:
    family(where="3326111015")
    _, reference = unlisted("3326111015")
    for find, there, nowhere in (
        (actions.find_by_card, {"nik": NIK, "kk": KK}, {"nik": CHILD, "kk": "3325010101159999"}),
        (actions.find_by_reference, {"reference": reference}, {"reference": "0" * 13}),
    ):
        asked = []
        for told in (there, nowhere):
            with CaptureQueriesContext(connection) as queries:
                assert find(by=helper, **told) is None
            asked.append([re.sub(r"'[^']*'|[0-9]+", "?", each["sql"]) for each in queries])
        assert asked[0] == asked[1]


def test_who_may_see_no_persons_finds_no_desk(client: Client) -> None:
    census()
    household = family()
    for role, where in ((Role.NATIONAL, ""), (Role.REGENCY, "33.25"), (Role.STATISTICIAN, "")):
        other = officer(role, where)
        token = calls.begin(other, household)
        signed_in(client, other)
        for path in (DESK, f"{DESK}keluarga/{token}/"):
            assert client.get(path).status_code == 404
            assert client.post(path, {"nik": NIK, "kk": KK}).status_code == 404


def test_a_call_is_one_officers_and_ends(
    desk: Client, helper: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = family()
    mine = f"{DESK}keluarga/{calls.begin(helper, household)}/"
    other = officer(Role.HELP_DESK, "33.25")
    assert signed_in(Client(), other).get(mine).status_code == 404
    for forged in ("x", f"{household}", calls.begin(helper, household) + "x"):
        assert desk.get(f"{DESK}keluarga/{forged}/").status_code == 404
    assert desk.get(mine).status_code == 200
    monkeypatch.setattr(calls, "LASTS_SECONDS", -1)
    page = desk.get(mine, follow=True).content.decode()
    assert "half an hour ago" in page


def test_a_call_ends_with_the_role(desk: Client, helper: Officer) -> None:
    mine = f"{DESK}keluarga/{calls.begin(helper, family())}/"
    helper.grants.update(area_id=officer(Role.HELP_DESK, "33.26").grants.get().area_id)
    assert desk.get(mine).status_code == 404
    assert desk.post(mine, {"reason": "other"}).status_code == 404
    assert not VisitRequest.objects.exists()


def test_every_look_stands_in_the_trail(desk: Client) -> None:
    family()
    answer = desk.post(DESK, {"nik": NIK, "kk": KK})
    for _ in range(3):
        assert desk.get(answer.url).status_code == 200
    assert AuditEntry.objects.filter(verb="helpdesk.family_read").count() == 3


def test_looking_in_vain_is_bounded_for_an_officer(desk: Client, helper: Officer) -> None:
    family()
    for n in range(guesses.LOOKED_UP.free + 1):
        assert NOT_THERE in ask(desk, NIK, f"332501010115{n:04}".replace("0001", "9999"))
    # The right pair, too, has to wait now; somebody else has not.
    assert "Wait one minute" in ask(desk)
    other = officer(Role.HELP_DESK, "33.25")
    assert "What to tell the caller" in ask(signed_in(Client(), other))
    later = datetime.now(UTC) - timedelta(minutes=10)
    Guess.objects.update(last_at=later)
    assert "What to tell the caller" in ask(desk)


def test_looking_in_vain_costs_the_nik_as_at_the_door(desk: Client) -> None:
    family()
    ask(desk, NIK, "1" * 16)
    key = guesses.nik_key(server_keys().nik_digest(NIK))
    assert Guess.objects.get(key=key).failures == 1


def test_a_slip_of_the_pen_is_no_guess(desk: Client) -> None:
    for wrong in ("", "33", "3325x14304800001", "3325 0143 0480 00012"):
        page = ask(desk, wrong)
        assert NOT_THERE not in page
        assert "errorlist" in page
    assert "no reference number" in desk.post(DESK, {"reference": "7XK2"}).content.decode()
    assert not Guess.objects.exists()
    family()
    assert "What to tell" in ask(desk, "3325 0143-0480.0001", f" {KK} ")


@pytest.mark.parametrize("hostile", ["\0" * 16, "٣" * 16, "9" * 5000, "'; DROP TABLE", "１" * 16])
def test_hostile_numbers_are_explained(desk: Client, hostile: str) -> None:
    assert "errorlist" in ask(desk, hostile, hostile)
    assert "errorlist" in desk.post(DESK, {"reference": hostile}).content.decode()


def test_a_wish_for_a_visit_is_noted_with_its_words_sealed(desk: Client, helper: Officer) -> None:
    household = family()
    url = desk.post(DESK, {"nik": NIK, "kk": KK}).url
    wish = {"reason": "no_device", "contact": "0812 555", "note": "in the evening"}
    page = plain(desk.post(url, wish, follow=True).content.decode())
    assert "since" in page
    assert "No suitable phone or computer" in page
    assert "0812 555" not in page
    assert registry.visit_words(household) == {"contact": "0812 555", "note": "in the evening"}
    assert [each.reason for each in registry.visits(area="3325")] == ["no_device"]
    entry = AuditEntry.objects.get(verb="helpdesk.visit_asked")
    assert (entry.officer, entry.subject, entry.details) == (
        helper,
        f"{household}",
        {"reason": "no_device"},
    )
    desk.post(url, {"reason": "other"})
    assert registry.visit_words(household) == {}


def test_a_wish_without_a_reason_or_too_long_changes_nothing(desk: Client) -> None:
    family()
    url = desk.post(DESK, {"nik": NIK, "kk": KK}).url
    for wrong in ({}, {"reason": "x"}, {"reason": "other", "note": "n" * 1001}):
        answer = desk.post(url, wrong | {"contact": "0812"})
        assert "errorlist" in answer.content.decode()
        assert "0812" in answer.content.decode()
    assert not VisitRequest.objects.exists()


def test_who_has_answered_is_not_offered_a_visit(desk: Client) -> None:
    family(**answered())
    assert "Note the wish" not in ask(desk)


def test_who_looked_in_vain_too_often_is_told_for_how_long_to_wait(helper: Officer) -> None:
    for _ in range(guesses.LOOKED_UP.free + 1):
        assert actions.find_by_card(by=helper, nik=NIK, kk=KK) is None
    with pytest.raises(SlowDown) as slow:
        actions.find_by_card(by=helper, nik=NIK, kk=KK)
    assert 0 < slow.value.wait <= guesses.LOOKED_UP.first_delay
