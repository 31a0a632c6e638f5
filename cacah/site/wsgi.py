"""The server's entry: the door's two hot requests first, everything else through Django."""

from __future__ import annotations

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cacah.site.settings")
logging.captureWarnings(True)  # a library's warning is a log line like any other
django_application = get_wsgi_application()

from cacah.collection import door  # noqa: E402  (needs Django's apps to be ready)

application = door.wrap(django_application)
