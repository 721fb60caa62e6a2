"""What a script sees of a command: one exit code for each kind of end."""

from enum import IntEnum

from econtador.errors import ApplyStopped, EcontadorError, PortalError

__all__ = ["Exit", "exit_of"]


class Exit(IntEnum):
    """The exit codes. They do not change their meaning."""

    OK = 0
    """Done, and nothing needs a person."""
    ATTENTION = 1
    """Done, and something needs a person: a problem in a file, a refusal, a difference, a record in doubt."""
    USAGE = 2
    """The command was not understood, or not confirmed. Nothing was done."""
    REFUSED = 3
    """Refused before anything was sent: the file, the plan, the journal or the configuration."""
    STOPPED = 4
    """Stopped between two records; the journal knows which were sent, and ``resume`` goes on."""
    PORTAL = 5
    """The portal could not be read, or answered with an error."""
    INTERRUPTED = 130
    """Ctrl-C."""


def exit_of(error: EcontadorError) -> Exit:
    """The exit code for *error*."""
    match error:
        case ApplyStopped():
            return Exit.STOPPED
        case PortalError():
            return Exit.PORTAL
        case _:
            return Exit.REFUSED
