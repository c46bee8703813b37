"""The keys of a stack. They come first: a key needs nothing of other areas, and most of them need one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.keys.elsewhere import global_region, replicas
from components.keys.keys import Keys, KeysArgs
from components.keys.primary import PrimaryKeys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build a key for each domain, and what CloudFront's parts and replicas need in other regions."""
    settings, identity, primary = platform.settings, platform.identity, platform.get(PrimaryKeys)
    arns = primary.arns if primary else {}
    tracing = settings.observability.tracing if settings.observability else None
    args = KeysArgs(
        settings=settings.keys,
        identity=identity,
        primary_arns=arns,
        tables=bool(settings.tables),
        traces=tracing is not None and tracing.account_encryption == "made",
        more=[name for name, part in (("bedrock", settings.inference), ("kafka", settings.streaming)) if part],
    )
    yield Keys("keys", args, platform.options).outputs
    if settings.edge and settings.edge.cdn and not platform.in_global_region:
        yield global_region(settings.keys, identity)
    yield from replicas(settings)
