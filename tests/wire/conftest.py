"""What the tests of the wire share: servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from broadsheet.wire.retrievers.web import Client
from wire.loopback_web import Web, client_of, serving


@pytest.fixture
def web_server() -> Iterator[Web]:
    """A web server that answers as a test says."""
    with serving() as running:
        yield running


@pytest.fixture
def web_client(web_server: Web) -> Client:
    """A client that may ask ``web_server``, without pauses."""
    return client_of(web_server)
