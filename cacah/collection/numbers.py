"""Receipt numbers: 60 bits in Crockford's base32 with a check symbol, made to be read out.

https://www.crockford.com/base32.html (alphabet, check symbols modulo 37, forgiven look-alikes).
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SYMBOLS = ALPHABET + "*~$=U"
CHECK_MODULUS = len(CHECK_SYMBOLS)
SYMBOLS = 12
BITS = 60
LOOK_ALIKES = str.maketrans("OIL", "011", " -‐‑–—.\t\n\r\u00a0")


class NotANumber(ValueError):
    """What was given is no receipt number: wrong length, wrong symbol, or a slip of the pen."""


def spell(value: int) -> str:
    """Return 0 <= value < 2**60 as `XXXX-XXXX-XXXX-C`."""
    digits = "".join(ALPHABET[value >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}-{CHECK_SYMBOLS[value % CHECK_MODULUS]}"


def normalise(text: str) -> str:
    """Return the number as `spell` writes it, forgiving spaces, case, O/0 and I/1/L.

    Raises NotANumber, also where the check symbol says that one symbol is wrong or two are swapped.
    """
    symbols = text.upper().translate(LOOK_ALIKES)
    if len(symbols) != SYMBOLS + 1:
        raise NotANumber("a receipt number has 13 symbols")
    value = 0
    for symbol in symbols[:SYMBOLS]:
        digit = ALPHABET.find(symbol)
        if digit < 0:
            raise NotANumber("a receipt number has no such symbol")
        value = value << 5 | digit
    number = spell(value)
    if number[-1] != symbols[-1]:
        raise NotANumber("the check symbol does not fit")
    return number


def is_number(text: str) -> bool:
    """Tell whether `normalise` would take it."""
    try:
        normalise(text)
    except NotANumber:
        return False
    return True
