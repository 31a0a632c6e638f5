"""A laptop that serves a session: how it is opened, what it refuses, which pages it has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import translation

from cacah.outreach.models import GuidedSession
from cacah.outreach.packs import making
from cacah.outreach.packs.facts import here
from cacah.outreach.tests.laptops import PASSPHRASE, VILLAGE, family, kk, loaded, nik, prepared
from cacah.registry import sealed_lines
from cacah.registry.keys import SECRETS, ServerKeys, server_keys
from cacah.registry.models import Case, Census, Household, Person
from cacah.registry.sealed_lines import BadPack, WrongPassphrase
from cacah.site.command import enter_the_pack
from cacah.site.laptop import addresses, opening, serving
from cacah.site.laptop.earlier import end_earlier_starts
from cacah.site.laptop.only import OnlyTheSession
from cacah.staff.models import AuditEntry, Officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def test_nothing_on_a_laptops_disk_can_be_read_without_the_passphrase(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    central = server_keys()
    family(1)
    prepared(session, path)
    pack = on_the_laptop()
    opening.write_public_files(path.parent, json.loads(next(pack.lines(pack.key(PASSPHRASE)))))
    loaded(pack)
    opening.own(path.parent, pack)
    readable = [kk(1), nik(1), nik(1, 2), "Warga 1", "Jalan Pasar"]
    readable += [secret.hex() for secret in secrets_of(central) + secrets_of(server_keys())]
    on_disk = [each.read_bytes() for each in path.parent.rglob("*") if each.is_file()]
    with connection.cursor() as cursor:
        for model in (Household, Person, Case, GuidedSession, Officer, AuditEntry, Census):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            on_disk += [row[0].encode() for row in cursor.fetchall()]
    assert len(on_disk) > 8
    for text in readable:
        plain, as_hex = text.encode(), text.encode().hex().encode()
        assert not any(plain in each or as_hex in each for each in on_disk), text


def secrets_of(keys: ServerKeys) -> list[bytes]:
    return [getattr(keys, name) for name in SECRETS]


def test_the_guide_comes_in_by_the_link_of_this_start_on_the_laptop_alone(
    client: Client,
    session: GuidedSession,
    path: Path,
    on_the_laptop: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    family(1)
    monkeypatch.setenv("CACAH_PACK_GUIDE", "this-start")
    assert client.get("/kantor/lapangan/this-start/").status_code == 404
    prepared(session, path)
    loaded(on_the_laptop())
    assert client.get("/kantor/lapangan/another/").status_code == 404
    mine = [*addresses.own_addresses(), "::ffff:127.0.0.1", "::1"]
    for far in {"10.42.0.7", "2001:db8::7", "0.0.0.0", "::", "224.0.0.1", "", "unix:"} - set(mine):
        led = client.get("/kantor/lapangan/this-start/", REMOTE_ADDR=far)
        assert led.status_code == 404, far
    # A header says nothing of where somebody is.
    said = {"X-Forwarded-For": "127.0.0.1", "Host": "localhost"}
    led = client.get("/kantor/lapangan/this-start/", REMOTE_ADDR="10.42.0.7", headers=said)
    assert led.status_code == 404
    for near in mine:
        led = Client().get("/kantor/lapangan/this-start/", REMOTE_ADDR=near)
        assert led.status_code == 302, near
    board = client.get("/kantor/lapangan/this-start/", follow=True)
    assert board.status_code == 200 and session.title in board.content.decode()
    assert Officer.objects.count() == 1


def options(path: Path, **more: Any) -> Namespace:
    given = {"pack": path, "passphrase_file": None, "host": "0.0.0.0", "port": 8080}
    return Namespace(**given | {"tls_cert": None, "tls_key": None} | more)


def test_it_opens_a_pack_with_the_passphrase_in_a_file_or_from_a_pipe(
    session: GuidedSession, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    family(1)
    prepared(session, path)
    pack = sealed_lines.read(path)
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSPHRASE.lower()}\n")
    assert opening.asked(pack, secret) == pack.key(PASSPHRASE)
    with secret.open() as piped:
        monkeypatch.setattr("sys.stdin", piped)
        assert opening.asked(pack, None) == pack.key(PASSPHRASE)
    secret.write_text("rahasia")
    with pytest.raises(WrongPassphrase):
        opening.asked(pack, secret)
    with pytest.raises(BadPack, match="nowhere: No such file"):
        opening.asked(pack, tmp_path / "nowhere")


def test_it_takes_the_settings_of_the_centre_and_its_own_places(
    session: GuidedSession, path: Path, settings: Any
) -> None:
    settings.CACAH_PREFILL = "names"
    family(1)
    prepared(session, path)
    pack = sealed_lines.read(path)
    key = pack.key(PASSPHRASE)
    facts, folder = json.loads(next(pack.lines(key))), opening.folder_of(path)
    folder.mkdir()
    opening.write_public_files(folder, facts)
    given = opening.environment(path, folder, facts, key)
    assert (given["CACAH_PREFILL"], given["CACAH_TIME_ZONE"]) == ("names", settings.TIME_ZONE)
    assert given["CACAH_PROOF_URL"] == settings.CACAH_PUBLIC_URL.rstrip("/")
    form = Path(given["CACAH_INSTRUMENT"])
    assert form.read_bytes() == settings.CACAH_INSTRUMENT.read_bytes()
    assert (Path(given["CACAH_KEYS"]) / "office.public").is_file()
    assert bytes.fromhex(given["CACAH_PACK_KEY"]) == key
    # Who has prepared a pack decides nothing else of the laptop.
    facts["settings"] |= {"CACAH_DEBUG": "1", "LD_PRELOAD": "/tmp/x.so", "PYTHONPATH": "/tmp"}
    assert opening.environment(path, folder, facts, key) == given
    assert set(opening.OF_THE_CENTRE) == set(making.SETTINGS)


def test_it_refuses_a_clock_before_the_pack_a_full_disk_and_another_packs_folder(
    session: GuidedSession, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family(1)
    facts = prepared(session, path)
    pack = sealed_lines.read(path)
    opening.refuse_a_wrong_clock(pack, facts.made - timedelta(minutes=5))
    with pytest.raises(BadPack, match=r"clock says .* but the pack was prepared on .* right"):
        opening.refuse_a_wrong_clock(pack, facts.made - timedelta(hours=3))
    folder = opening.folder_of(path)
    opening.own(folder, pack)
    opening.own(folder, pack)
    prepared(session, path)
    with pytest.raises(BadPack, match=r"s\.cacah\.site belongs to another pack"):
        opening.own(folder, sealed_lines.read(path))
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Namespace(free=50 << 20))
    with pytest.raises(BadPack, match="nearly full: 50 MB are free, 400 MB are needed"):
        opening.refuse_a_full_disk(folder)


def test_it_says_where_a_pack_can_be_served_where_no_database_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadPack, match=r"too long for a database\. Put the pack into a folder"):
        opening.database_in(tmp_path / ("desa" * 30))

    def fails(*_args: object, **_more: object) -> str:
        raise subprocess.CalledProcessError(1, "initdb")

    monkeypatch.setattr(opening, "start_embedded", fails)
    monkeypatch.setattr(opening, "refuse_a_long_path", lambda _path: None)
    with pytest.raises(BadPack, match=r"No database could be started in .*USB stick"):
        opening.database_in(tmp_path)


def test_it_refuses_a_pack_that_is_over_and_another_form(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    family(1)
    facts = prepared(session, path)
    serving.refuse(facts, facts.until - timedelta(minutes=1))
    with pytest.raises(CommandError, match="was good until"):
        serving.refuse(facts, facts.until)
    facts.instrument["digest"] = "0" * 16
    with pytest.raises(CommandError, match="makes another form"):
        serving.refuse(facts, facts.made)


def test_it_refuses_a_certificate_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("no certificate")
    files = {"tls_cert": tmp_path / "c.pem", "tls_key": tmp_path / "c.pem"}
    with pytest.raises(BadPack, match="are no certificate and its own key"):
        opening.refuse_half_of_tls(options(tmp_path, **files))
    files["tls_cert"] = tmp_path / "nowhere.pem"
    with pytest.raises(BadPack, match="No such file"):
        opening.refuse_half_of_tls(options(tmp_path, **files))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["serve"], "required: FILE"),
        (["serve", "a.cacah", "--port", "0"], "--port"),
        (["serve", "a.cacah", "--port", "http"], "--port"),
        (["dance", "a.cacah"], "invalid choice"),
        (["serve", "a.cacah", "--tls-cert", "c.pem"], "--tls-key"),
    ],
)
def test_it_says_what_it_does_not_understand_before_anything_is_opened(
    given: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("sys.argv", ["cacah", "session", *given])
    with pytest.raises((SystemExit, BadPack)) as ended:
        enter_the_pack()
    assert said in capsys.readouterr().err + str(ended.value)


def test_the_command_prepares_a_pack_or_says_why_not_and_leaves_no_file(
    session: GuidedSession, tmp_path: Path, capsys: Any
) -> None:
    family(1)
    out = tmp_path / "desa.cacah"
    call_command("session", "prepare", session.code.lower(), "--out", str(out))
    told = capsys.readouterr().out
    assert "1 families, good until" in told
    passphrase = told.split("Passphrase: ")[1].split()[0]
    pack = sealed_lines.read(out)
    assert len(list(pack.lines(pack.key(passphrase)))) == 3
    assert out.stat().st_mode & 0o077 == 0
    other = tmp_path / "other.cacah"
    for given, said in (
        ((session.code, "--out", str(out)), "is there already"),
        (("0000000", "--out", str(other)), "no session 0000000"),
        ((session.code, "--out", str(other), "--area", "33.99"), "no area 33.99"),
        ((session.code, "--out", str(other), "--area", "x"), "x is no area code"),
        ((session.code, "--out", str(other), "--days", "0"), "from 1 to 60"),
        ((session.code, "--out", str(other / "no" / "where")), "No such file"),
        ((session.code, "--out", str(other), "--area", VILLAGE[:4]), None),
    ):
        if said is None:
            call_command("session", "prepare", *given)
            continue
        with pytest.raises(CommandError, match=said):
            call_command("session", "prepare", *given)
        assert not other.exists()


def test_a_laptop_has_its_sessions_pages_and_no_other(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    with pytest.raises(MiddlewareNotUsed):
        OnlyTheSession(lambda _request: HttpResponse())
    family(1)
    prepared(session, path)
    loaded(on_the_laptop())
    only = OnlyTheSession(lambda _request: HttpResponse())

    def asked(address: str) -> Any:
        request = RequestFactory().get(address)
        with translation.override("en" if address.startswith("/en/") else "id"):
            request.resolver_match = resolve(address)
            return only.process_view(request)

    join, board = f"/sesi/{session.code}/", GuidedSession.objects.get().pk
    for address in ("/isi/", "/polos/", "/bukti/", join, "/en/isi/", "/healthz", "/sw.js"):
        assert asked(address) is None, address
    for address in ("/", "/en/"):
        assert asked(address).url.endswith(join)
    for address in ("/kantor/", "/kantor/penjangkauan/sesi/"):
        assert asked(address).url == f"/kantor/penjangkauan/sesi/{board}/"
    assert asked("/kantor/masuk/").status_code == 403
    for address in (
        "/perkembangan/", "/kantor/instansi/", "/kantor/penjangkauan/tim/", "/api/pack",
        f"/kantor/penjangkauan/sesi/{board}/paket/", "/metrics", "/kantor/jejak/",
    ):  # fmt: skip
        with pytest.raises(Http404):
            asked(address)


def test_it_names_the_addresses_under_which_phones_find_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ["10.0.0.17", "8.8.4.4", "127.0.0.1", "192.168.43.1"]
    monkeypatch.setattr(addresses, "_of_this_machine", lambda: found)
    assert addresses.own_addresses() == ["192.168.43.1", "10.0.0.17", "8.8.4.4"]
    assert addresses.public_url(options(path)) == "http://192.168.43.1:8080"
    assert addresses.public_url(options(path, port=80)) == "http://192.168.43.1"
    tls = options(path, tls_cert=Path("c"), host="sensus.lan", port=443)
    assert addresses.public_url(tls) == "https://sensus.lan"
    # What listens on one address is not reached by another, by the guide neither.
    served = options(path, host="192.168.43.1")
    assert addresses.own_name(served) == "192.168.43.1"
    assert addresses.own_name(options(path)) == addresses.own_name(options(path, host="::"))
    assert addresses.public_url(options(path, host="fe80::1")) == "http://[fe80::1]:8080"
    monkeypatch.setattr(addresses, "_of_this_machine", lambda: ["127.0.0.1"])
    assert addresses.public_url(options(path)) == "http://localhost:8080"


def test_its_clock_its_key_and_its_secret_of_pages_do_not_change_between_two_starts(
    session: GuidedSession, path: Path, on_the_laptop: Any
) -> None:
    from cacah.registry.field_keys import secret_of_pages

    assert secret_of_pages() is None
    family(1)
    prepared(session, path)
    on_the_laptop()
    assert secret_of_pages() == secret_of_pages() != os.environ["CACAH_PACK_KEY"]
    facts = here()
    assert facts is not None and facts.made <= datetime.now(UTC) < facts.until


def test_it_ends_an_earlier_start_of_this_very_pack_and_no_other(path: Path) -> None:
    sleeping = "import time; time.sleep(600)"
    begun = [
        subprocess.Popen([sys.executable, "-c", sleeping, "session", "serve", name], cwd=folder)
        for name, folder in (
            (path.name, path.parent),
            (str(path), Path("/")),
            (path.name, Path("/")),
            ("other.cacah", path.parent),
        )
    ]
    try:
        # Until it has become the other program, a process bears our own name.
        for each in begun:
            while "serve" not in psutil.Process(each.pid).cmdline():
                pass
        assert end_earlier_starts(path) == 2
        assert [each.poll() is None for each in begun] == [False, False, True, True]
    finally:
        for each in begun:
            each.kill()
            each.wait()


def test_it_never_ends_what_it_was_started_by(path: Path) -> None:
    """As sudo, whose own process and the one that it watches both bear the command's words."""
    call = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[4:]))"
    ends = "from sys import argv; from pathlib import Path; "
    ends += "from cacah.site.laptop.earlier import end_earlier_starts as end; "
    ends += "print(end(Path(argv[3])))"
    words = ["session", "serve", str(path)]
    command = [sys.executable, "-c", ends, *words]
    for _ in range(2):
        command = [sys.executable, "-c", call, *words, *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
