"""The columns of a register file, the names they go by, and the words their cells may hold."""

from __future__ import annotations

import re

# Canonical name: other names it goes by, in lower case with `_` for anything else.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kk": ("no_kk", "nomor_kk", "nokk", "nkk", "kartu_keluarga", "no_kartu_keluarga"),
    "nik": ("no_nik", "nomor_nik"),
    "name": ("nama", "nama_lengkap", "nama_lgkp"),
    "relationship": (
        "hubungan",
        "hubungan_keluarga",
        "hub_keluarga",
        "shdk",
        "stat_hbkel",
        "status_hubungan",
    ),
    "sex": ("jenis_kelamin", "jk", "jenis_klmin", "kelamin"),
    "birth_place": ("tempat_lahir", "tmpt_lhr", "tmp_lahir"),
    "birth_date": ("tanggal_lahir", "tgl_lahir", "tgl_lhr"),
    "religion": ("agama",),
    "marital_status": ("status_perkawinan", "status_kawin", "stat_kwn"),
    "education": ("pendidikan", "pendidikan_terakhir", "pddk_akh", "ijazah"),
    "citizenship": ("kewarganegaraan", "warga_negara"),
    "address": ("alamat",),
    "rt": ("no_rt",),
    "rw": ("no_rw",),
    "village": (
        "area",
        "village_code",
        "kode_desa",
        "kode_kelurahan",
        "kode_desa_kelurahan",
        "kode_wilayah",
    ),
    "sls": ("sls_code", "kode_sls"),
    "sls_name": ("nama_sls",),
}
NEEDED = ("kk", "nik", "name", "relationship", "sex", "birth_date", "village")
# Written by `cacah registry import` in front of the rows it could not use.
REJECTS_COLUMN = "rejected_row"
# Fields that name a code; an unknown word rejects the row (relationship, sex) or empties the field.
CODED = ("relationship", "sex", "religion", "marital_status", "education", "citizenship")

_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "relationship": {
        "01": ("KEPALA KELUARGA", "KEPALA", "KK", "HEAD"),
        "02": ("SUAMI", "HUSBAND"),
        "03": ("ISTRI", "ISTERI", "WIFE"),
        "04": ("ANAK", "ANAK KANDUNG", "CHILD"),
        "05": ("MENANTU", "CHILD-IN-LAW"),
        "06": ("CUCU", "GRANDCHILD"),
        "07": ("ORANG TUA", "ORANGTUA", "PARENT"),
        "08": ("MERTUA", "PARENT-IN-LAW"),
        "09": ("FAMILI LAIN", "FAMILI", "RELATIVE"),
        "10": ("PEMBANTU", "SOPIR", "PENGASUH", "DOMESTIC WORKER"),
        "11": ("LAINNYA", "OTHER"),
    },
    "sex": {
        "1": ("L", "LK", "LAKI-LAKI", "LAKI LAKI", "LELAKI", "M", "MALE"),
        "2": ("P", "PR", "PEREMPUAN", "WANITA", "F", "FEMALE"),
    },
    "religion": {
        "1": ("ISLAM",),
        "2": ("KRISTEN", "KRISTEN PROTESTAN", "PROTESTAN"),
        "3": ("KATOLIK", "KATHOLIK", "KATHOLIC", "KRISTEN KATOLIK"),
        "4": ("HINDU",),
        "5": ("BUDDHA", "BUDHA"),
        "6": ("KHONGHUCU", "KONGHUCU"),
        "7": ("PENGHAYAT KEPERCAYAAN", "KEPERCAYAAN", "KEPERCAYAAN TERHADAP TUHAN YME"),
        "8": ("LAINNYA",),
    },
    "marital_status": {
        "1": ("BELUM KAWIN", "BELUM MENIKAH"),
        "2": ("KAWIN", "MENIKAH", "KAWIN TERCATAT", "KAWIN BELUM TERCATAT"),
        "3": ("CERAI HIDUP",),
        "4": ("CERAI MATI",),
    },
    "education": {
        "1": ("TIDAK/BELUM SEKOLAH", "TIDAK/BLM SEKOLAH", "TIDAK SEKOLAH", "BELUM SEKOLAH"),
        "2": ("BELUM TAMAT SD/SEDERAJAT", "BELUM TAMAT SD", "TIDAK TAMAT SD"),
        "3": ("TAMAT SD/SEDERAJAT", "SD/SEDERAJAT", "TAMAT SD", "SD"),
        "4": ("SLTP/SEDERAJAT", "SMP/SEDERAJAT", "SLTP", "SMP"),
        "5": ("SLTA/SEDERAJAT", "SMA/SEDERAJAT", "SLTA", "SMA", "SMK"),
        "6": (
            "DIPLOMA I/II",
            "AKADEMI/DIPLOMA III/S. MUDA",
            "AKADEMI/DIPLOMA III/SARJANA MUDA",
            "DIPLOMA I/II/III",
            "DI/II/III",
            "D1",
            "D2",
            "D3",
        ),
        "7": ("DIPLOMA IV/STRATA I", "DIV/S1", "STRATA I", "S1", "D4"),
        "8": ("PROFESI",),
        "9": ("STRATA II", "STRATA III", "S2/S3", "S2", "S3"),
    },
    "citizenship": {"1": ("WNI", "INDONESIA"), "2": ("WNA",)},
}

# The codes of each coded field in their order.
CODES: dict[str, tuple[str, ...]] = {field: tuple(codes) for field, codes in _WORDS.items()}


def vocabulary() -> list[tuple[str, str, str]]:
    """Return (column, word in capitals, code): every code, with and without its zero, and word."""
    return [
        (column, word, code)
        for column, codes in _WORDS.items()
        for code, words in codes.items()
        for word in dict.fromkeys((code, code.lstrip("0"), *words))
    ]


def canonical(heading: str) -> str | None:
    """Return the column that a heading names, None for one that the import does not use."""
    name = re.sub(r"[^a-z0-9]+", "_", heading.strip().lower()).strip("_")
    if name in COLUMNS:
        return name
    return next((column for column, others in COLUMNS.items() if name in others), None)
