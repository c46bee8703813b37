"""All rules of the pack, by name and in order; a rule that is not named here does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rules import (
    accounts,
    api,
    api_region,
    audit,
    backup,
    backup_reach,
    beanstalk,
    bucket,
    cache,
    change_alarms,
    closed_world,
    cluster,
    cluster_addons,
    cluster_role,
    compute,
    containers,
    cost,
    database,
    database_tls,
    edge_balancer,
    edge_cdn,
    edge_firewall,
    edge_signers,
    emr,
    entries,
    experiments,
    exposure,
    functions,
    groups,
    identity,
    key,
    kubernetes,
    layout,
    messaging,
    models,
    network,
    on_demand,
    openings,
    peering,
    plain_secrets,
    pods,
    pods_recommended,
    policy_size,
    practices,
    protection,
    recommended,
    replication,
    residency,
    scaling,
    security_group,
    service_checks,
    services,
    stores,
    streaming,
    switches,
    tables,
    tagging,
    trail_key,
    trust,
)
from policy.waivers import Excuses, expiry_rule, use_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from policy.rule import Rule
    from policy.waivers import Waiver

PACK: Final = "platform"
"""Name of the pack in the engine's output and events."""

_JUDGING_INPUTS: Final[tuple[Rule, ...]] = (
    *database.RULES,
    *database_tls.RULES,
    *stores.RULES,
    *services.RULES,
    *practices.RULES,
    *service_checks.RULES,
    *streaming.RULES,
    *tables.RULES,
    *emr.RULES,
    *functions.RULES,
    *recommended.RULES,
    *plain_secrets.RULES,
    *scaling.RULES,
    *cache.RULES,
    *bucket.RULES,
    *replication.RULES,
    *key.RULES,
    *cluster.RULES,
    *cluster_role.RULES,
    *cluster_addons.RULES,
    *compute.RULES,
    *containers.RULES,
    *pods.RULES,
    *pods_recommended.RULES,
    *kubernetes.RULES,
    *network.RULES,
    *layout.RULES,
    *peering.RULES,
    *security_group.RULES,
    *groups.RULES,
    *edge_balancer.RULES,
    *edge_cdn.RULES,
    *edge_firewall.RULES,
    *api.RULES,
    *edge_signers.RULES,
    *messaging.RULES,
    *models.RULES,
    *experiments.RULES,
    *beanstalk.RULES,
    *identity.RULES,
    *trust.RULES,
    *exposure.RULES,
    *accounts.RULES,
    *openings.RULES,
    *entries.RULES,
    *policy_size.RULES,
    *audit.RULES,
    *trail_key.RULES,
    *change_alarms.RULES,
    *backup.RULES,
    *backup_reach.RULES,
    *on_demand.RULES,
    *cost.RULES,
    *tagging.RULES,
    *residency.RULES,
    *api_region.RULES,
    *protection.RULES,
)

RULES: Final[tuple[Rule, ...]] = (
    *_JUDGING_INPUTS,
    *switches.rules_beside(_JUDGING_INPUTS),
    *closed_world.rules_beside(_JUDGING_INPUTS),
    protection.guarded_not_ignored(_JUDGING_INPUTS),
)
"""Every rule that judges a stack."""

RULE_NAMES: Final = frozenset(rule.name for rule in RULES)
"""Names that a waiver may give."""


def all_rules(waivers: Sequence[Waiver] | Excuses, today: date) -> tuple[Rule, ...]:
    """Return every rule, with those that watch over exceptions and waivers; they judge last."""
    excuses = waivers if isinstance(waivers, Excuses) else Excuses(waivers, today)
    return (
        *RULES,
        residency.exceptions_rule(today),
        expiry_rule(excuses.waivers, today),
        use_rule(excuses, RULES),
    )
