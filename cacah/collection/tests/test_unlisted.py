"""A family that the register does not have leaves word, and may answer at once."""

from __future__ import annotations

from cacah.collection import receipts
from cacah.collection.models import Submission
from cacah.registry import queries
from cacah.registry.models import Case, ProgressDelta, Unlisted

from .conftest import Device, submission_key

VILLAGE = "3325012001"
WORD = {
    "key": submission_key(7),
    "language": "en",
    "name": "Wahyuni",
    "village": VILLAGE,
    "address": "Dukuh Krajan RT 2",
    "contact": "0812 3456 7890",
    "persons": 3,
    "visit": False,
}
ANSWERS = {"person": [{"name": "Wahyuni"}, {"name": "Agus", "nik": "3325011708050077"}]}


def leave(device: Device, **changed):
    body = {name: value for name, value in (WORD | changed).items() if value is not None}
    return device.post("unlisted", **body)


def answer(device: Device, session: str, **changed):
    from .conftest import INSTRUMENT

    body = {
        "session": session,
        "key": submission_key(70),
        "instrument": INSTRUMENT.digest,
        "answers": ANSWERS,
    }
    return device.post("submit", **(body | changed))


def counted(name: str) -> int:
    return sum(getattr(delta, name) for delta in ProgressDelta.objects.all())


def test_it_gets_a_reference_and_goes_to_fieldwork(device):
    left = leave(device)
    assert left.status == 201
    assert left.json["case"] == {"state": "unlisted", "revision": 0}
    assert left.json["prefill"] == {
        "household": {"area": VILLAGE},
        "persons": [{"name": "Wahyuni"}],
    }
    found = queries.unlisted_by_reference(left.json["reference"])
    assert [found] == queries.unlisted(area="3325")
    assert queries.unlisted(area="3326") == []
    assert found.answered_at is None
    assert queries.unlisted_words(found.household_id) == {
        "address": "Dukuh Krajan RT 2",
        "contact": "0812 3456 7890",
        "people": 3,
        "persons": [{"name": "Wahyuni"}],
    }
    assert (counted("unlisted_families"), counted("unlisted_persons")) == (1, 3)


def test_it_answers_at_once_and_its_receipt_says_to_be_verified(device):
    left = leave(device)
    sent = answer(device, left.json["session"])
    assert sent.status == 201
    assert sent.json["to_be_verified"] is True
    assert receipts.verify(sent.json["signed"]).to_be_verified
    assert Submission.objects.get().to_be_verified
    case = Case.objects.get()
    assert (case.state, case.revision, case.persons) == ("unlisted", 1, 2)
    assert (counted("unverified_families"), counted("unverified_persons")) == (1, 2)
    assert counted("responded_families") == counted("complete_persons") == 0
    assert queries.unlisted(area=VILLAGE)[0].answered_at == case.submitted_at
    assert answer(device, left.json["session"]).body == sent.body


def test_a_repeat_gets_the_same_reference_and_stores_nothing_more(device):
    first, second = leave(device), leave(device, persons=9)
    assert (first.status, second.status) == (201, 200)
    assert first.json["reference"] == second.json["reference"]
    assert Unlisted.objects.count() == 1
    assert counted("unlisted_persons") == 3


def test_an_identified_family_asks_for_a_visit(device, family, session):
    asked = {"session": session, "reason": "no_signal", "contact": "0812", "note": "Pagi saja"}
    first = device.post("visit", **asked)
    assert first.status == 201
    assert device.post("visit", **asked).json == first.json
    found = queries.visits(area="3325")
    assert [(v.household_id, v.reason) for v in found] == [(family.id, "no_signal")]
    assert queries.visit_words(family.id) == {"contact": "0812", "note": "Pagi saja"}
