"""Claims are made of a system that somebody can ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig


def somebody_answers(config: StackConfig) -> Iterator[Problem]:
    """There is a name by which users reach the system."""
    if config.edge is None and config.api is None:
        for name in config.claims:
            what, fix = "nobody can ask this stack", "leave it out, or add edge or api"
            yield refuse(("claims", name), what, got=name, allowed="nothing without edge or api", fix=fix)


RULES = (somebody_answers,)
