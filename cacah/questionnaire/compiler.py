"""Compiles an XForm into the Instrument, collecting everything that is wrong on the way."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

from cacah.questionnaire.compilation import Compilation
from cacah.questionnaire.dependencies import circle
from cacah.questionnaire.model import Choice, Instrument, Node
from cacah.questionnaire.nodes import SELECTS, NodeReader
from cacah.questionnaire.places import Places
from cacah.questionnaire.problems import FormProblem
from cacah.questionnaire.scope import Names
from cacah.questionnaire.texts import TextReader
from cacah.questionnaire.xform import ITEMSET, JR, XF, XForm, parts_of

MAX_NESTED_REPEATS = 4
ITEM_COLUMNS = {"name", "label", "itextId"}


def compile_form(form: XForm, places: Places) -> tuple[Instrument, list[FormProblem]]:
    """Return the instrument, and the problems because of which it may not be usable."""
    compilation = Compilation(form, places)
    compiler = _Compiler(compilation, TextReader(compilation))
    instrument = compiler.instrument()
    names = circle(instrument)
    if names:
        compilation.at(tuple(names[0].split("/")), "calculate")
        named = ", ".join(name.rsplit("/", 1)[-1] for name in names)
        compilation.report("cycle", names=named)
    return instrument, compilation.problems


class _Compiler:
    def __init__(self, compilation: Compilation, texts: TextReader) -> None:
        self.compilation = compilation
        self.form = compilation.form
        self.schema = compilation.schema
        self.texts = texts

    def instrument(self) -> Instrument:
        self._read_names(self.form.root, ())
        lists = {name: self._list(name) for name in self.form.lists}
        lists |= self._inline_lists()
        return Instrument(
            id=self.form.id,
            version=self.form.version,
            title=dict.fromkeys(self.texts.languages, self.form.title),
            languages=self.texts.languages,
            lists=lists,
            children=self._children(self.form.root, ()),
        )

    def _read_names(self, element: ElementTree.Element, names: Names) -> None:
        self.schema.kinds.setdefault(names, "group")
        for child in element:
            path = (*names, child.tag.removeprefix(XF))
            ref = self.compilation.ref(path)
            if path in self.schema.kinds:
                continue  # pyxform writes a repeat twice, as template and as first row
            if path == ("meta",) or f"{JR}preload" in self.form.binds.get(ref, {}):
                self.schema.ignored.add(path)
            elif len(child) or ref in self.form.repeats:
                self.schema.kinds[path] = "repeat" if ref in self.form.repeats else "group"
                self._read_names(child, path)
            else:
                self.schema.kinds[path] = "question"
                self._read_list(path)
        if len(self.schema.repeats(names)) > MAX_NESTED_REPEATS:
            self.compilation.at(names)
            self.compilation.report("too-deep", limit=MAX_NESTED_REPEATS)

    def _read_list(self, names: Names) -> None:
        control = self.form.controls.get(self.compilation.ref(names))
        if control is None or control.tag not in SELECTS:
            return
        found = ITEMSET.match(control.itemset)
        self.schema.list_of[names] = found[1] if found else "/".join(names)

    def _list(self, name: str) -> tuple[Choice, ...]:
        columns = self.schema.lists.setdefault(name, {"name"})
        choices: list[Choice] = []
        times = Counter[str]()
        for item in self.form.lists[name]:
            value = item.get("name", "")
            places = self.compilation.places
            self.compilation.place = places.choice(name, value, "label", times[value])
            times[value] += 1
            if "itextId" in item:
                self.schema.translated.add(name)
            columns |= {"label" if key == "itextId" else key for key in item}
            extra = {key: text for key, text in item.items() if key not in ITEM_COLUMNS}
            choices.append(Choice(value, self.texts.choice(item, (), name), extra))
        return tuple(choices)

    def _inline_lists(self) -> dict[str, tuple[Choice, ...]]:
        lists: dict[str, tuple[Choice, ...]] = {}
        for names, name in self.schema.list_of.items():
            control = self.form.controls[self.compilation.ref(names)]
            if control.itemset or not control.items:
                continue
            scope = NodeReader(self.compilation, self.texts, names).scope("label")
            self.schema.lists[name] = {"name", "label"}
            lists[name] = tuple(
                Choice(value, self.texts.element(label, scope)) for value, label in control.items
            )
        return lists

    def _children(self, element: ElementTree.Element, names: Names) -> tuple[Node, ...]:
        nodes: dict[str, Node] = {}
        for child in element:
            name = child.tag.removeprefix(XF)
            path = (*names, name)
            if name not in nodes and path not in self.schema.ignored:
                nodes[name] = self._node(child, path)
        return tuple(nodes.values())

    def _node(self, element: ElementTree.Element, names: Names) -> Node:
        reader = NodeReader(self.compilation, self.texts, names)
        kind = self.schema.kinds[names]
        if kind == "question":
            return reader.leaf("".join(map(str, parts_of(element))))
        return reader.container(kind, self._children(element, names))
