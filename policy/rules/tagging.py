"""Tags: every resource that can carry them says whose it is, who pays, and what it may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Setting, Severity, resource_rule
from policy.tokens import EVERY_AWS
from policy.values import Block, Mark, UnknownValueError, plain, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy.resources import Resource
    from policy.rule import Settings

_TAGGABLE: Final = Path(__file__).resolve().parent.parent / "taggable.txt"
REQUIRED: Final = {
    "Project": r"[a-z][a-z0-9-]{2,19}",
    "Environment": r"[a-z][a-z0-9]{1,11}",
    "Stack": r"[a-z][a-z0-9-]{0,40}",
    "Owner": r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+",
    "CostCenter": r"[A-Za-z0-9][A-Za-z0-9-]{1,30}",
    "DataClass": r"public|internal|confidential|restricted",
    "ManagedBy": r"[Pp]ulumi",
}
"""What the program sets as default tags, with the values its configuration allows."""


@cache
def taggable_types() -> frozenset[str]:
    """Return the tokens that take default tags, as generated from the provider's SDK."""
    return frozenset(_TAGGABLE.read_text(encoding="utf-8").split())


@resource_rule(
    "tags-required",
    on=EVERY_AWS,
    severity=Severity.HIGH,
    controls=("ISO-A.5.9", "NIST-CM-8"),
    url="https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    remediation="give the resource the program's provider, whose default tags carry the value, or correct the tag",
    settings={
        "required": Setting(
            REQUIRED,
            {"type": "object", "additionalProperties": {"type": "string", "format": "regex"}},
            "tag keys and the regular expression that the whole value must match",
        )
    },
    guards=("tags", "tagsAll"),
)
def tags_required(resource: Resource, settings: Settings) -> Iterator[str]:
    """Every resource that can be tagged carries the tags that say whose it is and what it holds.

    Default tags of the provider count. The types are those that take default tags.
    """
    if resource.type not in taggable_types():
        return
    tags = effective_tags(resource)
    ignored = _ignored(resource.provider)
    unknown = ""
    for key, pattern in settings.patterns("required").items():
        value = plain(tags.get(key))
        if ignored(key):
            yield f"tag {key} is ignored by ignoreTags of the provider; allowed: tags that it sets"
        elif value is Mark.UNKNOWN:
            unknown = unknown or f"tags.{key}"
        elif value is Mark.ABSENT:
            yield f"tag {key} is not set; allowed: {pattern}"
        elif not _matches(pattern, show(value)):
            yield f"tag {key} is {show(value)}; allowed: {pattern}"
    if unknown:
        raise UnknownValueError(unknown)


@lru_cache(maxsize=1024)
def _matches(pattern: str, value: str) -> bool:
    """Tell whether a tag's whole value matches; the resources of a stack have the same few."""
    return re.fullmatch(pattern, value) is not None


def effective_tags(resource: Resource) -> Mapping[str, object]:
    """Return the tags a resource will carry: `tagsAll` where the provider has merged it, else both parts.

    One unknown tag makes all of `tagsAll` unknown; its parts then still show most.
    """
    merged = plain(resource.inputs.get("tagsAll"))
    if isinstance(merged, Mapping):
        return merged
    own = plain(resource.inputs.get("tags"))
    if own is Mark.UNKNOWN:
        raise UnknownValueError("tags")
    return {**_default_tags(resource.provider), **(own if isinstance(own, Mapping) else {})}


def _default_tags(provider: Block | None) -> Mapping[str, object]:
    written = plain(provider.inputs.get("defaultTags")) if provider else Mark.ABSENT
    if written is Mark.UNKNOWN:
        raise UnknownValueError("provider.defaultTags")
    block = json.loads(written) if isinstance(written, str) else written
    tags = plain(block.get("tags")) if isinstance(block, Mapping) else None
    return tags if isinstance(tags, Mapping) else {}


def _ignored(provider: Block | None) -> Callable[[str], bool]:
    """Return what tells whether a provider leaves a tag alone: it neither sets nor reads what it ignores."""
    written = plain(provider.inputs.get("ignoreTags")) if provider else Mark.ABSENT
    block = json.loads(written) if isinstance(written, str) else written
    if not isinstance(block, Mapping):
        return lambda _key: False
    keys, prefixes = ([str(each) for each in Block(block).list(name)] for name in ("keys", "keyPrefixes"))
    return lambda key: key in keys or key.startswith(tuple(prefixes))


RULES: Final[tuple[Rule, ...]] = (tags_required,)
