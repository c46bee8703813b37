"""Rules across the sections of a stack file: one family, one pure module; each rule yields what it finds wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.rules import (
    addresses,
    api,
    api_access,
    audit,
    backup,
    beanstalk,
    buckets,
    capacity,
    cdn,
    closed_lists,
    containers,
    controllers,
    cost,
    edge,
    experiments,
    functions,
    generations,
    grammars,
    inference,
    isolation,
    kubernetes,
    messaging,
    names,
    needs,
    objectives,
    observability,
    offers,
    once,
    peering,
    pods,
    pools,
    quotas,
    recovery_tier,
    replica_lag,
    roles,
    routes,
    scaling,
    schedules,
    sockets,
    storage,
    subnets,
    tables,
    tasks,
    thresholds,
    tiers,
    tracing,
    versions,
    windows,
)
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.problems import Problem
    from config.stack import StackConfig

RULES: tuple[Callable[[StackConfig], Iterator[Problem]], ...] = (
    *needs.RULES,
    *addresses.RULES,
    *tiers.RULES,
    *peering.RULES,
    *api_access.RULES,
    *capacity.RULES,
    *isolation.RULES,
    *subnets.RULES,
    *pods.RULES,
    *containers.RULES,
    *beanstalk.RULES,
    *routes.RULES,
    *api.RULES,
    *sockets.RULES,
    *inference.RULES,
    *tasks.RULES,
    *tracing.RULES,
    *messaging.RULES,
    *functions.RULES,
    *pools.RULES,
    *quotas.RULES,
    *scaling.RULES,
    *offers.RULES,
    *versions.RULES,
    *storage.RULES,
    *windows.RULES,
    *schedules.RULES,
    *closed_lists.RULES,
    *buckets.RULES,
    *tables.RULES,
    *edge.RULES,
    *cdn.RULES,
    *grammars.RULES,
    *generations.RULES,
    *kubernetes.RULES,
    *controllers.RULES,
    *names.RULES,
    *once.RULES,
    *roles.RULES,
    *audit.RULES,
    *observability.RULES,
    *thresholds.RULES,
    *cost.RULES,
    *backup.RULES,
    *replica_lag.RULES,
    *recovery_tier.RULES,
    *objectives.RULES,
    *experiments.RULES,
)


def judge(config: StackConfig) -> list[Problem]:
    """Return what all rules find wrong with a stack file; a rule stops where a part it needs is missing."""
    return [problem for rule in RULES for problem in until_incomplete(rule(config))]
