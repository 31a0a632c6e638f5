"""Passphrases of session packs: made by the program, so that none is as short as people's are."""

from __future__ import annotations

import secrets

from cacah.collection.numbers import ALPHABET

SYMBOLS, GROUP = 20, 4


def new_passphrase() -> str:
    """Return 100 random bits as `XXXX-XXXX-XXXX-XXXX-XXXX`, in symbols that none mistakes."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
    return "-".join(drawn[at : at + GROUP] for at in range(0, SYMBOLS, GROUP))


def is_one_of_ours(text: str) -> bool:
    """Tell whether `new_passphrase` could have made it: no shorter one may seal a pack."""
    return len(text) == SYMBOLS + SYMBOLS // GROUP - 1 and all(
        len(group) == GROUP and set(group) <= set(ALPHABET) for group in text.split("-")
    )
