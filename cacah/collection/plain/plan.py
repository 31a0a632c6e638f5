"""Lays the instrument out as sections, blocks and fields, as `form/plan.js` does in the browser.

A section is a group directly below the form or one row of a repeat; a block is a page of the
browser's form, here a part of the section's page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cacah.collection.plain.words import say
from cacah.questionnaire.asking import Asking
from cacah.questionnaire.model import Node


@dataclass(frozen=True)
class Place:
    """A node with the path it has among these answers."""

    node: Node
    path: str


@dataclass(frozen=True)
class Block:
    """Fields that stand together: a page of the browser's form."""

    path: str
    node: Node
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Section:
    """A part of the form, or a member: `number` of `of`, both 0 for a part."""

    path: str
    node: Node
    title: str
    blocks: tuple[Block, ...]
    number: int = 0
    of: int = 0


def is_date_parts(node: Node) -> bool:
    """Tell whether a group's children are the day, the month and the year of one date."""
    return node.kind == "group" and "date-parts" in node.appearance


def _is_shown(node: Node) -> bool:
    if node.kind == "note":
        return True
    if node.kind != "question" or node.type == "hidden":
        return False
    return node.calculate is None or bool(node.label)


def _is_block(node: Node) -> bool:
    return is_date_parts(node) or "field-list" in node.appearance or _is_shown(node)


def rows_of(asking: Asking, path: str) -> list[str]:
    """Return the paths of a repeat's rows, none where it is not relevant."""
    count = asking.row_count(path) if asking.relevant(path) else 0
    return [f"{path}[{number}]" for number in range(1, count + 1)]


def _below(asking: Asking, place: Place) -> Iterable[Place]:
    for node in place.node.children:
        path = f"{place.path}/{node.name}"
        if node.kind == "repeat":
            yield from (Place(node, row) for row in rows_of(asking, path))
        else:
            yield Place(node, path)


def _fields_at(asking: Asking, place: Place) -> list[Place]:
    if not asking.relevant(place.path):
        return []
    if is_date_parts(place.node) or _is_shown(place.node):
        return [place]
    return [field for child in _below(asking, place) for field in _fields_at(asking, child)]


def fields_of(asking: Asking, block: Block) -> list[Place]:
    """Return the questions, notes and dates in parts that stand in a block now."""
    return [field for place in block.places for field in _fields_at(asking, place)]


def _pieces(asking: Asking, place: Place) -> list[Block]:
    if not asking.relevant(place.path):
        return []
    if not _is_block(place.node):
        return [block for child in _below(asking, place) for block in _pieces(asking, child)]
    if not _fields_at(asking, place):
        return []
    return [Block(place.path, place.node, (place,))]


def _join_notes(pieces: list[Block]) -> tuple[Block, ...]:
    """Put a note that stands alone on top of the block after it, or below the last one."""
    joined: list[Block] = []
    notes: tuple[Place, ...] = ()
    for piece in pieces:
        if piece.node.kind == "note":
            notes += piece.places
        else:
            joined.append(Block(piece.path, piece.node, notes + piece.places))
            notes = ()
    if notes and joined:
        last = joined.pop()
        joined.append(Block(last.path, last.node, last.places + notes))
    elif notes:
        joined.append(Block(notes[0].path, notes[0].node, notes))
    return tuple(joined)


def row_name(asking: Asking, repeat: Node, row: str) -> str:
    """Return how a row is called: its calculate `called` (docs/instrument.md)."""
    named = any(node.name == "called" for node in repeat.children)
    return (str(asking.get(f"{row}/called") or "") if named else "") or say("member.unnamed")


def sections_of(asking: Asking) -> list[Section]:
    """Return the sections in order; a row stands there even when it asks nothing."""
    sections: list[Section] = []
    for node in asking.program.instrument.children:
        if node.kind == "repeat":
            rows = rows_of(asking, node.name)
            for number, row in enumerate(rows, 1):
                blocks = _join_notes(_pieces(asking, Place(node, row)))
                title = row_name(asking, node, row)
                sections.append(Section(row, node, title, blocks, number, len(rows)))
        elif blocks := _join_notes(_pieces(asking, Place(node, node.name))):
            loose = node.kind != "group"
            title = say("section.loose") if loose else asking.text(node.name, "label")
            sections.append(Section(node.name, node, title, blocks))
    return sections


def covers(outer: str, path: str) -> bool:
    """Tell whether a path is the outer one or lies inside it."""
    return path.startswith(outer) and (len(path) == len(outer) or path[len(outer)] in "/[")


def stands_in(block: Block, path: str) -> bool:
    """Tell whether a problem at this path is told in this block."""
    return any(covers(place.path, path) for place in block.places)


def block_of(sections: list[Section], path: str) -> tuple[Section, Block] | None:
    """Return where a problem can be put right, None where no page shows it."""
    for section in sections:
        for block in section.blocks:
            if stands_in(block, path):
                return section, block
    for section in sections:
        if covers(section.path, path) and section.blocks:
            return section, section.blocks[0]
    return None
