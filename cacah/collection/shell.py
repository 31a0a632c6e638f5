"""Builds the form: one static page for each language, one script and one style sheet.

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
from posixpath import dirname, join, normpath
from typing import Any

import brotli
import rjsmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation

from cacah.collection import pages
from cacah.collection.words import form_texts
from cacah.questionnaire.source import load

ENTRY = "collection/form/main.js"
STYLES = tuple(f"collection/{name}.css" for name in ("tokens", "base", "form", "print"))
DIRECTORY = "form"
LIST = "shell.json"

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) )", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
_VENDORED_EXPORT = re.compile(r"export\{([^}]+)\};?\s*$")


@dataclass(frozen=True)
class Assets:
    """URLs: style sheets, scripts (modules), and the form's page by language."""

    styles: list[str]
    scripts: list[str]
    forms: dict[str, str]


def _static_file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise ImproperlyConfigured(f"the static file {name} is missing")
    return Path(found)


def _vendored(source: str, name: str) -> str:
    """Wrap a vendored module, whose own names may be anything, into one constant of names."""
    exported = _VENDORED_EXPORT.search(source)
    if not exported:
        raise ImproperlyConfigured(f"{name} does not end with its exports")
    pairs = [part.split(" as ") for part in exported.group(1).split(",")]
    names = ",".join(f"{public}:{own}" for own, public in pairs)
    wanted = ",".join(public for _, public in pairs)
    return f"const {{{wanted}}}=(()=>{{{source[: exported.start()]}return{{{names}}}}})();\n"


def join_modules(entry: str) -> str:
    """Join a module and all that it imports into one script, each module once, imports first.

    Raises ImproperlyConfigured where a module breaks the discipline that makes this safe
    (docs/decisions/0004-joined-modules.md): single-line named imports, exports of declarations,
    top-level names that are unique in the whole form.
    """
    done: dict[str, str] = {}
    owner: dict[str, str] = {}

    def take(name: str) -> None:
        if name in done:
            return
        source = _static_file(name).read_text(encoding="utf-8")
        done[name] = ""
        for _, target in _IMPORT.findall(source):
            take(normpath(join(dirname(name), target)))
        if "/vendor/" in name:
            text = _vendored(source, name)
        else:
            text = _EXPORT.sub("", _IMPORT.sub("", source))
        if re.search(r"^(import|export)\b", text, re.MULTILINE):
            raise ImproperlyConfigured(f"{name} imports or exports in a way that cannot be joined")
        for top in _TOP_LEVEL.findall(text):
            if top in owner:
                raise ImproperlyConfigured(f"{name} and {owner[top]} both declare {top}")
            owner[top] = name
        del done[name]
        done[name] = text

    take(entry)
    return "".join(done.values())


def _smaller_css(source: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", without_comments).replace(": ", ":").strip()


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
            "facts": pages.form_facts(language),
            "texts": form_texts(),
            "instrument": instrument.to_json(language),
            "other": next(code for code, _ in settings.LANGUAGES if code != language),
        }
        context["embedded"] = {
            name: pages.embedded_json(context[name]) for name in ("facts", "texts", "instrument")
        }
        return render_to_string("collection/form.html", context)


def build() -> Assets:
    """Write script, style sheet and pages below STATIC_ROOT; return their URLs."""
    directory = Path(settings.STATIC_ROOT) / DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    css = "\n".join(_static_file(name).read_text(encoding="utf-8") for name in STYLES)
    script = _write(directory, "form", "js", str(rjsmin.jsmin(join_modules(ENTRY))))
    style = _write(directory, "cacah", "css", _smaller_css(css))
    urls = Assets(styles=[style], scripts=[script], forms={})
    for language, _ in settings.LANGUAGES:
        urls.forms[language] = _write(directory, language, "html", form_page(language, urls))
    (directory / LIST).write_text(json.dumps(asdict(urls), indent=1))
    _built.cache_clear()
    return urls
