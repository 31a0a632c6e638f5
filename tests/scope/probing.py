"""An officer with some grants, and what pages answer to him or her."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.utils import timezone

from cacah.staff.models import Grant
from cacah.staff.roles import Permission
from cacah.staff.tests.cast import signed_in
from tests.scope.asking import ARGUMENTS, Asked, Pools
from tests.scope.marks import MADE, found_in
from tests.scope.outreach import POOLS
from tests.scope.sight import Held, Sight
from tests.scope.world import AREAS, World

FORGED = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


class Probe:
    """Asks pages in one session, and fails where an answer holds what it may not."""

    def __init__(self, world: World, grants: tuple[Held, ...], printed: list[str]) -> None:
        self.world, self.printed = world, printed
        self.sight = Sight(world, grants)
        self.allowed = self.sight.allowed()
        self.by_pool = self._by_pool()
        # Every mark that was told and may be told: a sweep that tells none has tried nothing.
        self.told: set[str | int] = set()
        for held in grants:
            self._hold(held)
        self.client = self.sign_in()

    def _hold(self, held: Held) -> None:
        institution = self.world.institutions.get(held.where)
        first, last = held.days
        Grant.objects.create(
            officer=self.world.probe,
            role=held.role,
            area_id=(institution.area_id if institution else held.where) or None,
            institution=institution.pk if institution else None,
            from_day=first,
            until_day=last,
            revoked_at=timezone.now() if held.when == "revoked" else None,
        )

    def sign_in(self) -> Client:
        return signed_in(Client(raise_request_exception=True), self.world.probe)

    def ask(self, asked: Asked) -> Any:
        """Return the answer, after a look for what it may not hold."""
        self.printed.clear()
        response = asked.send(self.client)
        self.look(asked, found_in(response, self.printed))
        assert response.status_code < 500
        if asked.route.startswith("masuk/"):
            self.client = self.sign_in()
        return response

    def look(self, asked: object, found: set[str | int]) -> None:
        """Fail where what was found may not be told."""
        secret = {mark for mark in found if self.is_secret(mark)}
        self.told |= secret & self.allowed
        leaked = secret - self.allowed - (asked.said if isinstance(asked, Asked) else set())
        assert not leaked, f"{asked} told of {self.named(leaked)}"

    def is_secret(self, mark: str | int) -> bool:
        """Tell whether it is a mark, and not something that happens to look like one."""
        if isinstance(mark, str):
            return mark in MADE
        return any(mark in each for each in self.world.counts.values())

    def named(self, marks: set[str | int]) -> list[str]:
        of = [f"name of {key}" for key, name in self.world.names.items() if name.lower() in marks]
        of += [f"number of {key!r}" for key, counts in self.world.counts.items() if counts & marks]
        of += [f"person of {p.institution}" for p in self.world.people if p.name.lower() in marks]
        of += [
            f"{c.role} of {c.where}"
            for c in self.world.colleagues
            if {each.lower() for each in c.marks} & marks
        ]
        return [*of, *map(str, marks)]

    def _by_pool(self) -> dict[str, list[Any]]:
        """Return by pool of arguments what names something that this officer may not know of."""
        hidden = self.sight.hidden_rows()
        seen = self.sight.areas(Permission.SEE_PROGRESS)
        uploads = hidden["institutions_upload"]
        others = {c.pk for c in self.sight.colleagues()}
        return {
            "officer": hidden["staff_officer"],
            "grant": hidden["staff_grant"],
            "authenticator": [c.authenticator for c in self.world.colleagues if c.pk not in others],
            "institution": hidden["institutions_institution"],
            "entry": hidden["institutions_rosterentry"],
            "report": hidden["monitoring_report"],
            **{pool: hidden[table] for pool, table in POOLS.items()},
            "upload": [pk for pk in self.world.uploads if str(pk) in uploads],
            "area": [code for code in ("", *AREAS) if code not in seen],
        }

    def is_hidden(self, pool: str, value: Any) -> bool:
        """Tell whether an argument names something that this officer may not know of."""
        return value in self.by_pool.get(pool, ())

    def seen(self, pool: str) -> list[Any]:
        """Return the arguments that name what this officer sees, or what is everybody's."""
        return [each for each in Pools(self.world).known[pool] if not self.is_hidden(pool, each)]

    def calls(self, route: str, pool: str, value: Any) -> tuple[tuple[str, str, Any], ...]:
        """Return a route's arguments: this one of the pool, and besides what the officer sees."""
        return tuple(
            (name, of, value if of == pool else (self.seen(of) or [Pools.UNKNOWN.get(of)])[0])
            for name, of in ARGUMENTS[route].items()
        )


def told(response: Any, asked: Asked) -> list[str]:
    """Return the lines of an answer and where it leads, without what must differ.

    That is the token against forgery, and the address itself, which a page writes in its links.
    """
    path = asked.url.split("?")[0].removeprefix("/en")
    lines = FORGED.sub("", response.content.decode()).splitlines()
    return [line.replace(path, "HERE") for line in [response.get("Location", ""), *lines]]
