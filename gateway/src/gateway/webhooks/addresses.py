"""Which addresses a webhook may reach: public ones on few ports, so that nobody can look into the operator's network.

Knows no DNS: the address that was resolved is judged, and `transport` connects to that very address.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from gateway.settings import GatewaySettings

_EMBEDS_IPV4 = [
    ip_network(block)
    for block in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
]
"""IPv6 blocks that stand for an IPv4 address elsewhere: compatible, mapped, NAT64, Teredo, 6to4."""
_SPECIAL = [
    ip_network(block)
    for block in (
        "168.63.129.16/32",  # platform address of a large cloud, inside public space
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "fec0::/10",
        "100::/64",
        "2001:db8::/32",
        "5f00::/16",
    )
]


def is_public(address: str) -> bool:
    """Whether the address belongs to the public internet. False for anything that is no address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(parsed) and "%" not in address


def problem_of_url(url: str, settings: GatewaySettings) -> str:
    """What is wrong with the URL of an endpoint, for the person who gave it; "" where nothing is."""
    free = settings.webhook_private_addresses
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "This is no URL. Write it as https://example.com/funia."
    if parts.scheme != "https" and not (free and parts.scheme == "http"):
        return "Use https, so that nobody on the way can read or change the messages."
    if not parts.hostname or not url.isascii() or any(mark in url for mark in (" ", "\\", "\r", "\n", "\t")):
        return "Write it as https://example.com/funia, in ASCII and without spaces."
    if parts.username is not None or parts.password is not None:
        return "Leave user and password out: the signature shows that a message is ours."
    if parts.fragment or "#" in url:
        return "Leave out what follows #."
    if not free and port not in settings.webhook_ports:
        return f"Use the port {' or '.join(map(str, settings.webhook_ports))}."
    if not free and _is_literal(parts.hostname) and not is_public(parts.hostname):
        return "This address is not on the public internet."
    return ""


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return not any(address.version == block.version and address in block for block in (*_EMBEDS_IPV4, *_SPECIAL))


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
