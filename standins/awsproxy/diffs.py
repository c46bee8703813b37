"""Differences: property paths and verdicts of the bridge in the engine's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.runtime.proto import provider_pb2

from standins.awsproxy import property_paths, values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standins.awsproxy.resource import Resource
    from standins.awsproxy.shapes import Shaper
    from standins.awsproxy.values import Message, Properties


def ignored(shaper: Shaper, paths: Iterable[str]) -> list[str]:
    """Paths to ignore, in the bridge's names; properties the provider does not know are left out."""
    known = {path: shaper.bridge_name(property_paths.root(path)) for path in paths}
    return [property_paths.to_bridge(shaper, path) for path, name in known.items() if name in shaper.theirs.inputs]


def for_engine(
    resource: Resource, response: Message, old_inputs: Properties, news: Properties, ignore: Iterable[str]
) -> Message:
    """Verdict of the bridge in our names, with the changes it cannot see and the type's own replacement order."""
    shaper = resource.shaper
    hidden = unseen_changes(resource, old_inputs, news, {property_paths.root(path) for path in ignore})
    detailed = {property_paths.to_sdk(shaper, path): diff for path, diff in response.detailedDiff.items()}
    kinds = provider_pb2.PropertyDiff
    for name in hidden:
        kind = kinds.ADD if name not in old_inputs else kinds.DELETE if name not in news else kinds.UPDATE
        detailed[name] = kinds(kind=kind, inputDiff=True)
    replaces = [property_paths.to_sdk(shaper, path) for path in response.replaces]
    some = hidden or response.changes == provider_pb2.DiffResponse.DIFF_SOME
    return provider_pb2.DiffResponse(
        replaces=replaces,
        stables=[property_paths.to_sdk(shaper, path) for path in response.stables],
        deleteBeforeReplace=response.deleteBeforeReplace or bool(replaces and resource.override.delete_before_replace),
        changes=provider_pb2.DiffResponse.DIFF_SOME if some else response.changes,
        diffs=sorted({*(property_paths.to_sdk(shaper, path) for path in response.diffs), *hidden}),
        detailedDiff=detailed,
        hasDetailedDiff=response.hasDetailedDiff
        or bool(hidden and response.changes != provider_pb2.DiffResponse.DIFF_SOME),
    )


def unseen_changes(resource: Resource, old_inputs: Properties, news: Properties, ignore: set[str]) -> list[str]:
    """Top-level inputs that changed in parts the provider never sees."""
    before, after = resource.to_bridge(old_inputs).dropped, resource.to_bridge(news).dropped
    changed = {
        str(path[0]) for path in {*before, *after} if values.plain(before.get(path)) != values.plain(after.get(path))
    }
    return sorted(changed - ignore)
