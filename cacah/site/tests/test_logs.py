"""No address that carries a receipt reaches the log."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from cacah.site.logs import RouteInsteadOfPath


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/bukti/7XK2-9QPM-4TDR-C.pdf", "/7XK2-9QPM-4TDR-C"])
def test_a_refused_address_is_logged_by_its_route(
    client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.handler.addFilter(RouteInsteadOfPath())
    with caplog.at_level(logging.DEBUG):
        assert client.get(path).status_code == 404
    assert "Not Found" in caplog.text
    assert "7XK2" not in caplog.text
    assert not any("7XK2" in str(vars(record)) for record in caplog.records)
