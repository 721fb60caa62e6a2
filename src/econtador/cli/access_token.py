"""The token: from the environment or the system's own safe, never an argument, which other users could list.

The only import of keyring, and a late one: to find the system's safe takes it a while.
"""

import os
from collections.abc import Mapping
from typing import Final

from econtador.errors import MissingToken

__all__ = ["forget", "keep", "token"]

_SERVICE: Final = "econtador"
_NAME: Final = "token"


def token(environ: Mapping[str, str] = os.environ) -> str:
    """``ECONTADOR_TOKEN``, or what :func:`keep` kept. Raises MissingToken."""
    told = environ.get("ECONTADOR_TOKEN", "").strip()
    kept = None if told else _kept()
    if not (told or kept):
        raise MissingToken("neither ECONTADOR_TOKEN nor the system's keyring has one; see: econtador login")
    return told or kept or ""


def _kept() -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, _NAME)
    except KeyringError as error:
        raise MissingToken(f"ECONTADOR_TOKEN is not set, and the keyring failed: {error}") from error


def keep(text: str) -> None:
    """Keep the token in the system's safe. Raises MissingToken where there is none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, _NAME, text)
    except KeyringError as error:
        raise MissingToken(f"no keyring that keeps it: {error}") from error


def forget() -> bool:
    """Take it out of the safe; whether there was one."""
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        keyring.delete_password(_SERVICE, _NAME)
    except PasswordDeleteError:
        return False
    except KeyringError as error:
        raise MissingToken(f"no keyring: {error}") from error
    return True
