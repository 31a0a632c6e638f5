"""What `cacah questionnaire check` and `cacah questionnaire export` do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cacah.questionnaire.export import export as write_files
from cacah.questionnaire.source import Reading, read

Say = Callable[[str], object]


def check(path: Path, say: Say = print, *, census: bool = False) -> int:
    """Print every problem of a questionnaire and how many there are; return the exit code."""
    return _report(read(path, census=census), say)


def export(path: Path, folder: Path, say: Say = print) -> int:
    """Write XForm, xlsx and codebook into a folder; return the exit code, 1 with problems."""
    reading = read(path)
    if reading.broken or reading.instrument is None or reading.workbook is None:
        return _report(reading, say)
    try:
        written = write_files(reading.instrument, reading.xform, reading.workbook, folder)
    except OSError as error:
        say(f"{folder}: cannot be written ({error.strerror}) — choose another folder with --out")
        return 1
    for each in written:
        say(str(each))
    return 0


def _report(reading: Reading, say: Say) -> int:
    for each in reading.problems:
        say(str(each) if each.counts else f"{each} (notice)")
    count = len(reading.broken)
    say(f"{count} problem" if count == 1 else f"{count} problems")
    return 1 if count else 0
