"""An eContador portal to practise and test on, in memory or in a file.

>>> from econtador.sandbox import Sandbox
>>> sandbox = Sandbox()
>>> sandbox.empresas
()
>>> sandbox.close()

It answers as the portal's public API does, quirks included (each has a name in :class:`Quirk`, by which it
is switched on and off), and takes the writes that the
public API is *not* known to have (companies and users): those are a convention of this
library, not something the vendor attests.

It fails when it is told to (:class:`Fault` by name, :class:`Faults` by schedule), so that a client can be seen
to stand it.

It shares no code with the rest of econtador, so that it is a second opinion: a client that
reads its own mistakes back would be caught here.
"""

from econtador.sandbox.faults import Fault
from econtador.sandbox.quirks import USUAL, Quirk
from econtador.sandbox.sandbox import Sandbox
from econtador.sandbox.schedule import Faults
from econtador.sandbox.server import Server

__all__ = ["USUAL", "Fault", "Faults", "Quirk", "Sandbox", "Server"]
