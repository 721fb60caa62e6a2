"""What the client tells the standard library's logging, logger ``econtador``: a line for each attempt.

Method, host and path without query, status, seconds. CPFs in paths are ``***``; headers and bodies
are in no line at any level.
"""

import logging
from typing import TYPE_CHECKING

from econtador.errors import PortalError
from econtador.portal.transport import Response

if TYPE_CHECKING:
    from econtador.portal._flow import Step

__all__ = ["answered", "failed"]

_LOGGER = logging.getLogger("econtador")
_LOGGER.addHandler(logging.NullHandler())  # a library is silent until it is asked


def answered(step: "Step", response: Response, seconds: float) -> None:
    """An answer came, whatever it says."""
    level = logging.DEBUG if response.status < 400 else logging.INFO
    if _LOGGER.isEnabledFor(level):
        _LOGGER.log(
            level, "%s: %d in %.3f s, attempt %d", step.request.place, response.status, seconds, step.attempt
        )


def failed(step: "Step", error: PortalError, seconds: float) -> None:
    """No answer came."""
    if _LOGGER.isEnabledFor(logging.INFO):
        _LOGGER.info("%s: %s after %.3f s, attempt %d", step.request.place, error.code, seconds, step.attempt)
