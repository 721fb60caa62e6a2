"""The portal that the contract is checked against: the sandbox, or a real one, read-only.

For a real one: ``ECONTADOR_CONTRACT_TOKEN=... python -m pytest tests/contract -rs``. Nothing but GET leaves.
"""

import os
from collections.abc import Iterator

import pytest
from attrs import frozen

import econtador as ec
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Sandbox

TOKEN = os.environ.get("ECONTADOR_CONTRACT_TOKEN", "")


@frozen
class ReadOnly:
    """A transport that lets nothing but GET through."""

    inner: Transport

    def send(self, request: Request) -> Response:
        assert request.method == "GET", f"the contract reads only, and {request.method} was to be sent"
        return self.inner.send(request)

    def close(self) -> None:
        self.inner.close()


def _real() -> ec.Client:
    from econtador.portal._httpx import HttpxTransport

    return ec.Client(TOKEN, pace=ec.Pace(per_second=2), transport=ReadOnly(HttpxTransport()))


@pytest.fixture(scope="session")
def portal() -> Iterator[ec.Client]:
    """A client of the portal under contract; in the sandbox there is a small office."""
    if TOKEN:
        with _real() as client:
            yield client
        return
    with Sandbox() as sandbox:
        sandbox.seed(empresas=7, funcionarios=30)
        config = ec.Config(token=sandbox.token)
        with ec.Client.from_config(config, ReadOnly(sandbox.transport())) as client:
            yield client


@pytest.fixture(scope="session")
def stranger(portal: ec.Client) -> Iterator[ec.Client]:
    """A client of the same portal with a token that is none."""
    if TOKEN:
        from econtador.portal._httpx import HttpxTransport

        with ec.Client("eyJhbGciOiJIUzUxMiJ9.e30.none", transport=ReadOnly(HttpxTransport())) as client:
            yield client
        return
    with Sandbox(token="another") as sandbox, ec.Client("none", transport=sandbox.transport()) as client:
        yield client
