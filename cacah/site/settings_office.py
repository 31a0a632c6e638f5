"""Settings of the back office: who signs in how, sessions, mail; `settings` takes them in."""

from __future__ import annotations

from urllib.parse import urlsplit

from cacah.site.environment import CACAH_PUBLIC_URL, env

_secure = CACAH_PUBLIC_URL.startswith("https://")
_origin = "{0.scheme}://{0.netloc}".format(urlsplit(CACAH_PUBLIC_URL))

OFFICE_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
# Each leaves every page outside the office alone: a resident has no session and no cookie.
OFFICE_MIDDLEWARE = [
    "cacah.staff.middleware.Sessions",
    "cacah.staff.middleware.Forgery",
    "cacah.staff.middleware.Authentication",
    "cacah.staff.middleware.Messages",
    "allauth.account.middleware.AccountMiddleware",  # touches no session by itself
    "cacah.staff.patience.Patience",
]
AUTH_USER_MODEL = "staff.Officer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "office"
# Where a device forgets what it kept of the office (staff/forget.js).
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL

# A session ends after so many minutes without a page, and at the latest after so many hours.
CACAH_SESSION_IDLE_MINUTES = env.int("CACAH_SESSION_IDLE_MINUTES", default=30)
CACAH_SESSION_HOURS = env.int("CACAH_SESSION_HOURS", default=12)
# How long the database may take for one statement of an office page; 0: as long as it likes.
CACAH_PAGE_SECONDS = env.int("CACAH_PAGE_SECONDS", default=20)
# How long an officer's weekly reports are kept.
CACAH_REPORT_DAYS = env.int("CACAH_REPORT_DAYS", default=30)
CACAH_INVITATION_DAYS = env.int("CACAH_INVITATION_DAYS", default=7)
SESSION_COOKIE_NAME = "__Host-office" if _secure else "office"
SESSION_COOKIE_AGE = CACAH_SESSION_IDLE_MINUTES * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-forms" if _secure else "forms"
CSRF_COOKIE_AGE = None
# The proxy ends TLS, so Django sees http where the browser says https.
CSRF_TRUSTED_ORIGINS = [_origin]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Shared by all processes and servers, since it counts tries; only the office uses it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "staff_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ACCOUNT_ADAPTER = "cacah.staff.signin.Accounts"
ACCOUNT_FORMS = {"login": "cacah.staff.password.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# An invitation's link has proved the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _secure else "http"

MFA_ADAPTER = "cacah.staff.signin.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone opens the office, so its device must always ask for a finger, a face or a PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure
# One step of 30 seconds either way, for phones whose clock is a little off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "cacah.staff.codes.AuthenticateForm",
    "reauthenticate": "cacah.staff.codes.ReauthenticateForm",
}

SOCIALACCOUNT_ADAPTER = "cacah.staff.signin.OpenIdAccounts"
SOCIALACCOUNT_AUTO_SIGNUP = False
# Only an address that the provider says it has proved.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
CACAH_OIDC_URL = env.str("CACAH_OIDC_URL", default="")
CACAH_OIDC_CLIENT = env.str("CACAH_OIDC_CLIENT", default="")
CACAH_OIDC_SECRET = env.str("CACAH_OIDC_SECRET", default="")
CACAH_OIDC_NAME = env.str("CACAH_OIDC_NAME", default="SSO")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": CACAH_OIDC_NAME,
                "client_id": CACAH_OIDC_CLIENT,
                "secret": CACAH_OIDC_SECRET,
                "settings": {"server_url": CACAH_OIDC_URL},
            }
        ]
        if CACAH_OIDC_URL
        else [],
    }
}

# Where mail goes: smtp://user:password@host:587, smtps://… ; else it is written to the log.
_mail = env.email_url("CACAH_MAIL_URL", default="consolemail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("CACAH_MAIL_FROM", default="cacah@localhost")

# How large a roster file may be, and how many people one may name.
CACAH_ROSTER_MEGABYTES = env.int("CACAH_ROSTER_MEGABYTES", default=20)
CACAH_ROSTER_ROWS = env.int("CACAH_ROSTER_ROWS", default=100_000)
CACAH_ROSTER_TRIALS = env.int("CACAH_ROSTER_TRIALS", default=50)
