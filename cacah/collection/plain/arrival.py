"""Who is at the door of the plain form: for the first time, again, or to correct what was sent."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from cacah.collection import sessions
from cacah.collection.identify import identify
from cacah.collection.plain import posted, screens
from cacah.collection.plain.screens import Screen
from cacah.collection.plain.state import State, named
from cacah.collection.plain.words import say
from cacah.collection.problems import Problem
from cacah.collection.unlisted import open_again

DIGITS = 16
NUMBERS = ("nik", "kk", "receipt", "reference")


def typed_numbers(form: QueryDict) -> dict[str, str]:
    """Return the numbers of the first page as they were typed."""
    return {name: posted.text_of(form, name).strip() for name in NUMBERS if name in form}


def number_problems(typed: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the numbers themselves, by name."""
    found = {}
    for name in () if "reference" in typed else ("nik", "kk"):
        digits = posted.only_digits(typed.get(name, ""))
        if not digits:
            found[name] = say(f"{name}.empty")
        elif not (digits.isascii() and digits.isdecimal()):
            found[name] = say(f"{name}.digits")
        elif len(digits) != DIGITS:
            found[name] = say(f"{name}.length", n=len(digits))
    for name in ("reference", "receipt"):
        if name in typed and not typed[name]:
            found[name] = say(f"{name}.empty")
    return found


class Arrival:
    """Somebody who says who the family is: for the first time, again, or to correct what was sent.

    `state` holds the answers of somebody who was here before.
    """

    def __init__(self, form: QueryDict, client: str, language: str, state: State | None) -> None:
        self.form = form
        self.client = client
        self.language = language
        self.state = state

    @property
    def by_reference(self) -> bool:
        """Whether the family has left word, so that its reference number is what it has."""
        return self.form.get("page") == "returning" or bool(self.state and self.state.unlisted)

    def asked(
        self,
        told: list[str] | None = None,
        messages: dict[str, str] | None = None,
        kept: dict[str, str] | None = None,
    ) -> Screen:
        """Return the page that asks for the numbers, with what was typed and what is `kept`."""
        typed = typed_numbers(self.form) | (kept or {})
        why = "identify.reopen" if "receipt" in typed else "identify.why"
        if self.by_reference:
            typed = {"reference": ""} | typed | {"page": "returning"}
            why = "returning.why"
        screen = screens.identify_screen(typed, messages or {}, told or [], why)
        if self.state:
            self.state.place = "identify"
            screen.state = self.state
        return screen

    def reopening(self) -> Screen:
        """Return the page that asks for the proof's number too."""
        return self.asked(kept={"receipt": ""})

    def turned_away(self, problem: Problem) -> Screen:
        """Return the page that says why not, with a place in the line or a ticket to wait with."""
        ticket = posted.text_of(self.form, "proof")
        kept, after = screens.waiting(problem, ticket, self.client)
        told = screens.told_of(problem)
        if problem.code == "not-found":
            told.append(say("check.onward"))
        screen = self.asked(told, kept=kept)
        screen.status, screen.retry_after = problem.status, after
        return screen

    def enter(self) -> dict[str, Any] | Screen:
        """Return what the door says to these numbers, or the page that says why not."""
        posted.only(self.form, [*NUMBERS, "place", "proof", "page"])
        typed = typed_numbers(self.form)
        if self.by_reference:
            typed.setdefault("reference", "")
        else:
            typed.pop("reference", None)
        if wrong := number_problems(typed):
            return self.asked(messages=wrong)
        body = {"language": self.language}
        for name in ("receipt", "place", "proof"):
            if given := posted.text_of(self.form, name).strip():
                body[name] = given
        if self.by_reference:
            return open_again(body | {"reference": typed["reference"]}, self.client)[1]
        body |= {name: posted.only_digits(typed[name]) for name in ("nik", "kk")}
        return identify(body, self.client)[1]

    def carry_on(self, identified: dict[str, Any]) -> State | None:
        """Return the state of somebody who was here before, with the new session; None if new.

        Answers go on only with the household that they belong to.
        """
        state = self.state
        if state is None:
            return None
        before, now = sessions.read(state.session), sessions.read(identified["session"])
        if before.household_id != now.household_id:
            return None
        state.session = identified["session"]
        state.question = named(identified) if state.question else None
        state.place = "card" if state.question else "tasks"
        return state
