"""Replicators of MSK, and the policies of clusters that let them in.

ministack has neither. A replicator stands in the region of the cluster that it writes to; one that reads in another
region comes in by PrivateLink and IAM, which that cluster has on, and which its policy admits the service to.
https://docs.aws.amazon.com/msk/1.0/apireference-replicator/v1-replicators.html, MSK Developer Guide, "Prepare the
source cluster", "Network requirements", "Considerations for creating an Amazon MSK Replicator" (2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

from config.facts.streaming import REPLICATED_BROKERS
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.kafka_clusters import by_iam
from sandbox.emulator.patches.kafka_state import (
    POLICIES,
    SERVICE,
    TAGS,
    anywhere,
    check,
    cluster_of,
    conflict,
    invalid,
    missing,
    now,
)
from sandbox.emulator.patches.service import more_routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.emulator.patches.service import Document

_REPLICATORS: Final = stores.regional("kafka-replicators")
"""ARN -> as it is described."""
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,127}")
_NEEDED: Final = ("kafka:CreateVpcConnection", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers")
_PRINCIPAL: Final = "kafka.amazonaws.com"
_SUBNETS: Final = (2, 3)


def _put_policy(arn: str, body: Document) -> Document:
    cluster = cluster_of(arn)
    present = POLICIES.get(cluster["clusterArn"])
    try:
        json.loads(body["policy"])
    except (KeyError, ValueError):
        raise invalid("The policy is no JSON document.") from None
    if present is not None and body.get("currentVersion") not in (None, present["currentVersion"]):
        raise invalid("The policy version is not the current one.")
    if not by_iam(cluster):
        raise invalid("A cluster policy needs a cluster with VPC connectivity turned on.")
    POLICIES[cluster["clusterArn"]] = {"currentVersion": "P" + uuid.uuid4().hex[:13].upper(), "policy": body["policy"]}
    return {"currentVersion": POLICIES[cluster["clusterArn"]]["currentVersion"]}


def _policy(arn: str, _body: Document) -> Document:
    found: Document | None = POLICIES.get(cluster_of(arn)["clusterArn"])
    if found is None:
        raise missing("The policy of the cluster")
    return found


def _delete_policy(arn: str, body: Document) -> Document:
    _policy(arn, body)
    del POLICIES[cluster_of(arn)["clusterArn"]]
    return {}


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _admitted(arn: str) -> set[str]:
    """Return what the service may do on a cluster of any region of the account."""
    parts = arn.split(":")
    found = POLICIES.get_scoped(parts[4], parts[3], arn)
    allowed: set[str] = set()
    for statement in json.loads(found["policy"])["Statement"] if found else ():
        principal = statement.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and _PRINCIPAL in _several(services):
            allowed |= set(_several(statement.get("Action", [])))
    return allowed


def _check_source(arn: str, cluster: Mapping[str, Any]) -> None:
    """Refuse a source that the service could not read from."""
    if cluster["numberOfBrokerNodes"] < REPLICATED_BROKERS:
        raise invalid(f"The source cluster must have {REPLICATED_BROKERS} brokers at least.")
    if arn.split(":")[3] == get_region():
        return
    if not by_iam(cluster):
        raise invalid("The source cluster of another Region must have VPC connectivity by IAM turned on.")
    if lacking := [one for one in _NEEDED if one not in _admitted(arn)]:
        raise invalid(f"The policy of the source cluster does not allow {_PRINCIPAL}: {', '.join(lacking)}.")


def _check_network(arn: str, given: Mapping[str, Any]) -> None:
    config = given.get("vpcConfig") or {}
    if len(config.get("subnetIds") or ()) not in _SUBNETS:
        raise invalid("Each cluster needs two or three subnets.")
    if arn.split(":")[3] == get_region() and not config.get("securityGroupIds"):
        raise invalid("The cluster of this Region needs security groups.")


def _create(body: Document) -> Document:
    check("CreateReplicator", body)
    name, given = str(body["replicatorName"]), body["kafkaClusters"]
    arns = [one["amazonMskCluster"]["mskClusterArn"] for one in given]
    (info,) = body["replicationInfoList"]
    source, target = info.get("sourceKafkaClusterArn"), info.get("targetKafkaClusterArn")
    if not _NAME.fullmatch(name):
        raise invalid("The replicator name is invalid.")
    if source == target or sorted(arns) != sorted([source, target]):
        raise invalid("The two clusters must be the source and the target, and they must differ.")
    if any(one["replicatorName"] == name for one in _REPLICATORS.values()):
        raise conflict(f"A replicator named {name} exists.")
    if target.split(":")[3] != get_region():
        raise invalid("A replicator is made in the Region of its target cluster.")
    clusters = {arn: anywhere(arn) for arn in arns}
    for arn, one in zip(arns, given, strict=True):
        cluster = clusters[arn]
        if cluster is None:
            raise invalid(f"The cluster {arn} does not exist.")
        if not cluster["clientAuthentication"]["sasl"]["iam"]["enabled"]:
            raise invalid(f"The cluster {arn} must have IAM access control turned on.")
        _check_network(arn, one)
    _check_source(source, clusters[source] or {})
    if body["serviceExecutionRoleArn"].rpartition("/")[2] not in iam._roles:
        raise invalid("The service execution role does not exist.")
    return _made(name, body, info)


def _alias(arn: str) -> str:
    name, _, unique = arn.partition(":cluster/")[2].partition("/")
    return f"{name}-{unique[:8]}"


def _made(name: str, body: Document, info: Document) -> Document:
    arn = f"arn:aws:kafka:{get_region()}:{get_account_id()}:replicator/{name}/{uuid.uuid4()}-3"
    topics = {
        "topicNameConfiguration": {"type": "PREFIXED_WITH_SOURCE_CLUSTER_ALIAS"},
        "startingPosition": {"type": "LATEST"},
        "topicsToExclude": [],
        **info["topicReplication"],
    }
    _REPLICATORS[arn] = {
        "creationTime": now(),
        "currentVersion": "R" + uuid.uuid4().hex[:13].upper(),
        "isReplicatorReference": False,
        "kafkaClusters": [
            {
                "amazonMskCluster": one["amazonMskCluster"],
                "kafkaClusterAlias": _alias(one["amazonMskCluster"]["mskClusterArn"]),
                "vpcConfig": one["vpcConfig"],
            }
            for one in body["kafkaClusters"]
        ],
        "replicationInfoList": [
            {
                "sourceKafkaClusterAlias": _alias(info["sourceKafkaClusterArn"]),
                "targetKafkaClusterAlias": _alias(info["targetKafkaClusterArn"]),
                "targetCompressionType": info["targetCompressionType"],
                "topicReplication": topics,
                "consumerGroupReplication": {"consumerGroupsToExclude": [], **info["consumerGroupReplication"]},
            }
        ],
        "replicatorArn": arn,
        "replicatorDescription": body.get("description", ""),
        "replicatorName": name,
        "replicatorState": "RUNNING",
        "serviceExecutionRoleArn": body["serviceExecutionRoleArn"],
    }
    TAGS[arn] = dict(body.get("tags") or {})
    return {"replicatorArn": arn, "replicatorName": name, "replicatorState": "CREATING"}


def _replicator(arn: str) -> Document:
    found: Document | None = _REPLICATORS.get(unquote(arn))
    if found is None:
        raise missing(f"The replicator {unquote(arn)}")
    return found


def _seen(replicator: Document) -> Document:
    """Return a replicator as it is now: without its role, or one of its clusters, it has failed."""
    role = replicator["serviceExecutionRoleArn"].rpartition("/")[2]
    gone = [
        one["amazonMskCluster"]["mskClusterArn"]
        for one in replicator["kafkaClusters"]
        if anywhere(one["amazonMskCluster"]["mskClusterArn"]) is None
    ]
    lacking = gone or ([replicator["serviceExecutionRoleArn"]] if role not in iam._roles else [])
    if not lacking:
        return replicator
    info = {"code": "Replicator.Inaccessible", "message": f"The replicator cannot use {', '.join(lacking)}."}
    return {**replicator, "replicatorState": "FAILED", "stateInfo": info}


def _describe(arn: str, _body: Document) -> Document:
    found = _seen(_replicator(arn))
    return {**found, "tags": TAGS.get(found["replicatorArn"]) or {}}


def _update(arn: str, body: Document) -> Document:
    found = _replicator(arn)
    if body.get("currentVersion") != found["currentVersion"]:
        raise invalid("The replicator version is not the current one.")
    (info,) = found["replicationInfoList"]
    for part in ("topicReplication", "consumerGroupReplication"):
        info[part] |= body.get(part) or {}
    found["currentVersion"] = "R" + uuid.uuid4().hex[:13].upper()
    return {"replicatorArn": found["replicatorArn"], "replicatorState": "UPDATING"}


def _delete(arn: str, _body: Document) -> Document:
    found = _replicator(arn)
    TAGS.pop(found["replicatorArn"], None)
    del _REPLICATORS[found["replicatorArn"]]
    return {"replicatorArn": found["replicatorArn"], "replicatorState": "DELETING"}


def _apply() -> None:
    at = "/replication/v1/replicators"
    more_routes(
        SERVICE,
        {
            ("PUT", "/v1/clusters/(.+)/policy"): _put_policy,
            ("GET", "/v1/clusters/(.+)/policy"): _policy,
            ("DELETE", "/v1/clusters/(.+)/policy"): _delete_policy,
            ("POST", at): _create,
            ("GET", at): lambda _: {"replicators": [_seen(one) for one in _REPLICATORS.values()]},
            ("PUT", f"{at}/(.+)/replication-info"): _update,
            ("GET", f"{at}/(.+)"): _describe,
            ("DELETE", f"{at}/(.+)"): _delete,
        },
    )


PATCH = Patch("kafka-replicators", "a cluster has no policy, and no replicator can be made", _apply)
