"""Builds the form: one static page for each language, two scripts and one style sheet.

The page carries the instrument and the words of the interface; its name carries the digest of its
content, so that browsers, proxies and a CDN may keep it for ever. Where nothing has been built
(development), the same page is made on request from the single modules.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli
import rjsmin
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from cacah.collection import pages
from cacah.collection.joining import FIRST, join_modules, static_file
from cacah.collection.packing import pack
from cacah.collection.words import form_texts, more_texts
from cacah.questionnaire.source import load

ENTRY = "collection/form/main.js"
ENTRY_OF_SECOND = "collection/form/more/entry.js"
STYLES = tuple(f"collection/{name}.css" for name in ("tokens", "base", "form", "print"))
DIRECTORY = "form"
LIST = "shell.json"
WORKER = "worker.js"


@dataclass(frozen=True)
class Assets:
    """URLs: style sheets, scripts (modules), and the form's page by language.

    `more` is the second script, loaded when it is wanted, and `words` its texts by language; where
    nothing is built there are none, because the page then has all texts.
    """

    styles: list[str]
    scripts: list[str]
    more: str
    words: dict[str, str]
    forms: dict[str, str]


def _smaller(script: str) -> str:
    return str(rjsmin.jsmin(script))


def _smaller_css(source: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    lines = re.sub(r"\s*\n\s*", "\n", without_comments).strip()
    return re.sub(r"\s*([{};,])\s*|(:) ", r"\1\2", lines)


def _write(directory: Path, stem: str, suffix: str, text: str) -> str:
    """Write a file named by its content, with its compressed forms; return its URL."""
    content = text.encode()
    name = f"{stem}.{sha256(content).hexdigest()[:12]}.{suffix}"
    (directory / name).write_bytes(content)
    (directory / f"{name}.br").write_bytes(brotli.compress(content, quality=11))
    (directory / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return f"{settings.STATIC_URL}{DIRECTORY}/{name}"


def development_assets() -> Assets:
    """Return the URLs of the single files, for a site where nothing has been built."""
    here = settings.STATIC_URL
    return Assets(
        styles=[here + name for name in STYLES],
        scripts=[here + ENTRY],
        more=here + ENTRY_OF_SECOND,
        words={},
        forms={language: pages.form_address(language) for language, _ in settings.LANGUAGES},
    )


@cache
def _built(path: Path) -> Assets:
    return Assets(**json.loads(path.read_text()))


def assets() -> Assets:
    """Return the URLs that a page of this process uses."""
    path = Path(settings.STATIC_ROOT) / DIRECTORY / LIST
    return _built(path) if path.is_file() else development_assets()


def form_page(language: str, urls: Assets) -> str:
    """Return the whole form as HTML, in one language."""
    instrument = load(settings.CACAH_INSTRUMENT)
    with translation.override(language):
        context: dict[str, Any] = {
            "language": language,
            "urls": urls,
            "census": pages.set_up_census(),
            "facts": pages.form_facts(language)
            | {"more": {"script": urls.more, "texts": urls.words.get(language, "")}},
            "texts": form_texts() if urls.words else form_texts() | more_texts(),
            "instrument": pack(instrument.to_json(language)),
            "languages": pages.by_language(language, pages.form_address),
        }
        context["embedded"] = {
            name: pages.embedded_json(context[name]) for name in ("facts", "texts", "instrument")
        }
        return render_to_string("collection/form.html", context)


def _write_words(directory: Path, language: str) -> str:
    with translation.override(language):
        return _write(directory, f"words-{language}", "json", pages.embedded_json(more_texts()))


def _worker(urls: Assets) -> str:
    """Return the service worker's script, which names what it keeps: a new form, a new worker."""
    pages_by_address = {}
    for language, words in urls.words.items():
        for address in (pages.form_address(language), pages.landing_address(language)):
            pages_by_address[address] = [urls.forms[language], words]
    files: dict[str, Any] = {
        "home": f"{settings.STATIC_URL}{DIRECTORY}/",
        "files": urls.styles + urls.scripts,
        "more": urls.more,
        "pages": pages_by_address,
    }
    files["version"] = sha256(json.dumps(files).encode()).hexdigest()[:12]
    source = static_file("collection/worker.js").read_text(encoding="utf-8")
    return f"const SHELL = {pages.embedded_json(files)};\n{source}"


def worker() -> str:
    """Return the service worker's script for the files that stand now."""
    built = Path(settings.STATIC_ROOT) / DIRECTORY / WORKER
    return built.read_text() if built.is_file() else _worker(assets())


def build() -> Assets:
    """Write scripts, style sheet and pages below STATIC_ROOT; return their URLs."""
    directory = Path(settings.STATIC_ROOT) / DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    css = "\n".join(static_file(name).read_text(encoding="utf-8") for name in STYLES)
    joined = join_modules(ENTRY, ENTRY_OF_SECOND)
    script = _write(directory, "form", "js", _smaller(joined.first))
    second = joined.second.replace(FIRST, "./" + script.rpartition("/")[2])
    languages = [language for language, _ in settings.LANGUAGES]
    urls = Assets(
        styles=[_write(directory, "cacah", "css", _smaller_css(css))],
        scripts=[script],
        more=_write(directory, "more", "js", _smaller(second)),
        words={language: _write_words(directory, language) for language in languages},
        forms={},
    )
    for language in languages:
        urls.forms[language] = _write(directory, language, "html", form_page(language, urls))
    (directory / WORKER).write_text(_smaller(_worker(urls)))
    (directory / LIST).write_text(json.dumps(asdict(urls), indent=1))
    _built.cache_clear()
    return urls
