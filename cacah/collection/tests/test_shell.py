"""The form's static pages, and the joining of its modules."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from cacah.collection import joining, pages, shell
from cacah.collection.packing import pack
from cacah.questionnaire.source import load
from cacah.registry.actions import set_census


@pytest.fixture
def root(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "STATIC_ROOT", tmp_path)
    now = datetime.now(UTC)
    set_census(opens_at=now, closes_at=now + timedelta(days=1), help_phone="1500 123")
    return tmp_path


def written(root: Path, url: str) -> Path:
    return root / url.removeprefix(settings.STATIC_URL)


def embedded(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **sources: str) -> None:
    """Let `finders` find these modules and no others."""
    for name, source in sources.items():
        (tmp_path / f"{name}.js").write_text(source)
    monkeypatch.setattr(joining, "static_file", lambda name: tmp_path / Path(name).name)


def test_it_writes_a_page_for_each_language_named_by_its_content(root: Path) -> None:
    urls = shell.build()
    assert list(urls.forms) == [code for code, _ in settings.LANGUAGES]
    written_once = [*urls.forms.values(), *urls.words.values(), *urls.scripts, *urls.styles]
    for url in [*written_once, urls.more]:
        path = written(root, url)
        assert re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, url)
        assert brotli.decompress(Path(f"{path}.br").read_bytes()) == path.read_bytes()
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


def test_it_builds_the_same_names_from_the_same_content(root: Path) -> None:
    assert shell.build() == shell.build()
    first = shell.build()
    set_census(help_phone="1500 456")
    assert shell.build().forms != first.forms
    assert shell.build().scripts == first.scripts


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_embeds_the_instrument_the_words_and_the_facts(root: Path, language: str) -> None:
    page = written(root, shell.build().forms[language]).read_text()
    instrument = load(settings.CACAH_INSTRUMENT)
    assert embedded(page, "instrument") == pack(instrument.to_json(language))
    assert embedded(page, "facts")["help"] == "1500 123"
    texts = embedded(page, "texts")
    assert texts["identify.go"] == {"id": "Lanjutkan", "en": "Continue"}[language]
    assert all(texts.values())


def test_it_has_no_inline_script_or_style(root: Path) -> None:
    page = written(root, shell.build().forms["id"]).read_text()
    scripts = re.findall(r"<script[^>]*>", page)
    assert all('type="application/json"' in tag or "src=" in tag for tag in scripts)
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "style=" not in outside and not re.search(r"\son\w+=", outside)


def test_it_cannot_be_ended_early_by_a_text() -> None:
    text = pages.embedded_json({"label": "</script><script>alert(1)</script>"})
    assert "</" not in text
    assert json.loads(text) == {"label": "</script><script>alert(1)</script>"}


def test_it_leads_the_short_address_to_the_built_page(root: Path, client: Client) -> None:
    urls = shell.build()
    for path, language in (("/isi/", "id"), ("/en/isi/", "en")):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, urls.forms[language])
    assert f'href="{urls.forms["en"]}"' in client.get("/en/").content.decode()


def test_it_makes_the_page_on_the_spot_where_nothing_was_built(root: Path, client: Client) -> None:
    page = client.get("/isi/").content.decode()
    assert 'src="/static/collection/form/main.js"' in page
    assert embedded(page, "facts")["here"] == "/isi/"


def test_it_joins_each_module_once_and_imports_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules(
        tmp_path,
        monkeypatch,
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\na(b);\n',
        a='import { b } from "./b.js";\nexport function a() {}\n',
        b="export const b = 1;\n",
    )
    assert joining.join_modules("main.js").first == "const b = 1;\nfunction a() {}\na(b);\n"


def test_it_lends_the_second_script_what_the_first_has_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules(
        tmp_path,
        monkeypatch,
        main='import { a } from "./a.js";\na();\n',
        a="export const state = [];\nexport function a() {}\n",
        entry='export { view } from "./view.js";\n',
        view='import { state } from "./a.js";\nimport { own } from "./own.js";\n'
        "export function view() {}\n",
        own="export const own = 1;\n",
    )
    joined = joining.join_modules("main.js", "entry.js")
    assert joined.first.endswith("a();\nexport { state };\n")
    assert joined.second == (
        'import { state } from "./first.js";\nconst own = 1;\nfunction view() {}\n'
        "export { view };\n"
    )


def test_it_refuses_a_name_that_both_scripts_declare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules(tmp_path, monkeypatch, main="const top = 1;\n", entry="const top = 2;\n")
    with pytest.raises(ImproperlyConfigured):
        joining.join_modules("main.js", "entry.js")


def test_the_second_script_imports_the_first_by_its_name(root: Path) -> None:
    urls = shell.build()
    script = urls.scripts[0].rpartition("/")[2]
    assert f'from"./{script}"' in written(root, urls.more).read_text()
    facts = embedded(written(root, urls.forms["id"]).read_text(), "facts")
    assert facts["more"] == {"script": urls.more, "texts": urls.words["id"]}
    assert json.loads(written(root, urls.words["id"]).read_text())["closed.title"]


@pytest.mark.parametrize(
    "other",
    [
        "export default 1;\n",
        'import * as x from "./a.js";\n',
        "const top = 2;\n",
        "export { top };\n",
    ],
)
def test_it_refuses_modules_that_cannot_be_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    main = 'import { b } from "./b.js";\nconst top = 1;\n'
    modules(tmp_path, monkeypatch, main=main, b=other, a="")
    with pytest.raises(ImproperlyConfigured):
        joining.join_modules("main.js")


def test_it_wraps_a_vendored_module_whose_names_are_its_own() -> None:
    joined = joining.wrap_vendored("const t=1;export{t as generate,t as other};", "lean.js")
    assert joined == "const {generate,other}=(()=>{const t=1;return{generate:t,other:t}})();\n"
