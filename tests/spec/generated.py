"""Answers that nobody wrote: random documents for any instrument, the same for the same seed."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from cacah.questionnaire.model import Instrument, Node

NUMBERS = (0, 1, 2, 3, 4, 5, 9, 10, 17, 31, 60, 98, 120, 1950, 1975, 2008, 2020, -1, 2**31 - 1)
TEXTS = ("a", "Siti Aminah", "É'ñ", "x y", " ", "12", "0", "3325111708750001", "33.25.11", "😀")
DAYS = ("2020-02-15", "2020-02-16", "1975-08-17", "2000-02-29", "1969-12-31", "0001-01-01")
WRONG = (True, [], {}, 1.5, "2020-02-30", "1,2", "x" * 1001, "\x00", 2**31, 2**60, "nothing", -0.5)


def document(instrument: Instrument, random: Random) -> dict[str, Any]:
    """Return answers of the right types, with gaps, and now and then a choice that is none."""
    return _children(instrument, instrument.children, random)


def variation(instrument: Instrument, answers: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return a copy of answers with a few of them changed, taken away or added."""
    changed = deepcopy(answers)
    for _ in range(random.randint(1, 5)):
        _change(instrument, instrument.children, changed, random)
    return changed


def broken(answers: Any, random: Random, share: float = 0.1) -> Any:
    """Return a copy of answers in which some values are not of their type."""
    if random.random() < share:
        return deepcopy(random.choice(WRONG))
    if isinstance(answers, dict):
        return {key: broken(value, random, share) for key, value in answers.items()}
    if isinstance(answers, list):
        return [broken(value, random, share) for value in answers]
    return answers


def _children(
    instrument: Instrument, nodes: tuple[Node, ...], random: Random, gaps: float = 0.25
) -> dict[str, Any]:
    return {
        node.name: _value(instrument, node, random)
        for node in nodes
        if node.kind in ("question", "group", "repeat") and random.random() >= gaps
    }


def _value(instrument: Instrument, node: Node, random: Random) -> Any:
    if node.kind == "group":
        return _children(instrument, node.children, random)
    if node.kind == "repeat":
        rows = range(random.choice((0, 1, 2, 3)))
        return [_children(instrument, node.children, random) for _ in rows]
    if node.list:
        codes = [choice.value for choice in instrument.lists[node.list]]
        if random.random() < 0.03 or not codes:
            return random.choice(TEXTS)
        if node.type == "select_one":
            return random.choice(codes)
        return " ".join(random.sample(codes, random.randint(1, min(3, len(codes)))))
    if node.type == "integer":
        return random.choice(NUMBERS)
    if node.type == "decimal":
        return random.choice((*NUMBERS, 0.5, 2.25, -1.75))
    return random.choice(DAYS if node.type == "date" else TEXTS)


def _change(
    instrument: Instrument, nodes: tuple[Node, ...], answers: dict[str, Any], random: Random
) -> None:
    """Change one answer on a random way down."""
    node = random.choice([each for each in nodes if each.kind in ("question", "group", "repeat")])
    held = answers.get(node.name)
    if node.kind == "group" and isinstance(held, dict) and node.children:
        _change(instrument, node.children, held, random)
    elif node.kind == "repeat" and held and random.random() < 0.9:
        _change(instrument, node.children, random.choice(held), random)
    elif node.kind == "repeat" and held:
        if random.random() < 0.5:
            held.append(deepcopy(random.choice(held)))
        else:
            held.remove(random.choice(held))
    elif held is not None and random.random() < 0.3:
        del answers[node.name]
    else:
        answers[node.name] = _value(instrument, node, random)
