"""The codebook of a questionnaire, as CSV and as one HTML page: every variable in all languages."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from html import escape
from io import StringIO

from cacah.questionnaire.model import Expr, Instrument, Node, Texts, wording
from cacah.questionnaire.notation import plain, written

RULES = ("relevant", "required", "constraint", "calculate")
STYLE = """body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.4rem .6rem;
text-align:left;vertical-align:top}th{background:#eee}code{font-size:.85em;word-break:break-word}
ul{margin:0;padding-left:1.2rem}p{margin:.2rem 0}"""


def columns(instrument: Instrument) -> list[str]:
    """Return the headings of the codebook."""
    languages = list(instrument.languages)
    return [
        "variable",
        "path",
        "kind",
        "type",
        *(f"label ({language})" for language in languages),
        *(f"options ({language})" for language in languages),
        *RULES,
        *(f"rule ({language})" for language in languages),
        "register",
    ]


def rows(instrument: Instrument) -> Iterator[list[str]]:
    """Yield one row for each node of the form, in its order."""
    languages = list(instrument.languages)
    for node in instrument.walk():
        yield [
            node.name,
            node.path,
            "warning" if node.warning else node.kind,
            node.type,
            *(_text(instrument, node.label, language) for language in languages),
            *("\n".join(_options(instrument, node, language)) for language in languages),
            *(_rule(instrument, getattr(node, rule)) for rule in RULES),
            *(_messages(instrument, node, language) for language in languages),
            node.register,
        ]


def as_csv(instrument: Instrument) -> str:
    """Return the codebook as CSV with a byte order mark, which spreadsheet programs want."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns(instrument))
    for row in rows(instrument):
        writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + file.getvalue()


def _harmless(cell: str) -> str:
    """A cell that begins like a formula is shown as it is, not computed."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_html(instrument: Instrument) -> str:
    """Return the codebook as one page that needs nothing else."""
    code = instrument.default_language
    title = escape(_text(instrument, instrument.title, code))
    head = "".join(f"<th scope=col>{escape(name)}" for name in columns(instrument))
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(cell)}" for cell in row) for row in rows(instrument)
    )
    return (
        f"<!doctype html><html lang={escape(code)}><meta charset=utf-8>"
        f"<meta name=viewport content='width=device-width'><title>{title}</title>"
        f"<style>{STYLE}</style><h1>{title}</h1>"
        f"<p>{escape(instrument.id)} · {escape(instrument.version)} · "
        f"<code>{instrument.digest}</code></p>"
        f"<table><thead><tr>{head}</thead><tbody>\n{body}\n</tbody></table></html>\n"
    )


def _cell(cell: str) -> str:
    lines = cell.split("\n")
    if len(lines) > 1:
        return "<ul>" + "".join(f"<li>{escape(line)}" for line in lines) + "</ul>"
    return escape(cell)


def _text(instrument: Instrument, texts: Texts, language: str) -> str:
    return plain(wording(texts, language), instrument.nodes)


def _options(instrument: Instrument, node: Node, language: str) -> list[str]:
    return [
        f"{choice.value} = {_text(instrument, choice.label, language)}"
        for choice in instrument.lists.get(node.list, ())
    ]


def _rule(instrument: Instrument, rule: Expr | bool | None) -> str:
    if rule is None or rule is False:
        return ""
    return "yes" if rule is True else written(rule, instrument.nodes)


def _messages(instrument: Instrument, node: Node, language: str) -> str:
    texts = [node.required_message, node.constraint_message]
    if node.kind == "note" and (node.warning or node.required):
        texts.insert(0, node.label)
    return " ".join(filter(None, (_text(instrument, each, language) for each in texts)))
