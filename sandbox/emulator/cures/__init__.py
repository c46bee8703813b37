"""Where the emulator departs from AWS in a way the stacks touch, and what puts it right, one module per service.

A cure replaces a function or an entry of a dispatch table of ministack in this process. Each has a test that fails
without it, and each refuses to be applied where what it replaces is no longer there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.emulator.cures import (
    access_analyzer,
    alarms,
    autoscaling,
    backup_vaults,
    cache_global,
    cache_groups,
    cache_parameters,
    chat_channels,
    cloudfront_headers,
    cloudtrail,
    cloudwatch_alarms,
    compute_optimizer,
    config_rules,
    cost_explorer,
    ebs_defaults,
    ecr_registry,
    eks_addons,
    eks_clusters,
    eks_nodegroups,
    eks_tags,
    eks_updates,
    endpoint_names,
    flow_logs,
    guardduty,
    health_checks,
    iam_linked_roles,
    iam_oidc,
    launch_templates,
    load_balancers,
    network_acls,
    node_group_sizes,
    peering,
    rds_filters,
    rds_instances,
    rds_replicas,
    s3_configurations,
    s3_replication,
    secret_replicas,
    secrets,
    security_groups,
    security_hub,
    snapshot_sharing,
    vpc_endpoints,
    waf_logging,
)

if TYPE_CHECKING:
    from sandbox.emulator.cures.base import Cure

CURES: tuple[Cure, ...] = (
    *alarms.CURES,
    *autoscaling.CURES,
    *cache_groups.CURES,
    *cache_global.CURES,
    *cache_parameters.CURES,
    *chat_channels.CURES,
    *ebs_defaults.CURES,
    *ecr_registry.CURES,
    *eks_addons.CURES,
    *eks_clusters.CURES,
    *eks_nodegroups.CURES,
    *eks_tags.CURES,
    *eks_updates.CURES,
    *endpoint_names.CURES,
    *flow_logs.CURES,
    *iam_linked_roles.CURES,
    *iam_oidc.CURES,
    *launch_templates.CURES,
    *network_acls.CURES,
    *node_group_sizes.CURES,
    *peering.CURES,
    *rds_filters.CURES,
    *rds_instances.CURES,
    *rds_replicas.CURES,
    *s3_configurations.CURES,
    *s3_replication.CURES,
    *secrets.CURES,
    *secret_replicas.CURES,
    *security_groups.CURES,
    *vpc_endpoints.CURES,
    *waf_logging.CURES,
    *health_checks.CURES,
    *load_balancers.CURES,
    *cloudfront_headers.CURES,
    *access_analyzer.CURES,
    *backup_vaults.CURES,
    *cloudtrail.CURES,
    *cloudwatch_alarms.CURES,
    *compute_optimizer.CURES,
    *config_rules.CURES,
    *cost_explorer.CURES,
    *guardduty.CURES,
    *security_hub.CURES,
    *snapshot_sharing.CURES,
)
"""All cures, in the order they are applied."""


def apply() -> None:
    """Apply all cures to the emulator of this process, once.

    Raises:
        AttributeError: ministack no longer has what a cure replaces; its version is pinned for this reason.
        KeyError: The same, for an action.
    """
    for cure in CURES:
        cure.apply()
