"""Looks through a workbook's parts before any of it is parsed: what would fill the memory is left.

A parser keeps each element of a part until the row or the text that it stands in is over, so a
few kilobytes that unpack to millions of empty elements cost gigabytes.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO

from cacah.institutions.files.problems import BadRoster

MOST_UNPACKED = 400 << 20
MOST_STRINGS = 120 << 20
# Beginnings and ends of elements in all parts; 100,000 rows of 20 columns have 8 million.
MOST_TAGS = 10_000_000
# Of them before the next row or text begins; a row has 16,384 cells at most.
MOST_AT_ONCE = 400_000
_NEXT = re.compile(rb"<(?:\w+:)?(?:row|si)[\s/>]")
# Whatever may hold a document type. Excel writes UTF-8; in UTF-16 none of this could be seen.
_DOCUMENT_TYPE = (b"<!DOCTYPE", b"<!ENTITY", b"\0")
_XML = (".xml", ".rels", ".vml")
_BLOCK = 1 << 20
_OVERLAP = 64


def look_through(parts: zipfile.ZipFile) -> None:
    """Raise BadRoster for a bomb, a document type or a password."""
    infos = parts.infolist()
    for info in infos:
        if info.flag_bits & 1:
            raise BadRoster("password")
        if info.filename.endswith("sharedStrings.xml") and info.file_size > MOST_STRINGS:
            raise _bomb(MOST_STRINGS)
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise _bomb(MOST_UNPACKED)
    tags = 0
    for info in infos:
        with parts.open(info) as part:
            tags += _tags(part, is_xml=info.filename.endswith(_XML))
        if tags > MOST_TAGS:
            raise _bomb(MOST_UNPACKED)


def _tags(part: IO[bytes], *, is_xml: bool) -> int:
    """Return how many tags a part has; raises BadRoster for too many at once, or a DTD.

    A part that is not called XML is looked at where it begins like it: none for a picture.
    """
    tags = at_once = 0
    before = b""
    while block := part.read(_BLOCK):
        if not is_xml and not before and block.lstrip()[:1] not in (b"<", b"\xef"):
            return 0
        seam = before[-_OVERLAP:] + block
        if any(mark in seam for mark in _DOCUMENT_TYPE):
            raise BadRoster("broken")
        pieces = _NEXT.split(block)
        for n, piece in enumerate(pieces):
            found = piece.count(b"<") + (n > 0)
            tags += found
            at_once = found if n else at_once + found
            if at_once > MOST_AT_ONCE:
                raise _bomb(MOST_UNPACKED)
        if tags > MOST_TAGS:
            return tags
        before = block
    return tags


def _bomb(most: int) -> BadRoster:
    return BadRoster("bomb", megabytes=most >> 20)
