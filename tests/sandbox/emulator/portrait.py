"""The portrait of a world: what the emulator answers to every question that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.sandbox.emulator.world import WEST

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws


class Question(NamedTuple):
    """One question of the portrait."""

    service: str
    operation: str
    arguments: dict[str, object]
    region: str = "us-east-1"


NETWORK = (
    "addresses",
    "flow_logs",
    "internet_gateways",
    "launch_templates",
    "nat_gateways",
    "network_acls",
    "route_tables",
    "security_group_rules",
    "security_groups",
    "subnets",
    "tags",
    "vpc_endpoints",
    "vpcs",
)
BUCKET = (
    "get_bucket_encryption",
    "get_bucket_lifecycle_configuration",
    "get_bucket_location",
    "get_bucket_ownership_controls",
    "get_bucket_policy",
    "get_bucket_replication",
    "get_bucket_tagging",
    "get_bucket_versioning",
    "get_public_access_block",
    "list_bucket_intelligent_tiering_configurations",
    "list_object_versions",
)

QUESTIONS = (
    *(Question("ec2", f"describe_{what}", {}) for what in NETWORK),
    Question("ec2", "describe_launch_template_versions", {"LaunchTemplateName": "world"}),
    Question("ec2", "get_ebs_encryption_by_default", {}),
    Question("kms", "list_keys", {}),
    Question("kms", "list_aliases", {}),
    Question("kms", "describe_key", {"KeyId": "alias/world"}),
    Question("kms", "list_keys", {}, WEST),
    Question("iam", "list_roles", {}),
    Question("iam", "list_attached_role_policies", {"RoleName": "world"}),
    Question("iam", "get_role_policy", {"RoleName": "world", "PolicyName": "inline"}),
    Question("iam", "list_open_id_connect_providers", {}),
    Question("eks", "describe_cluster", {"name": "world"}),
    Question("eks", "describe_nodegroup", {"clusterName": "world", "nodegroupName": "n"}),
    Question("eks", "describe_addon", {"clusterName": "world", "addonName": "vpc-cni"}),
    Question("eks", "list_access_entries", {"clusterName": "world"}),
    Question("eks", "list_pod_identity_associations", {"clusterName": "world"}),
    Question("rds", "describe_db_instances", {}),
    Question("rds", "describe_db_subnet_groups", {}),
    Question("rds", "describe_db_parameters", {"DBParameterGroupName": "world"}),
    Question("elasticache", "describe_replication_groups", {}),
    Question("elasticache", "describe_cache_clusters", {}),
    Question("elasticache", "describe_cache_parameters", {"CacheParameterGroupName": "world"}),
    Question("elasticache", "describe_cache_subnet_groups", {}),
    Question("s3", "list_buckets", {}),
    *(Question("s3", operation, {"Bucket": "world-data"}) for operation in BUCKET),
    Question("s3", "head_object", {"Bucket": "world-data", "Key": "a/b"}),
    Question("s3", "head_object", {"Bucket": "world-copies", "Key": "c"}, WEST),
    Question("secretsmanager", "describe_secret", {"SecretId": "world"}),
    Question("secretsmanager", "describe_secret", {"SecretId": "world"}, WEST),
    Question("ecr", "describe_registry", {}),
    Question("ecr", "list_images", {"repositoryName": "world"}, WEST),
    Question("logs", "describe_log_groups", {}),
    Question("lambda", "get_function_configuration", {"FunctionName": "world"}),
    Question("lambda", "list_aliases", {"FunctionName": "world"}),
    Question("lambda", "get_policy", {"FunctionName": "world"}),
)

_VOLATILE = {"ResponseMetadata", "LatestRestorableTime"}


def draw(aws: Aws) -> dict[str, object]:
    """What the emulator answers to every question, without what is different each time it is asked."""
    shown = {}
    for service, operation, arguments, region in QUESTIONS:
        answer = getattr(aws(service, region), operation)(**arguments)
        shown[f"{service} {operation} {region}"] = _steady(answer)
    return shown


def _steady(value: object) -> object:
    if isinstance(value, dict):
        return {key: _steady(item) for key, item in value.items() if key not in _VOLATILE}
    return [_steady(item) for item in value] if isinstance(value, list) else value
