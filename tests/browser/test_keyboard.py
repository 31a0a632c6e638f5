"""Somebody who cannot use a pointer: the keyboard alone leads from the form to the proof."""

from __future__ import annotations

from .resident import Resident

MOST_KEYS = 3000


class Keyboard:
    """Knows only Tab, Space, Enter, the arrows and letters, and looks at what has the focus."""

    def __init__(self, resident: Resident) -> None:
        self.resident = resident
        self.page = resident.page
        self.keys = 0

    def press(self, key: str) -> None:
        self.keys += 1
        assert self.keys < MOST_KEYS, f"lost at {self.resident.where()}"
        self.page.keyboard.press(key)

    def focus(self) -> dict[str, str]:
        """Return id, tag, type, value and words of the element that has the focus."""
        return self.page.evaluate(
            """() => {
                const e = document.activeElement;
                const role = e.getAttribute("role") || e.type || "";
                return {id: e.name || e.id, tag: e.tagName, role, value: e.value || "",
                        kind: e.className, text: e.innerText || "", checked: String(!!e.checked)};
            }"""
        )

    def tab_to_main_button(self) -> None:
        """Go on with Tab, answering on the way, until the main button has the focus."""
        while True:
            self.press("Tab")
            here = self.focus()
            if here["tag"] in ("BUTTON", "A") and here["kind"] == "main":
                return
            if here["id"] in self.resident.answers:
                self.answer(here, str(self.resident.answers[here["id"]]))

    def answer(self, here: dict[str, str], value: str) -> None:
        if here["role"] == "radio":
            if here["checked"] == "false":
                self.press("Space")
            while self.focus()["value"] != value:
                self.press("ArrowDown")
        elif here["role"] == "combobox":
            self.page.keyboard.type(self.resident.label_of(value))
            self.press("ArrowDown")
            self.press("Enter")
        elif here["role"] == "select-one":
            self.page.locator(f"[id='{here['id']}']").select_option(value)
        elif here["value"] != value:
            self.press("Control+a")
            self.page.keyboard.type(value)


def test_it_leads_to_the_proof_by_keyboard_alone(resident: Resident) -> None:
    keyboard = Keyboard(resident)
    page = resident.page
    resident.open()
    keyboard.tab_to_main_button()
    keyboard.press("Enter")
    page.wait_for_selector("#f-nik")
    for number in (resident.nik, resident.kk):
        while keyboard.focus()["tag"] != "INPUT" or keyboard.focus()["value"]:
            keyboard.press("Tab")
        page.keyboard.type(number)
    keyboard.press("Enter")
    page.wait_for_selector("#f-card-month")
    while "Lewati" not in keyboard.focus()["text"]:
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_selector(".tasks")
    while not page.locator(".panel .number").count():
        assert keyboard.focus()["tag"] == "H1", "a new page begins at its heading"
        before = resident.where()
        keyboard.tab_to_main_button()
        keyboard.press("Enter")
        page.wait_for_function(
            "was => decodeURIComponent(location.hash.slice(1)) !== was", arg=before
        )
        if resident.where() == "sending":
            page.wait_for_url("**#receipt")
    assert len(resident.receipt_number()) == 16
