"""What every component shares: how children are named, and the options they are created with. Nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

if TYPE_CHECKING:
    from collections.abc import Sequence


def named(component: str, thing: str, zone: str | None = None) -> str:
    """Return the logical name `<component>-<thing>[-<zone letter>]` of a child.

    Args:
        component: Logical name of the component; no stack, region or account in it.
        thing: What the child is, such as `flow-logs`.
        zone: Zone letter, for a child that exists once per zone.

    Raises:
        ValueError: `component` or `thing` is empty, or `zone` is not a single lower-case letter.
    """
    if not component or not thing:
        raise ValueError(f"a logical name needs a component and a thing, got {component!r} and {thing!r}")
    if zone is None:
        return f"{component}-{thing}"
    if not (len(zone) == 1 and zone.isascii() and zone.islower()):
        raise ValueError(f"zone {zone!r} is not a zone letter; give one lower-case letter such as 'a'")
    return f"{component}-{thing}-{zone}"


def child(
    parent: pulumi.Resource,
    *,
    depends_on: Sequence[pulumi.Resource] = (),
    ignore_changes: Sequence[str] = (),
    provider: pulumi.ProviderResource | None = None,
) -> pulumi.ResourceOptions:
    """Return the options of a child of `parent`, which also hands it the parent's provider.

    The caller's options of a component are never merged in: a foreign `parent`, `aliases` or `import` would reach
    every child.

    Args:
        parent: The component that owns the child.
        depends_on: Resources that must exist first although no reference says so; the call says why in a comment.
        ignore_changes: Properties that somebody else owns after creation, such as an autoscaler's desired size.
        provider: Where it is made, if not where the parent is: another region.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        provider=provider,
        depends_on=list(depends_on) or None,
        ignore_changes=list(ignore_changes) or None,
    )


def foundation(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    """Return the options of a child that what holds data lives in: those of `child`, protected.

    Replacing such a child cannot end well: its tenants cannot move, so AWS refuses to delete it, after the engine has
    made its double and half of what hangs on it. Protected, it is refused by the plan. Nothing in it is lost with it,
    so it is not retained.
    """
    return pulumi.ResourceOptions.merge(child(parent), pulumi.ResourceOptions(protect=True))


def singleton(options: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return the options of a singleton: delete before replace.

    For what has a fixed name, which AWS takes once, and for settings of something else: made first and deleted then,
    the deletion would take the new setting with it.
    """
    return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(delete_before_replace=True))


def stateful(
    parent: pulumi.Resource,
    *,
    depends_on: Sequence[pulumi.Resource] = (),
    ignore_changes: Sequence[str] = (),
    provider: pulumi.ProviderResource | None = None,
) -> pulumi.ResourceOptions:
    """Return the options of a child that holds data or a key: those of `child`, protected and retained on delete.

    Deleting one takes two deliberate acts: removing the protection, and deleting the resource in AWS.
    """
    return pulumi.ResourceOptions.merge(
        child(parent, depends_on=depends_on, ignore_changes=ignore_changes, provider=provider),
        pulumi.ResourceOptions(protect=True, retain_on_delete=True),
    )
