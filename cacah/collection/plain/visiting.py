"""A family that has found itself, but cannot fill in, asks in the plain form to be visited."""

from __future__ import annotations

from django.http import QueryDict

from cacah.collection import bodies, window
from cacah.collection.plain import posted
from cacah.collection.plain.controls import Control, Field, Option, id_of
from cacah.collection.plain.leaving import officer_words
from cacah.collection.plain.screens import Line, Screen
from cacah.collection.plain.state import State
from cacah.collection.plain.words import say, say_moment
from cacah.collection.visit import please_visit
from cacah.registry.models import Reason

NAMES = ("reason", "contact", "note")
LONGEST = {"contact": 100, "note": 1000}


def wish_screen(state: State, typed: dict[str, str], wrong: str = "") -> Screen:
    """Return the page that asks why, and what the officer should know."""
    context = {
        "title": say("visiting.title"),
        "why": say("visiting.why"),
        "fields": [reason_field(typed.get("reason", ""), wrong), *text_fields(typed)],
        "errors": [Line(wrong, id_of("reason"))] if wrong else [],
        "errors_title": say("errors.wrong", n=1),
    }
    return Screen("visiting.html", context, state)


def reason_field(chosen: str, wrong: str) -> Field:
    """Return the question why somebody is to come."""
    options = [
        Option(
            f"{id_of('reason')}-{index}" if index else id_of("reason"),
            value,
            say(f"reason.{value}"),
            value == chosen,
        )
        for index, value in enumerate(Reason.values)
    ]
    control = Control("radio", id_of("reason"), "reason", options=options, wrong=bool(wrong))
    drawn = Field("reason", id_of("reason"), "radio", say("reason.label"), controls=[control])
    drawn.errors = [wrong] if wrong else []
    return drawn


def text_fields(typed: dict[str, str]) -> list[Field]:
    """Return the two fields that may be left empty."""
    fields = []
    for name in ("contact", "note"):
        kind = "text" if name == "contact" else "textarea"
        control = Control(kind, id_of(name), name, typed.get(name, ""), longest=LONGEST[name])
        control.inputmode = "tel" if name == "contact" else ""
        words = say(f"{name}.label"), say(f"{name}.hint")
        fields.append(Field(name, control.id, kind, *words, optional=True, controls=[control]))
    return fields


def wish(state: State, form: QueryDict, client: str, language: str) -> Screen:
    """Tell the door, and return the page that says when somebody comes."""
    typed = {name: posted.text_of(form, name).strip() for name in NAMES}
    if not typed["reason"]:
        return wish_screen(state, typed, say("reason.empty"))
    body = {name: value for name, value in typed.items() if value}
    body |= {"session": state.session, "language": language}
    bodies.check_shape("visit", body)
    at = please_visit(body, client)[1]["requested_at"]
    state.place = "visited"
    lines = [
        say("visited.noted", moment=say_moment(at)),
        officer_words(window.current()),
        say("visited.still"),
    ]
    context = {"title": say("visited.title"), "paragraphs": lines, "on": say("leave.stay")}
    return Screen("message.html", context, state)
