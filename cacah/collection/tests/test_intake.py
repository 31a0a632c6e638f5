"""Families that send at the same moment: each gets what it would have got alone."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection as django_connection

from cacah.collection import bodies, intake, pool, sessions
from cacah.collection.intake import NotFirst, Sent, Signed
from cacah.collection.models import Submission
from cacah.collection.pool import DatabaseUnreachable
from cacah.collection.problems import Problem
from cacah.collection.sealing import HEAD_BYTES, CannotOpen
from cacah.registry.models import Case, ProgressDelta

from .conftest import BUDI, INSTRUMENT, SITI, Somebody, submission_key


@pytest.fixture
def families(device):
    """Return five families of two, with NIKs of their own."""
    return [
        Somebody(
            f"332501010115{n:04}",
            [SITI | {"nik": f"332501430480{n:04}"}, BUDI | {"nik": f"332501170805{n:04}"}],
        )
        for n in range(1, 6)
    ]


def sent(family, device, n, **changed):
    """Return a family's submission as it comes through the door."""
    session = sessions.read(family.identify(device).json["session"])
    body = {"answers": family.answers(), "language": "en"} | changed
    return Sent(session, bodies.submission_key(submission_key(n)), "sp2020", body)


def stored():
    return {s.household_id: s.persons for s in Submission.objects.all()}


def test_each_gets_its_own_receipt_and_all_are_stored_and_counted(families, device, office_key):
    batch = [sent(family, device, n) for n, family in enumerate(families)]
    signed = intake.take(batch)
    assert [one.receipt.number for one in signed] == [one.number for one in batch]
    assert len({one.text for one in signed}) == 5
    assert stored() == {family.id: 2 for family in families}
    assert {case.state for case in Case.objects.all()} == {"submitted"}
    assert sum(delta.responded_persons for delta in ProgressDelta.objects.all()) == 10
    for family in families:
        row = Submission.objects.get(household_id=family.id)
        inside = office_key.open(family.id, 1, bytes(row.sealed))["answers"]
        assert inside["person"][0]["nik"] == family.nik


def test_a_seal_cannot_be_put_under_another_family_of_the_same_round(families, device, office_key):
    one, other = families[:2]
    intake.take([sent(one, device, 1), sent(other, device, 2)])
    row = Submission.objects.get(household_id=one.id)
    with pytest.raises(CannotOpen, match="another family"):
        office_key.open(other.id, 1, bytes(row.sealed))


def test_whose_answers_break_a_rule_hears_so_and_the_others_get_theirs(families, device):
    batch = [sent(family, device, n) for n, family in enumerate(families)]
    batch[2].body["answers"] = {"person": [{"name": "x", "nik": "12"}]}
    batch[3].body["answers"] = {"person": [{}] * 61}
    outcomes = intake.take(batch)
    assert [type(one) for one in outcomes] == [Signed, Signed, Problem, Problem, Signed]
    assert [one.code for one in outcomes[2:4]] == ["answers-refused", "too-large"]
    assert stored().keys() == {families[n].id for n in (0, 1, 4)}


def test_a_family_that_sends_twice_at_the_same_moment_is_stored_once(families, device):
    family = families[0]
    outcomes = intake.take([sent(family, device, 1), sent(family, device, 2)])
    assert sorted(type(one).__name__ for one in outcomes) == ["NotFirst", "Signed"]
    assert stored() == {family.id: 2}
    assert isinstance(intake.take([sent_again(family, device)])[0], NotFirst)


def sent_again(family, device):
    """Return a submission whose session began before the one that is stored."""
    session = sessions.Session(family.id, 0, 0, 1, 0, INSTRUMENT.digest)
    key = bodies.submission_key(submission_key(3))
    return Sent(session, key, "sp2020", {"answers": family.answers()})


def test_a_case_that_somebody_holds_delays_its_own_family_only(families, device):
    batch = [sent(family, device, n) for n, family in enumerate(families)]
    parameters = django_connection.get_connection_params()
    names = ("dbname", "host", "user", "password", "port")
    with psycopg.connect(**{n: parameters[n] for n in names if n in parameters}) as holder:
        holder.execute(
            "SELECT 1 FROM registry_case WHERE household_id = %s FOR UPDATE", [families[1].id]
        )
        outcomes = intake.take(batch)
        assert isinstance(outcomes[1], DatabaseUnreachable)
    assert [type(one) for n, one in enumerate(outcomes) if n != 1] == [Signed] * 4
    assert isinstance(intake.take([batch[1]])[0], Signed)


def test_a_row_that_the_database_refuses_spoils_no_others(families, device, monkeypatch):
    batch = [sent(family, device, n) for n, family in enumerate(families)]
    of_one = intake.receipts.number_digest(batch[4].number)
    digest = intake.receipts.number_digest
    monkeypatch.setattr(
        intake.receipts,
        "number_digest",
        lambda number: b"short" if digest(number) == of_one else digest(number),
    )
    outcomes = intake.take(batch)
    assert [type(one) for one in outcomes[:4]] == [Signed] * 4
    assert isinstance(outcomes[4], psycopg.errors.CheckViolation)
    assert len(stored()) == 4


def test_where_the_commit_fails_nobody_gets_a_receipt(families, device):
    batch = [sent(family, device, n) for n, family in enumerate(families)]
    with django_connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON registry_progressdelta"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        try:
            with pytest.raises(DatabaseUnreachable):
                intake.take(batch)
        finally:
            cursor.execute("DROP FUNCTION refuse CASCADE")
    assert stored() == {}
    assert [type(one) for one in intake.take(batch)] == [Signed] * 5


def test_where_the_database_is_away_everybody_may_try_later(families, device, monkeypatch):
    batch = [sent(family, device, n) for n, family in enumerate(families)]

    def away(work, keeper=None):
        raise DatabaseUnreachable

    monkeypatch.setattr(pool, "run", away)
    with pytest.raises(DatabaseUnreachable):
        intake.take(batch)
    assert not stored()


def test_an_envelope_goes_on_to_the_next_round_only_while_somebody_waits(
    families, device, monkeypatch
):
    batch = [sent(family, device, n) for n, family in enumerate(families)]

    def heads():
        return {bytes(s.sealed)[:HEAD_BYTES] for s in Submission.objects.all()}

    waiting = [None]
    monkeypatch.setattr(intake.take_together, "waiting", waiting)
    intake.take_round(batch[:2])
    assert len(intake._passed_on) == 1
    waiting.clear()
    intake.take_round(batch[2:4])
    assert len(heads()) == 1
    assert not intake._passed_on
    intake.take_round(batch[4:])
    assert len(heads()) == 2


def test_an_envelope_that_holds_many_goes_on_to_nobody(families, device, monkeypatch):
    monkeypatch.setattr(intake.take_together, "waiting", [None])
    monkeypatch.setattr(intake, "MOST_TOGETHER", 2)
    intake.take_round([sent(family, device, n) for n, family in enumerate(families[:2])])
    assert not intake._passed_on
