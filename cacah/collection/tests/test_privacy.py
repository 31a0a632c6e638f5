"""The promises of docs/privacy.md that are about everything at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from pathlib import Path

from django.db import connection

from cacah.collection.queries import Verification, verify

CODE = Path(__file__).resolve().parents[2]


def test_no_table_holds_a_number_a_name_or_an_answer(device, family, session):
    answer = family.submit(device, session)
    device.post("identify", nik=family.nik, kk="3325010101159999")
    secrets = [
        family.kk,
        *(value for p in family.persons for value in p.values() if len(value) > 4),
    ]
    secrets += ["Gajah Mada", answer.json["number"], answer.json["number"].replace("-", "")]
    for table, text in everything_stored():
        for secret in secrets:
            assert secret.lower() not in text, f"{table} holds {secret}"


def test_no_table_holds_what_an_unlisted_family_or_a_request_for_a_visit_says(device, session):
    from .test_bad_input import UNLISTED

    left = device.post("unlisted", **UNLISTED)
    said = {"contact": "0812-9999-1111", "note": "Pagi sebelum jam sembilan"}
    device.post("visit", session=session, reason="cannot_read", **said)
    secrets = [UNLISTED[name] for name in ("name", "address", "contact", "nik", "kk")]
    secrets += [*said.values(), left.json["reference"], left.json["reference"].replace("-", "")]
    stored = everything_stored(least={"registry_unlisted", "registry_visitrequest"})
    for table, text in stored:
        for secret in secrets:
            assert secret.lower() not in text, f"{table} holds {secret}"


def everything_stored(
    least: Collection[str] = ("collection_submission", "registry_household"),
) -> list[tuple[str, str]]:
    """Every row of every table of the rooms as text, byte strings both as hex and as they are."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("registry_", "collection_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    raw = b" ".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
                    text = f"{row} {raw.hex()} {raw.decode('latin-1')}".lower()
                    found.append((table, text))
    assert {table for table, _ in found} >= set(least)
    return found


def test_only_results_asks_for_the_private_key():
    asking = {
        path.relative_to(CODE).parts[0]
        for path in CODE.rglob("*.py")
        if "tests" not in path.parts
        and path.name != "sealing.py"
        and "read_private_key" in path.read_text()
    }
    assert asking <= {"results"}


def test_a_verification_says_when_and_how_many_and_never_who(device, family, session):
    answer = family.submit(device, session).json
    said = verify(answer["number"].lower().replace("-", " "))
    assert (said.number, said.persons, said.revision) == (answer["number"], 2, 1)
    assert said.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ") == answer["issued_at"]
    assert {f.name for f in fields(Verification)} == {
        "number",
        "issued_at",
        "persons",
        "revision",
        "superseded",
        "to_be_verified",
    }
    assert verify("0000-0000-0000-0") is None
