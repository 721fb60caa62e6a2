"""Fixtures for whoever tests a tool built on econtador: a portal of its own for each test.

pytest finds them by itself where econtador is installed; ``-p no:econtador`` keeps them away. All of pytest's sessions
load this file, so it imports the library only inside the fixtures, once a test asks for one.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import pytest

if TYPE_CHECKING:
    from econtador.integration.fields import FieldAdapter
    from econtador.integration.integrator import Integrator
    from econtador.integration.office import Clock
    from econtador.integration.policy import Policy
    from econtador.portal.client import Client
    from econtador.sandbox.sandbox import Sandbox

__all__ = ["OpenIntegrator", "econtador_client", "econtador_integrator", "econtador_sandbox"]

_MARKER = "econtador_sandbox"


class OpenIntegrator(Protocol):
    """What the fixture ``econtador_integrator`` is: call it for an :class:`~econtador.Integrator`."""

    def __call__(
        self,
        *,
        policy: "Policy | None" = None,
        operador: str = "ADMIN",
        adapter: "FieldAdapter | None" = None,
        clock: "Clock | None" = None,
    ) -> "Integrator":
        """An integrator on the test's journal; *policy* is that of PROEMP00 unless given.

        Each call opens the same journal again, as the next run of a program does. Raises what the
        constructor raises.
        """
        ...


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, ``--strict-markers`` included."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(quirks=..., faults=..., fault=..., unique=..., token=..., path=...): "
        "what the test's Sandbox is made with, by the names of its constructor.",
    )


@pytest.fixture
def econtador_sandbox(request: pytest.FixtureRequest) -> Iterator["Sandbox"]:
    """A portal in memory, empty, and closed after the test.

    ``@pytest.mark.econtador_sandbox(quirks=[...], faults=...)`` on the test, its class or its module says how it is
    to behave; the closest counts.
    """
    from econtador.sandbox.sandbox import Sandbox

    marker = cast("pytest.Item", request.node).get_closest_marker(_MARKER)
    with Sandbox(**marker.kwargs if marker else {}) as sandbox:
        yield sandbox


@pytest.fixture
def econtador_client(econtador_sandbox: "Sandbox") -> Iterator["Client"]:
    """A client to the test's sandbox, in process, that may write there."""
    with econtador_sandbox.client() as client:
        yield client


@pytest.fixture
def econtador_integrator(econtador_client: "Client", tmp_path: Path) -> Iterator[OpenIntegrator]:
    """Opens integrators on the test's sandbox and on one journal, ``tmp_path / "econtador.journal"``.

    All of them are closed after the test.
    """
    from econtador.integration.integrator import Integrator
    from econtador.integration.office import now
    from econtador.integration.policy import Policy

    with ExitStack() as opened:

        def integrator(
            *,
            policy: Policy | None = None,
            operador: str = "ADMIN",
            adapter: "FieldAdapter | None" = None,
            clock: "Clock | None" = None,
        ) -> Integrator:
            return opened.enter_context(
                Integrator(
                    econtador_client,
                    policy=policy or Policy(proemp="PROEMP00"),
                    journal=tmp_path / "econtador.journal",
                    operador=operador,
                    adapter=adapter,
                    clock=clock or now,
                )
            )

        yield integrator
