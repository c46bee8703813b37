"""Where things stand whose names both stacks compute: the parameters that tell writers where to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.drill.sides import Side


def parameters(side: Side) -> str:
    """Return the path below which a region's writers find their endpoints."""
    return f"/{side.setting('identity.system')}/{side.setting('identity.environment')}/writers"


def writers(side: Side) -> dict[str, str]:
    """Return what writers are told in a stack's region, by service."""
    path = parameters(side)
    pages = side.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
    return {one["Name"].removeprefix(f"{path}/"): one["Value"] for page in pages for one in page["Parameters"]}
