"""Which proxy a request goes through: as the environment, or the system's settings, say.

Offices sit behind proxies, and httpx's transports, unlike its client, do not ask.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

__all__ = ["proxy_for"]


def proxy_for(url: str) -> str | None:
    """The proxy's address, or None to go straight there.

    ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` in either case, else what Windows and
    macOS have set. The address may hold a password: it is for the library that connects, not for a log.
    """
    parts = urlsplit(url)
    if _is_this_machine(parts.hostname or ""):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_this_machine(host: str) -> bool:
    # As browsers do and requests does not: a sandbox served here is not reached through the office's proxy,
    # and its token is none of the proxy's business.
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name
        return False
