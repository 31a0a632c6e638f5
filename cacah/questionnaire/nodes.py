"""Reads one node of the form: its type, texts and rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cacah.questionnaire.compilation import Compilation
from cacah.questionnaire.model import Expr, Node, Texts
from cacah.questionnaire.places import cell
from cacah.questionnaire.scope import Names, Scope
from cacah.questionnaire.texts import TextReader
from cacah.questionnaire.xform import CACAH, ITEMSET, JR, XF, Control
from cacah.questionnaire.xpath import Path, XPathError, parse

TYPES = {"string": "text", "int": "integer", "decimal": "decimal", "date": "date", "": "text"}
SELECTS = {"select1": "select_one", "select": "select_multiple"}
FIRST_LOAD = "odk-instance-first-load"
DYNAMIC = ("xforms-value-changed",)
YES = {"yes", "true", "true()", "1"}


@dataclass
class NodeReader:
    """Reads the node at `names`; every fault goes to the compilation."""

    compilation: Compilation
    texts: TextReader
    names: Names

    @cached_property
    def ref(self) -> str:
        return self.compilation.ref(self.names)

    @cached_property
    def bind(self) -> dict[str, str]:
        return self.compilation.form.binds.get(self.ref, {})

    @cached_property
    def control(self) -> Control | None:
        return self.compilation.form.controls.get(self.ref)

    def scope(self, column: str, *, outside: bool = False) -> Scope:
        """Return where the node's expressions stand; `outside` leaves the row of a repeat out."""
        depth = len(self.compilation.schema.repeats(self.names))
        return Scope(self.names, depth - outside, column)

    def container(self, kind: str, children: tuple[Node, ...]) -> Node:
        """Return a group or repeat."""
        repeat = self.compilation.form.repeats.get(self.ref)
        control = self.control or repeat
        label = control.label if control else None
        words = (control.attributes.get("appearance", "") if control else "").split()
        if repeat:
            words += repeat.attributes.get("appearance", "").split()
        count = repeat.attributes.get(f"{JR}count", "") if repeat else ""
        outside = kind == "repeat"
        return Node(
            kind=kind,
            name=self.names[-1],
            path="/".join(self.names),
            label=self.texts.element(label, self.scope("label")),
            relevant=self.rule("relevant", outside=outside),
            count=self.expression(count, "repeat_count", outside=True) if count else None,
            appearance=tuple(dict.fromkeys(words)),
            register=self.bind.get(f"{CACAH}register", ""),
            children=children,
        )

    def leaf(self, text: str) -> Node:
        """Return a question, note or calculate; `text` is the default in the form."""
        control, calculate = self.control, self.rule("calculate")
        kind, type_ = self.kind(control, calculate)
        list_name, filter_ = self.choices(control)
        label, hint = (control.label, control.hint) if control else (None, None)
        node = Node(
            kind=kind,
            name=self.names[-1],
            path="/".join(self.names),
            type=type_,
            label=self.texts.element(label, self.scope("label")),
            hint=self.texts.element(hint, self.scope("hint")),
            help=self.texts.element(hint, self.scope("guidance_hint"), "guidance"),
            relevant=self.rule("relevant"),
            required=self.yes_or_rule("required"),
            required_message=self.message("required_message", f"{JR}requiredMsg"),
            readonly=False if kind == "note" else self.yes_or_rule("readonly"),
            constraint=self.rule("constraint"),
            constraint_message=self.message("constraint_message", f"{JR}constraintMsg"),
            calculate=calculate,
            default=self.default(text),
            list=list_name,
            filter=filter_,
            appearance=tuple(control.attributes.get("appearance", "").split() if control else ()),
            register=self.bind.get(f"{CACAH}register", ""),
            warning=self.bind.get(f"{CACAH}warning", "").strip().lower() in YES,
        )
        self.check_warning(node)
        return node

    def kind(self, control: Control | None, calculate: Expr | None) -> tuple[str, str]:
        """Return a leaf's kind and type; a type that is not known is reported and read as text."""
        bound = self.bind.get("type", "").removeprefix("xsd:")
        if control is None:
            kind = "hidden" if calculate is None else TYPES.get(bound, "text")
            return ("question", "hidden") if calculate is None else ("calculate", kind)
        if control.tag in SELECTS:
            return "question", SELECTS[control.tag]
        readonly = self.bind.get("readonly", "").strip() == "true()"
        read_only_text = control.tag == "input" and bound in ("string", "") and readonly
        # A read-only text question looks the same in the XForm; only its row tells them apart.
        if read_only_text and calculate is None and self.written_type() in ("note", ""):
            return "note", ""
        if control.tag != "input" or bound not in TYPES:
            self.compilation.at(self.names, "type")
            written = bound if control.tag == "input" else control.tag
            self.compilation.report("unknown-type", type=self.written_type() or written)
            return "question", "text"
        return "question", TYPES[bound]

    def written_type(self) -> str:
        """Return the type as the author wrote it, ``""`` where the row is not known."""
        row = self.compilation.places.rows.get(self.names)
        return cell(row, "type").strip() if row else ""

    def rule(self, name: str, *, outside: bool = False) -> Expr | None:
        """Return an expression of the bind, None where there is none."""
        text = self.bind.get(name, "").strip()
        if not text or (name == "relevant" and text == "true()"):
            return None
        return self.expression(text, name, outside=outside)

    def yes_or_rule(self, name: str) -> Expr | bool:
        """Return True or False where the bind says so for good, else an expression."""
        text = self.bind.get(name, "").strip()
        if text in ("", "false()"):
            return False
        return True if text == "true()" else self.expression(text, name)

    def expression(self, text: str, column: str, *, outside: bool = False) -> Expr:
        """Read an expression that stands in a column of the node's row."""
        self.compilation.at(self.names, column)
        return self.compilation.resolver.read(text, self.scope(column, outside=outside))

    def message(self, column: str, attribute: str) -> Texts:
        """Return a message of the bind in all languages."""
        return self.texts.message(self.bind.get(attribute, ""), self.scope(column))

    def default(self, text: str) -> Expr | None:
        """Return the default, a text from the form or an expression that sets the value."""
        for action in self.compilation.form.setvalues:
            if action.get("ref") != self.ref:
                continue
            if any(event in action.get("event", "") for event in DYNAMIC):
                self.compilation.at(self.names, "trigger")
                self.compilation.report(
                    "unsupported-column",
                    column="trigger",
                    instead="use calculation, which follows every answer",
                )
            elif FIRST_LOAD in action.get("event", "") or "repeat" in action.get("event", ""):
                if "value" in action:
                    return self.expression(action["value"], "default")
                return action["text"]
        return text or None

    def choices(self, control: Control | None) -> tuple[str, Expr | None]:
        """Return the name of a select's list and the filter on it."""
        if control is None or control.tag not in SELECTS:
            return "", None
        compilation = self.compilation
        compilation.at(self.names, "choice_filter")
        if not control.itemset:
            return compilation.schema.list_of[self.names], None
        found = ITEMSET.match(control.itemset)
        name = found[1] if found else ""
        if name not in compilation.form.lists:
            compilation.report("list-missing", list=name or control.itemset)
            return "", None
        try:
            path = parse(control.itemset)
        except XPathError as error:
            compilation.report("expression", detail=error)
            return name, None
        scope = self.scope("choice_filter").filtering(name)
        tests = path.steps[-1].predicates if isinstance(path, Path) else ()
        read = [compilation.resolver.value(test, scope) for test in tests]
        condition = read[0] if read else None
        for test in read[1:]:
            condition = ("and", condition, test)
        return name, condition

    def check_warning(self, node: Node) -> None:
        """Report a warning that is not a note, or that would always be shown."""
        self.compilation.at(self.names, "bind::cacah:warning")
        if node.warning and node.kind != "note":
            self.compilation.report("warning-not-note")
        elif (node.warning or (node.kind == "note" and node.required)) and node.relevant is None:
            self.compilation.report("warning-always")


def local_name(tag: str) -> str:
    """Return an element's name without the XForms namespace."""
    return tag.removeprefix(XF)
