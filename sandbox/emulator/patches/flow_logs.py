"""Flow logs: what was asked for is read back: interval, role, format, destination options, tags.

Without it every plan replaces every flow log.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html (names, defaults)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_INTERVAL_S = "600"
_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} "
    "${bytes} ${start} ${end} ${action} ${log-status}"
)
_OPTIONS = (
    ("FileFormat", "fileFormat", "plain-text"),
    ("HiveCompatiblePartitions", "hiveCompatiblePartitions", "false"),
    ("PerHourPartition", "perHourPartition", "false"),
)
_FILTERS = {
    "flow-log-id": "FlowLogId",
    "log-destination-type": "LogDestinationType",
    "log-group-name": "LogGroupName",
    "resource-id": "ResourceId",
    "traffic-type": "TrafficType",
}


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        before = set(ec2._flow_logs)
        answer: Response = original(params)
        for flow_log in set(ec2._flow_logs) - before:
            ec2._flow_logs[flow_log].update(_asked(params))
            ec2._parse_tag_specs(params, "vpc-flow-log", flow_log)
        return answer

    return create


def _asked(params: Params) -> dict[str, Any]:
    destination = str(ec2._p(params, "LogDestination"))
    group = ec2._p(params, "LogGroupName") or destination.partition(":log-group:")[2].removesuffix(":*")
    return {
        "DeliverLogsPermissionArn": ec2._p(params, "DeliverLogsPermissionArn"),
        "LogDestination": destination,
        "LogFormat": ec2._p(params, "LogFormat") or _FORMAT,
        "LogGroupName": group,
        "MaxAggregationInterval": ec2._p(params, "MaxAggregationInterval") or _INTERVAL_S,
        "DestinationOptions": {
            xml: ec2._p(params, f"DestinationOptions.{name}") or default for name, xml, default in _OPTIONS
        },
    }


def _describe(_: Handler) -> Handler:
    def describe(params: Params) -> Response:
        asked = ec2._parse_member_list(params, "FlowLogId")
        filters = ec2._parse_filters(params)
        found = [
            _xml(record)
            for record in ec2._flow_logs.values()
            if (not asked or record["FlowLogId"] in asked) and _matches(record, filters)
        ]
        body = f"<flowLogSet>{''.join(found)}</flowLogSet>"
        answer: Response = ec2._xml(200, "DescribeFlowLogsResponse", body)
        return answer

    return describe


def _matches(record: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    if not ec2._resource_matches_tag_filters(record["FlowLogId"], filters):
        return False
    return all(record.get(key) in filters[name] for name, key in _FILTERS.items() if name in filters)


def _xml(record: dict[str, Any]) -> str:
    fields = {
        "flowLogId": record["FlowLogId"],
        "resourceId": record["ResourceId"],
        "trafficType": record["TrafficType"],
        "logDestinationType": record["LogDestinationType"],
        "flowLogStatus": record["FlowLogStatus"],
        "deliverLogsStatus": "SUCCESS",
        "creationTime": record["CreationTime"],
        "logDestination": record.get("LogDestination"),
        "logGroupName": record.get("LogGroupName"),
        "deliverLogsPermissionArn": record.get("DeliverLogsPermissionArn"),
        "logFormat": record.get("LogFormat"),
        "maxAggregationInterval": record.get("MaxAggregationInterval"),
    }
    body = "".join(f"<{name}>{ec2._esc(str(value))}</{name}>" for name, value in fields.items() if value)
    if record["LogDestinationType"] == "s3":
        options = "".join(f"<{name}>{value}</{name}>" for name, value in record["DestinationOptions"].items())
        body += f"<destinationOptions>{options}</destinationOptions>"
    return f"<item>{body}{ec2._tag_set_xml(record['FlowLogId'])}</item>"


def _apply() -> None:
    wrap_action(ec2._ACTION_MAP, "CreateFlowLogs", _create)
    wrap_action(ec2._ACTION_MAP, "DescribeFlowLogs", _describe)


PATCH = Patch("ec2-flow-logs", "every plan replaces every flow log", _apply)
