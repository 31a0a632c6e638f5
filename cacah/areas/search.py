"""Finds villages by what somebody types: any order of village, district and regency, any spelling.

The index lies in the memory of each process; what it is and what else was tried stands in
docs/decisions/0011-area-search.md.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from heapq import nlargest
from itertools import combinations, islice, pairwise
from math import log10

from cacah.areas import codes
from cacah.areas.naming import Vocabulary
from cacah.areas.packaged import read_areas
from cacah.areas.spelling import KINDS, distance, words_of

# What a word is worth that is in the name of the district, regency or province; the village's: 1.
UPPER = (0.8, 0.75, 0.65)
# What a word takes away that says nothing of the village.
IDLE = -0.3
FEWEST_LETTERS = 2
MOST_WORDS = 8
MOST_WORDS_OF_A_NAME = 4
MOST_CANDIDATES = 300
# A regency has at most 850 villages; to look through a province would take too long.
LARGEST_LOOKED_THROUGH = 1000
MOST_UPPER = 12
MOST_FROM_ABOVE = 30
RERANKED = 32
# Below this share of the best that the words could be worth, they are taken for misspelt.
WELL_FOUND = 0.6

Weights = dict[int, float]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word may mean: areas by number with how sure that is, and its share of the whole."""

    share: float
    areas: Weights


@dataclass(frozen=True, slots=True)
class Village:
    """A village that was searched for; `path` names district, regency and province."""

    code: str
    name: str
    path: str


class Index:
    """All areas by number, upper levels first, and the vocabulary of their names."""

    def __init__(self, areas: Iterable[tuple[str, str]]) -> None:
        """Take (undotted code, name) of every area, parents before children."""
        ordered = sorted(areas, key=lambda area: (len(area[0]), area[0]))
        numbers = {code: n for n, (code, _) in enumerate(ordered)}
        self.first_village = sum(len(code) < 10 for code, _ in ordered)
        self.codes = "".join(code for code, _ in ordered[self.first_village :])
        self.names = [name for _, name in ordered]
        # Number of the area around each; a province's is itself.
        self.parents = array("I", [numbers.get(parent(code), n) for code, n in numbers.items()])
        self.first, self.last = array("I"), array("I")
        self.span()
        occurrences: dict[str, list[int]] = {}
        for n, name in enumerate(self.names):
            for word in spellings(words_of(name)):
                occurrences.setdefault(word, []).append(n)
        self.vocabulary = Vocabulary(occurrences)

    def span(self) -> None:
        """Note the first and the last village of each upper area."""
        self.first = array("I", [len(self.names)]) * self.first_village
        self.last = array("I", [0]) * self.first_village
        for n in range(self.first_village, len(self.names)):
            for upper in self.above(n):
                self.first[upper] = min(self.first[upper], n)
                self.last[upper] = n

    def village(self, n: int) -> Village:
        """Return the village of a number."""
        at = (n - self.first_village) * 10
        path = ", ".join(self.names[upper] for upper in self.above(n))
        return Village(self.codes[at : at + 10], self.names[n], path)

    def has_village(self, code: str) -> bool:
        """Tell whether this is the code of a village, by halving."""
        villages = range(len(self.codes) // 10)
        at = bisect_left(villages, code, key=lambda n: self.codes[n * 10 : n * 10 + 10])
        return len(code) == 10 and self.codes[at * 10 : at * 10 + 10] == code

    def above(self, n: int) -> tuple[int, int, int]:
        """Return the numbers of a village's district, regency and province."""
        district = self.parents[n]
        regency = self.parents[district]
        return district, regency, self.parents[regency]

    def below(self, n: int) -> range:
        """Return the numbers of the villages in an upper area: they stand side by side."""
        return range(self.first[n], self.last[n] + 1)

    def weights(self, words: list[str], misspelt: set[str]) -> list[Meaning]:
        """Return for each word what it may mean."""
        found: list[Weights] = [{} for _ in words]
        for n, word in enumerate(words):
            self.weigh(word, found[n : n + 1], misspelt=word in misspelt)
            if n + 1 < len(words):
                # "karang anyar" may be written for "Karanganyar".
                both = word in misspelt and words[n + 1] in misspelt
                self.weigh(word + words[n + 1], found[n : n + 2], misspelt=both)
        # What few names have tells more than what many have; all shares make one.
        telling = [1 / (1 + log10(1 + len(each))) for each in found]
        whole = sum(telling)
        return [Meaning(each / whole, areas) for each, areas in zip(telling, found, strict=True)]

    def weigh(self, word: str, into: list[Weights], *, misspelt: bool) -> None:
        """Note what a word is worth in each of `into`."""
        likely = self.vocabulary.begun(word)
        if misspelt:
            likely += self.vocabulary.near(word)
        for n, sure in likely:
            for area in self.vocabulary.having(n):
                for weights in into:
                    if sure > weights.get(area, 0.0):
                        weights[area] = sure

    def candidates(self, found: list[Meaning]) -> set[int]:
        """Return the villages worth a closer look.

        Those that two words name; of the areas that the words name best, those that a word names
        and some others; and those that the rarest words name, until there are enough.
        """
        chosen: set[int] = set()
        for one, other in combinations(found, 2):
            chosen.update(islice(one.areas.keys() & other.areas.keys(), MOST_CANDIDATES))
        upper = {n for each in found for n in each.areas if n < self.first_village}
        chosen = {n for n in chosen if n >= self.first_village}
        for n in nlargest(MOST_UPPER, upper, key=partial(self.naming, found)):
            villages = self.below(n)
            chosen.update(villages[:MOST_FROM_ABOVE])
            if len(villages) < LARGEST_LOOKED_THROUGH:
                named = (v for v in villages if any(v in each.areas for each in found))
                chosen.update(islice(named, MOST_CANDIDATES))
        for each in sorted(found, key=lambda meaning: len(meaning.areas)):
            room = MOST_CANDIDATES - len(chosen)
            if room > 0:
                named = (n for n in each.areas if n >= self.first_village)
                chosen.update(nlargest(room, named, key=each.areas.__getitem__))
        return chosen

    def naming(self, found: list[Meaning], n: int) -> float:
        """Return how much of what was typed is in the name of an area itself."""
        return sum(each.share * each.areas.get(n, 0.0) for each in found)

    def worth(self, found: list[Meaning], villages: set[int]) -> list[tuple[float, int]]:
        """Return (what all words together are worth for it, minus its number) of each village."""
        above: dict[int, list[float]] = {}
        worth = []
        for village in villages:
            district = self.parents[village]
            inherited = above.get(district)
            if inherited is None:
                inherited = above[district] = self.inherited(found, district)
            total = 0.0
            for each, from_above in zip(found, inherited, strict=True):
                own = each.areas.get(village, 0.0)
                total += each.share * ((own if own > from_above else from_above) or IDLE)
            worth.append((total, -village))
        return worth

    def inherited(self, found: list[Meaning], district: int) -> list[float]:
        """Return what each word is worth for a village for the sake of the areas around it."""
        regency = self.parents[district]
        around = (district, regency, self.parents[regency])
        inherited = []
        for each in found:
            best = 0.0
            for worth, n in zip(UPPER, around, strict=True):
                if n in each.areas:
                    best = max(best, worth * each.areas[n])
            inherited.append(best)
        return inherited

    def likeness(self, village: int, runs: set[str], *, misspelt: bool) -> float:
        """Return how much of the village's own name was typed, 0 to 1, spaces left out."""
        name = "".join(words_of(self.names[village]))
        best = 0.0
        for run in runs:
            if run == name:
                return 1.0
            if name.startswith(run):
                best = max(best, 0.4 + 0.5 * len(run) / len(name))
            elif misspelt and len(run) > 3:
                wrong = distance(run, name, 2)
                best = max(best, 0.9 - wrong / len(run) if wrong <= 2 else 0.0)
        return best

    def search(self, text: str, *, most: int) -> list[Village]:
        """Return at most so many villages, the likeliest first; [] below two letters."""
        words = self.parted(list(dict.fromkeys(words_of(text)))[:MOST_WORDS])
        if len("".join(words)) < FEWEST_LETTERS:
            return []
        best = self.ranked(words, most, set())
        if not best or best[0][0] < WELL_FOUND:
            strange = {word for word in words if not self.vocabulary.is_word(word)}
            best = self.ranked(words, most, strange or set(words))
        return [self.village(n) for _, n in best]

    def ranked(self, words: list[str], most: int, misspelt: set[str]) -> list[tuple[float, int]]:
        """Return (how sure, number) of the likeliest villages, the surest first."""
        found = self.weights(words, misspelt)
        worth = self.worth(found, self.candidates(found))
        longest = range(1, MOST_WORDS_OF_A_NAME + 1)
        runs = {"".join(words[at : at + n]) for at in range(len(words)) for n in longest}
        again = [
            (sure * (1 + 0.3 * self.likeness(-n, runs, misspelt=bool(misspelt))), sure, n)
            for sure, n in nlargest(RERANKED, worth)
        ]
        return [(sure, -n) for _, sure, n in sorted(again, reverse=True)[:most]]

    def parted(self, words: list[str]) -> list[str]:
        """Return the words, with those parted that are two written in one ("kecbatang")."""
        parted: list[str] = []
        for word in words:
            parted += [word] if self.vocabulary.begins(word) else self.halves(word)
        return parted[:MOST_WORDS]

    def halves(self, word: str) -> list[str]:
        """Return the kind of area and the word, or the two words, that were written in one."""
        for at in range(2, len(word) - 2):
            first, second = word[:at], word[at:]
            if first in KINDS and self.vocabulary.begins(second):
                return [second]
        for at in range(len(word) - 3, 2, -1):
            first, second = word[:at], word[at:]
            if self.vocabulary.is_word(first) and self.vocabulary.is_word(second):
                return [first, second]
        return [word]


def parent(code: str) -> str:
    """Return the code of the area around a district, regency or village; "" for a province."""
    return codes.parent_of(code) or ""


def spellings(words: list[str]) -> set[str]:
    """Return under which words a name is found: each, two neighbours and all written in one."""
    pairs = {one + other for one, other in pairwise(words)}
    return {*words, *pairs, "".join(words)}


@cache
def packaged_index() -> Index:
    """Return the index of the packaged areas, built once a process in about a second."""
    return Index(read_areas())
