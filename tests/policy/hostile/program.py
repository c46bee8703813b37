"""Pods and other objects of Kubernetes, and the spelling of values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from policy.rule import Profile
from policy.testing.values import secret
from tests.policy.harness import Made
from tests.policy.hostile.form import OURS, Attack, admit, allow, attack, document

if TYPE_CHECKING:
    from collections.abc import Mapping


_GOOD: Final = {
    "name": "web",
    "image": "registry.example/web:1.2.3",
    "securityContext": {"allowPrivilegeEscalation": False, "runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}},
}


def _kind(kind: str, spec: Mapping[str, object]) -> Made:
    group = {"Pod": "core/v1", "Job": "batch/v1", "CronJob": "batch/v1"}.get(kind, "apps/v1")
    template: dict[str, object] = {"template": {"spec": spec}}
    whole = {"Pod": spec, "CronJob": {"jobTemplate": {"spec": template}}}.get(kind, template)
    return Made(type=f"kubernetes:{group}:{kind}", inputs={"metadata": {"namespace": "shop"}, "spec": whole})


def _pod(
    what: str,
    kind: str = "Deployment",
    context: object = None,
    spec: Mapping[str, object] | None = None,
    **container: object,
) -> Attack:
    good = {"automountServiceAccountToken": False, "containers": [_GOOD]}
    own: dict[str, object] = {**_GOOD, **container}
    if context is not None:
        own["securityContext"] = {**_GOOD["securityContext"], **context}  # type: ignore[dict-item]
    return Attack(what, [_kind(kind, {**good, "containers": [own], **(spec or {})})], [_kind(kind, good)])


def _object(what: str, kind: str, bad: dict[str, object], good: dict[str, object]) -> Attack:
    meta = {"metadata": {"namespace": "shop"}}
    return Attack(
        what,
        [Made(type=f"kubernetes:{kind}", inputs=meta | bad)],
        [Made(type=f"kubernetes:{kind}", inputs=meta | good)],
    )


_RBAC: Final = "rbac.authorization.k8s.io/v1"
_PODS_ONLY: Final = {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
_ONE: Final = {
    "roleRef": {"kind": "Role", "name": "x"},
    "subjects": [{"kind": "ServiceAccount", "name": "a", "namespace": "shop"}],
}
C11_KUBERNETES: Final = (
    _pod("the node's root", spec={"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}),
    _pod(
        "the runtime's socket",
        "DaemonSet",
        spec={"volumes": [{"name": "v", "hostPath": {"path": "/run/containerd/containerd.sock"}}]},
    ),
    _pod("a capability", context={"capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]}}),
    _pod("root by number", "StatefulSet", context={"runAsUser": 0}),
    _object(
        "an administrator of the cluster",
        f"{_RBAC}:ClusterRoleBinding",
        {**_ONE, "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}},
        {**_ONE, "roleRef": {"kind": "ClusterRole", "name": "view"}},
    ),
    _object(
        "a balancer of its own", "core/v1:Service", {"spec": {"type": "LoadBalancer"}}, {"spec": {"type": "ClusterIP"}}
    ),
    _pod("privileged", "Job", context={"privileged": True}),
    _pod("more privilege on the way", "CronJob", context={"allowPrivilegeEscalation": True}),
    _pod("the node's network", "Pod", spec={"hostNetwork": True}),
    _pod("the node's processes", spec={"hostPID": True}),
    _pod("a port of the node", ports=[{"containerPort": 80, "hostPort": 80}]),
    _pod(
        "an init container",
        spec={"initContainers": [{**_GOOD, "securityContext": {"privileged": True, "allowPrivilegeEscalation": True}}]},
    ),
    _pod("free of seccomp", context={"seccompProfile": {"type": "Unconfined"}}),
    _pod("an unmasked proc", context={"procMount": "Unmasked"}),
    _pod("the latest image", image="registry.example/web:latest"),
    _pod("no limits", resources={}),
    _pod(
        "all of root's user by its pod",
        spec={
            "securityContext": {"runAsUser": 0},
            "containers": [{**_GOOD, "securityContext": {"allowPrivilegeEscalation": False}}],
        },
    ),
    _pod("free of AppArmor", context={"appArmorProfile": {"type": "Unconfined"}}),
    _pod("another SELinux user", context={"seLinuxOptions": {"user": "system_u", "type": "spc_t"}}),
    _pod(
        "a dangerous sysctl",
        spec={
            "securityContext": {
                "sysctls": [
                    {"name": "kernel.shm_rmid_forced", "value": "0"},
                    {"name": "kernel.core_pattern", "value": "|/x"},
                ]
            }
        },
    ),
    _pod("a password in its environment", env=[{"name": "DB_PASSWORD", "value": "correct-Horse-battery-staple-9"}]),
    _pod("a token of AWS in its arguments", args=["--key=AKIAIOSFODNN7EXAMPLE"]),
    _object(
        "secrets of every namespace",
        f"{_RBAC}:ClusterRole",
        {"rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}]},
        _PODS_ONLY,
    ),
    _object(
        "every verb", f"{_RBAC}:Role", {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}, _PODS_ONLY
    ),
    _object(
        "to bind roles",
        f"{_RBAC}:ClusterRole",
        {
            "rules": [
                {
                    "apiGroups": ["rbac.authorization.k8s.io"],
                    "resources": ["clusterroles"],
                    "verbs": ["bind", "escalate"],
                }
            ]
        },
        _PODS_ONLY,
    ),
    _object(
        "shells in pods",
        f"{_RBAC}:ClusterRole",
        {"rules": [{"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]}]},
        _PODS_ONLY,
    ),
    _object(
        "the kubelet's interface",
        f"{_RBAC}:ClusterRole",
        {"rules": [{"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get", "create"]}]},
        _PODS_ONLY,
    ),
    _object(
        "tokens of others",
        f"{_RBAC}:ClusterRole",
        {"rules": [{"apiGroups": [""], "resources": ["serviceaccounts/token"], "verbs": ["create"]}]},
        _PODS_ONLY,
    ),
    _object(
        "webhooks",
        f"{_RBAC}:ClusterRole",
        {
            "rules": [
                {
                    "apiGroups": ["admissionregistration.k8s.io"],
                    "resources": ["mutatingwebhookconfigurations"],
                    "verbs": ["create", "update"],
                }
            ]
        },
        _PODS_ONLY,
    ),
    _object(
        "whoever has no name",
        f"{_RBAC}:ClusterRoleBinding",
        {**_ONE, "subjects": [{"kind": "Group", "name": "system:unauthenticated"}]},
        _ONE,
    ),
    _object(
        "every service account",
        f"{_RBAC}:RoleBinding",
        {**_ONE, "subjects": [{"kind": "Group", "name": "system:serviceaccounts"}]},
        _ONE,
    ),
    _object(
        "an address of somebody else",
        "core/v1:Service",
        {"spec": {"externalIPs": ["203.0.113.9"]}},
        {"spec": {"type": "ClusterIP"}},
    ),
    _object(
        "an ingress of its own",
        "networking.k8s.io/v1:Ingress",
        {"metadata": {"namespace": "shop", "annotations": {"alb.ingress.kubernetes.io/scheme": "internet-facing"}}},
        {"metadata": {"namespace": "shop", "annotations": {"alb.ingress.kubernetes.io/scheme": "internal"}}},
    ),
    _object("a secret in the program", "core/v1:Secret", {"stringData": {"password": "x"}}, {}),
    _object(
        "a secret in a map",
        "core/v1:ConfigMap",
        {"data": {"DB_PASSWORD": "correct-Horse-battery-staple-9"}},
        {"data": {"LOG_LEVEL": "info"}},
    ),
    _object(
        "a volume of the node",
        "core/v1:PersistentVolume",
        {"spec": {"hostPath": {"path": "/etc"}}},
        {"spec": {"csi": {"driver": "ebs.csi.aws.com"}}},
    ),
    _object(
        "a policy that admits all",
        "networking.k8s.io/v1:NetworkPolicy",
        {"spec": {"podSelector": {}, "ingress": [{}], "policyTypes": ["Ingress"]}},
        {"spec": {"podSelector": {}, "policyTypes": ["Ingress"]}},
    ),
    _object(
        "a class without encryption",
        "storage.k8s.io/v1:StorageClass",
        {"parameters": {"type": "gp3"}},
        {"parameters": {"type": "gp3", "encrypted": "true"}},
    ),
)

_TWICE: Final = (
    '{"Statement": [{"Effect": "Allow", "Action": "s3:Get", "Resource": "x", "Action": "*", "Resource": "*"}]}'
)
"""Of two keys of one name the last one counts."""
C14_SPELLING: Final = tuple(
    attack(f"{short} {str(bad)[:60]}", short, bad, good, profile=Profile.REGULATED)
    for short, bad, good in (
        ("rds/instance", {"publiclyAccessible": "True"}, {"publiclyAccessible": "false"}),
        ("rds/instance", {"publiclyAccessible": secret(value=True)}, {"publiclyAccessible": secret(value=False)}),
        ("rds/instance", {"storageEncrypted": "False"}, {"storageEncrypted": "true"}),
        ("ebs/volume", {"encrypted": "false"}, {"encrypted": "True"}),
        (
            "ebs/volume",
            {"encrypted": True, "kmsKeyId": "alias/aws/ebs"},
            {"encrypted": True, "kmsKeyId": "arn:aws:kms:us-east-1:1:key/k"},
        ),
        (
            "ebs/volume",
            {"encrypted": True, "kmsKeyId": "arn:aws:kms:us-east-1:1:alias/aws/ebs"},
            {"encrypted": True, "kmsKeyId": "alias/phoenix"},
        ),
        ("lambda/functionUrl", {"authorizationType": secret("NONE")}, {"authorizationType": "AWS_IAM"}),
        ("s3/bucketPolicy", {"policy": secret(document(admit()))}, {"policy": secret(document(admit({"AWS": OURS})))}),
        ("s3/bucketPolicy", {"policy": " \n" + document(admit())}, {"policy": " " + document(admit({"AWS": OURS}))}),
        (
            "s3/bucketPolicy",
            {"policy": json.loads(document(admit()))},
            {"policy": json.loads(document(admit({"AWS": OURS})))},
        ),
        (
            "s3/bucketPolicy",
            {"policy": '{"statement": {"effect": "Allow", "principal": {"aws": "*"}, "action": "*", "resource": "*"}}'},
            {"policy": document(admit({"AWS": OURS}))},
        ),
        (
            "s3/bucketPolicy",
            {"policy": document(admit()).replace("*", "\\u002a")},
            {"policy": document(admit({"AWS": OURS}))},
        ),
        (
            "iam/policy",
            {"policy": document(allow(b"\\u002a".decode("unicode_escape")))},
            {"policy": document(allow("s3:GetObject", "arn:aws:s3:::b/*"))},
        ),
        (
            "iam/policy",
            {"policy": _TWICE},
            {"policy": document(allow("s3:GetObject", "arn:aws:s3:::b/*"))},
        ),
        (
            "ec2/securityGroup",
            {"ingress": [{"protocol": "TCP", "fromPort": "22", "toPort": "22", "cidrBlocks": [" 0.0.0.0/0 "]}]},
            {"ingress": [{"protocol": "TCP", "fromPort": "443", "toPort": "443", "cidrBlocks": ["0.0.0.0/0"]}]},
        ),
        (
            "ec2/securityGroup",
            {"ingress": [{"protocol": "tcp", "fromPort": 22.0, "toPort": 22.0, "cidrBlocks": ["1.2.3.4/0"]}]},
            {"ingress": [{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": ["1.2.3.4/0"]}]},
        ),
        (
            "ec2/securityGroup",
            {"ingress": {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": "0.0.0.0/0"}},
            {"ingress": {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": "0.0.0.0/0"}},
        ),
        (
            "lb/listener",
            {"protocol": "http", "defaultActions": [{"type": "forward"}]},
            {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
        ),
        ("s3/bucketV2", {"acl": "public-read"}, {"acl": "private"}),
        (
            "alb/listener",
            {"protocol": "HTTP", "defaultActions": [{"type": "forward"}]},
            {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
        ),
        ("dynamodb/table", {"pointInTimeRecovery": [{"enabled": False}]}, {"pointInTimeRecovery": [{"enabled": True}]}),
        ("kms/key", {"enableKeyRotation": 0}, {"enableKeyRotation": True}),
    )
)
