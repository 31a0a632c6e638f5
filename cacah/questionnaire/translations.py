"""Further languages of a questionnaire: gettext catalogues that stand beside its file.

`sp2020.jv.po` beside `sp2020.md` adds Javanese. A catalogue's `msgid` is the text in the form's
default language; its translations become columns of the sheets, as if they had been written there,
before anything else reads the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from cacah.questionnaire.problems import FormProblem, Place, problem
from cacah.questionnaire.sheets import Row, Sheet, Workbook
from cacah.questionnaire.texts import language_code

CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
COLUMNS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
SHEETS = ("survey", "choices")
ANSWER = re.compile(r"\$\{[^}]*\}")
SHOWN = 60
# The context of the message by which a catalogue says what its language is called.
OWN_NAME = "language"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language; `file` is how problems name it."""

    file: str
    code: str
    messages: Catalog


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of the form: `context` tells it from the same words elsewhere, `where` from whence.

    `others` is what the form's further columns say, and `wanted` whether catalogues must have it.
    """

    text: str
    context: str
    where: str
    others: tuple[str, ...]
    wanted: bool


def beside(path: Path) -> list[Path]:
    """Return the catalogues that stand beside a questionnaire, by language."""
    found = {
        each.name.removesuffix(".po").removeprefix(f"{path.stem}."): each
        for each in path.parent.glob("*.po")
        if each.name.startswith(f"{path.stem}.")
    }
    return [found[code] for code in sorted(found) if CODE.fullmatch(code)]


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue; raises ValueError or OSError where that cannot be done."""
    code = path.name.removesuffix(".po").rpartition(".")[2]
    try:
        with path.open("rb") as file:
            return Catalogue(path.name, code, read_po(file, abort_invalid=True))
    except (PoFileError, UnknownLocaleError) as error:
        raise ValueError(str(error)) from None


def read_catalogues(path: Path) -> tuple[list[Catalogue], list[FormProblem]]:
    """Read all catalogues beside a questionnaire; what cannot be read is a problem."""
    catalogues: list[Catalogue] = []
    problems: list[FormProblem] = []
    for each in beside(path):
        try:
            catalogues.append(read_catalogue(each))
        except (OSError, ValueError) as error:
            detail = " ".join(str(error).split())
            problems.append(problem("catalogue-unreadable", Place(each.name), detail=detail))
    return catalogues, problems


def default_name(workbook: Workbook) -> str:
    """Return the form's default language as its columns name it, ``""`` for bare columns."""
    for row in workbook.sheet("settings").rows:
        if name := row.cells.get("default_language"):
            return name
    headers = (header for name in SHEETS for header in workbook.sheet(name).header)
    return next((h.partition("::")[2] for h in headers if h.startswith("label::")), "")


def wordings(workbook: Workbook) -> Iterator[Wording]:
    """Yield every text that people read, first the default language's own name."""
    language = default_name(workbook)
    if language:
        yield Wording(language_code(language)[1], OWN_NAME, "settings", (), True)
    for name in SHEETS:
        sheet = workbook.sheet(name)
        for column, header in _headers(sheet, language):
            others = [h for h in sheet.header if h.startswith(f"{column}::") and h != header]
            for row in sheet.rows:
                if text := row.cells.get(header, ""):
                    yield _wording(sheet, row, column, text, others)


def _wording(sheet: Sheet, row: Row, column: str, text: str, others: list[str]) -> Wording:
    context = row.cells.get("list_name") or row.cells.get("name", "")
    said = tuple(dict.fromkeys(row.cells[each] for each in others if each in row.cells))
    # What all languages of the form say alike is a name: "KABUPATEN BATANG", "31".
    name = said == (text,) or not any(sign.isalpha() for sign in text)
    return Wording(text, context, f"{sheet.name}/{column}/{context}", said, not name)


def _headers(sheet: Sheet, language: str) -> Iterator[tuple[str, str]]:
    for column in COLUMNS:
        for header in (f"{column}::{language}", column):
            if header in sheet.header:
                yield column, header
                break


def translation(messages: Catalog, text: str, context: str) -> Message | None:
    """Return the message for a text where it stands, else for the text anywhere."""
    for found in (messages.get(text, context), messages.get(text)):
        if found is not None and found.string and not found.fuzzy:
            return found
    return None


def translate(
    workbook: Workbook, catalogues: Sequence[Catalogue]
) -> tuple[Workbook, list[FormProblem]]:
    """Return the sheets with a column more for each text and catalogue, and what they lack."""
    problems: list[FormProblem] = []
    language = default_name(workbook)
    known = {language_code(each)[0] for each in _languages(workbook)}
    for catalogue in catalogues:
        if catalogue.code in known:
            place = Place(catalogue.file)
            problems.append(problem("catalogue-double", place, language=catalogue.code))
            continue
        problems += inspected(workbook, catalogue)
        heading = f"{_name(catalogue, language)} ({catalogue.code})"
        sheets = {
            each.name: _with_column(each, language, heading, catalogue.messages)
            if each.name in SHEETS
            else each
            for each in workbook.sheets.values()
        }
        workbook = replace(workbook, sheets=sheets)
    return workbook, problems


def _name(catalogue: Catalogue, language: str) -> str:
    named = language and translation(catalogue.messages, language_code(language)[1], OWN_NAME)
    return str(named.string) if named else catalogue.code


def _languages(workbook: Workbook) -> set[str]:
    headers = (header for name in SHEETS for header in workbook.sheet(name).header)
    return {header.partition("::")[2] for header in headers if "::" in header}


def _with_column(sheet: Sheet, language: str, heading: str, messages: Catalog) -> Sheet:
    pairs = [(f"{column}::{heading}", header) for column, header in _headers(sheet, language)]
    rows = []
    for row in sheet.rows:
        cells = dict(row.cells)
        context = cells.get("list_name") or cells.get("name", "")
        for new, header in pairs:
            if text := row.cells.get(header):
                found = translation(messages, text, context)
                cells[new] = str(found.string) if found else text
        rows.append(replace(row, cells=cells))
    return Sheet(sheet.name, (*sheet.header, *(new for new, _ in pairs)), tuple(rows))


def inspected(workbook: Workbook, catalogue: Catalogue) -> list[FormProblem]:
    """Return what a catalogue lacks, has too much, or says with other answers than the form."""
    found: dict[tuple[str, str], FormProblem] = {}
    texts = list(wordings(workbook))
    for each in texts:
        message = translation(catalogue.messages, each.text, each.context)
        if message is None:
            if each.wanted:
                line = _line(catalogue.messages, each)
                found[each.text, ""] = _problem("message-missing", catalogue, each.text, line)
        elif sorted(ANSWER.findall(each.text)) != sorted(ANSWER.findall(str(message.string))):
            line = message.lineno or 0
            found[each.text, ""] = _problem("message-answers", catalogue, each.text, line)
    there = {each.text for each in texts} | {(each.text, each.context) for each in texts}
    for message in catalogue.messages:
        text = str(message.id)
        if text and ((text, message.context) if message.context else text) not in there:
            line = message.lineno or 0
            found[text, "old"] = _problem("message-outdated", catalogue, text, line)
    return list(found.values())


def _line(messages: Catalog, each: Wording) -> int:
    message = messages.get(each.text, each.context) or messages.get(each.text)
    return (message.lineno or 0) if message else 0


def _problem(code: str, catalogue: Catalogue, text: str, line: int) -> FormProblem:
    short = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return problem(code, Place(catalogue.file, line=line), text=short, language=catalogue.code)


def blank(code: str) -> Catalog:
    """Return a catalogue without messages; raises UnknownLocaleError or ValueError for its code."""
    made = Catalog(
        locale=code.replace("-", "_"),
        project="cacah",
        version="1",
        last_translator="nobody yet",
        language_team=code,
        msgid_bugs_address="the maintainers of cacah",
        fuzzy=False,
    )
    made.header_comment = f"# cacah in {made.locale.english_name if made.locale else code}."
    return made


def template(workbook: Workbook, code: str) -> Catalog:
    """Return an empty catalogue of every text that a translation is wanted for.

    A text that another language of the form says in two ways has two meanings, and stands once for
    each place, with a context.
    """
    texts = [each for each in wordings(workbook) if each.wanted]
    meanings: dict[str, set[tuple[str, ...]]] = {}
    for each in texts:
        meanings.setdefault(each.text, set()).add(each.others)
    made = blank(code)
    for each in texts:
        several = len(meanings[each.text]) > 1 or each.context == OWN_NAME
        made.add(
            each.text,
            context=each.context if several else None,
            locations=[(each.where, 0)],
            auto_comments=each.others,
        )
    return made


def refreshed(workbook: Workbook, code: str, old: Catalog | None) -> bytes:
    """Return a catalogue's file: what is translated stays, what is new is empty, the rest is old.

    Raises babel.core.UnknownLocaleError for a code that names no language.
    """
    return updated(template(workbook, code), old)


def updated(made: Catalog, old: Catalog | None) -> bytes:
    """Return the file of a catalogue with the old one's translations; no change, no other byte."""
    if old is not None:
        made.creation_date = old.creation_date
        old.update(made, no_fuzzy_matching=True)
    file = BytesIO()
    write_po(file, made if old is None else old, width=0, include_lineno=False)
    return file.getvalue()
