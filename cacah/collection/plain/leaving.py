"""A family that is not found leaves word by the plain form, and may answer at once."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from typing import Any

from django.http import QueryDict

from cacah.areas.search import Village
from cacah.collection import bodies
from cacah.collection.area_search import search_in_turn
from cacah.collection.moments import utc
from cacah.collection.plain import posted, screens
from cacah.collection.plain.controls import Control, Field, Option, id_of
from cacah.collection.plain.screens import Line, Screen
from cacah.collection.plain.words import say, say_moment
from cacah.collection.problems import Problem
from cacah.collection.unlisted import leave_word
from cacah.collection.window import Window
from cacah.questionnaire.interview import MAX_ROWS

# Names of the page's fields as `/api/unlisted` calls them, and their words' keys.
FIELDS = {"name": "who", "persons": "count", "village": "village", "address": "where"}
FIELDS |= {"contact": "contact"}
LONGEST = {"name": 100, "persons": 2, "address": 300, "contact": 100}
KEPT = ("key", "visit", "nik", "kk", "place", "proof")
MOST_VILLAGES = 8
# Seconds that a page waits for its turn to search: it is made once, and not at every letter.
LONGEST_WAIT = 2.0


def new_key() -> str:
    """Return a key under which the page is sent, however often its button is pressed."""
    return urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")


class Leaving:
    """The page on which somebody leaves word; it carries no state but its own fields."""

    def __init__(self, form: QueryDict, client: str, language: str) -> None:
        self.form = form
        self.client = client
        self.language = language

    def first(self, *, visit: bool) -> Screen:
        """Return the empty page, with the numbers that were typed before and not found."""
        kept = {"key": new_key()} | ({"visit": "1"} if visit else {})
        for name in ("nik", "kk"):
            digits = posted.only_digits(posted.text_of(self.form, name))
            if bodies.NUMBER.fullmatch(digits):
                kept[name] = digits
        return self.page({}, kept)

    def step(self, go: str) -> dict[str, Any] | Screen:
        """Return what the door says to these details, or the page with what is missing."""
        names = [*FIELDS, *KEPT, posted.SEARCH + "village", "page"]
        posted.only(self.form, names)
        typed = {name: posted.text_of(self.form, name).strip() for name in FIELDS}
        kept = {name: value for name in KEPT if (value := posted.text_of(self.form, name))}
        typed["search"] = posted.text_of(self.form, posted.SEARCH + "village").strip()
        if go != "next":
            return self.page(typed, kept)
        found = villages(typed["search"], most=2)
        if len(found) == 1 and not typed["village"]:
            typed["village"] = found[0].code
        if wrong := problems_of(typed):
            return self.page(typed, kept, wrong)
        body = self.body(typed, kept)
        bodies.check_shape("unlisted", body)
        try:
            return leave_word(body, self.client)[1]
        except Problem as problem:
            if problem.code not in ("slow-down", "full-house"):
                raise
            extra, after = screens.waiting(problem, kept.get("proof", ""), self.client)
            screen = self.page(typed, kept | extra, told=screens.told_of(problem))
            screen.status, screen.retry_after = problem.status, after
            return screen

    def body(self, typed: dict[str, str], kept: dict[str, str]) -> dict[str, Any]:
        """Return what `/api/unlisted` takes."""
        body: dict[str, Any] = {name: kept[name] for name in KEPT if name in kept}
        body |= {name: typed[name] for name in FIELDS if typed[name]}
        about = {"persons": int(typed["persons"]), "visit": "visit" in kept}
        return body | about | {"language": self.language}

    def page(
        self,
        typed: dict[str, str],
        kept: dict[str, str],
        wrong: dict[str, str] | None = None,
        told: list[str] | None = None,
    ) -> Screen:
        """Return the page with what was typed, and what is wrong by the field's name."""
        wrong, visit = wrong or {}, "visit" in kept
        fields = [self.field(name, typed, wrong.get(name, "")) for name in FIELDS]
        context = {
            "title": say("unlisted.visit" if visit else "unlisted.title"),
            "why": say("unlisted.visit.why" if visit else "unlisted.why"),
            "numbers": "nik" in kept or "kk" in kept,
            "kept": kept | {"page": "unlisted"},
            "fields": fields,
            "errors": [Line(words, id_of(name)) for name, words in wrong.items()],
            "errors_title": say("errors.wrong", n=len(wrong)),
            "told": told or [],
            "bare": True,
            "languages": True,
        }
        return Screen("unlisted.html", context)

    def field(self, name: str, typed: dict[str, str], wrong: str) -> Field:
        """Return one field of the page."""
        key, value = FIELDS[name], typed.get(name, "")
        control = Control("text", id_of(name), name, value, wrong=bool(wrong))
        control.longest = LONGEST.get(name, 0)
        if name == "address":
            control.kind = "textarea"
        elif name in ("persons", "contact"):
            control.inputmode = "numeric" if name == "persons" else "tel"
            control.css = "short" if name == "persons" else ""
        elif name == "village":
            search(control, value, typed.get("search", ""))
        drawn = Field(name, control.id, control.kind, say(f"{key}.label"), say(f"{key}.hint"))
        drawn.optional = name == "contact"
        drawn.controls, drawn.errors = [control], [wrong] if wrong else []
        return drawn


def villages(text: str, *, most: int) -> list[Village]:
    """Return what a text may mean; raise Problem(try-later) while others search all the time."""
    found = search_in_turn(text, most=most, patience=LONGEST_WAIT) if text else []
    if found is None:
        raise Problem("try-later", retry_after=1)
    return found


def search(control: Control, chosen: str, text: str) -> None:
    """Let the village be searched for: the text, and a list of what it may mean."""
    control.kind, control.value = "search", text
    found = villages(text, most=MOST_VILLAGES)
    control.options = [
        Option(f"{control.id}-{index}", each.code, f"{each.name}, {each.path}", each.code == chosen)
        for index, each in enumerate(found)
    ]
    control.words = say("search.first")
    if text:
        control.words = say("area.found", n=len(found)) if found else say("area.none")


def problems_of(typed: dict[str, str]) -> dict[str, str]:
    """Return what is missing or wrong, by name, in the page's order."""
    wrong: dict[str, str] = {}
    for name in ("name", "persons", "village", "address"):
        value = typed[name]
        if name == "persons":
            right = value.isascii() and value.isdecimal() and 1 <= int(value[:4]) <= MAX_ROWS
            if not right:
                wrong[name] = say("count.wrong")
        elif not value:
            wrong[name] = say(f"{FIELDS[name]}.empty")
    return wrong


def officer_words(window: Window) -> str:
    """Return when an officer comes."""
    return say("left.officer", moment=say_moment(utc(window.closes_at)))
