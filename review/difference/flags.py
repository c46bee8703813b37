"""Inputs and types whose change means something by itself: whom it concerns, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Concern = Literal["exposure", "rights", "encryption", "protection", "residency"]
CONCERNS: Final[tuple[Concern, ...]] = ("exposure", "rights", "encryption", "residency", "protection")
"""What a reviewer looks at, first things first."""


class Said(NamedTuple):
    """What a change of an input means."""

    worse: bool
    """True where it opens, uncovers or unprotects."""
    text: str
    """In words."""


@dataclass(frozen=True)
class Flag:
    """An input with one value that opens, uncovers or unprotects."""

    concern: Concern
    """Whom it concerns."""
    opens: bool
    """The value that does."""
    worse: str
    """What it means that it has this value now."""
    better: str
    """What it means that it has this value no more."""

    def said(self, was: object, now: object) -> Said | None:
        """Return what a change means; None where it means nothing."""
        if now is self.opens:
            return Said(worse=True, text=self.worse)
        return Said(worse=False, text=self.better) if was is self.opens else None


@dataclass(frozen=True)
class Key:
    """An input that names the key of the stack that something is encrypted by."""

    concern: Concern = "encryption"
    """Whom it concerns."""

    def said(self, was: object, now: object) -> Said | None:
        """Return what a change means; None for the first key."""
        if was is None:
            return None
        text = "a key of AWS encrypts it, not the stack's" if now is None else "another key encrypts it"
        return Said(worse=True, text=text)


@dataclass(frozen=True)
class Region:
    """An input that names where something is."""

    concern: Concern = "residency"
    """Whom it concerns."""

    def said(self, was: object, now: object) -> Said | None:
        """Return what a change means; None for what was nowhere."""
        return None if was is None else Said(worse=True, text=f"it is in {now}, and was in {was}")


_AT_REST: Final = Flag("encryption", False, "it is not encrypted at rest", "it is encrypted at rest")
_GUARDED: Final = Flag("protection", False, "AWS deletes it when asked", "AWS refuses to delete it")

FLAGS: Final[Mapping[str, Flag | Key | Region]] = {
    "publiclyAccessible": Flag("exposure", True, "it has a public address", "it has no public address any more"),
    "mapPublicIpOnLaunch": Flag("exposure", True, "what starts there has a public address", "nothing there has one"),
    "endpointPublicAccess": Flag("exposure", True, "the API server is reached from outside", "it is private"),
    "blockPublicAcls": Flag("exposure", False, "public ACLs are taken", "public ACLs are refused"),
    "blockPublicPolicy": Flag("exposure", False, "public policies are taken", "public policies are refused"),
    "ignorePublicAcls": Flag("exposure", False, "public ACLs count", "public ACLs do not count"),
    "restrictPublicBuckets": Flag("exposure", False, "public policies reach everybody", "they reach the account alone"),
    "storageEncrypted": _AT_REST,
    "atRestEncryptionEnabled": _AT_REST,
    "encrypted": _AT_REST,
    "transitEncryptionEnabled": Flag("encryption", False, "it takes connections without TLS", "it wants TLS"),
    "enableKeyRotation": Flag("encryption", False, "the key is not rotated", "the key is rotated"),
    "kmsKeyId": Key(),
    "kmsKeyArn": Key(),
    "kmsMasterKeyId": Key(),
    "deletionProtection": _GUARDED,
    "deletionProtectionEnabled": _GUARDED,
    "skipFinalSnapshot": Flag("protection", True, "deleting it leaves no snapshot", "deleting it leaves a snapshot"),
    "multiAz": Flag("protection", False, "it has no copy in another zone", "it has a copy in another zone"),
    "region": Region(),
}
"""Inputs whose change means something by itself, whatever the type."""


class Guard(NamedTuple):
    """Types that guard something else, by words of their names."""

    words: tuple[str, ...]
    """Words of which the type has one."""
    concern: Concern
    """Whom it concerns that it goes."""
    text: str
    """What it means that it goes."""


GUARDS: Final = (
    Guard(("PublicAccessBlock",), "exposure", "nothing blocks public access any more"),
    Guard(("WebAcl", "NetworkAcl"), "exposure", "nothing filters requests by it any more"),
    Guard(("EncryptionConfiguration",), "encryption", "the stack's key encrypts nothing there any more"),
    Guard(("Versioning", "Replication", "Selection", "Plan", "Vault", "Lock"), "protection", "copies of it end"),
    Guard(("MetricAlarm", "CompositeAlarm"), "protection", "nobody is notified any more of what it watched"),
    Guard(("Trail", "FlowLog", "Detector", "Recorder"), "protection", "nobody records any more what it recorded"),
)
"""Types of which going means something."""


def of_type(type_: str) -> Guard | None:
    """Return what a type guards; None for one that guards nothing."""
    name = type_.rpartition(":")[2]
    return next((guard for guard in GUARDS if any(word in name for word in guard.words)), None)
