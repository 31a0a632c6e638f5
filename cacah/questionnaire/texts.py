"""Reads the wordings of a form in each of its languages, with the answers they show."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from cacah.questionnaire.compilation import Compilation
from cacah.questionnaire.model import Output, Text, Texts
from cacah.questionnaire.scope import Names, Scope
from cacah.questionnaire.xform import ITEXT, Parts, parts_of

LANGUAGE = re.compile(r"^\s*(.*?)\s*\(([A-Za-z][A-Za-z0-9-]*)\)\s*$")
# pyxform writes this where a language has no wording.
MISSING: Parts = ("-",)
MEDIA = {"image", "audio", "video", "big-image"}


def language_code(language: str) -> tuple[str, str]:
    """Split `Bahasa Indonesia (id)` into code and name; a plain name is its own code."""
    found = LANGUAGE.match(language)
    return (found[2], found[1]) if found else (language, language)


class TextReader:
    """Reads labels, hints and messages of one form."""

    def __init__(self, compilation: Compilation) -> None:
        self.compilation = compilation
        self.form = compilation.form
        named = self.form.languages or ["default"]
        self.codes = {language: language_code(language)[0] for language in named}
        self.languages = {language_code(name)[0]: language_code(name)[1] for name in named}

    def element(self, element: ElementTree.Element | None, scope: Scope, form: str = "") -> Texts:
        """Return the wordings of a label or hint; `form` chooses ``""`` or ``guidance``."""
        if element is None:
            return {}
        if element.get("ref"):
            return self.message(element.get("ref", ""), scope, form)
        return self._plain(parts_of(element), scope) if not form else {}

    def message(self, attribute: str, scope: Scope, form: str = "") -> Texts:
        """Return the wordings that `jr:itext('id')` names, or the attribute itself."""
        reference = ITEXT.match(attribute)
        if reference is None:
            return self._plain((attribute,), scope) if attribute else {}
        return self.translated(reference[1], scope, form)

    def translated(self, text_id: str, scope: Scope, form: str = "") -> Texts:
        """Return the wordings of one text id in every language that has it."""
        wordings: dict[str, Parts] = {}
        for language in self.form.languages:
            forms = self.form.texts[language].get(text_id, {})
            for media in MEDIA & set(forms):
                self._at(scope, f"media::{media}")
                self.compilation.report("media", media=media)
            parts = forms.get(form, ())
            if parts and parts != MISSING:
                wordings[language] = parts
        if wordings:
            for language in self.form.languages:
                if language not in wordings:
                    self._missing(scope, language)
        texts: dict[str, Text] = {}
        for language, parts in wordings.items():
            self._at(scope, scope.column, language)
            texts[self.codes[language]] = self._text(parts, scope)
        return texts

    def _missing(self, scope: Scope, language: str) -> None:
        self._at(scope, scope.column, language)
        self.compilation.report(
            "translation-missing", what=scope.column, language=language_code(language)[1]
        )

    def _at(self, scope: Scope, column: str, language: str = "") -> None:
        if not scope.list:
            self.compilation.at(scope.names, column, language)

    def _plain(self, parts: Parts, scope: Scope) -> Texts:
        self._at(scope, scope.column)
        text = self._text(parts, scope)
        return dict.fromkeys(self.codes.values(), text) if text else {}

    def _text(self, parts: Parts, scope: Scope) -> Text:
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        return tuple(
            part
            if isinstance(part, str)
            else Output(self.compilation.resolver.read(part[0], scope))
            for part in parts
        )

    def choice(self, item: dict[str, str], names: Names, list_name: str) -> Texts:
        """Return the wordings of a choice; `names` is the question a filter would stand in."""
        scope = Scope(names, 0, "label", list=list_name)
        if "itextId" in item:
            return self.translated(item["itextId"], scope)
        label = item.get("label", "")
        return dict.fromkeys(self.codes.values(), label) if label else {}
