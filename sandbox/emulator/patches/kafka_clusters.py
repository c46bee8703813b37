"""Clusters of MSK as it makes them, reads them back by both versions of its API, and refuses them.

ministack takes any brokers in any subnets, reads back what was asked and no default, has no version 2 of the API, and
names brokers for clients that no authentication admits. https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html,
https://docs.aws.amazon.com/MSK/2.0/APIReference/v2-clusters.html, MSK Developer Guide, "Ports" (2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, ec2

from config.facts.streaming import BROKER_TYPES, BROKERS, IAM_PORT, STORAGE_GIB, TWO_ZONES, VERSIONS
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.kafka_configurations import configuration_of
from sandbox.emulator.patches.kafka_state import (
    CLUSTERS,
    CONFIGURATIONS,
    POLICIES,
    SERVICE,
    TAGS,
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

_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
_LATER: Final = ("4.0.x",)
"""Versions beyond the 3.x line that MSK takes, too."""
_VPC_PORT: Final = 14001
_PORTS: Final[Mapping[str, tuple[str, int]]] = {
    "iam": ("bootstrapBrokerStringSaslIam", IAM_PORT),
    "scram": ("bootstrapBrokerStringSaslScram", 9096),
    "tls": ("bootstrapBrokerStringTls", 9094),
}
_OFF: Final = {"enabled": False}
_SOFTWARE: Final = ("configurationArn", "configurationRevision", "kafkaVersion")
_OF_V2: Final = (
    *("brokerNodeGroupInfo", "clientAuthentication", "currentBrokerSoftwareInfo", "encryptionInfo"),
    *("enhancedMonitoring", "loggingInfo", "numberOfBrokerNodes", "openMonitoring", "storageMode"),
)


def supported(version: str) -> bool:
    """Tell whether a cluster may get a version of Kafka."""
    plain = version.removesuffix(".kraft")
    return plain in _LATER or (plain in VERSIONS and VERSIONS[plain].standard is None)


def check_brokers(count: int, zones: int) -> None:
    """Refuse brokers that cannot be spread evenly.

    Raises:
        RefusedError: They are no multiple of the zones, or too many.
    """
    if count < zones or count % zones or count > BROKERS:
        raise invalid(
            "The number of broker nodes must be a multiple of Availability Zones in the Client Subnets parameter, "
            f"and {BROKERS} at most."
        )


def check_software(version: str, configuration: Mapping[str, Any] | None) -> Document:
    """Return what brokers run with.

    Raises:
        RefusedError: MSK has no such version any more, or there is no such revision.
    """
    if not supported(version):
        raise invalid(
            f"Unsupported KafkaVersion [{version}]. Valid values: those that ListKafkaVersions has as ACTIVE."
        )
    found: Document = {"kafkaVersion": version}
    if configuration:
        revisions = configuration_of(str(configuration.get("arn")))["_revisions"]
        if configuration.get("revision") not in [one["revision"] for one in revisions]:
            raise invalid("The configuration revision does not exist.")
        found |= {"configurationArn": configuration["arn"], "configurationRevision": configuration["revision"]}
    return found


def check_monitoring(logging: Mapping[str, Any] | None) -> None:
    """Refuse logs to a group that is not there.

    Raises:
        RefusedError: The log group does not exist.
    """
    sink = ((logging or {}).get("brokerLogs") or {}).get("cloudWatchLogs") or {}
    if sink.get("enabled") and sink.get("logGroup") not in cloudwatch_logs._log_groups:
        raise invalid("The specified CloudWatch Logs log group does not exist.")


def check_type(kind: str) -> None:
    """Refuse a type of brokers that MSK does not have.

    Raises:
        RefusedError: It has none of that name.
    """
    if kind not in BROKER_TYPES:
        raise invalid(f"Unsupported InstanceType [{kind}].")


def check_storage(size: object) -> None:
    """Refuse a size that no broker has.

    Raises:
        RefusedError: It is below 1 GiB, or above 16384.
    """
    if not isinstance(size, int) or not 1 <= size <= STORAGE_GIB:
        raise invalid(f"The volume size must be between 1 and {STORAGE_GIB} GiB.")


def _zones(subnets: list[str]) -> list[str]:
    """Return the zone of each subnet.

    Raises:
        RefusedError: One is not there, or two are in one zone, or there are too few or too many.
    """
    known = [ec2._subnets.get(one) for one in subnets]
    if not subnets or None in known:
        raise invalid("One or more subnets are invalid: they do not exist.")
    zones = [one["AvailabilityZone"] for one in known]
    allowed = (2,) if get_region() in TWO_ZONES else (2, 3)
    if len(zones) not in allowed or len(set(zones)) < len(zones):
        raise invalid("Specify two or three subnets, each in an Availability Zone of its own.")
    return zones


def _flags(given: Mapping[str, Any] | None, *names: str) -> Document:
    return {name: (given or {}).get(name) or dict(_OFF) for name in names}


def authentication(given: Mapping[str, Any] | None) -> Document:
    """Return how clients are known, with what is left out; certificates are described where they are asked for."""
    asked = given or {}
    by_certificate = {"tls": asked["tls"]} if (asked.get("tls") or {}).get("certificateAuthorityArnList") else {}
    return {
        "sasl": _flags(asked.get("sasl"), "iam", "scram"),
        **by_certificate,
        "unauthenticated": asked.get("unauthenticated") or dict(_OFF),
    }


def connectivity(given: Mapping[str, Any] | None) -> Document:
    """Return from where brokers are reached, with what is left out."""
    asked = given or {}
    inside = (asked.get("vpcConnectivity") or {}).get("clientAuthentication") or {}
    return {
        "networkType": "IPV4",
        "publicAccess": asked.get("publicAccess") or {"type": "DISABLED"},
        "vpcConnectivity": {
            "clientAuthentication": {**_flags(inside, "tls"), "sasl": _flags(inside.get("sasl"), "iam", "scram")}
        },
    }


def by_iam(cluster: Mapping[str, Any]) -> bool:
    """Tell whether brokers take clients of other VPCs by IAM."""
    connected = cluster["brokerNodeGroupInfo"]["connectivityInfo"]["vpcConnectivity"]
    return bool(connected["clientAuthentication"]["sasl"]["iam"]["enabled"])


def prometheus(given: Mapping[str, Any] | None) -> Document:
    """Return which exporters answer, with what is left out."""
    asked = (given or {}).get("prometheus") or {}
    off = {"enabledInBroker": False}
    return {"prometheus": {name: asked.get(name) or dict(off) for name in ("jmxExporter", "nodeExporter")}}


def _create(body: Document) -> Document:
    check("CreateCluster", body)
    group, name = dict(body["brokerNodeGroupInfo"]), str(body["clusterName"])
    if not _NAME.fullmatch(name):
        raise invalid("The cluster name is invalid.")
    if any(one["clusterName"] == name for one in CLUSTERS.values()):
        raise conflict(f"A cluster named {name} exists.")
    zones = _zones(group["clientSubnets"])
    check_brokers(body["numberOfBrokerNodes"], len(zones))
    check_type(group["instanceType"])
    volume = ((group.get("storageInfo") or {}).get("ebsStorageInfo") or {}).get("volumeSize", 1000)
    check_storage(volume)
    if (group.get("connectivityInfo") or {}).get("vpcConnectivity"):
        raise invalid("VPC connectivity can be turned on once the cluster is active, and not when it is made.")
    check_monitoring(body.get("loggingInfo"))
    software = check_software(str(body["kafkaVersion"]), body.get("configurationInfo"))
    group |= {
        "brokerAZDistribution": "DEFAULT",
        "connectivityInfo": connectivity(group.get("connectivityInfo")),
        "securityGroups": group.get("securityGroups") or [],
        "storageInfo": {"ebsStorageInfo": {"volumeSize": volume}},
        "zoneIds": zones,
    }
    arn = f"arn:aws:kafka:{get_region()}:{get_account_id()}:cluster/{name}/{uuid.uuid4()}-7"
    CLUSTERS[arn] = {
        "brokerNodeGroupInfo": group,
        "clientAuthentication": authentication(body.get("clientAuthentication")),
        "clusterArn": arn,
        "clusterName": name,
        "creationTime": now(),
        "currentBrokerSoftwareInfo": software,
        "currentVersion": "K" + uuid.uuid4().hex[:13].upper(),
        "encryptionInfo": _encryption(body.get("encryptionInfo")),
        "enhancedMonitoring": body.get("enhancedMonitoring", "DEFAULT"),
        "loggingInfo": body.get("loggingInfo") or {},
        "numberOfBrokerNodes": body["numberOfBrokerNodes"],
        "openMonitoring": prometheus(body.get("openMonitoring")),
        "state": "ACTIVE",
        "storageMode": body.get("storageMode", "LOCAL"),
        "zookeeperConnectString": f"z-1.{name}.{get_region()}.example:2181",
    }
    TAGS[arn] = dict(body.get("tags") or {})
    return {"clusterArn": arn, "clusterName": name, "state": "CREATING"}


def _encryption(given: Mapping[str, Any] | None) -> Document:
    asked = given or {}
    own = f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/kafka"
    transit = {"clientBroker": "TLS", "inCluster": True, **(asked.get("encryptionInTransit") or {})}
    return {
        "encryptionAtRest": asked.get("encryptionAtRest") or {"dataVolumeKMSKeyId": own},
        "encryptionInTransit": transit,
    }


def _described(cluster: Document) -> Document:
    return {**cluster, "tags": TAGS.get(cluster["clusterArn"]) or {}}


def _described_v2(cluster: Document) -> Document:
    shown = {name: value for name, value in _described(cluster).items() if name not in _OF_V2}
    shown.pop("zookeeperConnectString")
    return {**shown, "clusterType": "PROVISIONED", "provisioned": {name: cluster[name] for name in _OF_V2}}


def _listed(describe: Any, body: Document) -> Document:  # noqa: ANN401 - either of the two
    (begins,) = body.get("clusterNameFilter") or [""]
    return {"clusterInfoList": [describe(one) for one in CLUSTERS.values() if one["clusterName"].startswith(begins)]}


def _delete(arn: str, _body: Document) -> Document:
    cluster = cluster_of(arn)
    for store in (CLUSTERS, TAGS, POLICIES):
        store.pop(cluster["clusterArn"], None)
    return {"clusterArn": cluster["clusterArn"], "clusterName": cluster["clusterName"], "state": "DELETING"}


def _hosts(cluster: Mapping[str, Any]) -> list[str]:
    short = cluster["clusterArn"].rpartition("/")[2][:6]
    name, region = cluster["clusterName"], get_region()
    return [
        f"b-{broker}.{name}.{short}.c2.kafka.{region}.amazonaws.com"
        for broker in range(1, cluster["numberOfBrokerNodes"] + 1)
    ]


def _brokers(arn: str, _body: Document) -> Document:
    """Name brokers for who is let in, and for nobody else."""
    cluster = cluster_of(arn)
    known = cluster["clientAuthentication"]
    entrances = {name: known["sasl"][name]["enabled"] for name in ("iam", "scram")}
    encrypted = cluster["encryptionInfo"]["encryptionInTransit"]["clientBroker"] != "PLAINTEXT"
    entrances["tls"] = encrypted and ("tls" in known or known["unauthenticated"]["enabled"])
    hosts = _hosts(cluster)
    found = {
        _PORTS[name][0]: ",".join(f"{host}:{_PORTS[name][1]}" for host in hosts) for name, on in entrances.items() if on
    }
    if by_iam(cluster):
        found["bootstrapBrokerStringVpcConnectivitySaslIam"] = ",".join(f"{host}:{_VPC_PORT}" for host in hosts)
    return found


def _nodes(arn: str, _body: Document) -> Document:
    cluster = cluster_of(arn)
    group, subnets = cluster["brokerNodeGroupInfo"], cluster["brokerNodeGroupInfo"]["clientSubnets"]
    return {
        "nodeInfoList": [
            {
                "nodeARN": f"{cluster['clusterArn']}/{broker}",
                "nodeType": "BROKER",
                "instanceType": group["instanceType"].removeprefix("kafka."),
                "addedToClusterTime": cluster["creationTime"],
                "brokerNodeInfo": {
                    "brokerId": broker,
                    "clientSubnet": subnets[(broker - 1) % len(subnets)],
                    "currentBrokerSoftwareInfo": cluster["currentBrokerSoftwareInfo"],
                    "endpoints": [host],
                },
            }
            for broker, host in enumerate(_hosts(cluster), 1)
        ]
    }


def _tag(arn: str, body: Document) -> Document:
    TAGS[unquote(arn)] = {**_tags(arn, {})["tags"], **body["tags"]}
    return {}


def _untag(arn: str, body: Document) -> Document:
    TAGS[unquote(arn)] = {key: one for key, one in _tags(arn, {})["tags"].items() if key not in body["tagKeys"]}
    return {}


def _tags(arn: str, _body: Document) -> Document:
    named = unquote(arn)
    if named not in TAGS and named not in CONFIGURATIONS:
        raise missing(f"The resource {named}")
    return {"tags": TAGS.get(named) or {}}


def _apply() -> None:
    more_routes(
        SERVICE,
        {
            ("POST", "/v1/clusters"): _create,
            ("GET", "/v1/clusters"): lambda body: _listed(_described, body),
            ("GET", "/api/v2/clusters"): lambda body: _listed(_described_v2, body),
            ("GET", "/v1/clusters/(.+)/bootstrap-brokers"): _brokers,
            ("GET", "/v1/clusters/(.+)/nodes"): _nodes,
            ("GET", "/v1/clusters/(.+)/scram-secrets"): lambda arn, _: {"secretArnList": cluster_of(arn) and []},
            ("GET", r"/v1/clusters/([^/]+|[^/]+/[^/]+/[^/]+)"): lambda arn, _: {
                "clusterInfo": _described(cluster_of(arn))
            },
            ("GET", "/api/v2/clusters/([^/]+|[^/]+/[^/]+/[^/]+)"): lambda arn, _: {
                "clusterInfo": _described_v2(cluster_of(arn))
            },
            ("DELETE", r"/v1/clusters/([^/]+|[^/]+/[^/]+/[^/]+)"): _delete,
            ("POST", "/v1/tags/(.+)"): _tag,
            ("DELETE", "/v1/tags/(.+)"): _untag,
            ("GET", "/v1/tags/(.+)"): _tags,
        },
    )


PATCH = Patch("kafka-clusters", "the provider finds no default of a cluster again, and plans it anew each time", _apply)
