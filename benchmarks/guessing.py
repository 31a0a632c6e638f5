"""What guessing pairs of numbers finds in an hour, as arithmetic over what was measured."""

from __future__ import annotations

from typing import Any

from cacah.collection.guesses import NETWORK, NIK

HOUR = 3600
# Somebody who knows a district, how numbers are made, and the habits of the office that gave them.
DISTRICT = {
    "persons": 50_000,
    # 365 days and 100 years, women's days 40 higher, and ten people born on each.
    "niks": 365 * 100 * 2 * 10,
    # Twenty years of 250 working days, and fifty cards on each.
    "kks": 20 * 250 * 50,
}


def arithmetic(per_second: float, networks: int) -> dict[str, Any]:
    """Return the pairs to be found in an hour by so many tries a second from so many networks.

    Without proofs of work a network's failures end at `NETWORK.proof_from` in an hour. With them
    they go on, and each costs half of the difficulty in hashes.
    """
    chance = DISTRICT["persons"] / DISTRICT["niks"] / DISTRICT["kks"]
    tries = per_second * HOUR
    looked_up = min(tries, networks * NETWORK.proof_from)
    return {
        "tries_in_an_hour": round(tries),
        "chance_of_a_pair_when_both_numbers_are_unknown": 10.0**-32 * DISTRICT["persons"],
        "chance_of_a_pair_when_the_district_is_known": chance,
        "looked_up_without_proof_of_work": round(looked_up),
        "expected_finds": looked_up * chance,
        "expected_finds_if_every_try_were_looked_up": tries * chance,
        "tries_for_one_known_nik_in_an_hour": NIK.proof_from,
        "chance_for_one_known_nik_in_an_hour": NIK.proof_from / DISTRICT["kks"],
    }
