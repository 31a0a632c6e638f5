"""What `cacah serve` refuses before it starts."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command


def test_it_refuses_a_port_that_somebody_listens_on() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="--port"):
            call_command("serve", port=other.getsockname()[1])


def test_it_refuses_to_start_without_keys(settings, tmp_path) -> None:
    settings.CACAH_KEYS = tmp_path
    with pytest.raises(CommandError, match="cacah keys create"):
        call_command("serve")
