"""The institutions of a rehearsal: departments of a regency and a province, two universities.

Their names are those that such offices have; the universities and everybody who works or studies in
any of them are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

HOME, PROVINCE, PROVINCE_SEAT = "3325", "33", "3374"


@dataclass(frozen=True, slots=True)
class Office:
    """An institution: its units, how many people it has, and how many in a hundred take part."""

    key: str
    name: str
    kind: str
    # Undotted code of the regency in which it lies and its people live.
    area: str
    units: tuple[str, ...]
    people: int
    zeal: int
    # The office above, empty for a root.
    parent: str = ""
    students: bool = False
    unit_kind: str = "unit"


BUREAU, FIELDS = "Sekretariat", ("Sekretariat", "Bidang I", "Bidang II")
_REGENCY = "Pemerintah Kabupaten Batang"
_PROVINCE = "Pemerintah Provinsi Jawa Tengah"
# The province's own offices lie in its seat, so the officers of that city see them too.
ROOTS = (
    Office("batang", _REGENCY, "regency_government", HOME, (), 0, 0),
    Office("jateng", _PROVINCE, "province_government", PROVINCE, (), 0, 0),
)
# (name, units, people, zeal)
_IN_BATANG: tuple[tuple[str, tuple[str, ...], int, int], ...] = (
    ("Sekretariat Daerah", ("Bagian Umum", "Bagian Hukum", "Bagian Organisasi"), 48, 88),
    ("Sekretariat DPRD", FIELDS[:2], 18, 61),
    ("Inspektorat Daerah", (), 22, 92),
    (
        "Dinas Pendidikan dan Kebudayaan",
        (BUREAU, "Bidang Pembinaan SD", "Bidang Pembinaan SMP", "Bidang Kebudayaan"),
        120,
        71,
    ),
    (
        "Dinas Kesehatan",
        (BUREAU, "Puskesmas Batang I", "Puskesmas Bandar I", "Puskesmas Limpung"),
        96,
        66,
    ),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", (BUREAU, "Bidang Bina Marga"), 44, 54),
    ("Dinas Perumahan Rakyat dan Kawasan Permukiman", (), 20, 58),
    ("Satuan Polisi Pamong Praja", (), 38, 47),
    ("Dinas Sosial", (), 22, 74),
    ("Dinas Ketenagakerjaan", (BUREAU, "UPTD Balai Latihan Kerja"), 24, 63),
    ("Dinas Pangan dan Pertanian", (BUREAU, "Bidang Tanaman Pangan", "Bidang Peternakan"), 46, 52),
    ("Dinas Kelautan, Perikanan dan Peternakan", (BUREAU, "UPTD Pelabuhan Perikanan"), 26, 49),
    ("Dinas Lingkungan Hidup", (), 30, 57),
    ("Dinas Kependudukan dan Pencatatan Sipil", (), 26, 96),
    ("Dinas Pemberdayaan Masyarakat dan Desa", (), 22, 77),
    ("Dinas Perhubungan", (), 28, 45),
    ("Dinas Komunikasi dan Informatika", (), 20, 90),
    ("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", (), 22, 81),
    ("Badan Perencanaan Pembangunan Daerah", (), 24, 94),
    ("Badan Penanggulangan Bencana Daerah", (), 20, 68),
)
_IN_THE_PROVINCE: tuple[tuple[str, tuple[str, ...], int, int], ...] = (
    ("Dinas Pendidikan dan Kebudayaan Provinsi", (BUREAU, "Bidang SMA", "Bidang SMK"), 40, 59),
    ("Dinas Kesehatan Provinsi", (BUREAU, "Bidang Pelayanan Kesehatan"), 30, 70),
    ("Dinas Perhubungan Provinsi", (), 20, 43),
    ("Dinas Komunikasi dan Informatika Provinsi", (), 18, 85),
    ("Badan Kepegawaian Daerah Provinsi", (), 20, 91),
    ("Badan Perencanaan Pembangunan Daerah Provinsi", (), 18, 83),
    ("Badan Pendapatan Daerah Provinsi", (BUREAU, "UPPD Kota Semarang"), 24, 62),
)
UNIVERSITIES = (
    Office(
        "alas-roban",
        "Universitas Alas Roban",
        "university",
        HOME,
        ("Fakultas Ekonomi", "Fakultas Hukum", "Fakultas Pertanian"),
        150,
        38,
        students=True,
        unit_kind="faculty",
    ),
    Office(
        "pantura",
        "Universitas Pantura",
        "university",
        PROVINCE_SEAT,
        ("Fakultas Teknik", "Fakultas Kedokteran", "Fakultas Ilmu Sosial"),
        70,
        44,
        students=True,
        unit_kind="faculty",
    ),
)
DEPARTMENTS = tuple(
    Office(f"{parent}-{n:02}", name, "department", area, units, people, zeal, parent)
    for parent, area, rows in (
        ("batang", HOME, _IN_BATANG),
        ("jateng", PROVINCE_SEAT, _IN_THE_PROVINCE),
    )
    for n, (name, units, people, zeal) in enumerate(rows, start=1)
)
STAFFED = (*DEPARTMENTS, *UNIVERSITIES)
# It takes part by invitation, and its coordinator has yet to bring the roster: a file lies ready.
INVITED = Office("air-minum", "Perumda Air Minum Batang", "regional_company", HOME, (), 24, 20)
