"""Where the emulator departs from AWS in a way the stacks touch, and what puts it right, one module per service.

A patch replaces a function or an entry of a dispatch table of ministack in this process. Each has a test that fails
without it, and each refuses to be applied where what it replaces is no longer there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.emulator.patches import (
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
    from sandbox.emulator.patches.base import Patch

PATCHES: tuple[Patch, ...] = (
    *alarms.PATCHES,
    *autoscaling.PATCHES,
    *cache_groups.PATCHES,
    *cache_global.PATCHES,
    *cache_parameters.PATCHES,
    *chat_channels.PATCHES,
    *ebs_defaults.PATCHES,
    *ecr_registry.PATCHES,
    *eks_addons.PATCHES,
    *eks_clusters.PATCHES,
    *eks_nodegroups.PATCHES,
    *eks_tags.PATCHES,
    *eks_updates.PATCHES,
    *endpoint_names.PATCHES,
    *flow_logs.PATCHES,
    *iam_linked_roles.PATCHES,
    *iam_oidc.PATCHES,
    *launch_templates.PATCHES,
    *network_acls.PATCHES,
    *node_group_sizes.PATCHES,
    *peering.PATCHES,
    *rds_filters.PATCHES,
    *rds_instances.PATCHES,
    *rds_replicas.PATCHES,
    *s3_configurations.PATCHES,
    *s3_replication.PATCHES,
    *secrets.PATCHES,
    *secret_replicas.PATCHES,
    *security_groups.PATCHES,
    *vpc_endpoints.PATCHES,
    *waf_logging.PATCHES,
    *health_checks.PATCHES,
    *load_balancers.PATCHES,
    *cloudfront_headers.PATCHES,
    *access_analyzer.PATCHES,
    *backup_vaults.PATCHES,
    *cloudtrail.PATCHES,
    *cloudwatch_alarms.PATCHES,
    *compute_optimizer.PATCHES,
    *config_rules.PATCHES,
    *cost_explorer.PATCHES,
    *guardduty.PATCHES,
    *security_hub.PATCHES,
    *snapshot_sharing.PATCHES,
)
"""All patches, in the order they are applied."""


def apply() -> None:
    """Apply all patches to the emulator of this process, once.

    Raises:
        AttributeError: ministack no longer has what a patch replaces; its version is pinned for this reason.
        KeyError: The same, for an action.
    """
    for patch in PATCHES:
        patch.apply()
