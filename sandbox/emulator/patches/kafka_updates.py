"""Clusters of MSK are changed in place, each change an operation that is over at once, and storage never shrinks.

ministack has no update at all. https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-nodes-storage.html
and its siblings; MSK Developer Guide, "Scale up broker storage", "Upgrade the Apache Kafka version" (2026-11-30)
"""

from __future__ import annotations

import time
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import request_scope

from config.facts.streaming import SMALL
from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.kafka_clusters import (
    authentication,
    check_brokers,
    check_monitoring,
    check_software,
    check_storage,
    check_type,
    connectivity,
    prometheus,
)
from sandbox.emulator.patches.kafka_state import CLUSTERS, SERVICE, cluster_of, invalid, missing, now
from sandbox.emulator.patches.service import more_routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.patches.service import Document

_OPERATIONS: Final = stores.regional("kafka-operations")
"""ARN -> operation."""
_BACK: Final = stores.regional("kafka-reboots")
"""ARN of a cluster -> when its broker is there again."""
REBOOT_S: Final = 180.0
"""Seconds that a broker takes to start anew, some minutes on AWS."""


def _count(cluster: Document, body: Document) -> None:
    wanted, group = body["targetNumberOfBrokerNodes"], cluster["brokerNodeGroupInfo"]
    check_brokers(wanted, len(group["clientSubnets"]))
    if wanted <= cluster["numberOfBrokerNodes"]:
        raise invalid("The number of brokers must be above the present one, unless brokers hold no partition.")
    cluster["numberOfBrokerNodes"] = wanted


def _grow(cluster: Document, body: Document) -> None:
    volume = cluster["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]
    for one in body["targetBrokerEBSVolumeInfo"]:
        if one["kafkaBrokerNodeId"].lower() != "all":
            raise invalid("The storage of all brokers changes together: KafkaBrokerNodeId is All.")
        _resize(volume, one.get("volumeSizeGB"))


def _store(cluster: Document, body: Document) -> None:
    volume = cluster["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]
    if "volumeSizeGB" in body:
        _resize(volume, body["volumeSizeGB"])
    cluster["storageMode"] = body.get("storageMode", cluster["storageMode"])


def _resize(volume: Document, size: object) -> None:
    check_storage(size)
    if not isinstance(size, int) or size <= volume["volumeSize"]:
        raise invalid("The storage of brokers can be made larger only: the size must be above the present one.")
    volume["volumeSize"] = size


def _type(cluster: Document, body: Document) -> None:
    check_type(body["targetInstanceType"])
    _differs(cluster["brokerNodeGroupInfo"]["instanceType"], body["targetInstanceType"])
    cluster["brokerNodeGroupInfo"]["instanceType"] = body["targetInstanceType"]


def _configure(cluster: Document, body: Document) -> None:
    software = cluster["currentBrokerSoftwareInfo"]
    cluster["currentBrokerSoftwareInfo"] = check_software(software["kafkaVersion"], body["configurationInfo"])


def _upgrade(cluster: Document, body: Document) -> None:
    software, wanted = cluster["currentBrokerSoftwareInfo"], str(body["targetKafkaVersion"])
    given = body.get("configurationInfo") or {
        "arn": software.get("configurationArn"),
        "revision": software.get("configurationRevision"),
    }
    found = check_software(wanted, given if given["arn"] else None)
    if wanted.split(".") <= software["kafkaVersion"].split("."):
        raise invalid(f"Kafka goes up only: {wanted} is not above {software['kafkaVersion']}.")
    cluster["currentBrokerSoftwareInfo"] = found


def _monitor(cluster: Document, body: Document) -> None:
    check_monitoring(body.get("loggingInfo"))
    cluster["enhancedMonitoring"] = body.get("enhancedMonitoring", cluster["enhancedMonitoring"])
    if "openMonitoring" in body:
        cluster["openMonitoring"] = prometheus(body["openMonitoring"])
    cluster["loggingInfo"] = body.get("loggingInfo", cluster["loggingInfo"])


def _secure(cluster: Document, body: Document) -> None:
    transit = (body.get("encryptionInfo") or {}).get("encryptionInTransit") or {}
    present = cluster["encryptionInfo"]["encryptionInTransit"]
    if transit.get("inCluster", present["inCluster"]) != present["inCluster"]:
        raise invalid("Encryption among brokers cannot be changed.")
    present |= transit
    if "clientAuthentication" in body:
        cluster["clientAuthentication"] = authentication(body["clientAuthentication"])


def _connect(cluster: Document, body: Document) -> None:
    group, wanted = cluster["brokerNodeGroupInfo"], body["connectivityInfo"]
    inside = ((wanted.get("vpcConnectivity") or {}).get("clientAuthentication") or {}).get("sasl") or {}
    asked = bool((inside.get("iam") or {}).get("enabled"))
    if asked and group["instanceType"] == SMALL:
        raise invalid(f"VPC connectivity is not supported for {SMALL}.")
    if asked and not cluster["clientAuthentication"]["sasl"]["iam"]["enabled"]:
        raise invalid("VPC connectivity by IAM needs clients that authenticate by IAM.")
    if asked and cluster["clientAuthentication"]["unauthenticated"]["enabled"]:
        raise invalid("VPC connectivity is not supported for clusters that take clients without a name.")
    found = connectivity({**group["connectivityInfo"], **wanted})
    _differs(group["connectivityInfo"], found)
    group["connectivityInfo"] = found


def _differs(present: object, wanted: object) -> None:
    if present == wanted:
        raise invalid("The request does not include any updates to the cluster.")


def _change(kind: str, change: Callable[[Document, Document], None], arn: str, body: Document) -> Document:
    """Make a change of the version of a cluster that the request knows."""
    cluster = cluster_of(arn)
    if body.get("currentVersion") != cluster["currentVersion"]:
        raise invalid("The cluster version is not the current one: describe the cluster and try again.")
    if cluster["state"] != "ACTIVE":
        raise invalid(f"The cluster is {cluster['state']}, and is changed while it is ACTIVE.")
    change(cluster, body)
    cluster["currentVersion"] = "K" + uuid.uuid4().hex[:13].upper()
    return _recorded(cluster, kind)


def _recorded(cluster: Document, kind: str) -> Document:
    named = cluster["clusterArn"].replace(":cluster/", ":cluster-operation/", 1)
    made: Document = {
        "clusterArn": cluster["clusterArn"],
        "creationTime": now(),
        "endTime": now(),
        "operationArn": f"{named}/{uuid.uuid4()}",
        "operationState": "UPDATE_COMPLETE",
        "operationType": kind,
    }
    _OPERATIONS[made["operationArn"]] = made
    return {"clusterArn": cluster["clusterArn"], "clusterOperationArn": made["operationArn"]}


def _reboot(arn: str, body: Document) -> Document:
    """Start a broker anew: the cluster takes no other change until it is there."""
    cluster, brokers = cluster_of(arn), body.get("brokerIds") or []
    if cluster["state"] != "ACTIVE":
        raise invalid(f"The cluster is {cluster['state']}, and brokers are rebooted while it is ACTIVE.")
    there = {str(number + 1) for number in range(int(cluster["numberOfBrokerNodes"]))}
    if len(brokers) != 1 or not set(brokers) <= there:
        raise invalid(f"One broker of {', '.join(sorted(there))} is rebooted at a time.")
    cluster["state"] = "REBOOTING_BROKER"
    _BACK[cluster["clusterArn"]] = time.time() + REBOOT_S
    return _recorded(cluster, "REBOOT_NODE")


def _brokers_return() -> None:
    """Let brokers be there whose time has come."""
    for (account, region, arn), back in list(_BACK.all_items()):
        if time.time() >= back:
            with request_scope(account, region):
                _BACK.pop(arn, None)
                if arn in CLUSTERS and CLUSTERS[arn]["state"] == "REBOOTING_BROKER":
                    CLUSTERS[arn]["state"] = "ACTIVE"


def _operation(arn: str, _body: Document) -> Document:
    found = _OPERATIONS.get(unquote(arn))
    if found is None:
        raise missing(f"The operation {unquote(arn)}")
    return {"clusterOperationInfo": found}


def _operations(arn: str, _body: Document) -> Document:
    of = cluster_of(arn)["clusterArn"]
    return {"clusterOperationInfoList": [one for one in _OPERATIONS.values() if one["clusterArn"] == of]}


_UPDATES: Final[dict[tuple[str, str], tuple[str, Any]]] = {
    ("PUT", "nodes/count"): ("INCREASE_BROKER_COUNT", _count),
    ("PUT", "nodes/storage"): ("UPDATE_BROKER_STORAGE", _grow),
    ("PUT", "storage"): ("UPDATE_STORAGE", _store),
    ("PUT", "nodes/type"): ("UPDATE_BROKER_TYPE", _type),
    ("PUT", "configuration"): ("UPDATE_CLUSTER_CONFIGURATION", _configure),
    ("PUT", "version"): ("UPDATE_CLUSTER_KAFKA_VERSION", _upgrade),
    ("PUT", "monitoring"): ("UPDATE_MONITORING", _monitor),
    ("PATCH", "security"): ("UPDATE_SECURITY", _secure),
    ("PUT", "connectivity"): ("UPDATE_CONNECTIVITY", _connect),
}
"""Method and end of the path -> what the operation is called, and what it does."""


def _apply() -> None:
    more_routes(
        SERVICE,
        {
            **{
                (method, f"/v1/clusters/(.+)/{end}"): partial(_change, kind, change)
                for (method, end), (kind, change) in _UPDATES.items()
            },
            ("PUT", "/v1/clusters/(.+)/reboot-broker"): _reboot,
            ("GET", "/(?:v1|api/v2)/operations/(.+)"): _operation,
            ("GET", "/(?:v1|api/v2)/clusters/(.+)/operations"): _operations,
        },
    )
    CLOCK.at_each_tick(_brokers_return)


PATCH = Patch("kafka-updates", "no change of a cluster can be made: there is no route", _apply)
