"""cacah runs an online population census."""

__version__ = "0.1.0"
