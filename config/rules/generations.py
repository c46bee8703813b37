"""Generations of the database, and whom database and cache follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.base import present
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

POSTGRES: Final[Path] = ("data", "postgres")
BURSTABLE: Final = "cache.t"
"""Beginning of the node types that no Global Datastore takes (ElastiCache user guide, "Prerequisites", 2026-11)."""
_GENERATION: Final = re.compile(r"g\d+(-.*)?")


def previous_generations(config: StackConfig) -> Iterator[Problem]:
    """Previous generations are earlier ones, each named once."""
    postgres = present(config.postgres)
    for place, number in enumerate(postgres.previous_generations):
        path, allowed = (*POSTGRES, "previous_generations", place), f"1 to {postgres.generation - 1}"
        if number >= postgres.generation:
            what = f"not earlier than generation {postgres.generation}"
            allowed = allowed if postgres.generation > 1 else "nothing, since there was no generation before the first"
            yield refuse(path, what, got=number, allowed=allowed, fix="drop it, or raise data.postgres.generation")


def database_source(config: StackConfig) -> Iterator[Problem]:
    """A database that follows another one is a new generation of a primary, and follows one of another region."""
    postgres, identity = present(config.postgres), config.identity
    if postgres.source_arn is None:
        return
    path, source = (*POSTGRES, "source_arn"), postgres.source_arn
    region, account = source.split(":")[3:5]
    if identity.role == "standby":
        what, fix = "a standby follows the primary that recovery.standby names", "leave it out"
        yield refuse(path, what, got=source, allowed="nothing in a standby", fix=fix)
    elif postgres.generation == 1:
        what = "the first generation has taken writes, and can follow nobody any more"
        fix = "raise data.postgres.generation, and name the old one in data.postgres.previous_generations"
        yield refuse((*POSTGRES, "generation"), what, got=1, allowed="2 to 99 beside source_arn", fix=fix)
    if region == identity.region:
        what, fix = "a database of this stack's own region", "name the one that served while this region was lost"
        yield refuse(path, what, got=source, allowed="a database of another region", fix=fix)
    if account != identity.account_id:
        what, fix = "a database of another account, which RDS lets nobody follow across regions", "name one of ours"
        yield refuse(path, what, got=source, allowed=f"account {identity.account_id}", fix=fix)


def reader_names(config: StackConfig) -> Iterator[Problem]:
    """No reader is called like a generation: their identifiers would be the same."""
    for name in present(config.postgres).replicas:
        if _GENERATION.fullmatch(name):
            what, fix = "names of this form are those of generations", "choose another name"
            yield refuse((*POSTGRES, "replicas", name), what, got=name, allowed="anything else", fix=fix)


def datastore_nodes(config: StackConfig) -> Iterator[Problem]:
    """A cache that is a member of a Global Datastore has nodes that take part in one."""
    standby = config.recovery.standby if config.recovery else None
    node_type = present(config.redis).node_type
    if standby is not None and standby.redis is not None and node_type.startswith(BURSTABLE):
        what, fix = "no Global Datastore has burstable nodes", "choose cache.r6g or later, here and in the primary"
        yield refuse(("data", "redis", "node_type"), what, got=node_type, allowed="r5, m5 and later", fix=fix)


def cache_in_global_datastore(config: StackConfig) -> Iterator[Problem]:
    """Only a primary says that its cache is in a Global Datastore."""
    if present(config.redis).in_global_datastore and config.identity.role == "standby":
        what, fix = "a standby's cache follows, by recovery.standby.redis", "leave it out"
        yield refuse(("data", "redis", "in_global_datastore"), what, got=True, allowed="nothing in a standby", fix=fix)


RULES: Final = (previous_generations, database_source, reader_names, datastore_nodes, cache_in_global_datastore)
