import json

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made

LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
CLUSTER = Made(
    type="aws:eks/cluster:Cluster",
    inputs={
        "encryptionConfig": {"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:key"}},
        "vpcConfig": {"endpointPublicAccess": False},
        "enabledClusterLogTypes": LOGS,
        "version": "1.35",
    },
)
COMPONENT = Made(
    type="eks:index:Cluster",
    inputs={
        "encryptionConfigKeyArn": "arn:aws:kms:key",
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["203.0.113.0/24"],
        "enabledClusterLogTypes": LOGS,
        "version": "1.35",
    },
)
REGISTERED = Made(type="eks:index:Cluster", name="registered-without-inputs")
GROUP = Made(
    type="aws:eks/nodeGroup:NodeGroup",
    inputs={
        "launchTemplate": {"id": "lt-1", "version": "1"},
        "remoteAccess": {"ec2SshKey": "ops", "sourceSecurityGroupIds": ["sg-1"]},
    },
)

CASES = (
    value_case(
        *("eks-secrets-kms", CLUSTER, "encryptionConfig", {"resources": ["pods"]}),
        unknown_is="deferred",
        around=[COMPONENT, REGISTERED],
    ),
    value_case(
        "eks-endpoint-not-public", CLUSTER, "vpcConfig.endpointPublicAccess", True, around=[COMPONENT, REGISTERED]
    ),
    value_case(
        "eks-control-plane-logs-all", CLUSTER, "enabledClusterLogTypes", ["api"], around=[COMPONENT, REGISTERED]
    ),
    value_case("eks-supported-version", CLUSTER, "version", "1.28", around=[COMPONENT, REGISTERED]),
    value_case("eks-nodegroup-launch-template", GROUP, "launchTemplate", {}, unknown_is="silent"),
    value_case("eks-nodegroup-no-open-ssh", GROUP, "remoteAccess.sourceSecurityGroupIds", [], unknown_is="silent"),
)
COMPONENT_CASES = (
    value_case("eks-secrets-kms", COMPONENT, "encryptionConfigKeyArn", "", unknown_is="silent"),
    value_case("eks-endpoint-not-public", COMPONENT, "publicAccessCidrs", ["0.0.0.0/0"]),
    value_case("eks-control-plane-logs-all", COMPONENT, "enabledClusterLogTypes", LOGS[1:]),
    value_case("eks-supported-version", COMPONENT, "version", "1.28"),
)

USES = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants")
ROLE = Made(type="aws:iam/role:Role", name="cluster-role", id="cluster-role")
OTHER_ROLE = Made(type="aws:iam/role:Role", name="other-role", id="other-role")
MADE_BY_ROLE = Made(
    type=CLUSTER.type,
    inputs={**CLUSTER.inputs, "roleArn": UNKNOWN},
    property_dependencies={"roleArn": [ROLE.urn]},
)


def _document(*actions: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "arn:aws:kms:key"}]})


def _of(holder: Made, *actions: str, policy: object = None) -> Made:
    """A policy of a role, named by itself, or by way of a cluster that has it."""
    return Made(
        type="aws:iam/rolePolicy:RolePolicy",
        inputs={"role": UNKNOWN, "policy": policy or _document(*actions)},
        property_dependencies={"role": [holder.urn]},
    )


def _attached(*actions: str) -> list[Made]:
    policy = Made(type="aws:iam/policy:Policy", name="use", inputs={"policy": _document(*actions)})
    attachment = Made(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs={"role": "cluster-role", "policyArn": UNKNOWN},
        property_dependencies={"role": [ROLE.urn], "policyArn": [policy.urn]},
    )
    return [policy, attachment]


def _role_case(passing: list[Made], failing: list[Made]) -> Case:
    return Case(
        rule="eks-role-uses-secrets-key",
        passing=passing,
        failing=failing,
        unknown=[COMPONENT, _of(COMPONENT, policy=UNKNOWN)],
        absent=[ROLE, MADE_BY_ROLE],
        unknown_is="silent",
        absent_is="violation",
    )


ROLE_CASES = (
    _role_case([ROLE, MADE_BY_ROLE, _of(ROLE, *USES)], [ROLE, MADE_BY_ROLE, _of(ROLE, *USES[:3])]),
    _role_case([ROLE, MADE_BY_ROLE, *_attached("kms:*")], [ROLE, OTHER_ROLE, MADE_BY_ROLE, _of(OTHER_ROLE, *USES)]),
    _role_case([COMPONENT, _of(COMPONENT, *USES)], [COMPONENT, _of(COMPONENT, "s3:*")]),
    _role_case([REGISTERED, CLUSTER, _of(CLUSTER, *USES)], [ROLE, MADE_BY_ROLE, *_attached(*USES[1:])]),
)
"""Of the one rule: a role of one's own, one that pulumi-eks makes, a policy of the role's own or attached to it."""
