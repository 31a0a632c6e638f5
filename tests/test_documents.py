"""The documents say what the code does: settings, commands, promises, version, catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import get_commands

import cacah

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
CATALOGUES = sorted((ROOT / "cacah").glob("*/locale/*/LC_MESSAGES/django.po"))


def test_every_setting_is_documented_in_operations() -> None:
    source = (ROOT / "cacah/site").rglob("*.py")
    read = {
        name
        for path in source
        for name in re.findall(r"[\"'](CACAH_[A-Z_]+|DATABASE_URL)[\"']", path.read_text())
    }
    described = set(re.findall(r"`(CACAH_[A-Z_]+|DATABASE_URL)`", operations()))
    assert read == described


def operations() -> str:
    return (ROOT / "docs/operations.md").read_text()


def test_every_command_that_a_document_names_exists() -> None:
    known = set(get_commands())
    named = {
        (path.name, command)
        for path in DOCUMENTS
        for command in re.findall(r"(?:^|`|bin/)cacah ([a-z]+)", path.read_text(), re.MULTILINE)
    }
    assert not {(page, command) for page, command in named if command not in known}


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in [*DOCUMENTS, ROOT / "CHANGELOG.md"]
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert not dead


def test_every_promise_of_privacy_names_a_test_that_exists() -> None:
    text = (ROOT / "docs/privacy.md").read_text()
    named = re.findall(r"`((?:cacah|tests)/[\w/]+\.py)::(\w+)`", text)
    assert named
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists() or f"def {test}(" not in (ROOT / file).read_text()
    ]
    assert not missing


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_is_one_page_with_context_choice_and_consequence(path: Path) -> None:
    text = path.read_text()
    assert re.match(r"\d{4}-[a-z0-9-]+$", path.stem)
    assert len(text.splitlines()) <= 80
    for heading in ("## Context", "## Choice", "## Consequence"):
        assert heading in text


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == cacah.__version__


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: "-".join(p.parts[-5:-2]))
def test_a_catalogue_is_complete(path: Path) -> None:
    with path.open("rb") as file:
        messages = [m for m in read_po(file) if m.id]
    assert not [m.id for m in messages if m.fuzzy]
    texts = [m.string if isinstance(m.string, tuple) else (m.string,) for m in messages]
    assert all(all(text) for text in texts)


def test_each_room_speaks_the_same_messages_in_each_language() -> None:
    rooms: dict[str, dict[str, set[object]]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            ids = {(m.context, m.id) for m in read_po(file) if m.id}
        rooms.setdefault(path.parts[-5], {})[path.parts[-3]] = ids
    for room, languages in rooms.items():
        assert {"id", "en"} <= set(languages), room
        for language, ids in languages.items():
            assert ids == languages["id"], f"{room} {language}: cacah languages refresh {language}"
