"""A response headers policy is read back with the parts it was given, and no empty ones.

ministack always names custom and removed headers, with nothing in them where none were given.
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html (which parts are
optional; read 2026-11-21)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import cloudfront

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PARTS = {"CustomHeadersConfig": "CustomHeaders", "RemoveHeadersConfig": "RemoveHeaders"}
"""Part of the answer -> where ministack keeps its headers."""


def _without_empty_parts(original: Handler) -> Handler:
    def build(parent: Element, kept: dict[str, Any]) -> None:
        original(parent, kept)
        for tag, headers in _PARTS.items():
            part = parent.find(tag)
            if part is not None and not kept[headers]:
                parent.remove(part)

    return build


def _apply() -> None:
    wrap(cloudfront, "_build_rhp_config_xml", _without_empty_parts)
    cloudfront._RHP_SPEC["build_config"] = cloudfront._build_rhp_config_xml


PATCH = Patch("cloudfront-headers", "a response headers policy is updated by every plan", _apply)
