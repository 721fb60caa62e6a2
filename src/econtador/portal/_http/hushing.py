"""What the libraries beneath log of their own accord: with ``***`` for every CPF, e-mail and token.

At DEBUG they tell the headers of each answer, and a portal may put a login into one (``Location``).
"""

import logging

from econtador.errors import redact
from econtador.overriding import override

__all__ = ["hush"]


class _Hush(logging.Filter):
    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_HUSH = _Hush()


def hush(library: str) -> None:
    """Redact the lines of *library*'s loggers. Twice is once."""
    # A filter holds for the very logger that a line is written to, not for those beneath it.
    for room in ("connection", "http11", "http2", "proxy", "socks"):
        logging.getLogger(f"{library}.{room}").addFilter(_HUSH)
