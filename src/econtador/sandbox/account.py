"""The token of a sandbox's account, in the shape of the portal's."""

import base64
import hashlib
import json

__all__ = ["token_of"]


def token_of(number: str, made: str) -> str:
    """A JWT-shaped token of the customer *number*, made at *made* (ISO 8601).

    Header and claims as attested of one real token (``iss`` is ``packup`` there); the signature is
    no signature.

    >>> token_of("123456", "2026-01-02T03:04:05-03:00").count(".")
    2
    """
    header = _part(json.dumps({"typ": "JWT", "alg": "HS512"}).encode())
    payload = _part(json.dumps({"uc": number, "iss": "sandbox", "data": made}).encode())
    signed = f"{header}.{payload}"
    return f"{signed}.{_part(hashlib.sha512(signed.encode()).digest())}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
