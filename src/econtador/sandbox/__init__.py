"""An eContador portal to practise and test on, in memory or in a file.

>>> from econtador.sandbox import Sandbox
>>> sandbox = Sandbox()
>>> sandbox.empresas
()
>>> sandbox.close()

The portal
    ``Sandbox``; at an address, for programs or with pages for a person, a ``Server``

How it behaves
    ``Quirk``, each by name, of which ``USUAL`` are on unless told; ``Fault`` by name and ``Faults`` by schedule, so
    that a client can be seen to stand them

It answers as the portal's public API does, and takes the writes that the public API is *not* known to have (companies
and users): those are a convention of this library, not something the vendor attests. It shares no code with the rest of
econtador, so that it is a second opinion: a client that reads its own mistakes back would be caught here.
"""

from econtador.sandbox.faults import Fault
from econtador.sandbox.quirks import USUAL, Quirk
from econtador.sandbox.sandbox import Sandbox
from econtador.sandbox.schedule import Faults
from econtador.sandbox.server import Server

__all__ = ["USUAL", "Fault", "Faults", "Quirk", "Sandbox", "Server"]


def __dir__() -> list[str]:
    return __all__
