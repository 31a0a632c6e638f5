"""What the templates draw: each field's control, label, hint and message (see form/fields.js)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.dates import MONTHS

from cacah.collection.plain.answers import Answers, typed
from cacah.collection.plain.plan import Place, is_date_parts
from cacah.collection.plain.words import say
from cacah.questionnaire.asking import Asking
from cacah.questionnaire.model import Node

# More choices than this are a list of the device instead of rows.
MANY = 15
# More than this are searched first: a list of hundreds is no help on a small phone.
VERY_MANY = 120
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class Option:
    """One choice of a control."""

    id: str
    value: str
    label: str
    chosen: bool = False


@dataclass
class Control:
    """One input; `kind` names how templates/collection/plain/control.html draws it."""

    kind: str
    id: str
    name: str
    value: str = ""
    label: str = ""
    options: list[Option] = field(default_factory=list)
    inputmode: str = ""
    css: str = ""
    readonly: bool = False
    wrong: bool = False
    words: str = ""
    first: bool = False
    # Most characters, 0 for no limit of its own.
    longest: int = 0


@dataclass
class Field:
    """A question or note of a page with its controls, at least one for a question."""

    path: str
    id: str
    kind: str
    label: str
    hint: str = ""
    help: str = ""
    optional: bool = False
    controls: list[Control] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Of a warning: whether a remark is still to be written.
    unexplained: bool = False

    @property
    def grouped(self) -> bool:
        """Tell whether several controls stand under one question, which needs a fieldset."""
        return self.kind in ("radio", "checkbox", "date", "parts")


def id_of(path: str) -> str:
    """Return the id of the control at a path, the same as in the browser's form."""
    return "f-" + re.sub(r"[^A-Za-z0-9_]+", "-", path)


def keyboard_of(node: Node) -> str:
    """Return which keyboard a phone shows for a text field, "" for the usual one."""
    if node.type in ("integer", "decimal"):
        return "numeric" if node.type == "integer" else "decimal"
    return "numeric" if "numbers" in node.appearance or node.register == "nik" else ""


class Drawing:
    """Draws the fields of one page from the answers as they were typed."""

    def __init__(
        self, asking: Asking, answers: Answers, remarks: dict[str, str], searches: dict[str, str]
    ) -> None:
        self.asking = asking
        self.answers = answers
        self.remarks = remarks
        # What was typed into the search of a long list, by path.
        self.searches = searches

    def field(self, place: Place, problems: Sequence[tuple[str, str]] = ()) -> Field:
        """Return a field with the messages of its problems, given as (path, message)."""
        node, path = place.node, place.path
        label = self.asking.text(path, "label")
        if node.kind == "note":
            return self._note(place, label, problems)
        control = self._controls(place)
        single = not is_date_parts(node)
        drawn = Field(
            path=path,
            id=id_of(path),
            kind=control[0].kind if single else "parts",
            label=label,
            hint=self.asking.text(path, "hint"),
            help=self.asking.text(path, "help"),
            optional=single and not self.asking.required(path),
            controls=control,
            errors=list(dict.fromkeys(message for _, message in problems)),
        )
        if not single:
            hints = [self.asking.text(each.name, "hint") for each in control]
            drawn.hint = drawn.hint or " ".join(filter(None, hints))
        for each in control:
            wrong = single or any(at == each.name for at, _ in problems)
            each.wrong = bool(problems) and wrong
        return drawn

    def _note(self, place: Place, label: str, problems: Sequence[tuple[str, str]]) -> Field:
        node, path = place.node, place.path
        kind = "warning" if node.warning else "rule" if node.required else "plain"
        drawn = Field(path, id_of(path), kind, label)
        if kind == "warning":
            name = f"remark:{path}"
            drawn.controls = [Control("textarea", id_of(path), name, self.remarks.get(path, ""))]
            drawn.unexplained = bool(problems)
        return drawn

    def _controls(self, place: Place) -> list[Control]:
        node, path = place.node, place.path
        if is_date_parts(node):
            return [
                self._part(Place(child, f"{path}/{child.name}"))
                for child in node.children
                if child.kind == "question"
                and child.type != "hidden"
                and self.asking.relevant(f"{path}/{child.name}")
            ]
        if node.type == "date":
            return self._date(path)
        if node.type in ("select_one", "select_multiple"):
            return [self._choices(place)]
        return [self._text(place)]

    def value(self, path: str) -> str:
        """Return what was typed at a path, as text."""
        value = typed(self.answers, path)
        if isinstance(value, float):
            return str(value).replace(".", say("decimal.sign"))
        return "" if value is None else str(value)

    def _text(self, place: Place) -> Control:
        node, path = place.node, place.path
        digits = keyboard_of(node)
        return Control(
            kind="textarea" if "multiline" in node.appearance else "text",
            id=id_of(path),
            name=path,
            value=self.value(path),
            inputmode=digits,
            css=("short" if node.type == "integer" else "digits") if digits else "",
            readonly=self.asking.readonly(path),
        )

    def _choices(self, place: Place) -> Control:
        node, path = place.node, place.path
        choices = self.asking.choices(path)
        many = node.type == "select_multiple"
        chosen = self.value(path).split(" ") if many else [self.value(path)]
        kind = "checkbox" if many else "radio"
        long = {"autocomplete", "minimal"} & set(node.appearance) or len(choices) > MANY
        if long and not many:
            kind = "select"
        searched = self.searches.get(path, "")
        if kind == "select" and (len(choices) > VERY_MANY or searched):
            return self._search(path, choices, chosen[0], searched)
        return Control(kind, id_of(path), path, options=options(path, choices, chosen))

    def _search(
        self, path: str, choices: list[dict[str, str]], chosen: str, searched: str
    ) -> Control:
        """Return a list with what the search found, or with the answer alone; else no list yet."""
        found = matching(choices, searched) if searched else []
        kept = [each for each in choices if each["value"] == chosen]
        shown = kept + [each for each in found if each not in kept]
        control = Control("search", id_of(path), path, searched)
        control.options = options(path, shown[:VERY_MANY], [chosen])
        control.words = say("search.first")
        if searched and found:
            control.words = say("list.found", n=len(found))
        elif searched:
            control.words = say("list.absent", text=searched)
        return control

    def _part(self, place: Place) -> Control:
        node, path = place.node, place.path
        label = self.asking.text(path, "label")
        if node.type == "select_one":
            chosen = [self.value(path)]
            drawn = options(path, self.asking.choices(path), chosen)
            return Control("select", id_of(path), path, label=label, options=drawn)
        size = "year" if node.name.endswith("year") else "day"
        control = Control("text", id_of(path), path, self.value(path), label)
        control.inputmode, control.css = "numeric", size
        return control

    def _date(self, path: str) -> list[Control]:
        return day_controls(id_of(path), path, self.value(path))


def day_controls(identifier: str, name: str, value: str) -> list[Control]:
    """Return the three fields of one day, `value` as `join_day` made it."""
    year, month, day = [part.lstrip("0") for part in [*value.split("-"), "", ""][:3]]
    days = [(str(number), str(number)) for number in range(1, 32)]
    months = [(str(number), str(words)) for number, words in MONTHS.items()]
    return [
        counted(identifier, f"{name}~day", day, days, say("date.day")),
        counted(f"{identifier}-month", f"{name}~month", month, months, say("date.month")),
        Control(
            "text", f"{identifier}-year", f"{name}~year", year, say("date.year"),
            inputmode="numeric", css="year",
        ),
    ]  # fmt: skip


def counted(
    identifier: str, name: str, value: str, names: list[tuple[str, str]], label: str
) -> Control:
    """Return a list of the device, kept short."""
    drawn = [Option(f"{identifier}-{code}", code, words, code == value) for code, words in names]
    return Control("date", identifier, name, value, label, drawn)


def join_day(day: str, month: str, year: str) -> str:
    """Return YYYY-MM-DD, "" where all are empty; an unfinished day is no day to any reader."""
    if not (day or month or year):
        return ""
    return f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}"


def options(path: str, choices: list[dict[str, str]], chosen: list[str]) -> list[Option]:
    """Return the options; the first has the field's own id, where links to the field lead."""
    identifier = id_of(path)
    return [
        Option(
            id=f"{identifier}-{index}" if index else identifier,
            value=choice["value"],
            label=choice["label"],
            chosen=choice["value"] in chosen,
        )
        for index, choice in enumerate(choices)
    ]


def plain(text: str) -> str:
    """Return a text without case and accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def matching(choices: list[dict[str, str]], text: str) -> list[dict[str, str]]:
    """Return the choices that have every typed word; those that begin with it come first."""
    wanted = plain(text).split()
    if not wanted:
        return choices
    found = [each for each in choices if all(word in plain(each["label"]) for word in wanted)]
    return sorted(found, key=lambda each: not plain(each["label"]).startswith(wanted[0]))


def meant(choices: list[dict[str, str]], text: str) -> str:
    """Return the choice that a text names, or the only one it can mean; "" for none."""
    found = matching(choices, text) if text.strip() else []
    for each in found:
        if plain(each["label"]) == plain(text.strip()):
            return each["value"]
    return found[0]["value"] if len(found) == 1 else ""


# Answers in words, for the overview


def answer_words(asking: Asking, answers: Answers, place: Place) -> str:
    """Return an answer as the overview says it, "" where there is none."""
    if is_date_parts(place.node):
        return _parts_words(asking, answers, place)
    value, node = typed(answers, place.path), place.node
    if value in (None, ""):
        return ""
    if node.type == "date":
        try:
            return formats.date_format(date.fromisoformat(str(value)), "j F Y")
        except ValueError:
            return str(value)
    if node.type not in ("select_one", "select_multiple"):
        decimal = isinstance(value, float)
        return str(value).replace(".", say("decimal.sign")) if decimal else str(value)
    labels = {each["value"]: each["label"] for each in asking.choices(place.path)}
    codes = str(value).split(" ") if node.type == "select_multiple" else [str(value)]
    return ", ".join(labels.get(code, code) for code in codes)


def _parts_words(asking: Asking, answers: Answers, place: Place) -> str:
    """Return the day in words; a day or month above 31 is one that is not known."""
    known: list[str] = []
    unknown: list[str] = []
    for child in place.node.children:
        path = f"{place.path}/{child.name}"
        value: Any = typed(answers, path)
        if child.type == "select_one" and str(value).isdecimal() and int(value) > 31:
            unknown.append(asking.text(path, "label").lower())
        elif words := answer_words(asking, answers, Place(child, path)):
            known.append(words)
    if unknown:
        known.append(say("date.unknown", parts=", ".join(unknown)))
    return " ".join(known)
