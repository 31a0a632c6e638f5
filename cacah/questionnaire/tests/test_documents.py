"""The page on writing questionnaires names every problem and every function."""

from __future__ import annotations

from pathlib import Path

from cacah.questionnaire.problems import CATALOGUE
from cacah.questionnaire.signatures import SIGNATURES, SYNONYMS

PAGE = (Path(__file__).parents[3] / "docs" / "questionnaire.md").read_text(encoding="utf-8")


def test_the_page_names_every_problem() -> None:
    assert [code for code in CATALOGUE if f"| `{code}`" not in PAGE] == []


def test_the_page_names_every_function() -> None:
    listed = set(PAGE.replace("`", " ").split())
    assert set(SIGNATURES) - set(SYNONYMS) - listed == set()
