"""Global Accelerator keeps accelerators, listeners and the regions that they lead to; it carries no traffic.

The service has one API, in us-west-2, for endpoints of every region.
https://docs.aws.amazon.com/global-accelerator/latest/api/Welcome.html; Global Accelerator Developer Guide, "Flow logs"
and "Requirements for resources that you add as accelerator endpoints" (2026-12)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import hashlib
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id
from ministack.services import alb, s3

from config.facts.regions import regions
from sandbox.emulator.patches import modelled, stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, json_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.patches.service import Action, Document

SERVICE: Final = "globalaccelerator"
ACCELERATORS: Final = stores.of_account("accelerators")
"""ARN -> as it is described, with `_attributes` and `_tags`."""
LISTENERS: Final = stores.of_account("accelerator-listeners")
"""ARN -> as it is described."""
GROUPS: Final = stores.of_account("accelerator-groups")
"""ARN -> as it is described."""
_INTERVALS: Final = (10, 30)
_MOST_WEIGHT: Final = 255
_OF_GROUP: Final = (
    *("TrafficDialPercentage", "HealthCheckPort", "HealthCheckProtocol", "HealthCheckPath"),
    *("HealthCheckIntervalSeconds", "ThresholdCount", "PortOverrides"),
)
_BOUNDS: Final = {"TrafficDialPercentage": (0, 100), "ThresholdCount": (1, 10), "HealthCheckPort": (1, 65_535)}
_DEFAULTS: Final[Document] = {
    "TrafficDialPercentage": 100.0,
    "HealthCheckPort": 80,
    "HealthCheckProtocol": "TCP",
    "HealthCheckIntervalSeconds": 30,
    "ThresholdCount": 3,
}


def _invalid(message: str, code: str = "InvalidArgumentException") -> RefusedError:
    return RefusedError(code, message)


def _accelerator(arn: str) -> Document:
    found: Document | None = ACCELERATORS.get(arn)
    if found is None:
        raise _invalid(f"Accelerator {arn} not found.", "AcceleratorNotFoundException")
    return found


def _listener(arn: str) -> Document:
    found: Document | None = LISTENERS.get(arn)
    if found is None:
        raise _invalid(f"Listener {arn} not found.", "ListenerNotFoundException")
    return found


def _group(arn: str) -> Document:
    found: Document | None = GROUPS.get(arn)
    if found is None:
        raise _invalid(f"Endpoint group {arn} not found.", "EndpointGroupNotFoundException")
    return found


def _shown(record: Document) -> Document:
    return {name: value for name, value in record.items() if not name.startswith("_")}


def _create(body: Document) -> Document:
    arn = f"arn:aws:globalaccelerator::{get_account_id()}:accelerator/{uuid.uuid4()}"
    digest = hashlib.sha256(arn.encode()).digest()
    now = time.time()
    ACCELERATORS[arn] = {
        "AcceleratorArn": arn,
        "Name": body["Name"],
        "IpAddressType": body.get("IpAddressType", "IPV4"),
        "Enabled": body.get("Enabled", True),
        "IpSets": [
            {
                "IpFamily": "IPv4",
                "IpAddressFamily": "IPv4",
                "IpAddresses": [f"75.2.{digest[0]}.{digest[1]}", f"99.83.{digest[2]}.{digest[3]}"],
            }
        ],
        "DnsName": f"a{digest.hex()[:16]}.awsglobalaccelerator.com",
        "Status": "DEPLOYED",
        "CreatedTime": now,
        "LastModifiedTime": now,
        "_attributes": {"FlowLogsEnabled": False},
        "_tags": {tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()},
    }
    return {"Accelerator": _shown(ACCELERATORS[arn])}


def _update(body: Document) -> Document:
    record = _accelerator(body["AcceleratorArn"])
    record.update({name: body[name] for name in ("Name", "IpAddressType", "Enabled") if name in body})
    record["LastModifiedTime"] = time.time()
    return {"Accelerator": _shown(record)}


def _delete(body: Document) -> Document:
    arn = body["AcceleratorArn"]
    if _accelerator(arn)["Enabled"]:
        raise _invalid("The accelerator must be disabled before it is deleted.", "AcceleratorNotDisabledException")
    if any(one["_accelerator"] == arn for one in LISTENERS.values()):
        raise _invalid("The accelerator has a listener.", "AssociatedListenerFoundException")
    del ACCELERATORS[arn]
    return {}


def _attributes(body: Document) -> Document:
    """Change attributes; flow logs need a bucket that lets their delivery in."""
    record = _accelerator(body["AcceleratorArn"])
    names = ("FlowLogsEnabled", "FlowLogsS3Bucket", "FlowLogsS3Prefix")
    wanted = {**record["_attributes"], **{name: body[name] for name in names if name in body}}
    if wanted["FlowLogsEnabled"]:
        bucket = wanted.get("FlowLogsS3Bucket")
        if not bucket or "FlowLogsS3Prefix" not in wanted:
            raise _invalid("FlowLogsS3Bucket and FlowLogsS3Prefix must be specified when flow logs are enabled.")
        if bucket not in s3._buckets:
            raise _invalid(f"The S3 bucket {bucket} does not exist.")
        policy = s3._bucket_policies.get(bucket) or ""
        text = policy.decode() if isinstance(policy, bytes) else str(policy)
        if "delivery.logs.amazonaws.com" not in text or f"{wanted['FlowLogsS3Prefix']}/AWSLogs/" not in text:
            said = f"The policy of bucket {bucket} does not allow delivery.logs.amazonaws.com to write flow logs."
            raise _invalid(said, "AccessDeniedException")
    record["_attributes"] = wanted
    return {"AcceleratorAttributes": wanted}


def _ports(ranges: list[Document], others: list[Document]) -> None:
    """Refuse ranges of ports that are none, or that overlap."""
    taken = [(one["FromPort"], one["ToPort"]) for one in others]
    for one in ranges:
        first, last = one["FromPort"], one["ToPort"]
        if first > last:
            raise _invalid(f"Invalid port range {first}-{last}.", "InvalidPortRangeException")
        if any(first <= high and low <= last for low, high in taken):
            raise _invalid(f"Port range {first}-{last} overlaps another.", "InvalidPortRangeException")
        taken.append((first, last))


def _create_listener(body: Document) -> Document:
    accelerator = _accelerator(body["AcceleratorArn"])["AcceleratorArn"]
    protocol = body.get("Protocol", "TCP")
    beside = [one for one in LISTENERS.values() if one["_accelerator"] == accelerator and one["Protocol"] == protocol]
    _ports(body["PortRanges"], [each for one in beside for each in one["PortRanges"]])
    arn = f"{accelerator}/listener/{uuid.uuid4().hex[:8]}"
    LISTENERS[arn] = {
        "ListenerArn": arn,
        "PortRanges": body["PortRanges"],
        "Protocol": protocol,
        "ClientAffinity": body.get("ClientAffinity", "NONE"),
        "_accelerator": accelerator,
    }
    return {"Listener": _shown(LISTENERS[arn])}


def _update_listener(body: Document) -> Document:
    record = _listener(body["ListenerArn"])
    changes: Document = {name: body[name] for name in ("PortRanges", "Protocol", "ClientAffinity") if name in body}
    wanted: Document = {**record, **changes}
    beside = [
        each
        for arn, one in LISTENERS.items()
        if arn != record["ListenerArn"]
        and (one["_accelerator"], one["Protocol"]) == (record["_accelerator"], wanted["Protocol"])
        for each in one["PortRanges"]
    ]
    _ports(wanted["PortRanges"], beside)
    record.update(wanted)
    return {"Listener": _shown(record)}


def _delete_listener(body: Document) -> Document:
    arn = _listener(body["ListenerArn"])["ListenerArn"]
    if any(one["_listener"] == arn for one in GROUPS.values()):
        raise _invalid("The listener has an endpoint group.", "AssociatedEndpointGroupFoundException")
    del LISTENERS[arn]
    return {}


def _endpoints(configured: list[Document], region: str) -> list[Document]:
    """Return endpoints as they are described.

    Raises:
        RefusedError: One is no load balancer of the region, is twice there, or weighs too much.
    """
    found: list[Document] = []
    for one in configured:
        arn, weight = str(one.get("EndpointId", "")), one.get("Weight", 128)
        balancer = alb._lbs.get_scoped(get_account_id(), region, arn)
        if balancer is None:
            raise _invalid(f"The endpoint {arn} does not exist in {region}.")
        if balancer.get("Type", "application") == "gateway":
            raise _invalid(f"The endpoint {arn} is no Application or Network Load Balancer.")
        if not 0 <= weight <= _MOST_WEIGHT:
            raise _invalid(f"Weight must be between 0 and {_MOST_WEIGHT}.")
        if any(other["EndpointId"] == arn for other in found):
            raise _invalid(f"The endpoint {arn} is specified twice.")
        kept = one.get("ClientIPPreservationEnabled", balancer.get("Scheme") == "internet-facing")
        found.append(
            {"EndpointId": arn, "Weight": weight, "HealthState": "INITIAL", "ClientIPPreservationEnabled": kept}
        )
    return found


def _settings(body: Document) -> Document:
    interval = body.get("HealthCheckIntervalSeconds")
    if interval is not None and interval not in _INTERVALS:
        raise _invalid("HealthCheckIntervalSeconds must be 10 or 30.")
    for name, (least, most) in _BOUNDS.items():
        if not least <= body.get(name, least) <= most:
            raise _invalid(f"{name} must be between {least} and {most}.")
    return {name: body[name] for name in _OF_GROUP if name in body}


def _create_group(body: Document) -> Document:
    listener, region = _listener(body["ListenerArn"])["ListenerArn"], body["EndpointGroupRegion"]
    if region not in regions():
        raise _invalid(f"{region} is not a region that is supported.")
    if any((one["_listener"], one["EndpointGroupRegion"]) == (listener, region) for one in GROUPS.values()):
        said = f"The listener has an endpoint group in {region} already."
        raise _invalid(said, "EndpointGroupAlreadyExistsException")
    arn = f"{listener}/endpoint-group/{uuid.uuid4().hex[:12]}"
    record = {
        "EndpointGroupArn": arn,
        "EndpointGroupRegion": region,
        "EndpointDescriptions": _endpoints(body.get("EndpointConfigurations") or [], region),
        **_DEFAULTS,
        **_settings(body),
        "_listener": listener,
    }
    GROUPS[arn] = record
    return {"EndpointGroup": _shown(record)}


def _update_group(body: Document) -> Document:
    record, changes = _group(body["EndpointGroupArn"]), _settings(body)
    if "EndpointConfigurations" in body:
        changes["EndpointDescriptions"] = _endpoints(body["EndpointConfigurations"], record["EndpointGroupRegion"])
    record.update(changes)
    return {"EndpointGroup": _shown(record)}


def _delete_group(body: Document) -> Document:
    del GROUPS[_group(body["EndpointGroupArn"])["EndpointGroupArn"]]
    return {}


def _tags(body: Document) -> Document:
    tags: dict[str, str] = _accelerator(body["ResourceArn"])["_tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _tag(body: Document) -> Document:
    _accelerator(body["ResourceArn"])["_tags"].update({tag["Key"]: tag["Value"] for tag in body["Tags"]})
    return {}


def _untag(body: Document) -> Document:
    for key in body["TagKeys"]:
        _accelerator(body["ResourceArn"])["_tags"].pop(key, None)
    return {}


def _listeners(body: Document) -> Document:
    arn = _accelerator(body["AcceleratorArn"])["AcceleratorArn"]
    return {"Listeners": [_shown(one) for one in LISTENERS.values() if one["_accelerator"] == arn]}


def _groups(body: Document) -> Document:
    arn = _listener(body["ListenerArn"])["ListenerArn"]
    return {"EndpointGroups": [_shown(one) for one in GROUPS.values() if one["_listener"] == arn]}


def _checked(name: str, act: Callable[[Document], Document]) -> Action:
    """Return an action that refuses first what the service's model refuses."""

    def call(body: Document) -> Any:  # noqa: ANN401 - as the action answers
        if found := modelled.faults(SERVICE, name, body):
            raise _invalid("; ".join(found))
        return act(body)

    return call


_ACTIONS: Final[dict[str, Callable[[Document], Document]]] = {
    "CreateAccelerator": _create,
    "DescribeAccelerator": lambda body: {"Accelerator": _shown(_accelerator(body["AcceleratorArn"]))},
    "ListAccelerators": lambda _: {"Accelerators": [_shown(one) for one in ACCELERATORS.values()]},
    "UpdateAccelerator": _update,
    "DeleteAccelerator": _delete,
    "DescribeAcceleratorAttributes": lambda body: {
        "AcceleratorAttributes": _accelerator(body["AcceleratorArn"])["_attributes"]
    },
    "UpdateAcceleratorAttributes": _attributes,
    "CreateListener": _create_listener,
    "DescribeListener": lambda body: {"Listener": _shown(_listener(body["ListenerArn"]))},
    "ListListeners": _listeners,
    "UpdateListener": _update_listener,
    "DeleteListener": _delete_listener,
    "CreateEndpointGroup": _create_group,
    "DescribeEndpointGroup": lambda body: {"EndpointGroup": _shown(_group(body["EndpointGroupArn"]))},
    "ListEndpointGroups": _groups,
    "UpdateEndpointGroup": _update_group,
    "DeleteEndpointGroup": _delete_group,
    "ListCrossAccountResources": lambda _: {"CrossAccountResources": []},
    "ListTagsForResource": _tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}

PATCH = Patch(
    "global-accelerator",
    "Global Accelerator is no service at all",
    lambda: json_service(
        SERVICE, "GlobalAccelerator_V20180706", {name: _checked(name, act) for name, act in _ACTIONS.items()}
    ),
)
