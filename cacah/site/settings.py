"""Every setting of the site, read and typed from the environment; docs/operations.md lists them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from cacah.registry.field_keys import secret_of_pages
from cacah.site import environment
from cacah.site.environment import env
from cacah.site.languages import DEFAULT, is_right_to_left, languages
from cacah.site.settings_office import *  # noqa: F403
from cacah.site.settings_office import OFFICE_APPS, OFFICE_MIDDLEWARE

CACAH_HOME = Path(env.str("CACAH_HOME", default="var")).resolve()
CACAH_KEYS = Path(env.str("CACAH_KEYS", default=str(CACAH_HOME / "keys"))).resolve()
CACAH_INSTRUMENT = Path(
    env.str(
        "CACAH_INSTRUMENT",
        default=str(Path(__file__).resolve().parents[2] / "instruments" / "sp2020.md"),
    )
)
CACAH_PUBLIC_URL = environment.CACAH_PUBLIC_URL
# Where receipts are checked; empty: here, under CACAH_PUBLIC_URL.
CACAH_PROOF_URL = env.str("CACAH_PROOF_URL", default="")
# The session pack that this site serves (`cacah session serve` sets it); empty: it is no laptop's.
CACAH_PACK = env.str("CACAH_PACK", default="")
# Under which licence others may use the public figures; it stands in every file of them.
CACAH_FIGURES_LICENCE = env.str("CACAH_FIGURES_LICENCE", default="CC BY 4.0")
# Proxies that may name the client in X-Forwarded-For; without them the header is ignored.
CACAH_TRUSTED_PROXIES = env.int("CACAH_TRUSTED_PROXIES", default=0)
# Who may read /metrics; empty: only this machine, and not through a proxy.
CACAH_METRICS_TOKEN = env.str("CACAH_METRICS_TOKEN", default="")
# What the card question opens: "names" (before it) is always sent; see docs/privacy.md.
CACAH_PREFILL = env.one_of("CACAH_PREFILL", "card", "names", "none", "all")
# How long after the census closes a form that was begun in time may still be sent.
CACAH_GRACE_MINUTES = env.int("CACAH_GRACE_MINUTES", default=120)
# Whether starts wait when the servers are full; off, everybody is slow together.
CACAH_WAITING_ROOM = env.bool("CACAH_WAITING_ROOM", default=True)
# Starts a second at most, over all servers, whatever they could carry; 0: what is learned.
CACAH_ADMIT_PER_SECOND = env.float("CACAH_ADMIT_PER_SECOND", default=0.0)
# Requests that one process answers at once; `cacah serve --threads` sets it.
CACAH_THREADS = env.int("CACAH_THREADS", default=32)

_server_keys = CACAH_KEYS / "server.json"
SECRET_KEY = (
    json.loads(_server_keys.read_text())["django"]
    if _server_keys.is_file()
    else secret_of_pages() or get_random_secret_key()
)
DEBUG = env.bool("CACAH_DEBUG", default=False)
ALLOWED_HOSTS = env.list(
    "CACAH_ALLOWED_HOSTS",
    default=[urlsplit(CACAH_PUBLIC_URL).hostname or "localhost", "127.0.0.1", "localhost", "[::1]"],
)

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "cacah.areas",
    "cacah.staff",
    "cacah.staff.work",
    "cacah.registry",
    "cacah.collection",
    "cacah.helpdesk",
    "cacah.institutions",
    "cacah.outreach",
    "cacah.monitoring",
    "cacah.results",
    "cacah.rehearsal",
    "cacah.site",
    "procrastinate.contrib.django",
    *OFFICE_APPS,  # last, so that our templates and translations are found before theirs
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "cacah.site.middleware.SecurityHeaders",  # before static files: the form shell needs them too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    *OFFICE_MIDDLEWARE,
    "cacah.site.laptop.only.OnlyTheSession",
]
ROOT_URLCONF = "cacah.site.urls"
WSGI_APPLICATION = "cacah.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "cacah.site.menu.office",
            ]
        },
    }
]

# cacah.site.command sets DATABASE_URL to the embedded server where nobody has set it.
_database = env.db("DATABASE_URL", default="postgresql://postgres@localhost/postgres")
if not _database["ENGINE"].endswith(".postgresql"):
    raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://: nothing else will do")
DATABASES = {"default": _database | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What a room does behind its pages stands in its jobs.py; `cacah jobs run` does it.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LANGUAGE_CODE = DEFAULT
LANGUAGES = languages()
LANGUAGES_BIDI = [code for code, _ in LANGUAGES if is_right_to_left(code)]
# For languages of which Django knows no formats.
THOUSAND_SEPARATOR, DECIMAL_SEPARATOR = ".", ","
TIME_ZONE = env.str("CACAH_TIME_ZONE", default="Asia/Jakarta")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"CACAH_TIME_ZONE is {TIME_ZONE}, which is no time zone")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = CACAH_HOME / "static"
# The questionnaire is plain Python and no Django app, so its browser modules are named here.
STATICFILES_DIRS = [Path(__file__).resolve().parents[1] / "questionnaire" / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "cacah.site.hashed.HashedFiles"},
}
WHITENOISE_MAX_AGE = 60
# Names that carry a digest of the content: Django's hashed files and those of `cacah shell build`.
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_HSTS_SECONDS = env.int("CACAH_HSTS_SECONDS", default=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "plain": {"format": "%(levelname)s %(message)s"},
    },
    "filters": {"route": {"()": "cacah.site.logs.RouteInsteadOfPath"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["route"],
            "formatter": env.one_of("CACAH_LOG_FORMAT", "json", "plain"),
        }
    },
    "root": {
        "handlers": ["console"],
        "level": env.one_of("CACAH_LOG_LEVEL", "WARNING", "DEBUG", "INFO", "ERROR", "CRITICAL"),
    },
}
