"""Step `secrets`: copies of the primary's secrets, which follow while the standby does and stand alone once it serves.

The provider can make replicas only of a secret it owns, and the primary, which owns these, knows of no standby. A copy
is cut loose when the standby takes over: a rotation in the primary's region, as soon as that is back, would otherwise
change the password of record of a database that never heard of it. StopReplicationToReplica is served in the copy's
own region (Secrets Manager API reference, read 2026-11-21), so it works while the other one is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .order import Order

Client = Any
"""A boto3 client; boto3 makes its methods at run time."""


def run(content: Mapping[str, Any], order: Order) -> Mapping[str, Any]:
    """Let every copy follow, or stand alone, or, when the standby is taken down, be gone.

    Args:
        content: `region` and `key` of the copies, `primary_region`; `secrets`: name -> ARNs of `primary` and `copy`.
        order: Who serves.

    Returns:
        The names of the secrets of which something was changed.

    Raises:
        RuntimeError: A secret cannot be replicated, or its copy is under another key.
        TimeoutError: A copy is not in step before Lambda ends the invocation.
    """
    here = boto3.client("secretsmanager", region_name=content["region"])
    changed = []
    for name, arns in sorted(content["secrets"].items()):
        copy = _described(here, arns["copy"])
        follows = copy is not None and "PrimaryRegion" in copy
        if order.deleting:
            done = _take_away(content, arns, follows=follows)
        elif order.active:
            done = _cut_loose(here, name, arns, exists=copy is not None, follows=follows)
        else:
            done = _replicate(content, name, arns, order)
        changed += [name] if done else []
    return {"changed": changed}


def _described(client: Client, arn: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = client.describe_secret(SecretId=arn)
    except client.exceptions.ResourceNotFoundException:
        return None
    return found


def _cut_loose(here: Client, name: str, arns: Mapping[str, str], *, exists: bool, follows: bool) -> bool:
    if not exists:
        raise RuntimeError(f"{name}: there is no copy {arns['copy']} to serve with")
    if follows:
        here.stop_replication_to_replica(SecretId=arns["copy"])
    return follows


def _take_away(content: Mapping[str, Any], arns: Mapping[str, str], *, follows: bool) -> bool:
    """Remove a copy that still follows; one that stands alone may be the only one left, and stays."""
    if follows:
        there = boto3.client("secretsmanager", region_name=content["primary_region"])
        there.remove_regions_from_replication(SecretId=arns["primary"], RemoveReplicaRegions=[content["region"]])
    return follows


def _replicate(content: Mapping[str, Any], name: str, arns: Mapping[str, str], order: Order) -> bool:
    """Make the copy, also over one that stood alone since the standby served, and wait until it is in step."""
    there = boto3.client("secretsmanager", region_name=content["primary_region"])

    def status() -> Mapping[str, Any] | None:
        found = there.describe_secret(SecretId=arns["primary"]).get("ReplicationStatus", [])
        return next((one for one in found if one["Region"] == content["region"]), None)

    made = status()
    if made is not None and made.get("KmsKeyId") != content["key"]:
        raise RuntimeError(
            f"{name}: its copy in {content['region']} is under {made.get('KmsKeyId')}, not {content['key']}; take the "
            "region out of the secret's replication, then deploy again"
        )
    if made is None or made["Status"] == "Failed":
        there.replicate_secret_to_regions(
            SecretId=arns["primary"],
            AddReplicaRegions=[{"Region": content["region"], "KmsKeyId": content["key"]}],
            ForceOverwriteReplicaSecret=True,
        )

    def in_step() -> bool:
        now = status() or {}
        if now.get("Status") == "Failed":
            raise RuntimeError(f"{name}: {now.get('StatusMessage', 'replication failed')}")
        return now.get("Status") == "InSync"

    order.wait(in_step, f"{name}: copy in {content['region']}")
    return made is None or made["Status"] == "Failed"
