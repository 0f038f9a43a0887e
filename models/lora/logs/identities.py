"""Identifiers of devices and gateways that do not exist: synthetic, the same at every export.

A EUI-64 is a hash of the name with the locally administered bit set (IEEE 802: bit 1 of the first
octet [V]), which no manufacturer's EUI has, so that a rehearsal's devices never meet real ones. A
name that is already a EUI, 16 hexadecimal digits, is kept: a real log can be written again. Device
addresses belong to NetID 000000, kept for private networks and trials [V]; two devices may share
one, as in real networks.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode, b64encode
from uuid import UUID, uuid5

NAMESPACE = UUID("c0ffee00-0000-5000-8000-746572726974")
"""Arbitrary; gives version-5 UUIDs (RFC 9562: hash of a name) apart from those of others."""

_EUI = re.compile(r"[0-9a-fA-F]{16}")
_THINGS_STACK_ID = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,35}")
_LONGEST_ID = 36


def _digest(kind: str, name: str, size: int) -> bytes:
    return hashlib.blake2b(f"{kind}:{name}".encode(), digest_size=size).digest()


def eui64(kind: str, name: str) -> str:
    """Return the EUI-64 of a name, 16 lower-case hexadecimal digits; `kind` keeps kinds apart."""
    if _EUI.fullmatch(name):
        return name.lower()
    octets = bytearray(_digest(kind, name, 8))
    octets[0] = (octets[0] | 0x02) & 0xFE  # locally administered, one addressee
    return octets.hex()


def device_address(name: str) -> str:
    """Return a device address of NetID 000000, 8 lower-case hexadecimal digits."""
    return f"{int.from_bytes(_digest('dev_addr', name, 4)) & 0x01FF_FFFF:08x}"


def identifier(kind: str, name: str) -> str:
    """Return a The Things Stack id: the name where it is one, else `eui-` and its EUI-64.

    An id is 3 to 36 lower-case letters, digits and single dashes [V].
    """
    if len(name) <= _LONGEST_ID and _THINGS_STACK_ID.fullmatch(name):
        return name
    return f"eui-{eui64(kind, name)}"


def uuid_of(kind: str, name: str) -> str:
    """Return the version-5 UUID of a name."""
    return str(uuid5(NAMESPACE, f"{kind}:{name}"))


def session_key_id(name: str) -> str:
    """Return 16 bytes in base64, the name of the keys of a device that has none."""
    return b64encode(_digest("session", name, 16)).decode()


def ulid_of(kind: str, name: str) -> str:
    """Return 26 characters of the alphabet of a ULID, the form of a correlation id."""
    return "01" + b32encode(_digest(kind, name, 15)).decode().translate(_CROCKFORD)


# The base-32 alphabets of RFC 4648 and of ULIDs.
_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def payload(name: str, counter: int, size: int) -> bytes:
    """Return the `size` bytes of a frame: noise, since no device wrote them."""
    return hashlib.shake_128(f"{name}:{counter}".encode()).digest(size)
