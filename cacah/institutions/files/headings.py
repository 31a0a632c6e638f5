"""Finds the columns of a roster by their headings, in whatever row and words they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cacah.institutions.files.cells import tidy
from cacah.institutions.files.problems import BadRoster

FIRST_ROWS = 30
COLUMNS: dict[str, tuple[str, ...]] = {
    "nik": (
        "nik", "ktp", "nik ktp", "nomor ktp", "nomor nik", "nomor nik ktp", "nik pegawai",
        "nomor induk kependudukan", "nomor identitas", "e ktp", "nomor e ktp", "nik e ktp",
        "national id", "national id number", "national identity number", "identity number",
        "id number", "id card number",
    ),
    "name": (
        "nama", "nama lengkap", "nama pegawai", "nama karyawan", "nama mahasiswa", "nama guru",
        "nama dosen", "nama siswa", "nama asn", "nama pns", "nama anggota", "nama staf",
        "nama lengkap dan gelar", "nama dan gelar", "nama sesuai ktp", "nama lengkap tanpa gelar",
        "name", "full name", "employee name", "staff name", "student name",
    ),
    "number": (
        "nip", "nipp", "nrp", "nim", "npm", "nidn", "nuptk", "nis", "nip nrp", "nip baru",
        "nomor induk", "nomor induk pegawai", "nomor induk mahasiswa", "nomor pegawai",
        "nomor karyawan", "nomor induk karyawan", "id pegawai", "id karyawan", "staff number",
        "employee number", "student number", "staff id", "employee id", "student id", "number",
    ),
    "unit": (
        "unit", "unit kerja", "nama unit", "nama unit kerja", "satuan kerja", "satker", "bagian",
        "bidang", "seksi", "sub bagian", "subbagian", "opd", "skpd", "unor", "unit organisasi",
        "fakultas", "jurusan", "prodi", "program studi", "divisi", "departemen", "cabang",
        "sekolah", "instansi", "puskesmas", "work unit", "department", "faculty", "division",
        "section", "branch", "school",
    ),
}  # fmt: skip
_NEEDED = ("nik", "name")
_SHORT = {"no": "nomor", "nomer": "nomor", "num": "number", "nbr": "number"}


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the headings stand and which place in a row holds which column."""

    # The last row of them; people begin below.
    row: int
    places: dict[str, int]
    width: int
    unused: tuple[str, ...]


def canonical(heading: str) -> str | None:
    """Return the column that a heading names, None for one that is not used."""
    plain = re.sub(r"\(.*?\)|\[.*?\]", " ", heading.lower())
    words = [_SHORT.get(word, word) for word in re.findall(r"[a-z]+", plain)]
    if words and all(len(word) == 1 for word in words):
        words = ["".join(words)]  # N.I.K, N I P
    name = " ".join(words)
    for column, names in COLUMNS.items():
        if name in names:
            return column
    return "nik" if words and words[0] == "nik" and "kk" not in words else None


def find(rows: Sequence[tuple[int, Sequence[str]]]) -> Headings | None:
    """Find the headings in the first rows of a sheet, in one row or two below each other.

    Two where a heading spans several columns or rows. Raises BadRoster where two columns could
    hold the NIK.
    """
    for at, (number, cells) in enumerate(rows[:FIRST_ROWS]):
        if found := _in(number, cells):
            return found
        if at + 1 < len(rows):
            below, others = rows[at + 1]
            if found := _in(below, _joined(cells, others)):
                return found
    return None


def is_numbering(cells: Sequence[str]) -> bool:
    """Tell whether a row only numbers the columns, (1) (2) (3), as in official tables."""
    numbers = [re.sub(r"[^0-9]", "", cell) for cell in cells if cell.strip()]
    plain = [re.fullmatch(r"\(?\d{1,2}\)?\.?", cell.strip()) for cell in cells if cell.strip()]
    wanted = [str(n) for n in range(1, len(numbers) + 1)]
    return len(numbers) > 1 and all(plain) and numbers == wanted


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = zip(
        [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))], strict=True
    )
    return [below or above for above, below in pairs]


def _in(row: int, cells: Sequence[str]) -> Headings | None:
    columns = [canonical(cell) if cell.strip() else None for cell in cells]
    if any(needed not in columns for needed in _NEEDED):
        return None
    if columns.count("nik") > 1:
        named = [tidy(cell)[:40] for cell, col in zip(cells, columns, strict=True) if col == "nik"]
        raise BadRoster("two-columns", columns=", ".join(named))
    places = {name: columns.index(name) for name in COLUMNS if name in columns}
    used = set(places.values())
    unused = [tidy(c)[:40] for n, c in enumerate(cells) if n not in used and c.strip()]
    width = max(n for n, cell in enumerate(cells) if cell.strip()) + 1
    return Headings(row, places, width, tuple(unused))
