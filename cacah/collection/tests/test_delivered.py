"""What a laptop has delivered goes on at the door as if it had come there."""

from __future__ import annotations

from cacah.collection.models import Beside, Submission
from cacah.collection.packs.tests.conftest import Laptop, submission, word
from cacah.registry.models import Case


def test_answers_are_corrected_online_with_the_laptops_number(device, family):
    laptop, item = Laptop(), submission(family.id, [])
    assert laptop.outcomes(item) == ["stored"]
    assert family.identify(device).code == "already-submitted"
    again = family.identify(device, receipt=item["number"].lower())
    assert again.json["case"] == {"state": "reopened", "revision": 1}
    sent = family.submit(device, again.json["session"])
    assert (sent.status, sent.json["revision"]) == (201, 2)
    assert laptop.outcomes(submission(family.id, [], 2, corrects=item["number"])) == ["beside"]
    assert Submission.objects.count() == 2 and Beside.objects.count() == 1


def test_a_family_that_has_its_form_open_online_hears_that_another_was_first(
    device, family, session
):
    """Half an hour of typing is not lost: its device keeps the answers, as for any other device."""
    Laptop().deliver(submission(family.id, []))
    late = family.submit(device, session)
    assert (late.status, late.code) == (409, "already-submitted")


def test_an_unlisted_family_goes_on_online_with_the_reference_of_the_laptop(device):
    laptop, said = Laptop(), word()
    laptop.deliver(said)
    opened = device.post("unlisted/open", reference=said["reference"])
    assert opened.json["case"] == {"state": "unlisted", "revision": 0}
    assert opened.json["prefill"]["persons"][0]["name"] == "Slamet"
    answers = submission(said["id"], [])
    assert laptop.outcomes(answers) == ["stored"]
    closed = device.post("unlisted/open", reference=said["reference"])
    assert closed.code == "already-submitted"
    told = device.post("unlisted/open", reference=said["reference"], receipt=answers["number"])
    assert told.json["case"]["state"] == "reopened"
    assert Case.objects.get(pk=said["id"]).revision == 1
