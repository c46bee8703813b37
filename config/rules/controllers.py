"""What runs beside the application: how many pods of it, and whom the pooler trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.regions import regions
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

SECTION: Final[Path] = ("kubernetes",)
PRODUCTION: Final = "prod"
"""Stage that must not do without a controller."""
SPARE_REPLICAS: Final = 2
"""Fewest pods of which one may be lost."""


def replicas(config: StackConfig) -> Iterator[Problem]:
    """In prod a controller or pooler has a second pod, for the minute in which the first is on its way to a node."""
    layer = config.kubernetes
    if layer is None or config.identity.environment != PRODUCTION:
        return
    parts = {
        "cluster_autoscaler": layer.cluster_autoscaler,
        "karpenter": layer.karpenter,
        "load_balancer_controller": layer.load_balancer_controller,
        "pgbouncer": layer.pgbouncer,
    }
    for name, part in parts.items():
        if part is not None and part.replicas < SPARE_REPLICAS:
            what = "a drained node takes the only pod with it"
            path = (*SECTION, name, "replicas")
            fix = f"run {SPARE_REPLICAS}; one is for stages that may do without"
            yield refuse(path, what, got=part.replicas, allowed=f"{SPARE_REPLICAS} to 20 in {PRODUCTION}", fix=fix)


def database_trust(config: StackConfig) -> Iterator[Problem]:
    """PgBouncer trusts the database by the root certificate of its region, which must be among those kept here."""
    region = regions()[config.identity.region]
    if config.kubernetes is not None and config.kubernetes.pgbouncer is not None and region.rds_root() is None:
        known = ", ".join(sorted(one.code for one in regions().values() if one.rds_root()))
        fix = (
            f"add the certificate named `Amazon RDS {region.code} Root CA RSA2048 G1` of RDS's bundle as "
            f"config/facts/data/rds_roots/{region.code}.pem, or leave PgBouncer out"
        )
        what = f"no root certificate of RDS in {region.code} is kept here, so PgBouncer could trust no database"
        yield refuse((*SECTION, "pgbouncer"), what, got="a section", allowed=f"regions {known}", fix=fix)


RULES: Final = (replicas, database_trust)
