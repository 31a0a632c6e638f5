"""The pages of the plain form as template and context; what they show, never what happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.utils.translation import get_language

from cacah.collection import guesses, pages
from cacah.collection.plain.controls import Drawing, Field, answer_words, day_controls, id_of
from cacah.collection.plain.plan import Section, block_of, covers, fields_of
from cacah.collection.plain.state import State
from cacah.collection.plain.visit import Visit
from cacah.collection.plain.words import has, say, say_moment
from cacah.collection.problems import Problem
from cacah.questionnaire.interview import Problem as Wrong

# Digits of a moment in seconds since 1970.
LONGEST_TIME = 11


@dataclass
class Screen:
    """A page: `template` below collection/plain/, its context, and the state it carries."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    state: State | None = None
    status: int = 200
    retry_after: int | None = None


@dataclass(frozen=True)
class Line:
    """A line of an error summary: a link to a field of this page, or a button to another."""

    message: str
    target: str = ""
    go: str = ""


def count_words(wrong: list[Wrong]) -> str:
    """Return how many things are missing, or wrong, or both."""
    missing = sum(1 for each in wrong if each.code == "missing")
    kind = "missing" if missing == len(wrong) else "both" if missing else "wrong"
    return say(f"errors.{kind}", n=len(wrong))


def caption(visit: Visit, section: Section) -> str:
    """Return where in the form this section stands."""
    name = section.title
    if section.number:
        return say("progress.member", number=section.number, of=section.of, name=name)
    parts = [each.path for each in visit.sections if not each.number]
    number = parts.index(section.path) + 1
    return say("progress.section", number=number, of=len(parts), name=name)


@dataclass
class Complaints:
    """What is told about a page that was sent: problems, and searches that found no one choice."""

    problems: list[Wrong] = field(default_factory=list)
    searches: dict[str, str] = field(default_factory=dict)
    # By path, why the text that was searched for is no answer.
    unfound: dict[str, str] = field(default_factory=dict)
    # Where the new questions begin, "" where there are none.
    opened: str = ""
    # The field to jump to.
    focus: str = ""

    def of(self, path: str) -> list[tuple[str, str]]:
        """Return what is told at a field."""
        if path in self.unfound:
            return [(path, self.unfound[path])]
        return [(each.path, each.message) for each in self.problems if covers(path, each.path)]


def section_screen(visit: Visit, section: Section, told: Complaints) -> Screen:
    """Return the page of a section: the blocks that the state names, each with its fields."""
    state = visit.state
    drawing = Drawing(visit.asking, state.answers, state.remarks, told.searches)
    blocks, lines = [], []
    for block in section.blocks:
        if block.path not in state.blocks:
            continue
        drawn = [
            drawing.field(place, told.of(place.path)) for place in fields_of(visit.asking, block)
        ]
        for each in drawn:
            lines += lines_of(each, told)
            mark_focus(each, told.focus)
        title = visit.asking.text(block.path, "label") if block.node.kind == "group" else ""
        titled = title and (len(drawn) > 1 or title != drawn[0].label)
        blocks.append({"title": title if titled else "", "fields": drawn})
    title = section.title
    context = {
        "title": title,
        "caption": caption(visit, section),
        "blocks": blocks,
        "errors": lines,
        "errors_title": count_words(told.problems) if told.problems else say("errors.wrong", n=1),
        "opened": id_of(told.opened) if told.opened else "",
        "main": say("page.save" if state.back_to_summary else "page.continue"),
        "later": bool(lines),
        "back": "summary" if state.back_to_summary else "tasks",
    }
    return Screen("section.html", context, state)


def lines_of(drawn: Field, told: Complaints) -> list[Line]:
    """Return the lines of the error summary that lead to a field."""
    lines = []
    for path, message in told.of(drawn.path):
        inner = any(control.id == id_of(path) for control in drawn.controls)
        lines.append(Line(message.rstrip("."), id_of(path) if inner else drawn.id))
    return lines


def mark_focus(drawn: Field, path: str) -> None:
    """Let the page open at the control that a link of the overview named."""
    if path and covers(drawn.path, path):
        named = [each for each in drawn.controls if each.id == id_of(path)]
        for control in (named or drawn.controls)[:1]:
            control.first = True


def tasks_screen(visit: Visit) -> Screen:
    """Return the list of the parts and members with the state of each."""
    state, sections = visit.state, visit.sections
    states = {each.path: visit.status(each) for each in sections}
    groups: list[dict[str, Any]] = []
    for node in visit.instrument.children:
        own = [each for each in sections if each.node is node]
        if node.kind == "repeat":
            title = visit.asking.text(node.name, "label") or say("members")
            add = node.name if visit.may_grow(node) else ""
            groups.append({"title": title, "lines": own, "add": add})
        elif own and groups and not groups[-1]["title"]:
            groups[-1]["lines"] += own
        elif own:
            groups.append({"title": "", "lines": own, "add": ""})
    for group in groups:
        group["lines"] = [
            {
                "section": each,
                "state": states[each.path],
                "words": say(f"state.{states[each.path]}"),
                "removable": visit.is_added(each),
            }
            for each in group["lines"]
        ]
    nearest = visit.next_unseen()
    removed = state.removed["name"] if state.removed else ""
    context = {
        "title": say("tasks.title"),
        "done": done_words(sections, states),
        "groups": groups,
        "main": say("tasks.next", name=nearest.title) if nearest else say("tasks.check"),
        "removed": say("member.removed", name=removed) if removed else "",
    }
    return Screen("tasks.html", context, state)


def done_words(sections: list[Section], states: dict[str, str]) -> str:
    """Return how many parts and members are complete, counted apart."""
    done = [each for each in sections if states[each.path] == "done"]
    members = [each for each in sections if each.number]
    counts = {
        "done": sum(1 for each in done if not each.number),
        "of": len(sections) - len(members),
        "here": sum(1 for each in done if each.number),
        "all": len(members),
    }
    return say("tasks.both" if members else "tasks.done", **counts)


def summary_screen(visit: Visit) -> Screen:
    """Return every answer, and on top what is missing or wrong as links to the fields."""
    problems = visit.problems
    lines = []
    for problem in problems:
        found = block_of(visit.sections, problem.path)
        who = found[0].title if found and found[0].number else ""
        words = problem.message if who in problem.message else f"{who}: {problem.message}"
        go = f"mend:{problem.path}" if found else "tasks"
        lines.append(Line(words.rstrip("."), go=go))
    context = {
        "title": say("summary.title"),
        "errors": lines,
        "errors_title": count_words(problems) if problems else "",
        "words": say("summary.missing" if lines else "summary.complete"),
        "main": say("summary.mend" if lines else "summary.onward"),
        "go": lines[0].go if lines else "confirm",
        "sections": [summary_of(visit, section) for section in visit.sections],
    }
    return Screen("summary.html", context, visit.state)


def summary_of(visit: Visit, section: Section) -> dict[str, Any]:
    """Return the answers of one section, block by block."""
    state, blocks = visit.state, []
    wrong = [each.path for each in visit.problems if covers(section.path, each.path)]
    for block in section.blocks:
        lines = []
        for place in fields_of(visit.asking, block):
            if place.node.kind != "note":
                answer = answer_words(visit.asking, state.answers, place)
                empty = say("summary.empty")
            elif place.node.warning:
                answer, empty = state.remarks.get(place.path, ""), say("summary.unexplained")
            else:
                continue
            lines.append(
                {
                    "label": visit.asking.text(place.path, "label"),
                    "answer": answer,
                    "empty": empty,
                    "wrong": any(covers(place.path, path) for path in wrong),
                }
            )
        if lines:
            name = visit.asking.text(block.path, "label") or section.title
            blocks.append({"path": block.path, "name": name, "lines": lines})
    return {"title": section.title, "blocks": blocks, "wrong": bool(wrong)}


def confirm_screen(visit: Visit) -> Screen:
    """Return the careful question before sending."""
    context = {
        "title": say("confirm.title"),
        "persons": say("confirm.persons", n=visit.persons()),
    }
    return Screen("confirm.html", context, visit.state)


def card_screen(state: State, told: list[str], value: str = "") -> Screen:
    """Return the question from the family card; `told` says why an answer was not taken."""
    question = state.question or {"kind": "birth_date", "name": ""}
    by_day = question["kind"] == "birth_date"
    context = {
        "title": say(f"card.{question['kind']}", name=question["name"]),
        "by_day": by_day,
        "controls": day_controls(id_of("card"), "card", value) if by_day else [],
        "value": value,
        "told": told,
        "bare": True,
    }
    return Screen("card.html", context, state)


def identify_screen(
    typed: dict[str, str], messages: dict[str, str], told: list[str], why: str = "identify.why"
) -> Screen:
    """Return the first page: two numbers or the reference, and the receipt's to correct.

    `messages` are those beside the fields, by name; `told` is what the door has said.
    """
    names = ["reference"] if "reference" in typed else ["nik", "kk"]
    names += ["receipt"] if "receipt" in typed else []
    entries = [
        {
            "name": name,
            "id": id_of(name),
            "label": say(f"{name}.label"),
            "hint": say(f"{name}.hint"),
            "value": typed.get(name, ""),
            "error": messages.get(name, ""),
            "digits": name in ("nik", "kk"),
        }
        for name in names
    ]
    context = {
        "title": say("returning.title" if "reference" in typed else "identify.title"),
        "why": say(why),
        "kept": {name: typed[name] for name in ("place", "proof", "page") if name in typed},
        "main": say("full.go" if told and "place" in typed else "identify.go"),
        "entries": entries,
        "errors": [Line(words, id_of(name)) for name, words in messages.items()],
        "errors_title": say("errors.wrong", n=len(messages)),
        "told": told,
    }
    return Screen("identify.html", context)


def left_screen(state: State, reference: str, officer: str) -> Screen:
    """Return the reference number of a family that has left word."""
    # `fixed`: another language would lead on, and take the number out of sight.
    context = {"title": say("left.title"), "reference": reference, "officer": officer}
    return Screen("left.html", context | {"fixed": True}, state)


def receipt_screen(receipt: dict[str, Any]) -> Screen:
    """Return the proof; this page carries no state and no answer any more."""
    found = pages.known_census()
    code = segno.make(receipt["verify_url"], error="m", micro=False)
    context = {
        "title": say("receipt.title"),
        "number": receipt["number"],
        "when": say_moment(receipt["issued_at"]),
        "persons": say("persons", n=receipt["persons"]),
        "census_name": found.name if found else receipt["census"],
        "signed": receipt["signed"],
        "check": urlsplit(receipt["verify_url"]).path,
        "unsure": bool(receipt.get("to_be_verified")),
        "bare": True,
        "qr": code.png_data_uri(scale=4, border=2),
    }
    return Screen("receipt.html", context)


def already_screen(problem: Problem, state: State | None) -> Screen:
    """Return what a family reads whose answers are there already."""
    at, own = problem.more.get("submitted_at"), state is not None
    context = {
        "title": say("already.title"),
        "when": say("already.when", moment=say_moment(at) if at else "", n=problem.more["persons"]),
        "fixed": True,
        "paragraphs": say("already.open" if own else "already.next").split("\n"),
    }
    return Screen("already.html", context, state, problem.status)


def closed_screen(problem: Problem, state: State | None) -> Screen:
    """Return what stands before and after the census."""
    early = problem.code == "not-open"
    moment = problem.more.get("opens_at" if early else "closes_at")
    key = "early" if early else "closed"
    words = say(f"{key}.words", moment=say_moment(moment) if moment else "")
    context = {"title": say(f"{key}.title"), "paragraphs": words.split("\n")}
    return Screen("message.html", context, state, problem.status)


def message_screen(problem: Problem, state: State | None, go: str = "") -> Screen:
    """Return a page that says what went wrong and what to do; `go` is what its button does."""
    context = {
        "title": say(f"problem.{problem.code}"),
        "paragraphs": told_of(problem)[1:],
        "go": go,
        "bare": True,
    }
    return Screen("message.html", context, state, problem.status, problem.retry_after)


def told_of(problem: Problem) -> list[str]:
    """Return what a problem says, its title first, in the same words as the browser's form."""
    if problem.code == "full-house":
        minutes = -(-problem.more["estimate_seconds"] // 60)
        place = say("full.place", n=problem.more["position"], m=max(1, minutes))
        return [problem_title(problem), place, say("full.keep")]
    minutes = -(-(problem.retry_after or 60) // 60)
    lines = [problem_title(problem, n=minutes)]
    advice = "advice.proof" if problem.more.get("challenge") else f"advice.{problem.code}"
    if has(advice):
        lines += say(advice, n=minutes).split("\n")
    return lines


def problem_title(problem: Problem, **values: int) -> str:
    """Return a problem in one line: the kind words for it, its own where there are none."""
    key = f"problem.{problem.code}"
    if has(key):
        return say(key, **values)
    language = get_language() or settings.LANGUAGE_CODE
    return str(problem.as_answer(language)["title"])


def waiting(problem: Problem, ticket: str, client: str) -> tuple[dict[str, str], int | None]:
    """Return what a page keeps while it waits, and for how many seconds.

    That is a place in the line, or a ticket instead of a proof of work, which nothing here can do.
    """
    if problem.code == "full-house":
        return {"place": problem.more["place"]}, problem.retry_after
    if "challenge" not in problem.more:
        return {}, problem.retry_after
    network, now = guesses.network_key(client), datetime.now(UTC)
    kept = ticket if is_ticket(ticket, network, now) else guesses.patience(network, now)
    return {"proof": kept}, max(problem.retry_after or 0, int(guesses.PATIENCE.total_seconds()))


def is_ticket(text: str, network: bytes, now: datetime) -> bool:
    """Tell whether this is a ticket of ours that may still be waited with."""
    begun = text.removeprefix(guesses.PATIENT).partition(".")[0]
    if not begun.isdecimal() or len(begun) > LONGEST_TIME:
        return False
    at = datetime.fromtimestamp(int(begun), UTC)
    return text == guesses.patience(network, at) and now - at < guesses.PROOF_LIFETIME
