"""A pack's file: what is written is read back, and nothing else is taken for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.registry import sealed_lines
from cacah.registry.sealed_lines import BadPack, SealedLines, Writer, WrongPassphrase, read

PASSPHRASE = "7XK2-9QPM-4TDR-20AB-CDEF"


@pytest.fixture(autouse=True, scope="module")
def _quick() -> object:
    """Let a passphrase cost nothing here."""
    before, sealed_lines.SCRYPT["n"] = sealed_lines.SCRYPT["n"], 2
    yield
    sealed_lines.SCRYPT["n"] = before


def written(path: Path, lines: list[bytes]) -> SealedLines:
    with path.open("wb") as file:
        writer = Writer(file, PASSPHRASE, {"session": "000C1SY", "pack": 12})
        for line in lines:
            writer.write(line)
        writer.close()
    return read(path)


@settings(max_examples=20)
@given(lines=st.lists(st.binary().map(lambda text: text.replace(b"\n", b" ")), max_size=6))
def test_it_reads_what_was_written(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]):
    pack = written(tmp_path_factory.mktemp("pack") / "s.cacah", lines)
    assert list(pack.lines(pack.key(PASSPHRASE))) == lines


def test_it_reads_a_large_file_in_its_pieces(tmp_path: Path) -> None:
    lines = [os.urandom(700_000).replace(b"\n", b" ") for _ in range(5)]
    pack = written(tmp_path / "s.cacah", lines)
    assert list(pack.lines(pack.key(PASSPHRASE))) == lines


def test_it_says_without_a_passphrase_whose_it_is_and_nothing_of_the_families(
    tmp_path: Path,
) -> None:
    pack = written(tmp_path / "s.cacah", [b"Budi Santoso"] * 50)
    assert (pack.public["session"], pack.public["pack"]) == ("000C1SY", 12)
    assert b"Budi" not in pack.path.read_bytes()


@pytest.mark.parametrize("typed", [PASSPHRASE.lower(), PASSPHRASE.replace("-", " ") + "\n"])
def test_it_forgives_how_a_passphrase_is_written(tmp_path: Path, typed: str) -> None:
    pack = written(tmp_path / "s.cacah", [b"1"])
    assert pack.key(typed) == pack.key(PASSPHRASE)


def test_it_refuses_another_passphrase(tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase, match="not the passphrase"):
        written(tmp_path / "s.cacah", [b"1"]).key(PASSPHRASE[:-1] + "G")


@pytest.mark.parametrize("left", [0.2, 0.5, 0.9, 0.9999])
def test_it_notices_a_file_that_was_cut_off(tmp_path: Path, left: float) -> None:
    pack = written(tmp_path / "s.cacah", [os.urandom(900_000).hex().encode() for _ in range(3)])
    key = pack.key(PASSPHRASE)
    content = pack.path.read_bytes()
    pack.path.write_bytes(content[: int(len(content) * left)])
    with pytest.raises(BadPack, match=r"s\.cacah is cut off or damaged: copy it again"):
        list(pack.lines(key))


@pytest.mark.parametrize("where", [20, -1, -40])
def test_it_notices_a_changed_byte(tmp_path: Path, where: int) -> None:
    pack = written(tmp_path / "s.cacah", [b"one", b"two"])
    content = bytearray(pack.path.read_bytes())
    content[where] ^= 1
    pack.path.write_bytes(content)
    with pytest.raises(BadPack):
        changed = read(pack.path)
        list(changed.lines(changed.key(PASSPHRASE)))


def test_it_notices_pieces_that_were_put_in_another_order(tmp_path: Path) -> None:
    pack = written(tmp_path / "s.cacah", [os.urandom(1_200_000).hex().encode() for _ in range(3)])
    key, content = pack.key(PASSPHRASE), pack.path.read_bytes()
    head = len(sealed_lines.MAGIC) + len(pack.head) + 1
    size = 4 + int.from_bytes(content[head : head + 4], "big")
    first, second = content[head : head + size], content[head + size : head + 2 * size]
    pack.path.write_bytes(content[:head] + second + first + content[head + 2 * size :])
    with pytest.raises(BadPack):
        list(pack.lines(key))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no session pack"),
        (b"PK\x03\x04" * 9, "is no session pack"),
        (b"CACAHPACK2\n{}", "another version of cacah"),
        (b"CACAHPACK1\n{}\n", "cut off or damaged"),
        (b'CACAHPACK1\n{"salt": "0', "cut off or damaged"),
        (b"CACAHPACK1\n" + b"x" * 9000, "cut off or damaged"),
    ],
)
def test_it_refuses_what_is_no_pack(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "s.cacah"
    path.write_bytes(content)
    with pytest.raises(BadPack, match=sentence):
        read(path)
