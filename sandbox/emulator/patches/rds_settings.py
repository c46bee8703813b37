"""RDS keeps what create, replicate and modify are given; a replica has settings of its own.

ministack copies a replica from its source and drops its class, zone and settings, and of the source's the threshold of
storage autoscaling, although a replica takes all but backups from its source; it knows no log exports, no storage
throughput and no Performance Insights key.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html (names, defaults)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
from typing import Any

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap, wrap_action

_OK = 200
_ID = "DBInstanceIdentifier"
_TEXTS = {
    "AvailabilityZone": "AvailabilityZone",
    "CACertificateIdentifier": "CACertificateIdentifier",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "DBInstanceClass": "DBInstanceClass",
    "EngineLifecycleSupport": "EngineLifecycleSupport",
    "KmsKeyId": "KmsKeyId",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "NetworkType": "NetworkType",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "StorageType": "StorageType",
}
_NUMBERS = {
    "AllocatedStorage": "AllocatedStorage",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "Iops": "Iops",
    "MonitoringInterval": "MonitoringInterval",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "StorageThroughput": "StorageThroughput",
}
_SWITCHES = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DedicatedLogVolume": "DedicatedLogVolume",
    "DeletionProtection": "DeletionProtection",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "MultiAZ": "MultiAZ",
    "PubliclyAccessible": "PubliclyAccessible",
}
"""Parameter of the request to field of the record; true or false."""
_DEFERRABLE = {"AllocatedStorage", "DBInstanceClass", "Iops", "MultiAZ", "StorageThroughput", "StorageType"}
"""What a modification without ApplyImmediately leaves to the next maintenance window."""
_REPLICA_DEFAULTS: dict[str, Any] = {
    "BackupRetentionPeriod": 0,
    "CopyTagsToSnapshot": False,
    "DeletionProtection": False,
    "EnabledCloudwatchLogsExports": [],
    "IAMDatabaseAuthenticationEnabled": False,
    "MonitoringInterval": 0,
    "MonitoringRoleArn": "",
    "MultiAZ": False,
    "PendingModifiedValues": {},
    "PerformanceInsightsEnabled": False,
    "PerformanceInsightsKMSKeyId": "",
}
"""What a replica does not take from its source."""

_KEPT_OF_SOURCE = ("MaxAllocatedStorage",)
"""What a replica takes from its source unless it is asked otherwise, and ministack leaves out."""

_EXTRA_FIELDS = ("DatabaseInsightsMode", "EngineLifecycleSupport", "PerformanceInsightsKMSKeyId")
_PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306}


def _settings(params: Params) -> dict[str, Any]:
    """The settings a request names, by field."""
    found: dict[str, Any] = {}
    for name, field in _TEXTS.items():
        if value := rds._p(params, name):
            found[field] = value
    for name, field in _NUMBERS.items():
        if value := rds._p(params, name):
            found[field] = int(value)
    for name, field in _SWITCHES.items():
        if value := rds._p(params, name):
            found[field] = value == "true"
    return found


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        answer: Response = original(params)
        return _configured(answer, params, "CreateDBInstance", {})

    return create


def _replicate(original: Handler) -> Handler:
    def replicate(params: Params) -> Response:
        source = rds._regional_get(rds._instances, rds._p(params, "SourceDBInstanceIdentifier"), "db") or {}
        answer: Response = original(params)
        inherited = {field: source[field] for field in _KEPT_OF_SOURCE if field in source and not rds._p(params, field)}
        return _configured(answer, params, "CreateDBInstanceReadReplica", _REPLICA_DEFAULTS | inherited)

    return replicate


def _configured(answer: Response, params: Params, action: str, defaults: dict[str, Any]) -> Response:
    """Give a new instance its defaults and what the request names; an answer that is an error is passed on."""
    if answer[0] != _OK:
        return answer
    instance = rds._instances[rds._p(params, _ID)]
    instance.update(copy.deepcopy(defaults))
    instance.update(_settings(params))
    if groups := rds._parse_member_list(params, "VpcSecurityGroupIds"):
        instance["VpcSecurityGroups"] = [{"VpcSecurityGroupId": group, "Status": "active"} for group in groups]
    if group := rds._p(params, "DBParameterGroupName"):
        instance["DBParameterGroups"] = [{"DBParameterGroupName": group, "ParameterApplyStatus": "in-sync"}]
    instance["EnabledCloudwatchLogsExports"] = rds._parse_member_list(params, "EnableCloudwatchLogsExports")
    if instance["DBInstanceStatus"] == "available" and not instance["DBClusterIdentifier"]:  # no engine behind it
        default = _PORTS.get(instance["Engine"], instance["Endpoint"]["Port"])
        instance["Endpoint"]["Port"] = int(rds._p(params, "Port") or default)
    return _answer(action, instance)


def _modify(original: Handler) -> Handler:
    def modify(params: Params) -> Response:
        answer: Response = original(params)
        if answer[0] != _OK:
            return answer
        instance = rds._resolve_instance(rds._p(params, _ID))
        now = rds._p(params, "ApplyImmediately") == "true"
        for field, value in _settings(params).items():
            target = instance if now or field not in _DEFERRABLE else instance["PendingModifiedValues"]
            target[field] = value
        exports = "CloudwatchLogsExportConfiguration"
        off = rds._parse_member_list(params, f"{exports}.DisableLogTypes")
        on = rds._parse_member_list(params, f"{exports}.EnableLogTypes")
        kept = [log for log in instance.get("EnabledCloudwatchLogsExports", []) if log not in off]
        instance["EnabledCloudwatchLogsExports"] = kept + [log for log in on if log not in kept]
        return _answer("ModifyDBInstance", instance)

    return modify


def _answer(action: str, instance: dict[str, Any]) -> Response:
    answer: Response = rds._single_instance_response(f"{action}Response", f"{action}Result", instance)
    return answer


def _xml(original: Handler) -> Handler:
    def render(instance: dict[str, Any]) -> str:
        logs = "".join(f"<member>{log}</member>" for log in instance.get("EnabledCloudwatchLogsExports", []))
        exports = f"<EnabledCloudwatchLogsExports>{logs}</EnabledCloudwatchLogsExports>"
        text = str(original(instance)).replace("<EnabledCloudwatchLogsExports/>", exports)
        text += "".join(f"<{name}>{instance[name]}</{name}>" for name in _EXTRA_FIELDS if instance.get(name))
        if "DedicatedLogVolume" in instance:
            text += f"<DedicatedLogVolume>{str(instance['DedicatedLogVolume']).lower()}</DedicatedLogVolume>"
        return text

    return render


def _apply() -> None:
    wrap_action(rds._ACTION_MAP, "CreateDBInstance", _create)
    wrap_action(rds._ACTION_MAP, "CreateDBInstanceReadReplica", _replicate)
    wrap_action(rds._ACTION_MAP, "ModifyDBInstance", _modify)
    wrap(rds, "_instance_xml", _xml)


PATCH = Patch("rds-settings", "a replica has its source's class and zone, and is replaced by every plan", _apply)
