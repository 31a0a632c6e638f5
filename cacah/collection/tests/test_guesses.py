"""Guessing costs more and more; finding one's own family costs nothing."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from altcha import v1 as altcha
from hypothesis import given
from hypothesis import strategies as st

from cacah.collection import actions, guesses, pool
from cacah.collection.guesses import NETWORK, NIK, NOTHING, Count
from cacah.collection.models import Guess

from .conftest import Device

NOW = datetime(2020, 2, 20, tzinfo=UTC)
UNKNOWN = "3325019999999999"


def fail(device, nik=UNKNOWN, kk="3325010101159999"):
    return device.post("identify", nik=nik, kk=kk, language="en")


def set_failures(key: bytes, failures: int, ago: timedelta = timedelta(hours=0)) -> None:
    at = datetime.now(UTC) - ago
    Guess.objects.update_or_create(
        key=key,
        defaults={"failures": failures, "last_at": at, "expires_at": at + timedelta(days=1)},
    )


def keys_of(family, device) -> tuple[bytes, bytes]:
    from cacah.registry.keys import server_keys

    nik = guesses.nik_key(server_keys().nik_digest(family.nik))
    return nik, guesses.network_key(device.address)


def test_an_unknown_nik_and_a_wrong_kk_are_answered_alike(device, family):
    unknown = fail(device, kk=family.kk)
    wrong_kk = fail(device, nik=family.nik)
    both = fail(device)
    assert (unknown.status, unknown.code) == (404, "not-found")
    assert unknown.body == wrong_kk.body == both.body
    assert unknown.headers == wrong_kk.headers == both.headers


def test_an_unknown_nik_and_a_wrong_kk_take_the_same_way(device, family, monkeypatch):
    taken: list[list[str]] = []
    for name in ("find_families", "open_record", "count_failure"):
        spy_on(monkeypatch, name, taken)
    for nik, kk in ((UNKNOWN, family.kk), (family.nik, "3325010101159999"), (UNKNOWN, "1" * 16)):
        taken.append([])
        fail(device, nik=nik, kk=kk)
    assert taken == [["find_families", "open_record", "count_failure"]] * 3


def spy_on(monkeypatch, name: str, taken: list[list[str]]) -> None:
    from cacah.collection import identify, queries

    module = queries if hasattr(queries, name) else identify
    real = getattr(module, name)

    def spy(*args, **kwargs):
        taken[-1].append(name)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, spy)


def test_success_counts_nothing(device, family):
    family.identify(device)
    assert not Guess.objects.exists()


def test_a_slip_or_two_costs_nothing(device, family):
    for _ in range(NIK.free):
        assert fail(device, nik=family.nik).status == 404
    assert family.identify(device).status == 200


def test_more_failures_for_one_nik_must_wait_even_with_the_right_numbers(device, family):
    for _ in range(NIK.free + 1):
        fail(device, nik=family.nik)
    answer = family.identify(device)
    assert (answer.status, answer.code) == (429, "slow-down")
    assert 1 <= int(answer.headers["Retry-After"]) <= NIK.first_delay
    assert family.identify(Device("203.0.113.9")).code == "slow-down"


def test_other_families_of_the_network_are_not_kept_waiting_by_one_nik(device, family, another):
    for _ in range(NIK.free + 2):
        fail(device, nik=family.nik)
    assert another.identify(device).status == 200


def test_a_network_that_guesses_is_slowed_and_others_are_not(device, family):
    _nik, network = keys_of(family, device)
    set_failures(network, NETWORK.free + 3)
    answer = family.identify(device)
    assert answer.code == "slow-down"
    assert "challenge" in answer.json
    assert family.identify(Device("198.51.100.77")).status == 200


def test_a_proof_of_work_lifts_a_networks_delay_once(device, family):
    _nik, network = keys_of(family, device)
    set_failures(network, NETWORK.proof_from)
    proof = solve(family.identify(device).json["challenge"])
    assert family.identify(device, proof=proof).status == 200
    again = family.identify(device, proof=proof)
    assert again.code == "slow-down"
    assert "challenge" in again.json


def test_a_proof_made_for_another_nik_is_worth_nothing(device, family, another):
    _nik, network = keys_of(family, device)
    set_failures(network, NETWORK.proof_from)
    proof = solve(another.identify(device).json["challenge"])
    assert family.identify(device, proof=proof).code == "slow-down"


@pytest.mark.parametrize("proof", ["", "x", "e30=", "bnVsbA==", "W10=", "é", "W1tb" * 1000])
def test_a_broken_proof_is_no_proof(device, family, proof):
    set_failures(keys_of(family, device)[1], NETWORK.proof_from)
    assert family.identify(device, proof=proof).code == "slow-down"


def test_many_failures_for_one_nik_ask_for_a_proof_after_the_delay(device, family):
    nik, _ = keys_of(family, device)
    set_failures(nik, NIK.proof_from, ago=timedelta(hours=1))
    proof = solve(family.identify(device).json["challenge"])
    assert family.identify(device, proof=proof).status == 200
    set_failures(nik, NIK.proof_from)
    proof = solve(family.identify(device).json["challenge"])
    assert family.identify(device, proof=proof).code == "slow-down"


def solve(challenge: dict) -> str:
    made = altcha.solve_challenge(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"]
    )
    solution = {k: v for k, v in challenge.items() if k != "maxNumber"} | {"number": made.number}
    return b64encode(orjson.dumps(solution)).decode()


def test_failures_are_forgotten_and_their_rows_removed(device, family):
    nik, _ = keys_of(family, device)
    set_failures(nik, 10, ago=timedelta(days=2))
    assert family.identify(device).status == 200
    assert pool.run(lambda c: actions.forget_guesses(c, at=datetime.now(UTC))) == 1
    assert not Guess.objects.exists()


def test_a_forgotten_counter_begins_again_at_one(device, family):
    nik, _ = keys_of(family, device)
    set_failures(nik, 10, ago=timedelta(days=2))
    fail(device, nik=family.nik)
    assert Guess.objects.get(key=nik).failures == 1


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_delays_only_grow_and_stay_bearable(fewer, more):
    fewer, more = sorted((fewer, more))
    for limit in (NIK, NETWORK):
        assert 0 <= limit.delay(fewer) <= limit.delay(more) <= limit.longest_delay


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 5000), st.booleans())
def test_whoever_never_failed_never_waits(nik, network, seconds, proven):
    at = NOW - timedelta(seconds=seconds)
    verdict = guesses.judge(Count(nik, at), Count(network, at), NOW, proven=proven)
    assert verdict.wait <= max(NIK.longest_delay, NETWORK.longest_delay)
    assert guesses.EASIEST <= verdict.difficulty <= guesses.HARDEST
    clean = guesses.judge(NOTHING, NOTHING, NOW, proven=False)
    assert (clean.wait, clean.needs_proof) == (0, False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.200", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("nonsense", "", True),
    ],
)
def test_a_network_is_a_24_or_a_48(one, other, same):
    assert (guesses.network_key(one) == guesses.network_key(other)) is same


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, "203.0.113.5", "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (2, "6.6.6.6, 203.0.113.5, 10.1.1.1", "203.0.113.5"),
        (2, "203.0.113.5", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, header, seen):
    settings.CACAH_TRUSTED_PROXIES = proxies
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": header}
    assert guesses.client_address(environ) == seen


def test_a_failure_that_another_servers_clock_puts_into_the_future_costs_no_wait():
    soon = Count(NIK.free, NOW + timedelta(seconds=2))
    assert soon.wait(NIK, NOW) == 0
