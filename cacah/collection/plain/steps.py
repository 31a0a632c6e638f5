"""What each button of the plain form does: from a state and a page's fields to the next page.

Nothing here decides about answers: the rules are the questionnaire's, and `identify`, `card` and
`submit` are the door's own functions, with the same refusals.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import QueryDict

from cacah.collection import bodies, guide
from cacah.collection.card import answer_card
from cacah.collection.plain import posted, screens, visiting
from cacah.collection.plain.controls import DATE_PARTS, join_day
from cacah.collection.plain.plan import Section, block_of, covers, fields_of, stands_in
from cacah.collection.plain.screens import Complaints, Screen
from cacah.collection.plain.state import submission_key
from cacah.collection.plain.visit import Visit
from cacah.collection.plain.words import say
from cacah.collection.problems import Problem
from cacah.collection.submit import submit
from cacah.questionnaire.interview import MAX_ROWS

# Buttons that take what was typed and show the same page again.
STAYING = ("search", "stay")
RENEW = ("session-expired", "session-invalid", "instrument-changed")


class Walk:
    """One step of a family that has identified itself."""

    def __init__(self, visit: Visit, form: QueryDict, client: str) -> None:
        self.visit = visit
        self.state = visit.state
        self.form = form
        self.client = client

    def step(self, go: str) -> Screen:
        """Take the page's fields, then do what the button says."""
        undoable, self.state.removed = self.state.removed, None
        if self.state.place == "section":
            return self.after_section(go)
        if self.state.place == "card":
            return self.after_card(go)
        if self.state.place == "visiting":
            return self.after_visiting(go)
        posted.only(self.form, ())
        if go == "stay":
            go = self.state.place
        if go == "undo":
            self.state.removed = undoable
            self.visit.undo()
            self.state.removed = None
            return self.tasks()
        return self.go(go)

    # Where a button leads

    def go(self, go: str) -> Screen:
        """Return the page that a button names; an unknown one leads to the list of parts."""
        verb, _, path = go.partition(":")
        moves: dict[str, Callable[[str], Screen]] = {
            "section": self.open,
            "mend": self.mend,
            "add": self.add,
            "remove": self.remove,
        }
        if path and verb in moves:
            return moves[verb](path)
        pages = {"next": self.onward, "summary": self.summary, "confirm": self.confirm}
        pages |= {"send": self.send, "tasks": self.tasks, "visit": self.visiting}
        return pages.get(verb, self.tasks)()

    def tasks(self) -> Screen:
        """Return the list of parts and members."""
        self.state.place = "tasks"
        return screens.tasks_screen(self.visit)

    def summary(self) -> Screen:
        """Return every answer, with what is still missing."""
        self.state.place = "summary"
        return screens.summary_screen(self.visit)

    def confirm(self) -> Screen:
        """Return the question before sending; back to the overview while something is wrong."""
        if self.visit.problems:
            return self.summary()
        self.state.place = "confirm"
        return screens.confirm_screen(self.visit)

    def onward(self) -> Screen:
        """Return the first section that was not seen yet, then the overview."""
        section = self.visit.next_unseen()
        return self.show(section) if section else self.summary()

    def open(self, path: str) -> Screen:
        """Return a section, all of it."""
        section = self.visit.section(path)
        return self.show(section) if section and section.blocks else self.tasks()

    def mend(self, path: str) -> Screen:
        """Return the block in which an answer can be changed, and come back to the overview."""
        found = block_of(self.visit.sections, path)
        if found is None:
            return self.summary()
        section, block = found
        told = Complaints([each for each in self.visit.problems if stands_in(block, each.path)])
        told.focus = path
        return self.show(section, [block.path], told, back=True)

    def add(self, name: str) -> Screen:
        """Add a row of a repeat, and open it."""
        for repeat in self.visit.repeats():
            if repeat.name == name and self.visit.may_grow(repeat):
                if self.visit.asking.row_count(name) >= MAX_ROWS:
                    raise Problem("too-large", limit_members=MAX_ROWS)
                return self.open(self.visit.add_row(repeat))
        return self.tasks()

    def remove(self, path: str) -> Screen:
        """Take away a row that the family added."""
        section = self.visit.section(path)
        if section and self.visit.is_added(section):
            self.visit.remove_row(section)
        return self.tasks()

    def show(
        self,
        section: Section,
        blocks: list[str] | None = None,
        told: Complaints | None = None,
        *,
        back: bool = False,
    ) -> Screen:
        """Return some blocks of a section, all for None."""
        state = self.state
        state.place, state.section, state.back_to_summary = "section", section.path, back
        state.blocks = [each.path for each in section.blocks] if blocks is None else blocks
        return screens.section_screen(self.visit, section, told or Complaints())

    def visiting(self) -> Screen:
        """Return the page on which the family asks to be visited."""
        self.state.place = "visiting"
        return visiting.wish_screen(self.state, {})

    # What a page brings

    def after_visiting(self, go: str) -> Screen:
        """Note the wish, or go back without one."""
        posted.only(self.form, visiting.NAMES)
        if go == "next":
            return visiting.wish(self.state, self.form, self.client, self.visit.language)
        return self.visiting() if go == "stay" else self.tasks()

    def after_section(self, go: str) -> Screen:
        """Take the fields of a section; stay while something shown is wrong or newly asked."""
        before = self.visit.section(self.state.section)
        if before is None:
            return self.tasks()
        shown = {p.path for block in before.blocks for p in fields_of(self.visit.asking, block)}
        told = self.take(before)
        section = self.visit.section(self.state.section)
        if section is None:
            return self.onward() if go == "next" else self.go(go)
        if go not in ("next", "later", *STAYING):
            return self.go(go)
        wrong, fresh = self.left(section, shown, told)
        if go in STAYING or (go == "next" and (wrong or told.unfound)):
            standing = set(self.state.blocks) | wrong | fresh
            told.problems = [] if go in STAYING else told.problems
            told.opened = ""
        elif go == "next" and fresh:
            standing, told = fresh, Complaints(opened=told.opened)
        else:
            return self.leave(section)
        blocks = [each.path for each in section.blocks if each.path in standing]
        return self.show(section, blocks, told, back=self.state.back_to_summary)

    def take(self, section: Section) -> Complaints:
        """Put the page's fields into the answers; return what was searched for and not found."""
        asking, told = self.visit.asking, Complaints()
        places = [
            place
            for block in section.blocks
            if block.path in self.state.blocks
            for place in fields_of(asking, block)
        ]
        posted.only(self.form, [n for place in places for n in posted.names_of(asking, place)])
        reader = posted.Reader(self.form, self.state.answers, self.state.remarks)
        for place in places:
            reader.take(asking, place)
        self.visit.changed()
        for place in places:
            if place.node.type != "select_one" or not self.visit.asking.relevant(place.path):
                continue
            text, lacking = reader.search(self.visit.asking, place.path)
            if text:
                told.searches[place.path], told.unfound[place.path] = text, lacking
        self.visit.changed()
        return told

    def left(
        self, section: Section, shown: set[str], told: Complaints
    ) -> tuple[set[str], set[str]]:
        """Return the blocks with something wrong and those with new fields; complete `told`."""
        wrong: set[str] = set()
        fresh: set[str] = set()
        new = set()
        for block in section.blocks:
            opened = [place.path for place in fields_of(self.visit.asking, block)]
            opened = [path for path in opened if path not in shown]
            if opened:
                fresh.add(block.path)
                told.opened = told.opened or opened[0]
                new.update(opened)
        # Who came to mend one answer is not asked for the rest of the section.
        standing = set(self.state.blocks) | fresh if self.state.back_to_summary else None
        for block in section.blocks:
            if standing is not None and block.path not in standing:
                continue
            found = [p for p in self.visit.problems if stands_in(block, p.path)]
            # What has only just come to stand there is not held against anybody, but a rule is.
            found = [p for p in found if p.code != "missing" or not is_within(p.path, new)]
            if found:
                wrong.add(block.path)
                told.problems += found
        return wrong, fresh

    def leave(self, section: Section) -> Screen:
        """Go on after a section: to the overview from where it was opened, or to the next."""
        if section.path not in self.state.seen:
            self.state.seen.append(section.path)
        return self.summary() if self.state.back_to_summary else self.onward()

    def after_card(self, go: str) -> Screen:
        """Ask the door whether the answer is on the card, or skip the question."""
        names = [f"card~{part}" for part in DATE_PARTS]
        posted.only(self.form, ["card", *names])
        state = self.state
        if state.question is None or go == "skip":
            state.question = None
            return self.tasks()
        if go == "stay":
            return screens.card_screen(state, [])
        answer = posted.text_of(self.form, "card").strip()
        if state.question["kind"] == "birth_date":
            day, month, year = (posted.text_of(self.form, name).strip() for name in names)
            answer = join_day(day, month, year)
        if not answer:
            return screens.card_screen(state, [say("card.empty")])
        body = {"session": state.session, "answer": answer, "language": self.visit.language}
        try:
            given = answer_card(body, self.client)[1]
        except Problem as problem:
            if problem.code not in ("card-answer-differs", "slow-down"):
                raise
            return self.not_on_the_card(problem, answer)
        state.session, state.question = given["session"], None
        self.visit.fill_in(given["prefill"])
        return self.tasks()

    def not_on_the_card(self, problem: Problem, answer: str) -> Screen:
        """Say that the answer differs, how often it may still be tried, and that it may be left."""
        told = screens.told_of(problem)[:1]
        left = problem.more.get("tries_left")
        told.append(say("card.over" if left == 0 else "card.retry"))
        if left:
            told.append(say("card.left", n=left))
        screen = screens.card_screen(self.state, told, answer)
        screen.status, screen.retry_after = problem.status, problem.retry_after
        return screen

    # Sending

    def send(self) -> Screen:
        """Send the answers; the page that comes is the receipt, or says what stands in the way."""
        if self.visit.problems:
            return self.summary()
        self.state.place = "confirm"
        answers, remarks = self.visit.sendable()
        if len(json.dumps(answers)) > bodies.MAX_BYTES:
            raise Problem("too-large", limit_bytes=bodies.MAX_BYTES)
        body = {
            "session": self.state.session,
            "key": submission_key(self.state),
            "instrument": self.state.digest,
            "language": self.visit.language,
            "answers": answers,
            "remarks": remarks,
            **guide.as_fields(self.state.came_by),
        }
        return screens.receipt_screen(submit(body, self.client)[1])


def is_within(path: str, places: set[str]) -> bool:
    """Tell whether a problem's path is one of these fields, or a part of one."""
    return any(covers(place, path) for place in places)
