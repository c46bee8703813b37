from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made

CONTAINER = {
    "name": "web",
    "image": "registry.example/web:v1.2.3",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "resources": {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "1", "memory": "128Mi"},
    },
    "livenessProbe": {"tcpSocket": {"port": 80}},
    "readinessProbe": {"httpGet": {"path": "/ready", "port": 80}},
}
UNREADY = {key: value for key, value in CONTAINER.items() if key != "readinessProbe"}
DEPLOYMENT = Made(
    type="kubernetes:apps/v1:Deployment",
    inputs={
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "template": {
                "spec": {
                    "containers": CONTAINER,
                    "automountServiceAccountToken": False,
                    "hostNetwork": False,
                    "volumes": [{"name": "tmp", "emptyDir": {}}],
                }
            }
        },
    },
)
ROLE = Made(
    type="kubernetes:rbac.authorization.k8s.io/v1:Role",
    inputs={"rules": {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}},
)
SECRET = Made(type="kubernetes:core/v1:Secret", inputs={"metadata": {"name": "login", "namespace": "shop"}, "data": {}})
CLASS = Made(type="kubernetes:storage.k8s.io/v1:StorageClass", inputs={"parameters": {"encrypted": "true"}})
POD = "spec.template.spec"
BINDING = Made(
    type="kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    inputs={"roleRef": {"name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}]},
)
SERVICE = Made(type="kubernetes:core/v1:Service", inputs={"spec": {"type": "ClusterIP"}})
NAMESPACE = Made(type="kubernetes:core/v1:Namespace", name="shop", inputs={"metadata": {"name": "shop"}})
DENYING = Made(
    type="kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name="deny",
    inputs={"metadata": {"namespace": "shop"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}},
)
NAMESPACE_CASE = Case(
    rule="kubernetes-namespace-denies",
    passing=[NAMESPACE, DENYING],
    failing=[NAMESPACE, replace(DENYING, inputs={**DENYING.inputs, "metadata": {"namespace": "till"}})],
    unknown=[
        NAMESPACE,
        replace(
            DENYING,
            inputs={**DENYING.inputs, "metadata": {"namespace": UNKNOWN}},
            property_dependencies={"metadata": [NAMESPACE.urn]},
        ),
    ],
    absent=[NAMESPACE],
    unknown_is="silent",
    absent_is="violation",
)

CASES = (
    NAMESPACE_CASE,
    value_case(
        "kubernetes-root-read-only", DEPLOYMENT, f"{POD}.containers.securityContext.readOnlyRootFilesystem", False
    ),
    value_case("kubernetes-probes", DEPLOYMENT, f"{POD}.containers", UNREADY, absent_is="silent"),
    value_case("kubernetes-no-default-token", DEPLOYMENT, f"{POD}.automountServiceAccountToken", True),
    value_case(
        "kubernetes-no-capabilities",
        DEPLOYMENT,
        f"{POD}.containers.securityContext.capabilities.add",
        ["SYS_ADMIN"],
        absent_is="silent",
    ),
    value_case("kubernetes-pods-restricted", DEPLOYMENT, f"{POD}.containers.securityContext.capabilities.drop", []),
    value_case("kubernetes-not-root", DEPLOYMENT, f"{POD}.containers.securityContext.runAsNonRoot", False),
    value_case(
        "kubernetes-no-host-path", DEPLOYMENT, f"{POD}.volumes", [{"hostPath": {"path": "/"}}], absent_is="silent"
    ),
    value_case("kubernetes-no-cluster-admin", BINDING, "roleRef.name", "cluster-admin", absent_is="silent"),
    value_case("kubernetes-service-internal", SERVICE, "spec.type", "LoadBalancer", absent_is="silent"),
    value_case(
        "kubernetes-no-privilege", DEPLOYMENT, f"{POD}.containers.securityContext.allowPrivilegeEscalation", True
    ),
    value_case("kubernetes-no-host-namespaces", DEPLOYMENT, f"{POD}.hostNetwork", True, absent_is="silent"),
    value_case("kubernetes-image-exact", DEPLOYMENT, f"{POD}.containers.image", "registry.example/web:latest"),
    value_case(
        "kubernetes-containers-bounded", DEPLOYMENT, f"{POD}.containers.resources.limits", {}, unknown_is="silent"
    ),
    value_case("kubernetes-own-namespace", DEPLOYMENT, "metadata.namespace", "default"),
    value_case("kubernetes-rbac-named", ROLE, "rules.verbs", ["get", "*"], absent_is="silent"),
    value_case("kubernetes-secret-without-content", SECRET, "data", {"password": "cGFzcw=="}, absent_is="silent"),
    value_case("kubernetes-volumes-encrypted", CLASS, "parameters.encrypted", "false"),
)
