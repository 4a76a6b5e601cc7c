"""From which address a request comes, for those who count attempts."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable


def client_address(header: Callable[[str], str]) -> str:
    """The address. Behind a proxy on this machine or network the proxy's last entry counts; others' entries are lies.

    An IPv6 customer has a whole /64, so that is one address here. ``header``: a value of the request's environment.
    """
    address = header("REMOTE_ADDR")
    if _near(address) and (passed_on := header("HTTP_X_FORWARDED_FOR")):
        address = passed_on.rpartition(",")[2].strip()
    if ":" in address:
        try:
            address = str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
        except ValueError:
            address = "unreadable"
    return address


def _near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return True  # a socket file: the server before us is on this machine
