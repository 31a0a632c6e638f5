"""A family's answers are stored once, sealed, and acknowledged only then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cacah.collection import identify, pool, receipts, window
from cacah.collection.models import Submission
from cacah.collection.queries import verify
from cacah.registry.actions import set_census
from cacah.registry.keys import server_keys
from cacah.registry.models import ProgressDelta

from .conftest import BUDI, SITI, Device, submission_key


def counted() -> dict[str, int]:
    names = ("opened_families", "complete_families", "complete_persons", "responded_persons")
    return {n: sum(getattr(d, n) for d in ProgressDelta.objects.all()) for n in names}


def test_the_receipt_is_genuine_and_its_submission_stored(device, family, session):
    answer = family.submit(device, session)
    assert answer.status == 201
    assert receipts.verify(answer.json["signed"]).number == answer.json["number"]
    assert answer.json["verify_url"].endswith("/bukti/" + answer.json["signed"])
    stored = Submission.objects.get()
    assert (stored.household_id, stored.revision, stored.persons) == (family.id, 1, 2)
    keys = server_keys()
    assert [bytes(d) for d in stored.nik_digests] == [
        keys.nik_digest(SITI["nik"]),
        keys.nik_digest(BUDI["nik"]),
    ]
    case = family.case
    assert (case.state, case.mode, case.persons, case.revision) == ("submitted", "cawi", 2, 1)
    assert counted() == {
        "opened_families": 1,
        "complete_families": 1,
        "complete_persons": 2,
        "responded_persons": 2,
    }


def test_a_retry_gets_the_same_receipt_to_the_letter(device, family, session):
    first = family.submit(device, session)
    second = family.submit(device, session)
    assert (first.status, second.status) == (201, 200)
    assert first.body == second.body
    assert Submission.objects.count() == 1
    assert counted()["complete_families"] == 1


def test_a_retry_gets_its_receipt_even_after_the_census_has_closed(device, family, session):
    first = family.submit(device, session)
    set_census(
        closes_at=datetime.now(UTC) - timedelta(days=2), opens_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    window.forget()
    assert family.submit(device, session).body == first.body
    assert family.submit(device, session, key=submission_key(2)).code == "already-submitted"


def test_the_first_of_two_devices_wins_and_the_second_is_told_so(device, family):
    one, two = (family.identify(device).json["session"] for _ in range(2))
    assert family.submit(device, one).status == 201
    late = family.submit(device, two, key=submission_key(2))
    assert (late.status, late.code) == (409, "already-submitted")
    assert late.json["persons"] == 2
    assert Submission.objects.count() == 1


def test_an_answered_family_gets_no_session_without_its_receipt(device, family, session):
    family.submit(device, session)
    answer = family.identify(device)
    assert (answer.status, answer.code) == (409, "already-submitted")
    assert answer.json["persons"] == 2
    assert "session" not in answer.json
    assert family.identify(device, receipt="0000-0000-0000-0").code == "receipt-differs"
    assert family.identify(device, receipt="nonsense").code == "receipt-differs"


def test_the_receipt_reopens_the_case_and_the_old_revision_is_kept(device, family, session):
    number = family.submit(device, session).json["number"]
    again = family.identify(device, receipt=number.lower().replace("-", " ").replace("0", "o"))
    assert again.json["case"] == {"state": "reopened", "revision": 1}
    assert family.case.state == "reopened"
    corrected = family.answers()
    corrected["person"].pop()
    answer = family.submit(device, again.json["session"], key=submission_key(2), answers=corrected)
    assert (answer.status, answer.json["revision"], answer.json["persons"]) == (201, 2, 1)
    assert [s.revision for s in Submission.objects.order_by("revision")] == [1, 2]
    assert counted()["complete_families"] == 1
    assert counted()["complete_persons"] == 1
    assert verify(number).superseded
    assert not verify(answer.json["number"]).superseded


def test_a_reopened_case_still_asks_for_the_receipt(device, family, session):
    number = family.submit(device, session).json["number"]
    family.identify(device, receipt=number)
    assert family.identify(device).code == "already-submitted"
    assert family.identify(device, receipt=number).status == 200


def test_a_case_is_not_reopened_without_end(device, family, session, monkeypatch):
    number = family.submit(device, session).json["number"]
    monkeypatch.setattr(identify, "MOST_REVISIONS", 1)
    assert family.identify(device, receipt=number).code == "already-submitted"
    assert family.case.state == "submitted"


def test_another_familys_receipt_reopens_nothing(device, family, another, session):
    number = family.submit(device, session).json["number"]
    other = another.identify(device).json["session"]
    assert another.submit(device, other).status == 201
    assert another.identify(device, receipt=number).code == "receipt-differs"
    assert another.case.state == "submitted"


def test_another_familys_session_stores_nothing_for_this_one(device, family, another, session):
    other = another.identify(device).json["session"]
    assert family.submit(device, other).status == 201
    assert family.case.state == "expected"
    assert another.case.state == "submitted"


def test_a_rule_that_is_broken_stores_nothing(device, family, session):
    wrong = {"person": [{"name": "S", "nik": "12"}, {"name": ""}]}
    answer = family.submit(device, session, answers=wrong)
    assert (answer.status, answer.code) == (422, "answers-refused")
    assert [(p["code"], p["path"]) for p in answer.json["problems"]] == [
        ("constraint", "person[1]/name"),
        ("constraint", "person[1]/nik"),
        ("missing", "person[2]/name"),
    ]
    assert not Submission.objects.exists()
    assert family.case.state == "expected"


def test_a_warning_asks_for_a_remark_and_keeps_it(device, family, session, office_key):
    old = {"person": [{"name": "Siti", "age": 104}]}
    answer = family.submit(device, session, answers=old)
    assert [(p["code"], p["path"]) for p in answer.json["problems"]] == [
        ("warning", "person[1]/old")
    ]
    remarks = {"person[1]/old": "Benar, lahir 1916", "person[9]/old": "nobody"}
    assert family.submit(device, session, answers=old, remarks=remarks).status == 201
    stored = Submission.objects.get()
    inside = office_key.open(family.id, 1, bytes(stored.sealed))
    assert inside["remarks"] == {"person[1]/old": "Benar, lahir 1916"}
    assert inside["answers"]["person"][0]["name"] == "Siti"
    assert inside["instrument"] == stored.instrument


def test_more_than_sixty_members_are_refused(device, family, session):
    crowd = {"person": [{"name": "Siti"}] * 61}
    answer = family.submit(device, session, answers=crowd)
    assert (answer.status, answer.code) == (413, "too-large")


def test_an_old_instrument_is_refused(device, family, session):
    answer = family.submit(device, session, instrument="0" * 16)
    assert (answer.status, answer.code) == (409, "instrument-changed")


def test_a_form_begun_in_time_may_be_sent_a_while_after_closing(device, family, session, settings):
    now = datetime.now(UTC)
    set_census(closes_at=now + timedelta(seconds=1), opens_at=now - timedelta(days=9))
    window.forget()
    begun = datetime.now(UTC)
    current = window.current()
    current.check(current.closes_at + timedelta(minutes=119), begun=begun)
    for late in (timedelta(minutes=121), timedelta(days=1)):
        with pytest.raises(Exception, match="closed"):
            current.check(current.closes_at + late, begun=begun)
    with pytest.raises(Exception, match="closed"):
        current.check(current.closes_at, begun=current.closes_at)


def test_nothing_is_acknowledged_while_the_database_is_away(device, family, session, monkeypatch):
    from psycopg import OperationalError

    from cacah.collection import actions

    def broken(*args, **kwargs):
        raise OperationalError("terminating connection due to administrator command")

    with monkeypatch.context() as away:
        away.setattr(actions, "submit", broken)
        answer = family.submit(device, session)
    assert (answer.status, answer.code) == (503, "try-later")
    assert int(answer.headers["Retry-After"]) > 0
    assert not Submission.objects.exists()
    assert family.submit(device, session).status == 201


def test_a_database_that_vanishes_without_a_word_is_given_up_soon(device):
    given = pool.run(lambda connection: connection.info.get_parameters())
    idle, interval, count = (
        int(given[f"keepalives_{name}"]) for name in ("idle", "interval", "count")
    )
    assert idle + interval * count <= int(given["tcp_user_timeout"]) / 1000 <= 30


def test_it_comes_back_with_the_database_however_long_that_was_away(device, monkeypatch):
    from time import monotonic

    from psycopg import Connection, OperationalError
    from psycopg_pool.base import AttemptWithBackoff

    connect, is_away = Connection.connect, True

    def tried(*args, **kwargs):
        if is_away:
            raise OperationalError
        return connect(*args, **kwargs)

    # As after minutes, when the pool waits for minutes more before it tries again.
    monkeypatch.setattr(AttemptWithBackoff, "INITIAL_DELAY", 3600)
    monkeypatch.setattr(Connection, "connect", tried)
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0.2)
    pool.close()
    with pytest.raises(pool.DatabaseUnreachable):
        pool.run(id)
    is_away, end, outcome = False, monotonic() + 20, None
    while outcome is None and monotonic() < end:
        try:
            outcome = pool.run(lambda connection: connection.info.backend_pid)
        except pool.DatabaseUnreachable:
            continue
    pool.close()
    assert outcome


def test_it_survives_that_the_database_ends_every_connection(device, family, session):
    from django.db import connection

    family.identify(device)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'cacah door'"
        )
    assert family.submit(device, session).status == 201


def test_an_error_that_no_server_has_sent_is_a_lost_connection(device, family, session):
    from psycopg import OperationalError, pq

    from cacah.collection.statements import checked

    def struck_down(connection):
        # What libpq leaves behind when PostgreSQL is killed in the middle of a statement.
        checked(connection, connection.pgconn.make_empty_result(pq.ExecStatus.FATAL_ERROR))

    with pytest.raises(pool.DatabaseUnreachable) as raised:
        pool.run(struck_down)
    assert isinstance(raised.value.__cause__, OperationalError)


def test_it_prepares_again_what_a_connection_has_forgotten(device, family, session):
    from cacah.collection import identify, intake

    def forget(connection):
        connection.execute("DEALLOCATE ALL")
        return connection.info.backend_pid

    first = pool.run(forget, identify._keeper)
    assert family.identify(device).status == 200
    assert pool.run(forget, identify._keeper) == first
    pool.run(forget, intake._keeper)
    assert family.submit(device, session).status == 201


def test_work_keeps_its_connection_until_something_goes_wrong_with_it(device):
    def who(connection):
        return connection.info.backend_pid

    def stumble(connection):
        connection.execute("BEGIN")
        raise ValueError

    keeper = pool.Keeper()
    first = pool.run(who, keeper)
    assert [pool.run(who, keeper) for _ in range(3)] == [first] * 3
    with pytest.raises(ValueError):
        pool.run(stumble, keeper)
    assert not keeper.kept
    assert pool.run(lambda connection: connection.info.transaction_status, keeper) == 0
    pool.close()
    assert not keeper.kept
    assert pool.run(who, keeper) != first


def test_two_devices_at_the_same_moment_store_one_submission(device, family):
    from concurrent.futures import ThreadPoolExecutor

    tokens = [family.identify(device).json["session"] for _ in range(6)]
    with ThreadPoolExecutor(6) as together:
        answers = list(
            together.map(
                lambda n: family.submit(Device(), tokens[n], key=submission_key(n)), range(6)
            )
        )
    assert sorted(a.status for a in answers) == [201, 409, 409, 409, 409, 409]
    assert Submission.objects.count() == 1
    assert counted()["complete_families"] == 1
