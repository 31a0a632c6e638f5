"""A resident with a browser: finds the family, fills in, corrects, sends. Benchmarks share it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

FAMILIES: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "spec/sp2020/families.json").read_text(encoding="utf-8")
)
# The shell of Debian is the same Chromium without a window, and does the same in half the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
PHONE = {"width": 360, "height": 740}
# Milliseconds that a page has to do anything: a busy machine takes its time, and no test waits
# longer than the page does.
PATIENCE = 60_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    # As a hotspot's machine is to a phone: no localhost, so that plain HTTP is no secure context.
    "--host-resolver-rules=MAP laptop.test 127.0.0.1",
]
MOST_STEPS = 120
# What the page does itself in a test: the fields and buttons get the events that fingers would set
# off, which takes a tenth of the time; how people type and press is for the tests that use `fill`.
# Of fields that are not in `answers` nothing is known. `labels` says how the choices of long lists
# are written.
TOOLS = """
const route = () => decodeURIComponent(location.hash.slice(1));
const tell = (field, ...names) =>
  names.forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));
const choose = (field, label) => {
  field.value = label;
  tell(field, "input");
  document.querySelector("[role=option]").click();
};
// Answers the visible fields one after the other, as each may show or hide others.
const fill = ({ answers, labels }) => {
  const done = [];
  for (;;) {
    const all = [...document.querySelectorAll(
      "main .field input, main .field select, main .field textarea")];
    const field = all.find((each) => each.offsetParent && !done.includes(each.name || each.id));
    if (!field) return;
    const id = field.name || field.id;
    done.push(id);
    if (!(id in answers)) continue;
    const value = String(answers[id]);
    if (field.type === "radio" || field.type === "checkbox") {
      const wanted = field.type === "radio" ? [value] : value.split(" ");
      for (const one of all) {
        if (one.name === id && wanted.includes(one.value) && !one.checked) one.click();
      }
    } else if (field.getAttribute("role") === "combobox") choose(field, labels[value] || value);
    else {
      field.value = value;
      tell(field, "input", "change", "blur");
    }
  }
};
// Presses the main button, and with `later` the one for later if the page complains; tells whether
// the route has changed in time.
const press = async ({ later, patience }) => {
  const before = route();
  document.querySelector("main .actions .main, main .actions button.main").click();
  for (const end = performance.now() + patience; route() === before; ) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (later && document.querySelector("main form .errors")) {
      document.querySelector("main .actions .second").click();
    }
  }
  return true;
};
"""
FILL_PAGE = f"(known) => {{ {TOOLS} fill(known); }}"
PRESS = f"async (known) => {{ {TOOLS} return press(known); }}"
# Answers page after page until the route is `place`; tells whether it is.
FILL_UNTIL = f"""async (known) => {{ {TOOLS}
  for (let step = 0; step < known.most && route() !== known.place; step++) {{
    if (route().startsWith("page:")) fill(known);
    if (!(await press(known))) return false;
  }}
  return route() === known.place;
}}"""
# Presses the button to try again as soon as it stands there, unless the page has gone on by itself.
TRY_AGAIN = """async (label) => {
  const before = location.hash;
  const offered = () => [...document.querySelectorAll("main button")].find(
    (each) => each.offsetParent && each.textContent === label);
  while (!offered() && location.hash === before) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (offered()) offered().click();
}"""
LONG = 15


def field_id(path: str) -> str:
    """Return the id that the form gives the control at a path."""
    return "f-" + re.sub(r"[^A-Za-z0-9_]+", "-", path)


def flat(answers: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield path and value of every answer."""
    if isinstance(answers, dict):
        for name, value in answers.items():
            yield from flat(value, f"{path}/{name}" if path else name)
    elif isinstance(answers, list):
        for number, row in enumerate(answers, 1):
            yield from flat(row, f"{path}[{number}]")
    else:
        yield path, answers


def labels_of(packed: Any) -> dict[str, str]:
    """Return label by value of a list of choices as the page carries it, packed or not."""
    if isinstance(packed, list):
        return {choice["value"]: choice["label"] for choice in packed}
    values = packed["value"].split("|")
    labels = packed["label"].replace("~", packed.get("often", "")).split("|")
    if packed["value"].startswith("+"):
        values = [str(number) for number in accumulate(map(int, packed["value"][1:].split(" ")))]
    return dict(zip(values, labels, strict=True))


class Resident:
    """Somebody who answers for a family; `answers` is what this person knows."""

    def __init__(self, page: Page, site: str, family: dict[str, Any]) -> None:
        self.page = page
        self.site = site
        self.kk: str = family.get("kk", "3325110102030405")
        self.nik: str = family["prefill"]["persons"][0]["nik"]
        self.persons: list[dict[str, Any]] = family["prefill"]["persons"]
        self.answers = {field_id(path): value for path, value in flat(family["answers"])}

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def main_button(self) -> Locator:
        return self.page.locator("main .actions .main, main .actions button.main").first

    def open(self, path: str = "/") -> Resident:
        self.page.goto(self.site + path)
        return self

    def begin(self, language: str = "id") -> Resident:
        """Go from the landing page to the form."""
        self.open("/" if language == "id" else f"/{language}/")
        self.page.locator("a.main").click()
        self.page.wait_for_selector("#f-nik")
        return self

    def identify(self, nik: str | None = None, kk: str | None = None) -> Resident:
        self.page.fill("#f-nik", self.nik if nik is None else nik)
        self.page.fill("#f-kk", self.kk if kk is None else kk)
        self.main_button.click()
        return self

    def answer_card(self) -> Resident:
        """Give the birth date of the first other member, which the card question asks."""
        self.page.wait_for_selector("#f-card-month")
        person = self.persons[1]
        self.page.select_option("#f-card", str(int(person["birth_day"])))
        self.page.select_option("#f-card-month", str(int(person["birth_month"])))
        self.page.fill("#f-card-year", str(person["birth_year"]))
        self.main_button.click()
        self.page.wait_for_selector(".tasks")
        return self

    def type_a_wrong_card_answer(self) -> Resident:
        self.page.wait_for_selector("#f-card-month")
        self.page.select_option("#f-card", "1")
        self.page.select_option("#f-card-month", "1")
        self.page.fill("#f-card-year", "1950")
        return self

    def skip_card(self) -> Resident:
        self.page.wait_for_selector("#f-card")
        self.page.locator("button.second").click()
        self.page.wait_for_selector(".tasks")
        return self

    def fill_page(self) -> None:
        """Answer every field of the page, also those that appear meanwhile."""
        self.page.evaluate(FILL_PAGE, self.known())

    def known(self, **more: Any) -> dict[str, Any]:
        """Return what the page is told so that it can answer by itself."""
        answers = {"answers": self.answers, "labels": self.labels()}
        return answers | {"later": False, "patience": PATIENCE} | more

    def fill(self, identifier: str, value: Any) -> None:
        """Put one answer into its control, whatever kind of control it is."""
        control = self.page.locator(f"[id='{identifier}']")
        kind = control.evaluate("e => e.getAttribute('role') || e.type")
        if kind == "radio":
            self.page.locator(f"input[name='{identifier}'][value='{value}']").check()
        elif kind == "checkbox":
            for code in str(value).split():
                self.page.locator(f"input[name='{identifier}'][value='{code}']").check()
        elif kind == "select-one":
            control.select_option(str(value))
        elif kind == "combobox":
            self.choose_from_list(control, str(value))
        else:
            control.fill(str(value))

    def choose_from_list(self, control: Locator, value: str) -> None:
        """Type the choice's label, as somebody does who knows it."""
        control.fill(self.label_of(value))
        self.page.locator("[role=option]").first.click()

    def label_of(self, value: str) -> str:
        """Return the label of a choice of one of the long lists."""
        return self.labels().get(value, value)

    def labels(self) -> dict[str, str]:
        """Return how the choices of the long lists are written on this page, by value."""
        shell = json.loads(self.page.locator("#instrument").text_content() or "")
        found: dict[str, str] = {}
        for packed in shell["lists"].values():
            labels = labels_of(packed)
            if len(labels) > LONG:
                found = labels | found
        return found

    def go_on(self, *, later: bool = False) -> None:
        """Press the main button, and wait until another page stands there."""
        before = self.where()
        if not self.page.evaluate(PRESS, {"later": later, "patience": PATIENCE}):
            raise AssertionError(f"{before} does not let go: {self.shown}")

    @property
    def shown(self) -> str:
        return self.page.locator("main").inner_text()

    def where(self) -> str:
        """Return the route that the form shows: `tasks`, `page:…`, `summary` and so on."""
        return self.page.evaluate("decodeURIComponent(location.hash.slice(1))")

    def fill_until(self, place: str, *, later: bool = False) -> Resident:
        """Answer page after page, by the main button, until the route is `place`.

        With `later`, a page that complains is left for later.
        """
        known = self.known(place=place, later=later, most=MOST_STEPS)
        if not self.page.evaluate(FILL_UNTIL, known):
            raise AssertionError(f"{place} was not reached; at {self.where()}: {self.shown}")
        return self

    def send(self) -> str:
        """Confirm and send; return the receipt's number."""
        self.fill_until("confirm")
        self.main_button.click()
        return self.receipt_number()

    def try_again(self) -> Resident:
        """Press the button to try again, if the page was not faster: it tries by itself too."""
        self.page.evaluate(TRY_AGAIN, "Coba lagi sekarang")
        return self

    def receipt_number(self) -> str:
        self.page.wait_for_selector(".panel .number")
        return self.page.locator(".panel .number").inner_text()
