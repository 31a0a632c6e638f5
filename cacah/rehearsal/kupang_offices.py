"""The institutions of Kota Kupang that a rehearsal's teams visit: made up, as a town has them."""

from __future__ import annotations

# The city, and the six teams by the district where each has its base.
TOWN = "5371"
DISTRICTS = ("Alak", "Maulafa", "Oebobo", "Kota Raja", "Kelapa Lima", "Kota Lama")
# Latitude and longitude of the middle of each, degrees.
MIDDLES = (
    (-10.18, 123.53),
    (-10.21, 123.62),
    (-10.16, 123.63),
    (-10.175, 123.60),
    (-10.145, 123.625),
    (-10.16, 123.585),
)
_CITY_DEPARTMENTS = (
    "Pendidikan dan Kebudayaan",
    "Kesehatan",
    "Pekerjaan Umum dan Penataan Ruang",
    "Perumahan Rakyat",
    "Pemadam Kebakaran",
    "Sosial",
    "Tenaga Kerja",
    "Lingkungan Hidup",
    "Kependudukan dan Pencatatan Sipil",
    "Perhubungan",
    "Komunikasi dan Informatika",
    "Koperasi dan UKM",
    "Penanaman Modal",
    "Kepemudaan dan Olahraga",
    "Kearsipan dan Perpustakaan",
    "Perikanan",
    "Pariwisata",
    "Pertanian",
    "Perdagangan",
    "Ketahanan Pangan",
)
_CITY_BODIES = (
    "Keuangan dan Aset Daerah",
    "Perencanaan Pembangunan Daerah",
    "Kepegawaian Daerah",
    "Pendapatan Daerah",
    "Penanggulangan Bencana Daerah",
    "Kesatuan Bangsa dan Politik",
)
_VERTICAL = (
    "Kantor Pertanahan",
    "Kantor Kementerian Agama",
    "Kantor Pelayanan Pajak",
    "Kantor Imigrasi",
    "Kejaksaan Negeri",
    "Pengadilan Negeri",
    "Pengadilan Agama",
    "Kepolisian Resor",
    "Komando Distrik Militer",
    "Balai Karantina",
    "Stasiun Meteorologi",
    "Lembaga Pemasyarakatan",
)
_COMPANIES = (
    "Bank Daerah Cabang Utama",
    "Perusahaan Air Minum",
    "Pelabuhan Tenau",
    "Bandar Udara",
    "Kantor Pos",
    "Perusahaan Listrik",
    "Rumah Sakit Umum Daerah",
)
_SCHOOLS = tuple(f"SMA Negeri {n}" for n in range(1, 7)) + tuple(
    f"SMK Negeri {n}" for n in range(1, 5)
)
_CAMPUSES = ("Universitas Flobamora", "Politeknik Timor Raya")

# Name and kind of each of the 63.
OFFICES: tuple[tuple[str, str], ...] = (
    *((f"Dinas {name} Kota Kupang", "department") for name in _CITY_DEPARTMENTS),
    *((f"Badan {name} Kota Kupang", "department") for name in _CITY_BODIES),
    *((f"Kecamatan {name}", "department") for name in DISTRICTS),
    *((f"{name} Kupang", "vertical_agency") for name in _VERTICAL),
    *((f"{name} Kupang", "regional_company") for name in _COMPANIES),
    *((f"{name} Kupang", "school") for name in _SCHOOLS),
    *((name, "university") for name in _CAMPUSES),
)
