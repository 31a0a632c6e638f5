"""Villages are searched for over HTTP without a session, a database or a trace."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.collection import area_search, door


class Search:
    """What a browser gets of one search."""

    def __init__(self, query: str, method: str = "GET") -> None:
        application = door.wrap(lambda environ, start: [b"elsewhere"], background=False)
        got: list[Any] = []
        asked = {"PATH_INFO": "/api/areas", "REQUEST_METHOD": method, "QUERY_STRING": query}
        self.body = b"".join(application(asked, lambda *answer: got.extend(answer)))
        self.status, self.headers = int(got[0].split()[0]), dict(got[1])

    @property
    def areas(self) -> list[dict[str, str]]:
        areas: list[dict[str, str]] = orjson.loads(self.body)["areas"]
        return areas


def test_it_names_the_village_and_where_it_lies():
    found = Search(urlencode({"q": "desa tersono, batang", "language": "id"}))
    assert found.status == 200
    assert found.areas[0] == {
        "code": "3325062013",
        "name": "Tersono",
        "path": "Tersono, Kabupaten Batang, Jawa Tengah",
    }
    assert len(found.areas) <= 8


def test_anybody_may_keep_the_answer_for_a_day():
    headers = Search("q=tersono").headers
    assert headers["Cache-Control"] == "public, max-age=86400"
    assert headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in headers and "Vary" not in headers


def test_without_a_word_there_is_nothing_to_find():
    for query in ("", "q=", "q=+", "language=id", "q=%00", "q=%ff%fe"):
        assert (Search(query).status, Search(query).areas) == (200, [])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_may_only_be_asked(method):
    refused = Search("q=tersono", method)
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert refused.headers["Cache-Control"] == "no-store"


def test_head_says_as_much_as_get_without_the_answer():
    asked, got = Search("q=tersono", "HEAD"), Search("q=tersono")
    assert (asked.status, asked.body, asked.headers) == (200, b"", got.headers)


def test_a_query_longer_than_anybody_types_is_cut_or_refused():
    assert Search("q=" + "tersono+" * 12).areas == Search("q=tersono").areas
    assert Search("q=" + "tersono+" * 500).status == 400
    assert Search("&".join(f"a{n}=1" for n in range(200))).status == 400
    assert Search("&".join(f"a{n}=1" for n in range(11))).status == 400


def test_while_another_search_takes_its_time_nobody_waits_for_long(monkeypatch):
    monkeypatch.setattr(area_search, "LONGEST_WAIT", 0.01)
    with area_search._searching:
        busy = Search("q=tersono")
    assert (busy.status, busy.headers["Retry-After"], busy.areas) == (429, "1", [])
    assert busy.headers["Cache-Control"] == "no-store"
    assert Search("q=tersono").status == 200


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_query_is_answered(query):
    raw = query.encode().decode("latin-1")
    assert Search(raw).status in (200, 400)
