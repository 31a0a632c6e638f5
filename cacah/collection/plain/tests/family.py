"""Somebody with a browser that knows no script: reads a form, fills it in, presses a button."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.http import urlencode

from cacah.collection import instruments
from cacah.collection.intake import census_day
from cacah.collection.models import Submission
from cacah.collection.plain.controls import VERY_MANY
from cacah.collection.sealing import OfficePrivateKey
from cacah.questionnaire import interview
from cacah.questionnaire.model import wording
from tests.browser.resident import flat

FORM = "application/x-www-form-urlencoded"
MOST_STEPS = 200


def label_of(value: str) -> str:
    """Return how somebody writes a choice of one of the long lists."""
    for choices in instruments.current().lists.values():
        for choice in choices:
            if choice.value == value and len(choices) > VERY_MANY:
                return wording(choice.label, "id")  # type: ignore[return-value]
    raise KeyError(value)


class Form(HTMLParser):
    """The one form of a page: its fields as a browser would send them, and its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        # By name, the values that may be chosen; None where anything may be typed.
        self.offered: dict[str, list[str] | None] = {}
        self.boxes: set[str] = set()
        self.buttons: list[str] = []
        self.labels: list[str] = []
        self.action = ""
        self._select = self._area = ""
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.inside, self.action = True, given["action"]
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            self.offered.setdefault(name, []).append(given["value"])  # type: ignore[union-attr]
            if given["type"] == "checkbox":
                self.boxes.add(name)
            if "checked" in given:
                self.fields[name] = given["value"]
        elif tag == "input":
            self.fields[name] = given.get("value", "")
            self.offered[name] = None
        elif tag == "select":
            self._select, self.fields[name], self.offered[name] = name, "", []
        elif tag == "option":
            self.offered[self._select].append(given["value"])  # type: ignore[union-attr]
            if "selected" in given:
                self.fields[self._select] = given["value"]
        elif tag == "textarea":
            self._area, self.fields[name], self.offered[name] = name, "", None
        elif tag == "button":
            self.buttons.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self.inside = False


class PlainFamily:
    """A family that answers by the plain form; `answers` is what it knows."""

    def __init__(self, nik: str, kk: str, answers: dict[str, Any], language: str = "id") -> None:
        self.client = Client()
        self.nik, self.kk = nik, kk
        self.answers = dict(flat(answers))
        self.persons = len(answers.get("person", ()))
        self.address = "/polos/" if language == "id" else f"/{language}/polos/"
        self.response: HttpResponse = self.client.get(self.address)
        self.posts = 0

    @property
    def html(self) -> str:
        return self.response.content.decode()

    @property
    def form(self) -> Form:
        return Form(self.html)

    def press(self, go: str, **changed: str) -> PlainFamily:
        """Send the form of the page by a button that it has."""
        form = self.form
        assert go in form.buttons, (go, form.buttons, self.html)
        return self.send({**form.fields, **changed, "go": go})

    def send(self, fields: dict[str, str], **headers: Any) -> PlainFamily:
        """Send fields that need not be those of the page."""
        self.posts += 1
        self.response = self.client.post(self.address, urlencode(fields), FORM, **headers)
        return self

    def identify(self, **changed: str) -> PlainFamily:
        return self.press("next", **({"nik": self.nik, "kk": self.kk} | changed))

    def known(self) -> dict[str, str]:
        """Return what this family answers to the fields of the page."""
        form, known = self.form, {}
        for name, offered in form.offered.items():
            if name.startswith("cari:") and name[5:] in self.answers:
                # What is found in a list is not searched again.
                if not form.fields.get(name[5:]):
                    known[name] = label_of(str(self.answers[name[5:]]))
                continue
            if name in self.answers:
                value = str(self.answers[name])
                assert offered is None or not offered or value in offered, (name, value, offered)
                known[name] = value
        return known

    def fill_page(self) -> PlainFamily:
        """Answer what the page asks, and go on."""
        return self.press("next", **self.known())

    def fill_until(self, button: str) -> PlainFamily:
        """Fill page after page until one has this button."""
        for _ in range(MOST_STEPS):
            if button in self.form.buttons:
                return self
            self.fill_page()
        raise AssertionError(f"{button} was not reached: {self.html}")


def number_of(plain: PlainFamily) -> str:
    found = re.search(r'class="number">([^<]+)<', plain.html)
    assert found, plain.html
    return found[1]


def received(plain: PlainFamily, office_key: OfficePrivateKey) -> dict[str, Any]:
    stored = Submission.objects.order_by("-revision")[0]
    return office_key.open(stored.household_id, stored.revision, bytes(stored.sealed))


def clean(answers: dict[str, Any]) -> dict[str, Any]:
    today = census_day(datetime.now(UTC))
    return interview.check(instruments.current(), answers, today=today, language="id").clean
