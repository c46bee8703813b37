"""A replication group of ElastiCache keeps its key and its upgrades, and a change reaches its nodes.

Without it a group with a KMS key is replaced by every plan, and a change of security groups or windows is forgotten.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.core.responses import now_iso
from ministack.services import elasticache

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap

_OK = 200
_MEMBER_FIELDS = (
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "EngineVersion",
    "PreferredMaintenanceWindow",
    "SecurityGroups",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
)


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        answer: Response = original(params)
        if answer[0] != _OK:
            return answer
        group = elasticache._replication_groups[elasticache._p(params, "ReplicationGroupId")]
        group["KmsKeyId"] = elasticache._p(params, "KmsKeyId")
        group["ReplicationGroupCreateTime"] = now_iso()
        return _answer("CreateReplicationGroup", group)

    return create


def _modify(original: Handler) -> Handler:
    def modify(params: Params) -> Response:
        answer: Response = original(params)
        if answer[0] != _OK:
            return answer
        group = elasticache._replication_groups[elasticache._p(params, "ReplicationGroupId")]
        if window := elasticache._p(params, "PreferredMaintenanceWindow"):
            group["PreferredMaintenanceWindow"] = window
        if upgrade := elasticache._p(params, "AutoMinorVersionUpgrade"):
            group["AutoMinorVersionUpgrade"] = upgrade == "true"
        if groups := elasticache._extract_configs(params, "SecurityGroupIds", ("SecurityGroupId", "member")):
            group["SecurityGroups"] = [{"SecurityGroupId": i, "Status": "active"} for i in groups]
        tell_members(group)
        return _answer("ModifyReplicationGroup", group)

    return modify


def tell_members(group: dict[str, Any]) -> None:
    """Let the nodes of a group, of this region, show what the group was given."""
    for name in group["MemberClusters"]:
        member = elasticache._clusters[name]
        member.update({field: group[field] for field in _MEMBER_FIELDS})
        member["CacheParameterGroup"]["CacheParameterGroupName"] = group["CacheParameterGroupName"]


def _answer(action: str, group: dict[str, Any]) -> Response:
    body = f"<{action}Result><ReplicationGroup>{elasticache._rg_xml(group)}</ReplicationGroup></{action}Result>"
    answer: Response = elasticache._xml(200, f"{action}Response", body)
    return answer


def _group_xml(original: Handler) -> Handler:
    def xml(group: dict[str, Any]) -> str:
        key, created = group.get("KmsKeyId"), group.get("ReplicationGroupCreateTime")
        extra = f"<KmsKeyId>{key}</KmsKeyId>" if key else ""
        extra += f"<ReplicationGroupCreateTime>{created}</ReplicationGroupCreateTime>" if created else ""
        return f"{original(group)}{extra}"

    return xml


def _member_xml(original: Handler) -> Handler:
    def xml(cluster: dict[str, Any]) -> str:
        upgrade = str(cluster.get("AutoMinorVersionUpgrade", True)).lower()
        return f"{original(cluster)}<AutoMinorVersionUpgrade>{upgrade}</AutoMinorVersionUpgrade>"

    return xml


def _apply() -> None:
    wrap(elasticache, "_create_replication_group", _create)
    wrap(elasticache, "_modify_replication_group", _modify)
    wrap(elasticache, "_rg_xml", _group_xml)
    wrap(elasticache, "_cluster_xml_inner", _member_xml)


PATCH = Patch("elasticache-replication-groups", "a group with a KMS key is replaced by every plan", _apply)
