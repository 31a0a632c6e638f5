"""Seals what a roster says of a person with AES-GCM under the server's register key."""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import blake2b
from typing import TypedDict

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cacah.registry.keys import server_keys

NONCE_BYTES = 12
# Bound to more than the eight bytes that a household's record is bound to.
_ENTRY, _CELLS, _NAME = b"roster entry ", b"roster cells ", b"roster name"


class Words(TypedDict):
    """What a roster shows of a person: `nik` is its last four digits, `number` may be empty."""

    name: str
    nik: str
    number: str


def seal(nik_digest: bytes, words: Words) -> bytes:
    """Encrypt what a roster says of the person of this NIK: 12-byte nonce, then AES-GCM."""
    return _seal(_ENTRY + nik_digest, orjson.dumps(words))


def opened(nik_digest: bytes, sealed: bytes) -> Words:
    """Undo `seal`; raises cryptography's InvalidTag on another person's words."""
    words: Words = orjson.loads(_open(_ENTRY + nik_digest, sealed))
    return words


def seal_cells(place: bytes, cells: dict[str, str]) -> bytes:
    """Encrypt a row as it was typed, bound to its place: the upload's id, sheet and row."""
    return _seal(_CELLS + place, orjson.dumps(cells))


def opened_cells(place: bytes, sealed: bytes) -> dict[str, str]:
    """Undo `seal_cells`; raises cryptography's InvalidTag on another row's."""
    cells: dict[str, str] = orjson.loads(_open(_CELLS + place, sealed))
    return cells


def name_digest(name: str) -> bytes:
    """Return eight bytes that tell two names apart, whatever their capitals and spaces."""
    plain = " ".join(name.upper().replace(".", " ").replace(",", " ").split())
    key = server_keys().lookup
    return blake2b(plain.encode(), key=key, person=_NAME, digest_size=8).digest()


def _seal(bound_to: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(server_keys().register).encrypt(nonce, plain, bound_to)


def _open(bound_to: bytes, sealed: bytes) -> bytes:
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return _cipher(server_keys().register).decrypt(nonce, rest, bound_to)


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    """Return the cipher of a key; a roster is opened 50,000 times, and making it costs as much."""
    return AESGCM(key)
