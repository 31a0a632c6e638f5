"""Reads what a page of the plain form sends, and only what that page asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, QueryDict

from cacah.collection import bodies, guide
from cacah.collection.plain.answers import Answers, put
from cacah.collection.plain.controls import DATE_PARTS, join_day, keyboard_of, matching, meant
from cacah.collection.plain.plan import Place, is_date_parts
from cacah.collection.plain.words import say
from cacah.collection.problems import Problem
from cacah.questionnaire.asking import Asking
from cacah.questionnaire.model import Node

FORM_TYPE = "application/x-www-form-urlencoded"
BLANKS = re.compile(r"[\s.\u2010-\u2015-]")
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
THOUSANDS = re.compile(r"\.(?=\d{3}\b)", re.ASCII)
SEARCH = "cari:"


def read(request: HttpRequest) -> QueryDict:
    """Return the fields of a form's request.

    Raises Problem(too-large) above 512 KB, Problem(bad-request) for what no form sends.
    """
    raw = bodies.read({"wsgi.input": request})
    if request.content_type != FORM_TYPE:
        raise Problem("bad-request", problems=[{"path": "", "message": f"not {FORM_TYPE}"}])
    try:
        return QueryDict(raw, encoding="utf-8")
    except TooManyFieldsSent:
        raise Problem("bad-request", problems=[{"path": "", "message": "too many"}]) from None


def only(form: QueryDict, names: Iterable[str]) -> None:
    """Raise Problem(bad-request) for a field that the page has not, and for one sent twice."""
    allowed = {"state", "go", guide.SEAT_NAME, guide.INVITATION_NAME, *names}
    strange = sorted(name[:40] for name in form if name not in allowed)
    if strange:
        message = "there is no such field"
        raise Problem("bad-request", problems=[{"path": n, "message": message} for n in strange])


def text_of(form: QueryDict, name: str) -> str:
    """Return the text of a field that comes once; raises Problem(bad-request) for another."""
    values = form.getlist(name)
    if len(values) > 1 or (values and len(values[0]) > bodies.MAX_TEXT):
        raise Problem("bad-request", problems=[{"path": name[:40], "message": "a text"}])
    return values[0].replace("\r\n", "\n") if values else ""


def only_digits(text: str) -> str:
    """Return a number as it is kept, of one written in groups."""
    return BLANKS.sub("", text)


def names_of(asking: Asking, place: Place) -> list[str]:
    """Return the names of the fields that a place of a page may send."""
    node, path = place.node, place.path
    if node.kind == "note":
        return [f"remark:{path}"] if node.warning else []
    if is_date_parts(node):
        return [f"{path}/{child.name}" for child in node.children if child.kind == "question"]
    if node.type == "date":
        return [f"{path}~{part}" for part in DATE_PARTS]
    return [path, SEARCH + path]


class Reader:
    """Puts the fields of one page into the answers."""

    def __init__(self, form: QueryDict, answers: Answers, remarks: dict[str, str]) -> None:
        self.form = form
        self.answers = answers
        self.remarks = remarks

    def take(self, asking: Asking, place: Place) -> None:
        """Take what was sent for a place; what was not sent stays as it was."""
        node, path = place.node, place.path
        if node.kind == "note":
            self._remark(path)
        elif is_date_parts(node):
            for child in node.children:
                if child.kind == "question":
                    self._one(child, f"{path}/{child.name}")
        elif node.type == "date":
            self._date(path)
        elif node.type == "select_multiple":
            self._several(asking, path)
        elif not asking.readonly(path):
            self._one(node, path)

    def _remark(self, path: str) -> None:
        if f"remark:{path}" in self.form:
            remark = text_of(self.form, f"remark:{path}").strip()
            self.remarks.pop(path, None)
            if remark:
                self.remarks[path] = remark

    def _one(self, node: Node, path: str) -> None:
        if path in self.form:
            put(self.answers, path, value_from(node, text_of(self.form, path)))

    def _several(self, asking: Asking, path: str) -> None:
        sent = self.form.getlist(path)
        known = [choice["value"] for choice in asking.choices(path)]
        strange = [value for value in sent if value not in known]
        if strange:
            raise Problem("bad-request", problems=[{"path": path[:40], "message": "a choice"}])
        put(self.answers, path, " ".join(value for value in known if value in sent) or None)

    def _date(self, path: str) -> None:
        names = [f"{path}~{part}" for part in DATE_PARTS]
        if any(name in self.form for name in names):
            day, month, year = (text_of(self.form, name).strip() for name in names)
            put(self.answers, path, join_day(day, month, year) or None)

    def search(self, asking: Asking, path: str) -> tuple[str, str]:
        """Look up what was typed into a long list's search; return the text and what it lacks.

        A text that means one choice is taken for it. "" for both where there was no search.
        """
        searched = text_of(self.form, SEARCH + path).strip()
        if not searched:
            return "", ""
        choices = asking.choices(path)
        only_one = meant(choices, searched)
        if only_one:
            put(self.answers, path, only_one)
            return "", ""
        several = bool(matching(choices, searched))
        return searched, say("list.several" if several else "list.absent", text=searched)


def value_from(node: Node, text: str) -> Any:
    """Return the answer of a typed text; one that is no number stays a text, which is refused."""
    if node.type in ("integer", "decimal"):
        return number_from(text, decimal=node.type == "decimal")
    plain = only_digits(text) if keyboard_of(node) else text.strip()
    return plain or None


def number_from(text: str, *, decimal: bool) -> Any:
    """Read a number as people here write it: 1.300, and 2,5 where a fraction may stand."""
    plain = re.sub(r"\s", "", text)
    plain = plain.replace(",", ".") if decimal else THOUSANDS.sub("", plain)
    if not plain:
        return None
    if not NUMBER.fullmatch(plain):
        return text.strip()
    return float(plain) if "." in plain else int(plain)
