"""A distribution names key groups, access controls and origins that there are, and aliases that no other one has.

ministack keeps whatever a configuration names: a deployment that AWS refuses would pass.
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html (errors; 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import cloudfront

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element


def _texts(config: Element, within: str, tag: str) -> Iterator[str]:
    """Yield the texts of elements of a tag inside of others of another one."""
    for parent in config.iter():
        if cloudfront._local_tag_name(parent) == within:
            yield from (str(one.text) for one in parent.iter() if cloudfront._local_tag_name(one) == tag and one.text)


def _refusal(config: Element, own: str) -> Any:  # noqa: ANN401 - an answer of ministack, or None
    """Return why AWS would not take a configuration of the distribution `own`, empty for a new one."""
    if unknown := sorted(set(_texts(config, "TrustedKeyGroups", "KeyGroup")) - set(cloudfront._key_groups)):
        text = f"The key group {unknown[0]} does not exist."
        return cloudfront._error("TrustedKeyGroupDoesNotExist", text, 400)
    controls = set(_texts(config, "Origin", "OriginAccessControlId"))
    if unknown := sorted(controls - set(cloudfront._oacs)):
        return cloudfront._error("InvalidOriginAccessControl", f"There is no origin access control {unknown[0]}.", 400)
    origins = {*_texts(config, "Origin", "Id"), *_texts(config, "OriginGroup", "Id")}
    behaviors = {
        tag for within in ("DefaultCacheBehavior", "CacheBehavior") for tag in _texts(config, within, "TargetOriginId")
    }
    if unknown := sorted(behaviors - origins):
        return cloudfront._error("NoSuchOrigin", f"No origin exists with the specified Origin Id {unknown[0]}.", 404)
    aliases = {name.lower() for name in _texts(config, "Aliases", "CNAME")}
    for other in cloudfront._distributions.values():
        taken = {str(name).lower() for name in cloudfront._get_distribution_aliases(other)}
        if other["Id"] != own and aliases & taken:
            text = f"{min(aliases & taken)} is associated with another distribution already."
            return cloudfront._error("CNAMEAlreadyExists", text, 409)
    return None


def _create(original: Handler) -> Handler:
    def create(headers: object, body: bytes) -> Any:  # noqa: ANN401 - an answer of ministack
        config, _ = cloudfront._unwrap_distribution_create_xml(cloudfront._parse_body(body))
        reference = cloudfront._text(config, "CallerReference") if config is not None else ""
        again = any(one.get("CallerReference") == reference for one in cloudfront._distributions.values())
        refused = None if config is None or again else _refusal(config, "")
        return refused or original(headers, body)

    return create


def _update(original: Handler) -> Handler:
    def update(own: str, headers: object, body: bytes) -> Any:  # noqa: ANN401 - an answer of ministack
        config = cloudfront._parse_body(body)
        refused = _refusal(config, own) if config is not None and own in cloudfront._distributions else None
        return refused or original(own, headers, body)

    return update


def _apply() -> None:
    wrap(cloudfront, "_create_distribution", _create)
    wrap(cloudfront, "_update_distribution", _update)


PATCH = Patch("cloudfront-references", "a distribution with a key group that is not there is made", _apply)
