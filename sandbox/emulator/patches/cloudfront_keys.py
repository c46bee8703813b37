"""Public keys are ones that CloudFront verifies by, under names of their own, five at most in a key group.

ministack takes any text for a key, so that nobody learns before AWS that its signatures would be refused.
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublicKey.html (RSA 2048, ECDSA 256; 2026-11-30)
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateKeyGroup.html (errors)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.services import cloudfront

from sandbox.emulator.patches.base import Handler, Patch, wrap
from sandbox.emulator.traffic import der

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Parsed = tuple[dict[str, Any] | None, Any]
"""What a request asks for, or the refusal."""

_MOST: Final = 5
_LABEL: Final = "-----BEGIN PUBLIC KEY-----"
_RSA: Final = bytes.fromhex("2a864886f70d010101")
_EC: Final = bytes.fromhex("2a8648ce3d0201")
_P256: Final = bytes.fromhex("2a8648ce3d030107")
_RSA_BITS: Final = 2048
_POINT: Final = 1 + 1 + 2 * 32
"""Unused bits of the bit string, the mark of an uncompressed point, and two coordinates."""


def is_taken(text: str) -> bool:
    """Tell whether CloudFront takes a text as a public key: PEM of RSA 2048 or ECDSA P-256."""
    try:
        ((_, outer),) = der.read(der.unwrapped(text))
        (_, algorithm), (_, key) = der.read(outer)
        (_, kind), *parameters = der.read(algorithm)
        if kind == _EC:
            return [content for _, content in parameters] == [_P256] and len(key) == _POINT
        ((_, numbers),) = der.read(key[1:])
        (_, modulus), _ = der.read(numbers)
    except ValueError:
        return False
    return text.strip().startswith(_LABEL) and kind == _RSA and int.from_bytes(modulus).bit_length() == _RSA_BITS


def _public_key(original: Handler) -> Handler:
    def parse(asked: Element) -> Parsed:
        config, refused = original(asked)
        if config is not None and not is_taken(config["EncodedKey"]):
            return None, cloudfront._error(
                "InvalidArgument", "The parameter EncodedKey is not a valid public key.", 400
            )
        return config, refused

    return parse


def _create(original: Handler) -> Handler:
    def create(body: bytes) -> Any:  # noqa: ANN401 - an answer of ministack
        asked = cloudfront._parse_body(body)
        name = cloudfront._text(asked, "Name") if asked is not None else ""
        if any(key["Config"]["Name"] == name for key in cloudfront._public_keys.values()):
            return cloudfront._error("PublicKeyAlreadyExists", f"A public key called {name} exists already.", 409)
        return original(body)

    return create


def _key_group(original: Handler) -> Handler:
    def parse(asked: Element) -> Parsed:
        config, refused = original(asked)
        if config is not None and len(config["Items"]) > _MOST:
            text = f"A key group holds {_MOST} public keys."
            return None, cloudfront._error("TooManyPublicKeysInKeyGroup", text, 400)
        return config, refused

    return parse


def _apply() -> None:
    wrap(cloudfront, "_parse_public_key_config", _public_key)
    wrap(cloudfront, "_create_public_key", _create)
    wrap(cloudfront, "_parse_key_group_config", _key_group)


PATCH = Patch("cloudfront-keys", "any text is taken for a public key", _apply)
