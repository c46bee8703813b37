"""Signed URLs of CloudFront: who signs, and that no other way leads to what needs a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.tokens import BUCKETS, DISTRIBUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings
    from policy.values import Block

_GUIDE: Final = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html"
)
_BEHAVIORS: Final = ("defaultCacheBehavior", "orderedCacheBehaviors")
_MARK: Final = ("Viewers", "signed")
"""Tag of a bucket whose objects are for who brings a signature."""


def _behaviors(distribution: Resource) -> list[Block]:
    return [behavior for key in _BEHAVIORS for behavior in distribution.blocks(key)]


def _members(distribution: Resource) -> dict[object, set[object]]:
    """Return what a behaviour may name -> the origins that are then asked."""
    groups = {
        group.get("originId"): {member.get("originId") for member in group.blocks("members")}
        for group in distribution.blocks("originGroups")
    }
    return {**{origin.get("originId"): {origin.get("originId")} for origin in distribution.blocks("origins")}, **groups}


def _open(distribution: Resource, origins: set[object]) -> Iterator[Block]:
    """Yield each behaviour that serves some of the origins to who brings no signature."""
    members = _members(distribution)
    for behavior in _behaviors(distribution):
        target = behavior.get("targetOriginId")
        if members.get(target, {target}) & origins and not behavior.has("trustedKeyGroups"):
            yield behavior


@resource_rule(
    "cf-signed-origin",
    on=DISTRIBUTIONS,
    severity=Severity.HIGH,
    controls=("NIST-AC-3",),
    url=_GUIDE,
    remediation="give every behavior of the origin trusted_key_groups, or give open objects an origin of their own",
    guards=_BEHAVIORS,
)
def signed_origin(distribution: Resource, _settings: Settings) -> Iterator[str]:
    """What one path asks a signature for is served by no other path without one.

    A pattern says what is asked for, not what lies there: the same object may be asked for by another path of the
    origin. Origins of a group count for each other.
    """
    members = _members(distribution)
    signed = {
        origin
        for behavior in _behaviors(distribution)
        if behavior.has("trustedKeyGroups")
        for target in [behavior.get("targetOriginId")]
        for origin in members.get(target, {target})
    }
    for behavior in _open(distribution, signed):
        yield f"{behavior.path}.trustedKeyGroups is not set, and another behavior asks a signature for this origin"


@resource_rule(
    "cf-trusted-key-groups",
    on=DISTRIBUTIONS,
    severity=Severity.MEDIUM,
    controls=("CloudFront.17",),
    remediation="use trusted_key_groups in place of trusted_signers",
    guards=_BEHAVIORS,
)
def key_groups(distribution: Resource, _settings: Settings) -> Iterator[str]:
    """Signatures are verified by keys of a key group, which rotate without the account's root user.

    A trusted signer is a whole account, whose root user alone makes its keys.
    """
    for behavior in _behaviors(distribution):
        if behavior.has("trustedSigners"):
            yield f"{behavior.path}.trustedSigners is set; allowed: trustedKeyGroups"


@stack_rule(
    "cf-private-bucket",
    on=DISTRIBUTIONS,
    severity=Severity.HIGH,
    controls=("NIST-AC-3",),
    url=_GUIDE,
    when_unknown=WhenUnknown.PASS,  # the domain of a bucket that is not there yet: the update judges the stack again
    remediation="give every behavior of the bucket trusted_key_groups, or take the tag away",
)
def private_bucket(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """A bucket with the tag `Viewers: signed` is served to who brings a signature only."""
    names = {name for bucket in stack.of(BUCKETS) if _is_private(bucket) for name in bucket.identities}
    for distribution in stack.of(DISTRIBUTIONS) if names else ():
        private = {
            origin.get("originId")
            for origin in distribution.blocks("origins")
            if str(origin.get("domainName")).partition(".s3.")[0] in names
        }
        for behavior in _open(distribution, private):
            yield Breach(distribution, f"{behavior.path}.trustedKeyGroups is not set, and its bucket is for signers")


def _is_private(bucket: Resource) -> bool:
    key, value = _MARK
    return any(bucket.get(f"{tags}.{key}") == value for tags in ("tags", "tagsAll"))


RULES: Final[tuple[Rule, ...]] = (signed_origin, key_groups, private_bucket)
