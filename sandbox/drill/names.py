"""Names that both stacks compute, such as those of the parameters for writers; and how names are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.drill.checks import Check, holds

if TYPE_CHECKING:
    from sandbox.drill.sides import Side


def parameters(side: Side) -> str:
    """Return the path below which a region's writers find their endpoints."""
    return f"/{side.setting('identity.system')}/{side.setting('identity.environment')}/writers"


def writers(side: Side) -> dict[str, str]:
    """Return where writers point to in a stack's region, by service."""
    path = parameters(side)
    pages = side.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
    return {one["Name"].removeprefix(f"{path}/"): one["Value"] for page in pages for one in page["Parameters"]}


def writers_point_to(side: Side, serving: Side, fix: str) -> Check:
    """Look at where writers point to in one stack's region: where the serving stack is written to, for everything.

    Args:
        side: The stack whose region is asked.
        serving: The stack that should be written to.
        fix: What to do where writers point elsewhere.
    """
    wanted, found = dict(serving.outputs["writers"]), writers(side)
    wrong = [
        f"{thing} at {found.get(thing, 'nothing')}" for thing in sorted(wanted) if found.get(thing) != wanted[thing]
    ]
    expected = f"{parameters(side)} names the {len(wanted)} endpoints of stack {serving.stack}"
    return holds(f"writers {side.region}", expected, "; ".join(wrong) or expected, fix, ok=bool(wanted) and not wrong)


def balancer(host: str) -> str:
    """Return a load balancer's name as it is listed: an alias may say `dualstack.` before it, and end with a dot."""
    return host.rstrip(".").lower().removeprefix("dualstack.")
