"""Settings of the test suite: its own embedded PostgreSQL and fresh keys, apart from any site."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from cacah.site.database import start_embedded

_home = Path(tempfile.mkdtemp(prefix="cacah-test-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["CACAH_HOME"] = str(_home)
os.environ["DATABASE_URL"] = start_embedded(
    Path(__file__).resolve().parents[2] / "var" / "test-postgres",
    fsync="off",
    synchronous_commit="off",
    full_page_writes="off",
)

from cacah.collection.sealing import create_office_keys  # noqa: E402
from cacah.registry.keys import create_server_keys  # noqa: E402

create_server_keys(_home / "keys")
create_office_keys(_home / "office" / "office.private", _home / "keys" / "office.public")

from cacah.site.settings import *  # noqa: E402, F403

# One database per process, so that two runs beside each other do not meet.
DATABASES["default"]["TEST"] = {"NAME": f"test_cacah_{os.getpid()}"}  # noqa: F405
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests sign in by the hundred; what slows a thief down would slow them.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Officers' pages find their style sheets without `collectstatic`; each is looked for when it is
# asked for, as to list them all would take longer than most tests, and each client does it.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
