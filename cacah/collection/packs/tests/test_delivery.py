"""What a laptop delivers is at the centre once, in its order, and over nobody else's answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import Client

from cacah.collection import receipts
from cacah.collection.models import Beside, ForeignNumber, SharedNumber, Submission
from cacah.collection.packs.tests.conftest import (
    NOW,
    Family,
    Laptop,
    counted,
    submission,
    utc,
    word,
)
from cacah.registry.models import Case, ProgressDelta, Unlisted, VisitRequest
from cacah.registry.queries import unlisted_with, visit_words

JAKARTA = ZoneInfo("Asia/Jakarta")


def test_a_familys_answers_are_stored_and_counted_on_the_day_of_the_receipt(laptop, family):
    item = family.answers(persons=2)
    (told,) = laptop.deliver(item)
    assert told["outcome"] == "stored"
    case, kept = family.case, Submission.objects.get()
    assert (case.state, case.mode, case.revision, case.persons) == ("submitted", "guided", 1, 2)
    assert case.guide == "BATANG1.1012"
    assert utc(case.submitted_at) == utc(kept.issued_at) == item["issued_at"]
    assert utc(case.opened_at) == item["opened_at"]
    assert not kept.to_be_verified and kept.instrument == laptop.pack.instrument
    of_answers = ProgressDelta.objects.get(responded_families=1)
    assert (of_answers.mode, of_answers.responded_persons) == ("guided", 2)
    assert of_answers.day == datetime.fromisoformat(item["issued_at"]).astimezone(JAKARTA).date()
    assert counted() == (1, 1, 2)


def test_the_centres_own_receipt_replaces_the_provisional_one(laptop, family):
    item = family.answers()
    (told,) = laptop.deliver(item)
    receipt = receipts.verify(told["signed"])
    assert (receipt.number, utc(receipt.issued_at)) == (item["number"], item["issued_at"])
    assert (receipt.pack, receipt.persons, receipt.to_be_verified) == (0, 2, False)


def test_the_office_opens_what_was_delivered(laptop, family, office_key):
    item = family.answers()
    laptop.deliver(item)
    opened = office_key.open(family.id, 1, bytes(Submission.objects.get().sealed))
    assert opened["answers"] == {"person": [{"name": "Siti"}] * 2}


def test_delivered_again_nothing_changes_and_the_receipt_is_the_same(laptop, family):
    item = family.answers()
    first, second = laptop.deliver(item)[0], laptop.deliver(item, item)
    assert [each["outcome"] for each in second] == ["again", "again"]
    assert {each["signed"] for each in second} == {first["signed"]}
    assert Submission.objects.count() == 1 and counted() == (1, 1, 2)


def test_answers_after_others_are_kept_beside_them_and_not_counted(laptop, family, office_key):
    online, late = family.answers(), family.answers()
    assert Laptop("BATANG2").outcomes(online) == ["stored"]
    assert laptop.outcomes(late) == ["beside"]
    assert laptop.outcomes(late) == ["beside"]
    kept = Beside.objects.get()
    assert (kept.household_id, kept.revision, kept.pack_id) == (family.id, 1, laptop.pack.pk)
    assert office_key.open(family.id, 1, bytes(kept.sealed))["remarks"] == {}
    assert family.case.revision == 1 and Submission.objects.count() == 1
    assert counted() == (1, 1, 2)


def test_a_correction_made_on_the_laptop_follows_its_own_answers(laptop, family):
    first = family.answers()
    second = family.answers(2, corrects=first["number"], persons=1)
    assert laptop.outcomes(first, second, second, first) == ["stored", "stored", "again", "again"]
    assert (family.case.revision, family.case.persons, family.case.state) == (2, 1, "submitted")
    assert counted() == (1, 1, 1)


def test_a_correction_of_what_lies_beside_lies_beside_too(laptop, family):
    """Else it would replace answers that its family has never seen."""
    Laptop("BATANG2").deliver(family.answers())
    first = family.answers()
    second = family.answers(2, corrects=first["number"])
    assert laptop.outcomes(first, second) == ["beside", "beside"]
    assert family.case.revision == 1


def test_a_correction_that_comes_before_what_it_corrects_waits(laptop, family):
    first = family.answers()
    second = family.answers(2, corrects=first["number"])
    (told,) = laptop.deliver(second)
    assert (told["outcome"], told["why"]) == ("refused", "revision-missing")
    # The web was first meanwhile: not even now is that what the laptop's family has corrected.
    Laptop("BATANG2").deliver(family.answers())
    assert laptop.deliver(second)[0]["why"] == "revision-missing"
    assert laptop.outcomes(first, second) == ["beside", "beside"]


def test_what_follows_answers_of_the_web_without_their_receipt_lies_beside(laptop, family):
    """No laptop has that receipt: whoever has its key alone replaces nobody's answers."""
    Laptop("BATANG2").deliver(family.answers())
    assert laptop.outcomes(family.answers(2), family.answers(2)) == ["beside", "beside"]
    assert (family.case.revision, family.case.state) == (1, "submitted")
    assert counted() == (1, 1, 2)


def test_answers_of_the_same_second_and_of_a_wrong_clock_are_counted_once(laptop, family):
    """Years late or early, the receipt keeps its own time and the answers a day of the census."""
    before = family.answers(issued_at="2000-01-01T00:00:00Z", opened_at="2000-01-01T00:00:00Z")
    after = family.answers(2, issued_at="2000-01-01T00:00:00Z", corrects=before["number"])
    later = family.answers(3, issued_at="2099-01-01T00:00:00Z", corrects=after["number"])
    assert laptop.outcomes(before, after, later) == ["stored"] * 3
    assert counted() == (1, 1, 2)
    assert laptop.pack.made_at <= family.case.opened_at <= family.case.submitted_at
    assert family.case.submitted_at - datetime.fromisoformat(utc(NOW)) < timedelta(hours=1)
    assert utc(Submission.objects.get(revision=3).issued_at) == "2099-01-01T00:00:00Z"


def test_a_nik_of_another_family_is_noticed_as_online(laptop, family):
    other = Family()
    laptop.deliver(family.answers(niks=[family.niks[0], other.niks[1]]))
    assert SharedNumber.objects.get().lower_id == min(family.id, other.id)
    assert ForeignNumber.objects.get().households == [family.id]


def test_a_family_with_its_own_niks_leaves_nothing_to_review(laptop, family):
    laptop.deliver(family.answers())
    assert not ForeignNumber.objects.exists()


def test_an_unlisted_family_comes_with_its_reference_and_its_answers(laptop):
    said = word()
    answers = submission(said["id"], ["3325010101990001"])
    assert laptop.outcomes(said, answers) == ["stored", "stored"]
    assert laptop.outcomes(said, answers) == ["again", "again"]
    assert Unlisted.objects.get().area == said["area"]
    assert unlisted_with(said["reference"]) == (said["id"], said["area"])
    assert Case.objects.get(pk=said["id"]).state == "unlisted"
    told = laptop.deliver(answers)[0]["signed"]
    assert receipts.verify(told).to_be_verified
    assert counted("unlisted_families", "unverified_families", "responded_families") == (1, 1, 0)


def test_its_answers_wait_until_the_family_itself_has_come(laptop):
    said = word()
    answers = submission(said["id"], [])
    assert laptop.deliver(answers)[0]["why"] == "household-unknown"
    assert laptop.outcomes(said, answers) == ["stored", "stored"]


def test_whom_a_nik_finds_twice_is_noticed_before_any_answer(laptop, family):
    said = word()
    said["record"]["persons"][0]["nik"] = family.niks[0]
    laptop.deliver(said)
    assert SharedNumber.objects.get().lower_id == said["id"]


def test_a_wish_to_be_visited_arrives_once_and_not_over_a_newer_one(laptop, family):
    wish = {
        "kind": "visit",
        "id": family.id,
        "reason": "cannot_read",
        "words": {"contact": "Ibu RT"},
        "at": utc(NOW - timedelta(hours=5)),
    }
    assert laptop.outcomes(wish, wish) == ["stored", "again"]
    assert visit_words(family.id) == {"contact": "Ibu RT"}
    assert laptop.outcomes(wish | {"words": {"note": "after dark"}}) == ["stored"]
    VisitRequest.objects.update(at=NOW - timedelta(hours=1))
    assert laptop.outcomes(wish | {"words": None}) == ["again"]
    assert visit_words(family.id) == {"note": "after dark"}


def test_another_sessions_seat_is_not_written_to_the_case(laptop, family):
    assert laptop.outcomes(family.answers(guide="KUPANG1.1")) == ["stored"]
    assert family.case.guide is None


def test_it_may_be_broken_off_anywhere_and_done_anew(laptop):
    families = [Family() for _ in range(4)]
    items = [each.answers() for each in families]
    laptop.deliver(*items[:2])
    assert laptop.outcomes(*items) == ["again", "again", "stored", "stored"]
    assert Submission.objects.count() == 4 and counted() == (4, 4, 8)


def test_the_proof_is_found_by_its_number_afterwards(laptop, family):
    item = family.answers()
    page = Client().get(f"/en/bukti/{item['number']}").content.decode()
    assert "This proof is genuine" not in page
    laptop.deliver(item)
    page = Client().get(f"/en/bukti/{item['number']}").content.decode()
    assert "This proof is genuine" in page and item["number"] in page
