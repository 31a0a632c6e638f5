"""Reads an ODK XForm's XML into plain records, without understanding its expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

XF = "{http://www.w3.org/2002/xforms}"
XH = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
CACAH = "{https://cacah.id/xforms}"
ITEXT = re.compile(r"^\s*jr:itext\(\s*'(.*)'\s*\)\s*$", re.DOTALL)
ITEXT_BY_NAME = re.compile(r"^\s*jr:itext\(\s*([\w.-]+)\s*\)\s*$")
ITEMSET = re.compile(r"^\s*instance\('([^']+)'\)/root/item(.*)$", re.DOTALL)
# A text's parts: words, and the XPath of an `output` as a tuple of one.
Parts = tuple[str | tuple[str], ...]


class NotAnXForm(ValueError):
    """The XML is not an XForm that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Control:
    """An element of the body: a question, group or repeat."""

    tag: str
    ref: str
    attributes: dict[str, str]
    label: ElementTree.Element | None
    hint: ElementTree.Element | None
    itemset: str = ""
    items: tuple[tuple[str, ElementTree.Element | None], ...] = ()
    label_column: str = ""


@dataclass(slots=True)
class XForm:
    """The parts of a form: `texts` is language → id → form of the text → parts."""

    id: str
    version: str
    title: str
    root: ElementTree.Element
    languages: list[str] = field(default_factory=list)
    texts: dict[str, dict[str, dict[str, Parts]]] = field(default_factory=dict)
    lists: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    binds: dict[str, dict[str, str]] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    repeats: dict[str, Control] = field(default_factory=dict)
    setvalues: list[dict[str, str]] = field(default_factory=list)


def read_xform(xml: str) -> XForm:
    """Read the XML of a form; raises NotAnXForm, also for a DTD, which may hide entities."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise NotAnXForm("a form may not have a DTD")
    try:
        html = ElementTree.fromstring(xml)  # noqa: S314 - a DTD is refused above
    except ElementTree.ParseError as error:
        raise NotAnXForm(f"the XML is broken: {error}") from None
    model = html.find(f"{XH}head/{XF}model")
    body = html.find(f"{XH}body")
    first = None if model is None else model.find(f"{XF}instance/*")
    if model is None or body is None or first is None:
        raise NotAnXForm("the form has no model, body or instance")
    form = XForm(
        first.get("id", first.tag.removeprefix(XF)),
        first.get("version", ""),
        html.findtext(f"{XH}head/{XH}title", ""),
        first,
    )
    _read_texts(form, model)
    _read_lists(form, model)
    for bind in model.iter(f"{XF}bind"):
        form.binds[bind.get("nodeset", "")] = dict(bind.attrib)
    for action in html.iter(f"{XF}setvalue"):
        form.setvalues.append({**action.attrib, "text": action.text or ""})
    _read_controls(form, body)
    return form


def _read_texts(form: XForm, model: ElementTree.Element) -> None:
    for translation in model.iterfind(f"{XF}itext/{XF}translation"):
        language = translation.get("lang", "")
        place = 0 if translation.get("default") else len(form.languages)
        form.languages.insert(place, language)
        form.texts[language] = {
            text.get("id", ""): {
                value.get("form", ""): parts_of(value) for value in text.iterfind(f"{XF}value")
            }
            for text in translation.iterfind(f"{XF}text")
        }


def parts_of(element: ElementTree.Element) -> Parts:
    """Return the words and outputs inside a label or value."""
    parts: list[str | tuple[str]] = [element.text or ""]
    for child in element:
        if child.tag == f"{XF}output":
            parts.append((child.get("value", ""),))
        parts.append(child.tail or "")
    written = [part for part in parts if part]
    # pyxform puts a space around a text that has outputs.
    if len(written) > 1 or (written and isinstance(written[0], tuple)):
        if isinstance(written[0], str):
            written[0] = written[0].removeprefix(" ")
        if isinstance(written[-1], str):
            written[-1] = written[-1].removesuffix(" ")
    return tuple(part for part in written if part)


def _read_lists(form: XForm, model: ElementTree.Element) -> None:
    for instance in model.iterfind(f"{XF}instance"):
        name = instance.get("id")
        if name is None or instance.get("src"):
            continue
        form.lists[name] = [
            {column.tag.removeprefix(XF): column.text or "" for column in item}
            for item in instance.iterfind(f"{XF}root/{XF}item")
        ]


def _read_controls(form: XForm, parent: ElementTree.Element) -> None:
    for element in parent:
        ref = element.get("ref") or element.get("nodeset") or ""
        tag = element.tag.removeprefix(XF)
        if not ref or tag in ("label", "hint", "itemset", "setvalue", "value", "item"):
            continue
        if tag == "repeat":
            form.repeats[ref] = _control(tag, ref, element)
        else:
            form.controls[ref] = _control(tag, ref, element)
        _read_controls(form, element)


def _control(tag: str, ref: str, element: ElementTree.Element) -> Control:
    itemset = element.find(f"{XF}itemset")
    column = None if itemset is None else itemset.find(f"{XF}label")
    items = tuple(
        (item.findtext(f"{XF}value", ""), item.find(f"{XF}label"))
        for item in element.iterfind(f"{XF}item")
    )
    return Control(
        tag,
        ref,
        dict(element.attrib),
        element.find(f"{XF}label"),
        element.find(f"{XF}hint"),
        "" if itemset is None else itemset.get("nodeset", ""),
        items,
        "" if column is None else column.get("ref", ""),
    )
