"""Ways in and ways around, service by service: a row a control, for what has no file of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Severity, WhenUnknown, resource_rule
from policy.table import Must, at_least, be, be_set, check, forbidden, not_be, not_be_set, only
from policy.tokens import BALANCERS, DATABASE_PROXIES, PUBLIC_REPOSITORIES, TASK_DEFINITIONS, TRAILS
from policy.values import listed, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_DOCS: Final = "https://docs.aws.amazon.com"
_KUBERNETES: Final = "https://kubernetes.io/docs/reference/access-authn-authz"
_PROJECTS: Final = ("aws:codebuild/project:Project",)
_SEARCH: Final = ("aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain")
_WRITING: Final = ("PUT", "POST", "DELETE")
_NO_PASS: Final = Must(
    "actions other than aws:pass",
    lambda found: "aws:pass" not in listed(found),
    absent_is_fine=True,
)


def _is_open_network(balancer: Resource) -> bool:
    return balancer.get("loadBalancerType") == "network" and not same(balancer.get("internal"), True)


def _may_do_something(user: Resource) -> bool:
    return not str(user.get("accessString") or "").startswith("off")


@resource_rule(
    "s3-cors-named",
    on=("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2"),
    severity=Severity.MEDIUM,
    controls=("NIST-AC-4",),
    url=f"{_DOCS}/AmazonS3/latest/userguide/cors.html",
    remediation="name the origins whose pages write",
    guards=("corsRules",),
)  # fmt: skip
def cors_named(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Buckets let pages write whose origins they name.

    Reading from any origin is fine: what is public is said by policies.
    """
    for rule in holder.blocks("corsRules"):
        writes = [method for method in rule.list("allowedMethods") if method in _WRITING]
        if writes and "*" in rule.list("allowedOrigins"):
            yield f"{rule.path}.allowedOrigins is *, with {show(writes)}; allowed: named origins"


@resource_rule(
    "batch-not-privileged",
    on=("aws:batch/jobDefinition:JobDefinition",),
    severity=Severity.HIGH,
    controls=("CKV_AWS_210", "NIST-AC-6"),
    url=f"{_DOCS}/batch/latest/userguide/job_definition_parameters.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="leave privileged out",
    guards=("containerProperties",),
)
def batch_not_privileged(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Jobs of Batch are not privileged: such a container is root on its host."""
    written = holder.get("containerProperties")
    parsed = json.loads(written) if isinstance(written, str) else written
    if isinstance(parsed, Mapping) and same(parsed.get("privileged"), wanted=True):
        yield "containerProperties: privileged is true; allowed: false"


_ENTRIES: Final = (
    only(_is_open_network, check(
        "nlb-has-groups", "Network load balancers that the internet reaches have security groups", "securityGroups",
        be_set(),
        why="Without one every port of its listeners is open to everyone, whatever the groups of the targets say.",
        on=BALANCERS, severity=Severity.HIGH, controls=("NIST-SC-7",),
        url=f"{_DOCS}/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
        remediation="set security_groups when the balancer is made; it takes none later",
    )),
    check(
        "serial-console-off", "Nobody logs in by the serial console", "enabled", be(False),
        on=("aws:ec2/serialConsoleAccess:SerialConsoleAccess",), severity=Severity.HIGH, controls=("NIST-AC-17",),
        url=f"{_DOCS}/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html",
        remediation="set enabled=False",
    ),
    check(
        "metadata-defaults-imdsv2", "Instances of a region answer by session token", "httpTokens", not_be("optional"),
        on=("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",), severity=Severity.HIGH,
        controls=("EC2.8",), remediation="set http_tokens to required",
    ),
    check(
        "codebuild-not-privileged", "Builds are not privileged", "environment.privilegedMode", not_be(True),
        why="A privileged build is root on its host. Images are built without it by Kaniko, Buildah or BuildKit.",
        on=_PROJECTS, severity=Severity.HIGH, controls=("CodeBuild.5", "CKV_AWS_316"),
        remediation="leave privileged_mode out",
    ),
    check(
        "codebuild-not-public", "Logs and artifacts of builds are not public", "projectVisibility",
        not_be("PUBLIC_READ"),
        on=_PROJECTS, severity=Severity.CRITICAL, controls=("NIST-AC-3",),
        url=f"{_DOCS}/codebuild/latest/userguide/public-builds.html", remediation="leave project_visibility out",
    ),
    check(
        "password-policy-length", "Passwords of the account are long", "minimumPasswordLength", at_least(14),
        on=("aws:iam/accountPasswordPolicy:AccountPasswordPolicy",), severity=Severity.MEDIUM,
        controls=("IAM.15", "CIS-1.8", "CKV_AWS_10"), remediation="set minimum_password_length to 14 or more",
    ),
    check(
        "memorydb-acl", "MemoryDB asks who comes", "aclName", not_be("open-access"),
        on=("aws:memorydb/cluster:Cluster",), severity=Severity.HIGH, controls=("NIST-AC-3",),
        url=f"{_DOCS}/memorydb/latest/devguide/clusters.acls.html", remediation="name an ACL with users",
    ),
    only(_may_do_something, check(
        "elasticache-user-known", "Users of ElastiCache log in", "noPasswordRequired", not_be(True),
        why="One whose access string begins with off may do nothing.",
        on=("aws:elasticache/user:User",), severity=Severity.HIGH, controls=("NIST-IA-2",),
        url=f"{_DOCS}/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
        remediation="set authentication_mode to iam, or a password from a secret",
    )),
    check(
        "opensearch-fine-grained", "OpenSearch says who reads what", "advancedSecurityOptions.enabled", be(True),
        on=_SEARCH, severity=Severity.HIGH, controls=("Opensearch.7", "CKV2_AWS_52"),
        remediation="set advanced_security_options.enabled=True with a master user of IAM",
    ),
    check(
        "opensearch-no-anonymous", "OpenSearch knows who asks", "advancedSecurityOptions.anonymousAuthEnabled",
        not_be(True),
        on=("aws:opensearch/domain:Domain",), severity=Severity.CRITICAL, controls=("Opensearch.7",),
        remediation="leave anonymous_auth_enabled out",
    ),
    check(
        "origin-access-signs", "CloudFront signs what it asks of origins", "signingBehavior", not_be("never"),
        on=("aws:cloudfront/originAccessControl:OriginAccessControl",), severity=Severity.HIGH,
        controls=("CloudFront.13",), remediation="set signing_behavior to always",
    ),
    check(
        "network-firewall-default", "Firewalls look at what no stateless rule fits",
        ("firewallPolicy.statelessDefaultActions", "firewallPolicy.statelessFragmentDefaultActions"), _NO_PASS,
        on=("aws:networkfirewall/firewallPolicy:FirewallPolicy",), severity=Severity.MEDIUM,
        controls=("NetworkFirewall.4", "NetworkFirewall.5"), remediation="name aws:drop or aws:forward_to_sfe",
    ),
    forbidden(
        "ecr-no-public-repository", "What is published to everyone stays out of the program",
        on=PUBLIC_REPOSITORIES[:1], severity=Severity.HIGH, controls=("NIST-AC-3",),
        url=f"{_DOCS}/AmazonECR/latest/public/public-repositories.html",
        remediation="use a private repository, or waive the one that is meant for everyone by its name",
    ),
)  # fmt: skip

_AROUND: Final = (
    check(
        "ecs-no-host-path", "Tasks mount nothing of their host", "volumes.hostPath", not_be_set("no path of the host"),
        why="By the socket of the container runtime a task is root there.",
        on=TASK_DEFINITIONS, severity=Severity.HIGH, controls=("NIST-AC-6",),
        url=f"{_DOCS}/AmazonECS/latest/developerguide/bind-mounts.html", remediation="use EFS, or a volume of the task",
    ),
    check(
        "ecs-no-host-ipc", "Tasks share no memory with their host", "ipcMode", not_be("host"),
        on=TASK_DEFINITIONS, severity=Severity.HIGH, controls=("NIST-AC-6",),
        url=f"{_DOCS}/AmazonECS/latest/developerguide/task_definition_parameters.html",
        remediation="leave ipc_mode out",
    ),
    check(
        "trail-management-events", "Trails see who changes the account", "eventSelectors.includeManagementEvents",
        not_be(False),
        on=TRAILS, severity=Severity.HIGH, controls=("CloudTrail.1", "CIS-3.1"),
        remediation="leave include_management_events out",
    ),
    check(
        "trail-reads-and-writes", "Trails see reading and writing", "eventSelectors.readWriteType",
        not_be("ReadOnly", "WriteOnly"),
        on=TRAILS, severity=Severity.HIGH, controls=("CloudTrail.1", "CIS-3.1"),
        remediation="leave read_write_type out",
    ),
    check(
        "rds-proxy-no-debug", "Proxies of databases do not log statements", "debugLogging", not_be(True),
        why="What clients ask stands in the log, with what they send.",
        on=DATABASE_PROXIES, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-SC-28",),
        url=f"{_DOCS}/AmazonRDS/latest/UserGuide/rds-proxy-managing.html", remediation="leave debug_logging out",
    ),
    check(
        "redshift-vpc-routing", "Redshift loads and unloads through the VPC", "enhancedVpcRouting", be(True),
        on=("aws:redshift/cluster:Cluster",), severity=Severity.MEDIUM, controls=("Redshift.7", "CKV_AWS_321"),
        remediation="set enhanced_vpc_routing=True",
    ),
    check(
        "glue-connection-tls", "Connections of Glue use TLS", "connectionProperties.JDBC_ENFORCE_SSL",
        not_be(False),
        on=("aws:glue/connection:Connection",), severity=Severity.HIGH, controls=("NIST-SC-8",),
        url=f"{_DOCS}/glue/latest/dg/connection-properties.html", remediation="set JDBC_ENFORCE_SSL to true",
    ),
    check(
        "kubernetes-api-service-tls", "Extensions of the API server are verified", "spec.insecureSkipTLSVerify",
        not_be(True),
        on=("kubernetes:apiregistration.k8s.io/v1:APIService",), severity=Severity.HIGH, controls=("NIST-SC-8",),
        url="https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/",
        remediation="set caBundle",
    ),
    check(
        "kubernetes-webhook-inside", "Webhooks are services of the cluster", "webhooks.clientConfig.url",
        not_be_set("a service of the cluster"),
        why="Whoever answers at an address outside sees and changes every object.",
        on=("kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration",
            "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration"),
        severity=Severity.HIGH, controls=("NIST-AC-6",), url=f"{_KUBERNETES}/extensible-admission-controllers/",
        remediation="name clientConfig.service",
    ),
    only(lambda one: one.get("metadata.name") == "default", check(
        "kubernetes-default-account", "The default service account is nobody", "automountServiceAccountToken",
        be(False),
        on=("kubernetes:core/v1:ServiceAccount",), severity=Severity.MEDIUM, controls=("CKV_K8S_41",),
        url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
        remediation="set automountServiceAccountToken=False, and give workloads accounts of their own",
    )),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (cors_named, batch_not_privileged, *_ENTRIES, *_AROUND)
