"""Breaks one thing at a time in the recorded prod stack, and expects exactly the rules that guard it to speak."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from policy.evaluate import PackConfig, evaluate
from policy.pack import RULE_NAMES
from policy.waivers import load
from tests.components.recording import recorded
from tests.policy.harness import TODAY, altered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.graph import Resource

pytestmark = pytest.mark.slow  # a whole stack is recorded, and judged after each change

ROOT = Path(__file__).resolve().parents[2]
WAIVERS = load(ROOT / "policy" / "waivers.yaml", RULE_NAMES, TODAY)


@pytest.fixture(name="prod", scope="module")
def _prod() -> Sequence[Resource]:
    return recorded("prod").resources


def blocking(resources: Sequence[Resource]) -> set[tuple[str, str]]:
    found = evaluate(resources, PackConfig(today=TODAY, waivers=WAIVERS))
    return {(finding.rule.name, finding.urn.rpartition("::")[2]) for finding in found if finding.blocking}


def test_the_stack_as_it_is_breaks_nothing(prod: Sequence[Resource]) -> None:
    assert blocking(prod) == set()


@dataclass(frozen=True)
class Flip:
    """One mutation of one resource."""

    type: str
    path: str
    """Dotted path into the inputs."""
    value: Any
    """None removes it."""
    rules: frozenset[str]
    """Rules that must speak, and no other."""

    def __str__(self) -> str:
        return f"{self.type.rpartition(':')[2]}.{self.path}={json.dumps(self.value, default=str)[:24]}"


def flip(type_: str, path: str, value: object, *rules: str) -> Flip:
    return Flip(type_, path, value, frozenset(rules))


DATABASE = "aws:rds/instance:Instance"
REDIS = "aws:elasticache/replicationGroup:ReplicationGroup"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
DEFAULT = "rules.0.applyServerSideEncryptionByDefault"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLUSTER = "eks:index:Cluster"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "aws:sns/topic:Topic"
QUEUE = "aws:sqs/queue:Queue"
NOBODY_SAYS = json.dumps({"Statement": []})

FLIPS = (
    flip(DATABASE, "storageEncrypted", False, "rds-storage-encrypted"),
    flip(DATABASE, "storageEncrypted", None, "rds-storage-encrypted"),
    flip(DATABASE, "publiclyAccessible", True, "rds-not-public"),
    flip(DATABASE, "backupRetentionPeriod", 1, "rds-backup-retention"),
    flip(DATABASE, "multiAz", False, "rds-multi-az"),
    flip(DATABASE, "deletionProtection", False, "rds-deletion-protection"),
    flip(DATABASE, "skipFinalSnapshot", True, "rds-final-snapshot"),
    flip(DATABASE, "enabledCloudwatchLogsExports", [], "rds-log-exports"),
    flip(DATABASE, "tagsAll.Owner", None, "tags-required"),
    flip(DATABASE, "tagsAll.DataClass", "whatever", "tags-required"),
    flip(DATABASE, "region", "cn-north-1", "region-allow-list"),
    flip("aws:rds/parameterGroup:ParameterGroup", "parameters", [], "rds-force-ssl"),
    flip(REDIS, "atRestEncryptionEnabled", False, "redis-at-rest"),
    flip(REDIS, "transitEncryptionEnabled", False, "redis-in-transit"),
    flip(REDIS, "authToken", None, "redis-auth"),
    flip(REDIS, "snapshotRetentionLimit", 0, "redis-snapshots"),
    flip(REDIS, "automaticFailoverEnabled", False, "redis-auto-failover"),
    flip(BLOCK, "blockPublicAcls", False, "s3-block-public-access-complete"),
    flip(BLOCK, "restrictPublicBuckets", None, "s3-block-public-access-complete"),
    flip(ENCRYPTION, f"{DEFAULT}.sseAlgorithm", "AES256", "s3-kms-encryption"),
    flip(ENCRYPTION, f"{DEFAULT}.kmsMasterKeyId", None, "s3-cmk"),
    flip("aws:s3/bucketVersioning:BucketVersioning", "versioningConfiguration.status", "Suspended", "s3-versioning"),
    flip("aws:s3/bucketPolicy:BucketPolicy", "policy", NOBODY_SAYS, "s3-tls-only"),
    flip("aws:kms/key:Key", "enableKeyRotation", False, "kms-rotation"),
    flip("aws:secretsmanager/secret:Secret", "kmsKeyId", None, "secrets-cmk"),
    flip(LOGS, "kmsKeyId", None, "logs-kms"),
    flip(LOGS, "retentionInDays", None, "logs-retention"),
    flip(CLUSTER, "encryptionConfigKeyArn", None, "eks-secrets-kms"),
    flip(CLUSTER, "endpointPublicAccess", True, "eks-endpoint-not-public"),
    flip(CLUSTER, "enabledClusterLogTypes", ["api"], "eks-control-plane-logs-all"),
    flip(CLUSTER, "version", "1.28", "eks-supported-version"),
    flip(TEMPLATE, "metadataOptions.httpTokens", "optional", "lt-imdsv2-required"),
    flip(TEMPLATE, "metadataOptions.httpPutResponseHopLimit", 2, "lt-imds-hop-limit"),
    flip(TEMPLATE, "blockDeviceMappings.0.ebs.encrypted", "false", "lt-ebs-encrypted"),
    flip("aws:ec2/flowLog:FlowLog", "trafficType", "ACCEPT", "flow-log-rejected-traffic"),
    flip("aws:ec2/subnet:Subnet", "mapPublicIpOnLaunch", True, "subnet-no-auto-public-ip"),
    flip(BALANCER, "dropInvalidHeaderFields", False, "alb-drop-invalid-headers"),
    flip(BALANCER, "accessLogs.enabled", False, "alb-access-logs"),
    flip("aws:lb/targetGroup:TargetGroup", "protocol", "HTTP", "tg-encrypted"),
    flip(DISTRIBUTION, "webAclId", None, "cf-waf"),
    flip(DISTRIBUTION, "viewerCertificate.minimumProtocolVersion", "TLSv1", "cf-tls-minimum"),
    flip(DISTRIBUTION, "defaultCacheBehavior.viewerProtocolPolicy", "allow-all", "cf-https-only"),
    flip(DISTRIBUTION, "origins.0.customOriginConfig.originProtocolPolicy", "http-only", "cf-origin-tls"),
    flip(DISTRIBUTION, "origins.1.originAccessControlId", None, "cf-s3-oac"),
    flip(WEB_ACL, "rules", [], "waf-known-bad-inputs", "waf-managed-rules", "waf-rate-limit"),
    flip(ALARM, "alarmActions", [], "alarm-has-action"),
    flip(ALARM, "actionsEnabled", False, "alarm-actions-enabled"),
    flip(TOPIC, "kmsMasterKeyId", None, "sns-encrypted"),
    flip(TOPIC, "kmsMasterKeyId", "alias/aws/sns", "sns-own-key"),
    flip(QUEUE, "sqsManagedSseEnabled", False, "sqs-encrypted"),
)


def first(prod: Sequence[Resource], type_: str) -> Resource:
    """First resource of a type that no waiver names and no exception of a rule."""
    return next(r for r in prod if r.type == type_ and "access-logs" not in r.name and "network-public" not in r.name)


@pytest.mark.parametrize("change", FLIPS, ids=str)
def test_one_flip_breaks_exactly_the_rule_that_guards_it(prod: Sequence[Resource], change: Flip) -> None:
    victim = first(prod, change.type)
    inputs = dict(victim.inputs)
    if change.value is None or "." in change.path:
        inputs = altered(inputs, change.path, change.value)
    else:
        inputs[change.path] = change.value
    broken = [replace(r, inputs=inputs) if r is victim else r for r in prod]
    assert blocking(broken) == {(rule, victim.name) for rule in change.rules}


def test_another_region_breaks_residency_and_cloudfronts_firewall(prod: Sequence[Resource]) -> None:
    victim = first(prod, "pulumi:providers:aws")
    elsewhere = replace(victim, inputs={**victim.inputs, "region": "cn-north-1"})
    found = blocking([elsewhere if r is victim else r for r in prod])
    ways_out = {(rule, name) for rule, name in found if rule == "data-egress-allow-list"}
    assert found - ways_out == {
        ("region-allow-list", victim.name),
        ("waf-cloudfront-scope-region", "front-firewall-acl"),
    }, "data leaves its regions, and web ACLs of CloudFront are made in us-east-1 only"
    assert ways_out, "what names the region that the stack has left leads out of it"


def test_losing_protect_breaks_exactly_the_rule_that_guards_it(prod: Sequence[Resource]) -> None:
    stateful = {r.name for r in prod if r.protect}
    bare = [replace(r, protect=False) for r in prod]
    found = blocking(bare)
    assert {rule for rule, _ in found} == {"stateful-protected"}
    assert {name for _, name in found} <= stateful
    assert len(found) >= 10, "keys, buckets, the database and Redis hold data"


@pytest.mark.parametrize(
    ("removed", "rule"),
    [
        (BLOCK, "s3-block-public-access"),
        (ENCRYPTION, "s3-encryption-configured"),
        ("aws:s3/bucketVersioning:BucketVersioning", "s3-versioning-configured"),
        ("aws:s3/bucketPolicy:BucketPolicy", "s3-policy-configured"),
        ("aws:ec2/flowLog:FlowLog", "vpc-flow-logs-enabled"),
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpc-default-sg-managed"),
        ("aws:secretsmanager/secretRotation:SecretRotation", "secrets-rotation-configured"),
        ("aws:rds/parameterGroup:ParameterGroup", "rds-parameter-group-attached"),
        ("aws:wafv2/webAclAssociation:WebAclAssociation", "alb-waf"),
        ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "waf-logging"),
        ("aws:cloudwatch/logDeliverySource:LogDeliverySource", "cf-logging"),
    ],
)
def test_removing_a_partner_breaks_exactly_the_rule_that_wants_it(
    prod: Sequence[Resource], removed: str, rule: str
) -> None:
    victim = first(prod, removed)
    found = blocking([r for r in prod if r is not victim])
    assert {name for name, _ in found} == {rule}


@pytest.mark.parametrize(
    ("first_port", "last_port", "rule"),
    [
        (22, 22, "sg-no-public-admin-ports"),
        (5432, 5432, "sg-no-public-high-risk-ports"),
        (12000, 12000, "sg-public-only-80-443"),
        (0, 65535, "sg-no-all-ports-ingress"),
    ],
)
def test_opening_a_port_to_the_world_breaks_exactly_one_rule(
    prod: Sequence[Resource], first_port: int, last_port: int, rule: str
) -> None:
    victim = first(prod, INGRESS)
    inputs = {**victim.inputs, "cidrIpv4": "0.0.0.0/0", "fromPort": first_port, "toPort": last_port}
    broken = [replace(r, inputs=inputs) if r is victim else r for r in prod]
    assert blocking(broken) == {(rule, victim.name)}
