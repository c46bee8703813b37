from tests.policy.case import value_case
from tests.policy.harness import Made

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
    value_case("eks-secrets-kms", CLUSTER, "encryptionConfig.resources", ["pods"], around=[COMPONENT, REGISTERED]),
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
