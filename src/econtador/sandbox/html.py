"""What stands in the place of JSON when something else than the portal speaks: a page for a person."""

from http import HTTPStatus

__all__ = ["HTML", "html"]

HTML = "text/html;charset=UTF-8"
"""Media type of such a page."""


def html(status: int) -> bytes:
    """A page that says *status*.

    >>> html(502)[:56]
    b'<!DOCTYPE html><html><head><title>502 Bad Gateway</title'
    """
    said = f"{status} {HTTPStatus(status).phrase}"
    return (
        f"<!DOCTYPE html><html><head><title>{said}</title></head><body><h1>{said}</h1></body></html>".encode()
    )
