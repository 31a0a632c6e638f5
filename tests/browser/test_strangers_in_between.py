"""A hotspot's log-in page, or a gateway, that answers in the door's place."""

from __future__ import annotations

from playwright.sync_api import Route

from .resident import Resident

STRANGE = {
    "a log-in page": {"status": 200, "content_type": "text/html", "body": "<h1>Masuk</h1>"},
    "a stranger's JSON": {"status": 200, "content_type": "application/json", "body": "{}"},
    "a gateway's refusal": {"status": 403, "content_type": "text/html", "body": "<h1>No</h1>"},
    "a JSON refusal": {"status": 403, "content_type": "application/json", "body": '{"x": 1}'},
}


def test_it_keeps_answers_and_key_whatever_stranger_answers(resident: Resident) -> None:
    page, keys = resident.page, []
    strangers = list(STRANGE.values())
    resident.begin().identify().answer_card().fill_until("confirm")

    def stored_but_answered_by_a_stranger(route: Route) -> None:
        keys.append(route.request.post_data_json["key"])
        if not strangers:
            return route.continue_()
        route.fetch()  # the door stores it; its receipt is lost
        return route.fulfill(**strangers.pop(0))

    page.route("**/api/submit", stored_but_answered_by_a_stranger)
    resident.main_button.click()
    for _ in STRANGE:
        resident.try_again()
    assert resident.receipt_number()
    assert len(keys) == len(STRANGE) + 1
    assert len(set(keys)) == 1
