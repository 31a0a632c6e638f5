"""The state that all steps of one compilation share: the form, its names, and what is wrong."""

from __future__ import annotations

from cacah.questionnaire.places import Places
from cacah.questionnaire.problems import FormProblem, Place, problem
from cacah.questionnaire.resolver import Resolver
from cacah.questionnaire.scope import Names, Schema
from cacah.questionnaire.xform import XF, XForm


class Compilation:
    """Collects problems at `place`, which the step at work sets before it reads a cell."""

    def __init__(self, form: XForm, places: Places) -> None:
        self.form = form
        self.places = places
        self.place = Place()
        self.problems: list[FormProblem] = []
        self.schema = Schema(form.root.tag.removeprefix(XF))
        self.resolver = Resolver(self.schema, self.report)

    def report(self, code: str, **words: object) -> None:
        """Note a problem at the current place, once."""
        found = problem(code, self.place, **words)
        if found not in self.problems:
            self.problems.append(found)

    def at(self, names: Names, column: str = "", language: str = "") -> None:
        """Move the current place to a node's cell."""
        self.place = self.places.of(names, column, language)

    def ref(self, names: Names) -> str:
        """Return a schema path as the XForm writes it."""
        return "/" + "/".join((self.schema.root, *names))
