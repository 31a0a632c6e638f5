"""On a served site every script finds the scripts that it imports."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage

from cacah.site.hashed import HashedFiles

SCRIPTS = ("staff/scan.js", "staff/vendor/qr/decode.js", "staff/vendor/qr/index.js")


class Uncompressed(ManifestStaticFilesStorage):
    """The same without compressing, which takes its time."""

    patterns = HashedFiles.patterns


def test_imports_lead_to_the_names_that_are_served(tmp_path: Path) -> None:
    storage = Uncompressed(location=tmp_path, base_url="/static/")
    found = {}
    for name in SCRIPTS:
        path = Path(str(finders.find(name)))
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        found[name] = (FileSystemStorage(tmp_path), name)
    list(storage.post_process(found))
    imports = re.compile(r"""(?:from|import\()\s*["'](\./[^"']+)["']""")
    for name in SCRIPTS[:2]:
        served = tmp_path / storage.stored_name(name)
        (wanted,) = imports.findall(served.read_text())
        assert re.search(r"\.[0-9a-f]{12}\.js$", wanted)
        assert (served.parent / wanted).is_file()
