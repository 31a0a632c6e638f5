"""Requests to every office page: each URL with arguments of its own, and what may be asked there.

Whoever adds an office URL gives its arguments in ARGUMENTS, and a parameter that a page reads from
its address or a form in FIELDS; tests/test_scope.py fails until then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

from cacah.areas.codes import dotted
from tests.scope import outreach
from tests.scope.marks import GARBAGE, WORD, part
from tests.scope.world import AREAS, World

# What an argument of a URL is: the pool of `values` it is drawn from.
ARGUMENTS: dict[str, dict[str, str]] = {
    "": {},
    "petugas/": {},
    "petugas/undang/": {},
    "petugas/berkas/": {},
    "petugas/<int:pk>/": {"pk": "officer"},
    "petugas/<int:pk>/peran/": {"pk": "officer"},
    "petugas/<int:pk>/tangguhkan/": {"pk": "officer"},
    "petugas/<int:pk>/pulihkan/": {"pk": "officer"},
    "petugas/<int:pk>/undang-lagi/": {"pk": "officer"},
    "petugas/<int:pk>/surel/": {"pk": "officer"},
    "petugas/peran/<int:pk>/cabut/": {"pk": "grant"},
    "lapangan/<str:key>/": {"key": "token"},
    "bantuan/": {},
    "bantuan/keluarga/<str:call>/": {"call": "token"},
    "jejak/": {},
    "undangan/<str:token>/": {"token": "token"},
    "perkembangan/": {},
    "perkembangan/cari/": {},
    "perkembangan/laporan/": {},
    "perkembangan/laporan/<int:report>/": {"report": "report"},
    "perkembangan/laporan/<int:report>/hapus/": {"report": "report"},
    "perkembangan/wilayah/<area:area>/laporan/": {"area": "area"},
    "perkembangan/wilayah/<area:area>/mingguan/": {"area": "area"},
    "pekerjaan/": {},
    "pekerjaan/<int:pk>/batal/": {"pk": "number"},
    "perkembangan/wilayah/<area:area>/": {"area": "area"},
    "perkembangan/wilayah/<area:area>/angka/": {"area": "area"},
    "perkembangan/wilayah/<area:area>/unduh/<slug:table>/": {"area": "area", "table": "table"},
    "perkembangan/wilayah/<area:area>/grafik/<slug:chart>.svg": {"area": "area", "chart": "chart"},
    "perkembangan/dinding/<area:area>/": {"area": "area"},
    "perkembangan/dinding/<area:area>/angka/": {"area": "area"},
    "instansi/": {},
    "instansi/evaluasi.<slug:format>": {"format": "format"},
    "instansi/surel-mingguan/": {},
    "instansi/impor/": {},
    "instansi/tambah/": {},
    "instansi/tertutup/": {},
    "instansi/pilih/<slug:what>/": {"what": "picked"},
    "instansi/<int:pk>/kelola/": {"pk": "institution"},
    "instansi/<int:pk>/ubah/": {"pk": "institution"},
    "instansi/<int:pk>/pindah/": {"pk": "institution"},
    "instansi/<int:pk>/tutup/": {"pk": "institution"},
    "instansi/<int:pk>/buka/": {"pk": "institution"},
    "instansi/<int:pk>/nama/": {"pk": "institution"},
    "instansi/<int:pk>/pergantian/": {"pk": "institution"},
    "instansi/<int:pk>/": {"pk": "institution"},
    "instansi/<int:pk>/angka/": {"pk": "institution"},
    "instansi/<int:pk>/orang/<int:entry>/": {"pk": "institution", "entry": "entry"},
    "instansi/<int:pk>/tanda-terima/": {"pk": "institution"},
    "instansi/<int:pk>/pengingat/": {"pk": "institution"},
    "instansi/<int:pk>/evaluasi.<slug:format>": {"pk": "institution", "format": "format"},
    "instansi/<int:pk>/unggah/": {"pk": "institution"},
    "instansi/<int:pk>/unggah/<uuid:upload>/": {"pk": "institution", "upload": "upload"},
    "instansi/<int:pk>/unggah/<uuid:upload>/kemajuan": {"pk": "institution", "upload": "upload"},
    "instansi/<int:pk>/unggah/<uuid:upload>/perbaiki": {"pk": "institution", "upload": "upload"},
    "instansi/<int:pk>/unggah/<uuid:upload>/simpan": {"pk": "institution", "upload": "upload"},
    "instansi/<int:pk>/unggah/<uuid:upload>/batal": {"pk": "institution", "upload": "upload"},
    **outreach.ARGUMENTS,
    "masuk/": {},
    "masuk/keluar/": {},
    "masuk/ditutup/": {},
    "masuk/lagi/": {},
    "masuk/sandi/": {},
    "masuk/lupa/": {},
    "masuk/lupa/terkirim/": {},
    "masuk/lupa/<str:uidb36>/<str:key>/": {"uidb36": "token", "key": "token"},
    "masuk/lupa/selesai/": {},
    "masuk/oidc-batal/": {},
    "masuk/oidc/<str:provider_id>/": {"provider_id": "token"},
    "masuk/oidc/<str:provider_id>/kembali/": {"provider_id": "token"},
    "masuk/langkah-kedua/": {},
    "masuk/langkah-kedua/lagi/": {},
    "masuk/kunci-sandi/": {},
    "masuk/kunci-sandi/lagi/": {},
    "masuk/pengaman/": {},
    "masuk/pengaman/aplikasi/": {},
    "masuk/pengaman/aplikasi/lepas/": {},
    "masuk/pengaman/kunci/": {},
    "masuk/pengaman/kunci/<int:pk>/lepas/": {"pk": "authenticator"},
    "masuk/pengaman/cadangan/": {},
    "masuk/pengaman/cadangan/baru/": {},
    "masuk/pengaman/cadangan/unduh/": {},
}
# What a page reads from its address or a form, and from which pools it may come.
FIELDS: dict[str, tuple[str, ...]] = {
    "format": ("format",),
    "code": ("number",),
    "page": ("number",),
    "hal": ("number",),
    "before": ("word", "number"),
    "q": ("word",),
    "cari": ("word", "area"),
    "nama": ("word",),
    "who": ("word",),
    "verb": ("word",),
    "subject": ("word",),
    "area": ("area",),
    "wilayah": ("area",),
    "role": ("role",),
    "state": ("state",),
    "keadaan": ("state",),
    "unit": ("institution",),
    "institution": ("institution",),
    "orang": ("entry",),
    "tabel": ("table",),
    "kolom": ("sort",),
    "urut": ("sort",),
    "lakukan": ("doing",),
    "reason": ("doing",),
    "email": ("email",),
    "name": ("word",),
    "number": ("word",),
    "receipt": ("word",),
    "upload": ("upload",),
    "row": ("number",),
    "sheet": ("number",),
    "out": ("word", "number"),
    "out-2": ("number",),
    "name-2": ("word",),
    "nik-2": ("word",),
    "unit-0": ("institution",),
    "how": ("doing",),
    "mau": ("number",),
    "intro": ("word",),
    "bahasa": ("state",),
    "jenis": ("state",),
    "wajib": ("number",),
    "semua": ("number",),
    "hanya": ("state",),
    "wanted": ("number",),
    **outreach.FIELDS,
    "induk": ("institution",),
    "parent": ("institution",),
    "parent_teks": ("word",),
    "area_teks": ("word", "area"),
    "kind": ("state",),
    "address": ("word",),
    "obliged": ("number",),
    "mandate": ("word",),
    "coordinator_email": ("email",),
    "coordinator_name": ("word",),
    "yakin": ("number",),
    "people": ("number",),
    "stop": ("number",),
}

# Where a page looks something up: the field, besides the chance that FIELDS gives it everywhere.
SEARCHES = {
    "perkembangan/cari/": ("cari",),
    "petugas/": ("q", "area"),
    "jejak/": ("who", "subject", "area"),
    "instansi/": ("wilayah",),
    "instansi/<int:pk>/": ("nama", "unit"),
    "petugas/undang/": ("institution",),
    "instansi/tambah/": ("induk", "parent_teks"),
    "instansi/pilih/<slug:what>/": ("parent_teks", "area_teks"),
    "instansi/<int:pk>/pindah/": ("parent", "parent_teks"),
}
# What is the same in every world.
WORDS = {
    "token": "x abc:def none",
    **outreach.WORDS,
    "number": "1 2 9999",
    "table": "areas days modes unfinished unit",
    "chart": "growth daily areas areas-narrow",
    "format": "csv xlsx json pdf",
    "role": "national province regency district help_desk coordinator team",
    "state": "tertinggal kosong active suspended ending left complete not_yet exempt university",
    "sort": "semua keluarga target name -responded_families percent -complete gap",
    "doing": "exempt ask move remove restore receipt nik abroad replace open close",
    "picked": "area nothing parent",
}


@dataclass(frozen=True)
class Asked:
    """One request: its path below `kantor/`, which values stand in it, query and form."""

    route: str
    # (name, pool, value) of each argument of the URL.
    values: tuple[tuple[str, str, Any], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] | None = None
    english: bool = False

    @property
    def url(self) -> str:
        values = {name: dotted(v) if pool == "area" and v else v for name, pool, v in self.values}
        path = re.sub(
            r"<(?:\w+:)?(\w+)>", lambda m: quote(written(values[m[1]]), safe=""), self.route
        )
        start = "/en/kantor/" if self.english else "/kantor/"
        query = urlencode(self.query, errors="replace")
        return start + path + (f"?{query}" if query else "")

    @property
    def said(self) -> set[str]:
        """Return the marks that whoever asks knows already: a page that says them tells nothing."""
        return {mark.lower() for mark in WORD.findall(f"{self.query} {self.form}")}

    def send(self, client: Any) -> Any:
        if self.form is None:
            return client.get(self.url)
        file = SimpleUploadedFile("list.csv", b"email;name;role\nx@example.org;X;district\n")
        form = {name: text.encode(errors="replace").decode() for name, text in self.form}
        return client.post(self.url, {**form, "file": file})


def written(value: Any) -> str:
    """Return a value as a URL has it; "" is the nation."""
    text = str(value)
    return text.encode(errors="replace").decode() if text else "indonesia"


@dataclass
class Pools:
    """By kind of argument: everything that exists, then what never did."""

    world: World
    known: dict[str, list[Any]] = field(default_factory=dict)

    UNKNOWN = {
        "officer": 987_654_321,
        "grant": 987_654_321,
        "institution": 987_654_321,
        "entry": 987_654_321,
        "authenticator": 987_654_321,
        "area": "98",
        "upload": UUID(int=7),
        "report": 987_654_321,
        **dict.fromkeys(outreach.POOLS, 987_654_321),
    }

    def __post_init__(self) -> None:
        world = self.world
        marks = [*world.names.values(), *(p.name for p in world.people)]
        marks += [mark for c in world.colleagues for mark in c.marks]
        self.known = {
            "officer": [c.pk for c in world.colleagues],
            "grant": [c.grant for c in world.colleagues],
            "authenticator": [c.authenticator for c in world.colleagues],
            "institution": [each.pk for each in world.institutions.values()],
            "entry": [p.entry for p in world.people],
            "upload": list(world.uploads),
            "report": list(world.reports),
            **outreach.known(world.outings),
            "area": ["", *AREAS],
            "word": [part(mark) for mark in marks],
            "email": [f"{c.marks[1].lower()}@example.org" for c in world.colleagues],
        } | {pool: words.split() for pool, words in WORDS.items()}

    def values(self, pool: str) -> st.SearchStrategy[Any]:
        """Return what an argument of a URL may be."""
        known = st.sampled_from(self.known[pool])
        return known | st.just(self.UNKNOWN[pool]) if pool in self.UNKNOWN else known

    def text(self, name: str) -> st.SearchStrategy[str]:
        """Return what a field may hold."""
        pools = [st.sampled_from(self.known[pool]).map(str) for pool in FIELDS[name]]
        spelled = st.sampled_from(AREAS).map(dotted) if "area" in FIELDS[name] else st.nothing()
        return st.one_of(*pools, *pools, spelled, GARBAGE)

    def fields(self, most: int) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
        """Return some fields with what they hold."""
        one = st.sampled_from(sorted(FIELDS)).flatmap(
            lambda name: st.tuples(st.just(name), self.text(name))
        )
        return st.lists(one, max_size=most).map(tuple)

    def asked(self, routes: list[str]) -> st.SearchStrategy[Asked]:
        """Return a request to one of these routes."""
        return st.sampled_from(routes).flatmap(self.asked_of)

    def asked_of(self, route: str) -> st.SearchStrategy[Asked]:
        arguments = [
            st.tuples(st.just(name), st.just(pool), self.values(pool))
            for name, pool in ARGUMENTS[route].items()
        ]
        return st.builds(
            Asked,
            st.just(route),
            st.tuples(*arguments),
            self.fields(3),
            st.none() | st.none() | self.fields(8),
            st.booleans(),
        )
