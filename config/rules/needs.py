"""What a part of a stack needs of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import NOTHING, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig


def everything_is_there(config: StackConfig) -> Iterator[Problem]:
    """Network, cluster and data services are there."""
    for name in ("network", "cluster", "data"):
        if getattr(config, name) is None:
            yield refuse((name,), "required", got=NOTHING, allowed="a section", fix=f"add {name}")
    for name in ("postgres", "redis"):
        if config.data is not None and getattr(config.data, name) is None:
            yield refuse(("data", name), "required", got=NOTHING, allowed="a section", fix=f"add data.{name}")


RULES: Final = (everything_is_there,)
