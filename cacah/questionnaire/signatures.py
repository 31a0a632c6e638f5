"""The functions an expression may call, and what to use instead of those it may not."""

from __future__ import annotations

from dataclasses import dataclass

ANY_NUMBER = 99


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments a function takes, and which of them may name many rows.

    It is the one numbered `many` (from 0), if there are `of` arguments in all; ODK takes many rows
    only so. `must` says that the argument has to name questions of the form.
    """

    least: int
    most: int
    many: int = -1
    of: int = 0
    must: bool = False


def _plain(least: int, most: int, names: str) -> dict[str, Signature]:
    return dict.fromkeys(names.split(), Signature(least, most))


SIGNATURES: dict[str, Signature] = {
    **_plain(0, 0, "true false today now pi"),
    **_plain(1, 1, "boolean not number int string date date-time decimal-date-time once"),
    **_plain(1, 1, "boolean-from-string count-selected string-length normalize-space"),
    **_plain(1, 1, "abs sqrt exp exp10 log log10 sin cos tan asin acos atan"),
    **_plain(1, 2, "round"),
    **_plain(2, 2, "selected selected-at coalesce regex format-date format-date-time"),
    **_plain(2, 2, "contains starts-with ends-with substring-before substring-after"),
    **_plain(2, 2, "pow atan2"),
    **_plain(2, 3, "substr"),
    **_plain(3, 3, "if translate"),
    "count": Signature(1, 1, 0, 1, must=True),
    "count-non-empty": Signature(1, 1, 0, 1, must=True),
    "sum": Signature(1, 1, 0, 1, must=True),
    "min": Signature(1, ANY_NUMBER, 0, 1),
    "max": Signature(1, ANY_NUMBER, 0, 1),
    "concat": Signature(1, ANY_NUMBER, 0, 1),
    "join": Signature(2, ANY_NUMBER, 1, 2),
    "checklist": Signature(3, ANY_NUMBER, 2, 3),
    "weighted-checklist": Signature(4, ANY_NUMBER),
    # These three are read by the resolver itself.
    "position": Signature(0, 1),
    "indexed-repeat": Signature(3, 11),
    "jr:choice-name": Signature(2, 2),
}
SYNONYMS = {"is-selected": "selected", "format-date-time": "format-date", "date-time": "date"}

# name: (why, what to do instead)
UNSUPPORTED: dict[str, tuple[str, str]] = {
    "random": ("every reader would get another value", "decide it when the form is written"),
    "uuid": ("every reader would get another value", "the receipt number identifies a submission"),
    "randomize": ("every reader would get another order", "keep the order of the list"),
    "pulldata": ("there are no files beside the form", "put the data in the sheet `choices`"),
    "search": ("there are no files beside the form", "use the sheet `choices` and choice_filter"),
    "property": ("a browser has no such properties", "take it out"),
    "version": ("it is not part of the answers", "write the version as a text"),
    "depend": ("only old forms need it", "take it out"),
    "lower-case": ("ODK does not have it", "use translate(text, 'ABC…', 'abc…')"),
    "upper-case": ("ODK does not have it", "use translate(text, 'abc…', 'ABC…')"),
    "substring": ("ODK does not have it", "use substr(text, start, end), which counts from 0"),
    "floor": ("ODK does not have it", "use int()"),
    "ceiling": ("ODK does not have it", "use int() and add 1"),
    "last": ("ODK does not have it", "use count(${repeat})"),
    "name": ("ODK does not have it", "write the name as a text"),
    "decimal-time": ("cacah keeps no time of day", "keep whole days"),
    "digest": ("it is not needed for a census", "take it out"),
    "base64-decode": ("it is not needed for a census", "take it out"),
    "extract-signed": ("it is not needed for a census", "take it out"),
    "area": ("cacah asks for no places on a map", "take it out"),
    "enclosed-area": ("cacah asks for no places on a map", "take it out"),
    "distance": ("cacah asks for no places on a map", "take it out"),
    "geofence": ("cacah asks for no places on a map", "take it out"),
    "intersects": ("cacah asks for no places on a map", "take it out"),
    "jr:itext": ("a text belongs in a label", "use jr:choice-name()"),
}
