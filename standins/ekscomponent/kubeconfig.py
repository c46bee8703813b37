"""Kubeconfig of a cluster: AWS credentials by `aws eks get-token`, nothing secret inside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXEC_API = "client.authentication.k8s.io/v1beta1"
ARN_REGION_FIELD = 3


def region_of(arn: str) -> str:
    """Return the region of an ARN.

    Raises:
        ValueError: The text is no ARN with a region.
    """
    fields = arn.split(":")
    if len(fields) <= ARN_REGION_FIELD or fields[0] != "arn" or not fields[ARN_REGION_FIELD]:
        raise ValueError(f"{arn!r} is no ARN with a region: expected arn:<partition>:<service>:<region>:...")
    return fields[ARN_REGION_FIELD]


def credential_arguments(credentials: Mapping[str, str], *, with_profile: bool) -> list[str]:
    """Return the arguments of `aws eks get-token` that choose other credentials than the caller's own.

    Args:
        credentials: `roleArn` to assume and `profileName` to use; both optional.
        with_profile: Whether `profileName` is written. The document handed to users has none, so that everybody may
            use it; the one for the cluster's own Kubernetes provider has it.
    """
    role, profile = credentials.get("roleArn"), credentials.get("profileName") if with_profile else None
    return [*(["--role", role] if role else []), *(["--profile", profile] if profile else [])]


def kubeconfig(name: str, endpoint: str, region: str, certificate: str, extra: Sequence[str]) -> dict[str, Any]:
    """Return the kubeconfig document.

    Args:
        name: Cluster name as EKS knows it.
        endpoint: URL of the API server.
        region: Region of the cluster.
        certificate: Certificate authority, base64.
        extra: More arguments for `aws eks get-token`.
    """
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json", *extra]
    environment = [{"name": "KUBERNETES_EXEC_INFO", "value": f'{{"apiVersion": "{EXEC_API}"}}'}]
    user = {"exec": {"apiVersion": EXEC_API, "command": "aws", "args": arguments, "env": environment}}
    return {
        "apiVersion": "v1",
        "clusters": [
            {"cluster": {"server": endpoint, "certificate-authority-data": certificate}, "name": "kubernetes"}
        ],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": user}],
    }


def compact(document: object, *, sort_keys: bool = False) -> str:
    """Return JSON as JavaScript's `JSON.stringify` writes it: no spaces, text as it is, `2` for the number 2.0."""
    return json.dumps(whole(document), separators=(",", ":"), ensure_ascii=False, sort_keys=sort_keys)


def whole(value: object) -> object:
    """Return a JSON value with integers for whole numbers; the engine's messages know doubles only."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
