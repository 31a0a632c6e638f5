"""Reads settings from the environment; a wrong one stops the start with a sentence."""

from __future__ import annotations

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class NamingEnv(environ.Env):  # type: ignore[misc]
    """Says which setting cannot be read; the command prints that sentence and ends."""

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, cast, *args, **kwargs)
        except ValueError as problem:
            raise ImproperlyConfigured(f"{var} cannot be read: {problem}") from None

    def one_of(self, var: str, *choices: str) -> str:
        """Return the setting, the first choice where it is not set."""
        value: str = self.str(var, default=choices[0])
        if value not in choices:
            raise ImproperlyConfigured(f"{var} is {value}; it can be {', '.join(choices)}")
        return value


env = NamingEnv()
CACAH_PUBLIC_URL: str = env.str("CACAH_PUBLIC_URL", default="http://127.0.0.1:8000")
if not CACAH_PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("CACAH_PUBLIC_URL must begin with https:// (or http://)")
