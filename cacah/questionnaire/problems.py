"""The catalogue of what can be wrong with a questionnaire: code, place, sentence and remedy."""

from __future__ import annotations

from dataclasses import dataclass

# code: (sentence, remedy); the words in braces are filled in where the problem is found.
CATALOGUE: dict[str, tuple[str, str]] = {
    "file-missing": ("there is no file {path}", "check the path"),
    "file-empty": ("the file is empty", "write the sheet `survey` with at least one question"),
    "file-type": ("{path} is neither .md nor .xlsx", "save the form as .xlsx or as Markdown"),
    "file-large": ("the file is larger than {limit} MB", "keep one questionnaire in the file"),
    "file-encoding": ("the file is not UTF-8 (byte {at})", "save the file as UTF-8"),
    "file-unreadable": (
        "the file cannot be read as {kind}: {detail}",
        "open it in a spreadsheet program and save it again as .xlsx",
    ),
    "sheet-missing": (
        "there is no sheet `{sheet}`",
        "add a sheet `{sheet}`; in Markdown, a line `| {sheet} | | |` begins one",
    ),
    "table-broken": (
        "line {line} has no column for {count} of its cells",
        "give the row as many cells as the heading, and write a bar inside a cell as \\|",
    ),
    "not-xlsform": ("{detail}", "correct this place; the form is then read on"),
    "expression": (
        "the expression cannot be read: {detail}",
        "correct the expression",
    ),
    "unknown-function": (
        "the function {name}() is not known{hint}",
        "use one of the functions listed in docs/questionnaire.md",
    ),
    "unsupported-function": ("the function {name}() is not supported: {why}", "{instead}"),
    "arguments": (
        "{name}() takes {wanted} arguments, not {found}",
        "give {name}() {wanted} arguments",
    ),
    "needs-nodes": (
        "{name}() wants questions of the form, not a value",
        "give it a name such as ${{question}}",
    ),
    "unknown-name": (
        "nothing in the form is called {name}{hint}",
        "write the name of a question, or ${{name}}, which finds the path itself",
    ),
    "not-kept": (
        "{name} is recorded by the device and not kept by cacah",
        "take it out of the expression",
    ),
    "path": ("the path {path} is not supported: {why}", "{instead}"),
    "many-rows": (
        "${{{name}}} means one answer in each row, and here only one can stand",
        "choose a row with indexed-repeat(), or count or sum over all of them",
    ),
    "row-outside": (
        "a repeat's {column} cannot ask for ${{{name}}}, which is inside the repeat",
        "put the rule on the questions of the repeat",
    ),
    "self-outside": ("“.” cannot stand in {column}", "write the name of the question"),
    "position-of-group": (
        "position({path}) is not a row of a repeat",
        "climb to the repeat itself, with one more `..` for each group",
    ),
    "cycle": (
        "these depend on each other in a circle: {names}",
        "break the circle: no rule may need its own result",
    ),
    "date-as-text": (
        "{operator} with '{date}' compares nothing: ODK takes it for a text",
        "write date('{date}')",
    ),
    "regex": ("the pattern cannot be read: {detail}", "correct the pattern"),
    "regex-feature": (
        "the pattern uses {feature}, which not all readers of the form understand",
        "write the pattern without it",
    ),
    "format-date": (
        "%{sign} in format-date() differs from device to device",
        "use %Y %y %m %n %d %e, and a choice list for names of months",
    ),
    "unknown-type": (
        "questions of the type `{type}` are not supported",
        "use text, integer, decimal, date, select_one, select_multiple, note or calculate",
    ),
    "unsupported-column": ("the column `{column}` is not supported", "{instead}"),
    "media": ("{media} in texts is not supported", "say it in words"),
    "choice-column": (
        "the list `{list}` has no column `{column}`{hint}",
        "add the column to the sheet `choices`, or write ${{{column}}} for a question",
    ),
    "choice-label": (
        "the labels of `{list}` are translated, so no expression can read them",
        "use jr:choice-name()",
    ),
    "choice-name": (
        "jr:choice-name() wants the name of a select question in quotes as second argument",
        "write jr:choice-name(${{question}}, '${{question}}')",
    ),
    "choice-twice": (
        "the list `{list}` has the choice `{value}` twice{where}",
        "give every choice of a list its own name",
    ),
    "choice-space": (
        "the choice `{value}` of `{list}` has a space in its name",
        "write the name of a choice without spaces",
    ),
    "list-unused": ("the list `{list}` is never used", "use it or take it out"),
    "list-missing": ("the list `{list}` is not in the form", "add it to the sheet `choices`"),
    "translation-missing": (
        "there is no {what} in {language}",
        "translate it; until then readers see another language",
    ),
    "catalogue-unreadable": (
        "the catalogue cannot be read: {detail}",
        "open it in an editor for .po files and save it again, or take it away",
    ),
    "catalogue-double": (
        "the form has columns in this language ({language}) already",
        "keep the columns or the catalogue, not both",
    ),
    "message-missing": (
        "“{text}” is not translated",
        "translate it; until then readers see it in the form's default language",
    ),
    "message-answers": (
        "the translation of “{text}” does not show the same answers",
        "write each ${{…}} of the text once, unchanged",
    ),
    "message-outdated": (
        "“{text}” does not stand in the form any more",
        "run `cacah languages refresh {language}`, then translate what is new",
    ),
    "warning-not-note": (
        "only a note can be a warning",
        "make it a note that is relevant while the warning holds",
    ),
    "warning-always": (
        "the warning has no condition and would always be shown",
        "write in `relevant` when to warn",
    ),
    "too-deep": ("repeats are nested more than {limit} deep", "nest fewer repeats"),
    "census-persons": (
        "a census form needs a calculate `persons` that is in no group or repeat",
        "add a row: calculate | persons | … | count(${{person}})",
    ),
    "census-person": (
        "a census form needs a repeat `person`",
        "put the questions on each person between begin_repeat and end_repeat",
    ),
    "census-nik": (
        "a census form needs a question `nik` inside the repeat `person`",
        "add a text question `nik`",
    ),
}
# Worth saying, yet nobody who answers the form is misled.
NOTICES = {"list-unused"}
# To be put right, yet the form works meanwhile: who reads that language sees the default one.
LANGUAGE_BEHIND = {"message-missing", "message-outdated"}


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing wrong with a questionnaire; `row` counts from 1 with the heading, 0 is unknown.

    `line` is the line of a Markdown file, 0 in an xlsx file.
    """

    code: str
    message: str
    remedy: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    line: int = 0

    @property
    def counts(self) -> bool:
        """Whether this has to be put right."""
        return self.code not in NOTICES

    @property
    def stops(self) -> bool:
        """Whether nobody could answer the questionnaire before this is put right."""
        return self.counts and self.code not in LANGUAGE_BEHIND

    def __str__(self) -> str:
        place = " ".join(str(part) for part in (self.sheet, self.row, self.column) if part)
        where = f"{place or 'file'}: " + (f"(line {self.line}) " if self.line else "")
        return f"{where}{self.message} — {self.remedy}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the XLSForm; row 0 and line 0 are unknown."""

    sheet: str = ""
    row: int = 0
    column: str = ""
    line: int = 0


NOWHERE = Place()


def problem(code: str, place: Place = NOWHERE, /, **words: object) -> FormProblem:
    """Return the catalogue's problem with its words filled in; raises KeyError for others."""
    sentence, remedy = CATALOGUE[code]
    return FormProblem(
        code,
        sentence.format(**words),
        remedy.format(**words),
        place.sheet,
        place.row,
        place.column,
        place.line,
    )


class Broken(Exception):
    """A questionnaire that cannot be compiled, with everything that is wrong with it."""

    def __init__(self, problems: list[FormProblem]) -> None:
        super().__init__("\n".join(str(each) for each in problems))
        self.problems = problems
