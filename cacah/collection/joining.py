"""Joins the form's modules into scripts: the first, and a second that is loaded when wanted.

Joining is plain text work; the discipline that makes it safe is told in
docs/decisions/0004-joined-modules.md, and a module that breaks it is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(\.[^"]+)";\n', re.MULTILINE)
_PASSED_ON = re.compile(r'^export \{ ([\w, ]+) \} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) )", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
_VENDORED_EXPORT = re.compile(r"export\{([^}]+)\};?\s*$")


def static_file(name: str) -> Path:
    """Return where a static file lies; raises ImproperlyConfigured where it is missing."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise ImproperlyConfigured(f"the static file {name} is missing")
    return Path(found)


def wrap_vendored(source: str, name: str) -> str:
    """Wrap a vendored module, whose own names may be anything, into one constant of names."""
    exported = _VENDORED_EXPORT.search(source)
    if not exported:
        raise ImproperlyConfigured(f"{name} does not end with its exports")
    pairs = [part.split(" as ") for part in exported.group(1).split(",")]
    names = ",".join(f"{public}:{own}" for own, public in pairs)
    wanted = ",".join(public for _, public in pairs)
    return f"const {{{wanted}}}=(()=>{{{source[: exported.start()]}return{{{names}}}}})();\n"


@dataclass
class _Script:
    """One script in the making: its modules in order, and what it needs and gives."""

    before: dict[str, str] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    borrowed: set[str] = field(default_factory=set)
    passed_on: list[str] = field(default_factory=list)

    def take(self, name: str) -> None:
        """Add a module, after all that it imports; names of modules of `before` are borrowed."""
        source = static_file(name).read_text(encoding="utf-8")
        self.modules[name] = ""
        for names, target in _IMPORT.findall(source) + _PASSED_ON.findall(source):
            imported = normpath(join(dirname(name), target))
            if imported in self.before:
                self.borrowed.update(names.split(", "))
            elif imported not in self.modules:
                self.take(imported)
        for names, _ in _PASSED_ON.findall(source):
            self.passed_on += names.split(", ")
        if "/vendor/" in name:
            text = wrap_vendored(source, name)
        else:
            text = _EXPORT.sub("", _PASSED_ON.sub("", _IMPORT.sub("", source)))
        self._check(name, text)
        del self.modules[name]
        self.modules[name] = text

    def _check(self, name: str, text: str) -> None:
        if re.search(r"^(import|export)\b", text, re.MULTILINE):
            raise ImproperlyConfigured(f"{name} imports or exports in a way that cannot be joined")
        for top in _TOP_LEVEL.findall(text):
            if top in self.owner:
                raise ImproperlyConfigured(f"{name} and {self.owner[top]} both declare {top}")
            self.owner[top] = name


@dataclass(frozen=True)
class Joined:
    """Two scripts: `first` exports what `second` borrows, and `second` what its entry passes on.

    `second` imports from the address `FIRST`, to be replaced when the first script has its name.
    """

    first: str
    second: str


FIRST = "./first.js"


def _listed(names: set[str] | list[str]) -> str:
    return ", ".join(sorted(set(names)))


def join_modules(entry: str, entry_of_second: str | None = None) -> Joined:
    """Join a module and all that it imports into one script, each module once, imports first.

    What the second entry needs beyond that becomes the second script, so that no module is there
    twice and its state is shared. Raises ImproperlyConfigured where a module breaks the
    discipline: single-line named imports, exports of declarations, top-level names that are
    unique in both scripts together.
    """
    first = _Script()
    first.take(entry)
    second = _Script(before=first.modules, owner=first.owner)
    if entry_of_second:
        second.take(entry_of_second)
    lent = f"export {{ {_listed(second.borrowed)} }};\n" if second.borrowed else ""
    borrows = f'import {{ {_listed(second.borrowed)} }} from "{FIRST}";\n' if lent else ""
    gives = f"export {{ {_listed(second.passed_on)} }};\n" if second.passed_on else ""
    return Joined(
        first="".join(first.modules.values()) + lent,
        second=borrows + "".join(second.modules.values()) + gives,
    )
