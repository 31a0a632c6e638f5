"""How people write the names of places, brought to one spelling before names are compared.

Old spelling (Soerabaja), abbreviations (Kab., Jateng), accents, apostrophes and hyphens; both the
areas' own names and what somebody types go through the same, so a letter lost here is lost twice.
"""

from __future__ import annotations

import re
import unicodedata

# What kind of area it is says nothing about which; "kota" does, beside the regency of that name.
KINDS = frozenset(
    [
        "kel",
        "kelurahan",
        "desa",
        "ds",
        "kec",
        "kecamatan",
        "kab",
        "kabupaten",
        "prov",
        "provinsi",
        "prop",
        "propinsi",
    ]
)
IN_FULL = {
    "babel": "kepulauan bangka belitung",
    "diy": "daerah istimewa yogyakarta",
    "gn": "gunung",
    "jabar": "jawa barat",
    "jateng": "jawa tengah",
    "jatim": "jawa timur",
    "kalbar": "kalimantan barat",
    "kalsel": "kalimantan selatan",
    "kaltara": "kalimantan utara",
    "kalteng": "kalimantan tengah",
    "kaltim": "kalimantan timur",
    "kepri": "kepulauan riau",
    "kp": "kampung",
    "ntb": "nusa tenggara barat",
    "ntt": "nusa tenggara timur",
    "sei": "sungai",
    "sulbar": "sulawesi barat",
    "sulsel": "sulawesi selatan",
    "sulteng": "sulawesi tengah",
    "sultra": "sulawesi tenggara",
    "sulut": "sulawesi utara",
    "sumbar": "sumatera barat",
    "sumsel": "sumatera selatan",
    "sumut": "sumatera utara",
    "tg": "tanjung",
    "tj": "tanjung",
}
# Old for new: dj→j, tj→c, oe→u; j was written for y (Jogja, Soerabaja), so the two are one.
OLD_LETTERS = (("dj", "j"), ("tj", "c"), ("oe", "u"), ("y", "j"))
_NOT_WRITTEN = re.compile(r"['’‘`ʼ]")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def words_of(text: str) -> list[str]:
    """Return the words of a name, each in its one spelling; kinds of area are left out.

    Where nothing but kinds is written ("desa"), they are the name.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    written = _BETWEEN_WORDS.sub(" ", _NOT_WRITTEN.sub("", plain)).split()
    telling = [word for word in written if word not in KINDS] or written
    return [spelled(word) for one in telling for word in IN_FULL.get(one, one).split()]


def spelled(word: str) -> str:
    """Return a word of small letters in its one spelling."""
    for old, new in OLD_LETTERS:
        word = word.replace(old, new)
    return word


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped; more than `most` is enough.

    Optimal string alignment, given up as soon as it exceeds `most`.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
