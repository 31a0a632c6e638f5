"""A hotspot's log-in page, or a gateway, that answers in the door's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from .resident import Resident

STRANGE = {
    "a log-in page": {"status": 200, "content_type": "text/html", "body": "<h1>Masuk</h1>"},
    "a stranger's JSON": {"status": 200, "content_type": "application/json", "body": "{}"},
    "a gateway's refusal": {"status": 403, "content_type": "text/html", "body": "<h1>No</h1>"},
    "a JSON refusal": {"status": 403, "content_type": "application/json", "body": '{"x": 1}'},
}


@pytest.mark.parametrize("name", STRANGE)
def test_it_keeps_answers_and_key_when_a_stranger_answers(resident: Resident, name: str) -> None:
    page, keys = resident.page, []
    resident.begin().identify().answer_card().fill_until("confirm")

    def stored_but_answered_by_a_stranger(route: Route) -> None:
        keys.append(route.request.post_data_json["key"])
        route.fetch()  # the door stores it; its receipt is lost
        route.fulfill(**STRANGE[name])

    page.route("**/api/submit", stored_but_answered_by_a_stranger, times=1)
    resident.main_button.click()
    again = page.get_by_role("button", name="Coba lagi sekarang")
    expect(again).to_be_visible()
    with page.expect_request("**/api/submit") as sent:
        again.click()
    assert [sent.value.post_data_json["key"]] == keys
    assert resident.receipt_number()
