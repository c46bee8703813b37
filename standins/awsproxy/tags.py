"""Default tags: merged into the checked input `tagsAll`, as the official plugin does and policies expect.

The merge is Terraform's: the resource's own tags win, ignored keys and prefixes are left out. Anything unknown makes
the whole map unknown; anything secret makes it secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standins.awsproxy import values

if TYPE_CHECKING:
    from standins.awsproxy.values import Properties, Value


def merge(tags: Value, config: Properties) -> Value:
    """All tags of a resource.

    Args:
        tags: The resource's `tags` as given, None for no tags.
        config: The provider's configuration: `defaultTags.tags`, `ignoreTags.keys`, `ignoreTags.keyPrefixes`.
    """
    if values.contains_unknown([tags, config.get("defaultTags"), config.get("ignoreTags")]):
        return values.UNKNOWN
    defaults, ignored = _object(config.get("defaultTags")), _object(config.get("ignoreTags"))
    keys, prefixes = _list(ignored.get("keys")), tuple(_list(ignored.get("keyPrefixes")))
    merged = {**_object(defaults.get("tags")), **_object(tags)}
    kept = {
        key: values.plain(value)
        for key, value in merged.items()
        if value is not None and key not in keys and not key.startswith(prefixes)
    }
    return values.secret(kept) if values.contains_secret([tags, defaults]) else kept


def _object(value: Value) -> Properties:
    bare, _ = values.peel(value)
    if isinstance(bare, list):
        bare = values.peel(bare[0])[0] if bare else {}
    return bare if isinstance(bare, dict) else {}


def _list(value: Value) -> list[str]:
    bare, _ = values.peel(value)
    return [str(values.plain(item)) for item in bare] if isinstance(bare, list) else []
