"""Makes plausible families: who belongs to them, how old, married and schooled they are.

The shares follow no single survey; they give about 3.8 people a family and keep every rule of the
SP2020 instrument between the members of a family (ages, sexes, marital statuses, certificates).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

MALE, FEMALE = "1", "2"
HEAD, HUSBAND, WIFE, CHILD, CHILD_IN_LAW = "01", "02", "03", "04", "05"
GRANDCHILD, PARENT, PARENT_IN_LAW, RELATIVE, WORKER = "06", "07", "08", "09", "10"
NEVER, MARRIED, DIVORCED, WIDOWED = "1", "2", "3", "4"

_COMPOSITIONS = ("alone", "couple", "nuclear", "one_parent", "three_generations", "extended")
_SHARES = (6, 11, 55, 9, 13, 6)
_CHILDREN = (1, 2, 3, 4, 5, 6)
_CHILDREN_SHARES = (28, 40, 19, 8, 3, 2)
_RELIGIONS = ("1", "2", "3", "4", "5", "6", "7")
_RELIGION_SHARES = (870, 75, 31, 17, 5, 1, 1)
# (youngest age at which it can be had, code, weight): the instrument's rule, one year on the safe
# side, so that a certificate never comes in the very year of the threshold.
_CERTIFICATES = (
    (0, "1", 2),
    (6, "2", 10),
    (12, "3", 26),
    (15, "4", 24),
    (18, "5", 38),
    (20, "6", 5),
    (22, "7", 11),
    (25, "8", 1),
    (25, "9", 1),
)


@dataclass(slots=True)
class Member:
    """One synthetic person; codes are those of the SP2020 option lists."""

    relationship: str
    sex: str
    born: date
    marital_status: str
    education: str = "1"
    name: str = ""
    nik: str = ""
    birth_place: str = ""


@dataclass(slots=True)
class Family:
    """One synthetic family card, the head first; `village` and `sls` are undotted codes."""

    members: list[Member]
    religion: str
    kk: str = ""
    village: str = ""
    sls: str = ""
    sls_name: str = ""
    address: str = ""
    rt: str = ""
    rw: str = ""


class Families:
    """Draws families as they stand on a reference date."""

    def __init__(self, rng: Random, reference: date) -> None:
        self._rng = rng
        self._reference = reference

    def draw(self) -> Family:
        """Return a family without names and numbers."""
        rng = self._rng
        kind = rng.choices(_COMPOSITIONS, _SHARES)[0]
        members = getattr(self, f"_{kind}")()
        religion = rng.choices(_RELIGIONS, _RELIGION_SHARES)[0]
        for member in members:
            member.education = self._certificate(self._age(member))
        return Family(members, religion)

    def _age(self, member: Member) -> int:
        born, today = member.born, self._reference
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def _born(self, youngest: float, oldest: float) -> date:
        """Draw a birth date for an age between the two, in years."""
        age = self._rng.uniform(max(youngest, 0.01), max(oldest, youngest, 0.02))
        return self._reference - timedelta(days=age * 365.25 + 1)

    def _certificate(self, age: int) -> str:
        if age < 6:
            return "1"
        open_to = [(code, weight) for least, code, weight in _CERTIFICATES if age >= least]
        if age < 18:
            # A pupil holds the certificate of the school behind, seldom the one before that.
            return open_to[-1][0] if self._rng.random() < 0.9 else open_to[-2][0]
        codes, weights = zip(*open_to, strict=True)
        return str(self._rng.choices(codes, weights)[0])

    def _sex(self) -> str:
        return MALE if self._rng.random() < 0.505 else FEMALE

    def _alone(self) -> list[Member]:
        born = self._born(19, 88)
        old = (self._reference - born).days > 45 * 365
        status = self._rng.choices((NEVER, DIVORCED, WIDOWED), (1, 2, 6) if old else (8, 2, 1))[0]
        return [Member(HEAD, self._sex(), born, status)]

    def _couple(self, youngest: float = 20, oldest: float = 80) -> list[Member]:
        """A head and spouse, 16 or older; one in 16 heads is the wife."""
        head_is_male = self._rng.random() < 0.94
        born = self._born(youngest, oldest)
        younger = self._rng.gauss(3, 3) * (1 if head_is_male else -1)
        spouse_born = born + timedelta(days=younger * 365.25)
        latest = self._reference - timedelta(days=17 * 366)
        spouse = WIFE if head_is_male else HUSBAND
        return [
            Member(HEAD, MALE if head_is_male else FEMALE, born, MARRIED),
            Member(spouse, FEMALE if head_is_male else MALE, min(spouse_born, latest), MARRIED),
        ]

    def _children(self, parents: list[Member]) -> list[Member]:
        """Never-married children, eldest first, born when the younger parent was 18 to 43."""
        count = self._rng.choices(_CHILDREN, _CHILDREN_SHARES)[0]
        parent = max(member.born for member in parents)
        years = (self._reference - parent).days / 365.25
        oldest = min(years - 18, 30)
        youngest = max(years - 43, 0)
        births = sorted(self._born(youngest, oldest) for _ in range(count))
        return [Member(CHILD, self._sex(), born, NEVER) for born in births]

    def _nuclear(self) -> list[Member]:
        couple = self._couple(24, 62)
        return couple + self._children(couple)

    def _one_parent(self) -> list[Member]:
        sex = FEMALE if self._rng.random() < 0.8 else MALE
        status = WIDOWED if self._rng.random() < 0.6 else DIVORCED
        head = Member(HEAD, sex, self._born(24, 68), status)
        return [head, *self._children([head])]

    def _three_generations(self) -> list[Member]:
        """Either a couple's old parent, or a married child with a young family, lives with them."""
        if self._rng.random() < 0.5:
            couple = self._couple(28, 55)
            relationship = PARENT if self._rng.random() < 0.6 else PARENT_IN_LAW
            child = couple[relationship == PARENT_IN_LAW]
            years = (self._reference - child.born).days / 365.25
            sex = FEMALE if self._rng.random() < 0.7 else MALE
            # Both parents of a spouse are older than either spouse, whatever the gap between them.
            older = max(years, (self._reference - couple[0].born).days / 365.25)
            elder = Member(relationship, sex, self._born(older + 18, older + 36), WIDOWED)
            return [*couple, *self._children(couple), elder]
        couple = self._couple(48, 75)
        years = min((self._reference - member.born).days for member in couple) / 365.25
        sex = self._sex()
        child = Member(CHILD, sex, self._born(max(years - 30, 19), max(years - 18, 20)), MARRIED)
        other = Member(CHILD_IN_LAW, FEMALE if sex == MALE else MALE, self._born(19, 40), MARRIED)
        grandchildren = [
            Member(GRANDCHILD, self._sex(), self._born(0, 2.5), NEVER)
            for _ in range(self._rng.randrange(2))
        ]
        return [*couple, child, other, *grandchildren]

    def _extended(self) -> list[Member]:
        members = self._nuclear()
        if self._rng.random() < 0.8:
            return [*members, Member(RELATIVE, self._sex(), self._born(8, 30), NEVER)]
        return [*members, Member(WORKER, FEMALE, self._born(18, 50), NEVER)]
