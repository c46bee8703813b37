"""Signed URLs and signed cookies of CloudFront: whether one lets a viewer in. Pure.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html (2026-11). A canned
policy is made of the address that is asked for; a custom one says its own conditions. A URL's comes before a cookie's.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from sandbox.emulator.traffic import public_keys
from sandbox.emulator.traffic.rules import like

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETERS: Final = ("Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm")
"""Parameters of a query that CloudFront reads, and does not pass on."""
_COOKIE: Final = "CloudFront-"
_ORDINARY: Final = str.maketrans("-_~", "+=/")
_DENIED: Final = ("AccessDenied", "Access denied")


class RefusedError(Exception):
    """A viewer is refused.

    Args:
        code: Code of the answer.
        message: What it says.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def body(self) -> bytes:
        """The body of the answer, whose status is 403."""
        said = f"<Error><Code>{self.code}</Code><Message>{self}</Message></Error>"
        return f'<?xml version="1.0" encoding="UTF-8"?>{said}'.encode()


@dataclass(frozen=True)
class Viewer:
    """Who asks for what.

    Attributes:
        url: Scheme, host without port, path and query that are asked for.
        cookies: Name -> value.
        address: IP address that the request came from.
        now: When, in seconds of the epoch.
    """

    url: str
    cookies: Mapping[str, str]
    address: str
    now: float

    def check(self, keys: Mapping[str, str]) -> None:
        """Let the viewer in.

        Args:
            keys: Id -> PEM of the public keys that are trusted.

        Raises:
            RefusedError: The viewer is not let in.
        """
        base, said = split(self.url)
        if "Signature" not in said and "Key-Pair-Id" not in said:
            said = {name: self.cookies[_COOKIE + name] for name in PARAMETERS if _COOKIE + name in self.cookies}
        kind = "query parameter or cookie value"
        if not said.get("Key-Pair-Id"):
            raise RefusedError("MissingKey", f"Missing Key-Pair-Id {kind}")
        if not said.get("Signature"):
            raise RefusedError("MissingSignature", f"Missing Signature {kind}")
        if not said.get("Policy") and not said.get("Expires"):
            raise RefusedError("MissingPolicy", f"Missing Policy or Expires {kind}")
        if said["Key-Pair-Id"] not in keys:
            raise RefusedError("InvalidKey", "Unknown Key")
        policy = _decoded(said["Policy"], "Policy") if said.get("Policy") else _canned(base, said["Expires"])
        hashed = said.get("Hash-Algorithm", "SHA1")
        if hashed not in public_keys.HASHES:
            raise RefusedError("MalformedHashAlgorithm", "Malformed Hash-Algorithm")
        signature, key = _decoded(said["Signature"], "Signature"), keys[said["Key-Pair-Id"]]
        try:
            signed = public_keys.signed(policy, signature, key, hashed)
        except ValueError:  # nobody can sign for a key that is none
            signed = False
        if not signed or not self._allowed(policy, base):
            raise RefusedError(*_DENIED)

    def _allowed(self, policy: bytes, base: str) -> bool:
        try:
            statement: dict[str, Any] = json.loads(policy)["Statement"][0]
            condition = statement["Condition"]
            before = float(condition["DateLessThan"]["AWS:EpochTime"])
            after = float(condition.get("DateGreaterThan", {}).get("AWS:EpochTime", 0))
            network = ip_network(condition.get("IpAddress", {}).get("AWS:SourceIp", "0.0.0.0/0"), strict=False)
            resource = str(statement.get("Resource", "*"))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise RefusedError("MalformedPolicy", "Malformed Policy") from None
        inside = ip_address(self.address) in network or network.prefixlen == 0
        return after <= self.now < before and inside and like(base, resource, case=True)


def split(url: str) -> tuple[str, dict[str, str]]:
    """Return an address without what signs it, and what signs it."""
    address, _, query = url.partition("?")
    parts = [part for part in query.split("&") if part]
    named = [(part.partition("=")[0], part.partition("=")[2]) for part in parts]
    said = {name: value for name, value in named if name in PARAMETERS}
    left = "&".join(part for part, (name, _) in zip(parts, named, strict=True) if name not in PARAMETERS)
    return (f"{address}?{left}" if left else address), said


def _canned(base: str, expires: str) -> bytes:
    if not re.fullmatch(r"\d+", expires):
        raise RefusedError("MalformedExpires", "Malformed Expires")
    return (
        f'{{"Statement":[{{"Resource":"{base}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'
    ).encode()


def _decoded(value: str, name: str) -> bytes:
    """Return what a value says in the base64 that CloudFront takes in addresses."""
    try:
        return base64.b64decode(value.translate(_ORDINARY), validate=True)
    except binascii.Error:
        raise RefusedError(f"Malformed{name}", f"Could not unencode {name}") from None
