"""Makes and refreshes the catalogues of a language, and says what they still lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils.translation import to_locale

from cacah.questionnaire.sheets import read_workbook
from cacah.questionnaire.translations import blank, read_catalogue, refreshed, updated
from cacah.site.languages import DEFAULT, RESIDENTS_ROOMS, ROOMS


@dataclass(frozen=True, slots=True)
class File:
    """One catalogue of a language, and how many of its messages are not translated yet."""

    path: Path
    messages: int
    empty: int


def refresh(code: str, instrument: Path, rooms: Path = ROOMS) -> Iterator[File]:
    """Write every catalogue of a language anew: translations stay, new texts are empty.

    A room's texts are those of its Indonesian catalogue, the questionnaire's those of its file.
    Raises OSError, ValueError or cacah.questionnaire.problems.Broken for files that cannot be read,
    and babel.core.UnknownLocaleError for a code that names no language.
    """
    for room in RESIDENTS_ROOMS:
        folder = rooms / room / "locale"
        path = folder / to_locale(code) / "LC_MESSAGES" / "django.po"
        yield _write(path, _room(folder, code, path))
    path = instrument.with_name(f"{instrument.stem}.{code}.po")
    old = read_catalogue(path).messages if path.exists() else None
    yield _write(path, refreshed(read_workbook(instrument), code, old))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _room(folder: Path, code: str, path: Path) -> bytes:
    made = blank(code)
    for each in _read(folder / DEFAULT / "LC_MESSAGES" / "django.po"):
        if each.id:
            indonesian = each.string if isinstance(each.string, str) else each.string[0]
            made.add(
                each.id,
                context=each.context,
                locations=each.locations,
                flags=each.flags,
                auto_comments=[*each.auto_comments, indonesian],
            )
    return updated(made, _read(path) if path.exists() else None)


def _write(path: Path, content: bytes) -> File:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    messages = [each for each in read_po(BytesIO(content)) if each.id]
    return File(path, len(messages), sum(not _is_said(each.string) for each in messages))


def _is_said(text: object) -> bool:
    return all(text) if isinstance(text, tuple) else bool(text)
