"""The words of all area names, and which of them somebody may mean: whole, begun, or misspelt."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nlargest, nsmallest

from cacah.areas.spelling import distance

WHOLE = 1.0
# Longer ranges of words with one beginning are cut to their shortest words.
MOST_BEGUN = 200
MOST_NEAR = 24
SHORTEST_MISSPELT = 4
MOST_SHARING = 4000
FEWEST_PIECES = 3


class Vocabulary:
    """Every word of the names with the numbers of the areas that have it, in a few flat arrays."""

    def __init__(self, occurrences: dict[str, list[int]]) -> None:
        self.words = sorted(occurrences)
        self.starts = array("I", [0])
        self.areas = array("I")
        pieces: dict[str, list[int]] = {}
        for n, word in enumerate(self.words):
            self.areas.extend(sorted(set(occurrences[word])))
            self.starts.append(len(self.areas))
            for piece in set(pieces_of(word)):
                pieces.setdefault(piece, []).append(n)
        self.pieces = {piece: array("I", found) for piece, found in pieces.items()}

    def having(self, n: int) -> Iterator[int]:
        """Yield the numbers of the areas that have the nth word."""
        return iter(self.areas[self.starts[n] : self.starts[n + 1]])

    def is_word(self, text: str) -> bool:
        """Tell whether some name has exactly this word."""
        n = bisect_left(self.words, text)
        return n < len(self.words) and self.words[n] == text

    def begins(self, text: str) -> bool:
        """Tell whether some name has a word that begins so."""
        n = bisect_left(self.words, text)
        return n < len(self.words) and self.words[n].startswith(text)

    def begun(self, text: str) -> list[tuple[int, float]]:
        """Return the words that begin so, each with how sure that is; the whole word is sure."""
        first = bisect_left(self.words, text)
        if len(text) == 1:
            # The beginning of everything: only a word of one letter is worth looking at.
            return [(first, WHOLE)] if self.is_word(text) else []
        last = bisect_left(self.words, text + "\x7f")
        chosen: Iterable[int] = range(first, last)
        if last - first > MOST_BEGUN:
            chosen = nsmallest(MOST_BEGUN, chosen, key=lambda n: len(self.words[n]))
        length = len(text)
        return [
            (n, WHOLE if len(self.words[n]) == length else 0.6 + 0.3 * length / len(self.words[n]))
            for n in chosen
        ]

    def near(self, text: str) -> list[tuple[int, float]]:
        """Return the words that this may be a slip of, each with how sure that is."""
        if len(text) < SHORTEST_MISSPELT:
            return []
        most = 1 if len(text) < 6 else 2 if len(text) < 11 else 3
        shared, used = self.sharing(text)
        # A slip spoils three pieces.
        enough = max(min(2, used), used - 3 * most)
        likely = ((count / (len(self.words[n]) + 4), n) for n, count in shared if count >= enough)
        found = []
        for _, n in nlargest(MOST_NEAR, likely):
            wrong = distance(text, self.words[n], most)
            if wrong <= most:
                found.append((n, 0.9 - 0.9 * wrong / len(text)))
        return found

    def sharing(self, text: str) -> tuple[Iterable[tuple[int, int]], int]:
        """Return (number of a word, pieces it shares with the text), and how many were looked at.

        The rarest pieces tell most; "an$" alone is the end of one word in eleven.
        """
        lists = sorted((self.pieces.get(piece, ()) for piece in set(pieces_of(text))), key=len)
        shared: Counter[int] = Counter()
        total = used = 0
        for numbers in lists:
            total += len(numbers)
            if total > MOST_SHARING and used >= FEWEST_PIECES:
                break
            shared.update(numbers)
            used += 1
        return shared.items(), used


def pieces_of(word: str) -> list[str]:
    """Return the groups of three letters of a word with its beginning and end."""
    marked = f"^{word}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]
