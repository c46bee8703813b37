"""RDS read replicas across regions, and the promotion of a replica.

A source in another region is named by its ARN, and then names its replica by ARN, too. ministack looks for sources in
the request's region only, and cannot promote.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html (rules, 2026-11)
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, add_action, wrap, wrap_action

_OK = 200
_ID = "DBInstanceIdentifier"
_SOURCE = "ReadReplicaSourceDBInstanceIdentifier"
_REPLICAS = "ReadReplicaDBInstanceIdentifiers"
_MOST_LEVELS = 3
"""Replicas in a chain below the first source (RDS for PostgreSQL from 14.1)."""
_DEFAULT_RETENTION = "1"

_foreign: ContextVar[dict[str, Any] | None] = ContextVar("foreign_source", default=None)
"""Source in another region, while a request makes a replica of it."""


def _found(identifier: str) -> dict[str, Any] | None:
    """The instance of an identifier in this region, or of an ARN in any region of the account."""
    found: dict[str, Any] | None = rds._regional_get(rds._instances, identifier, "db")
    return found


def _is_foreign(identifier: str) -> bool:
    parsed = rds._parse_rds_arn(identifier)
    return bool(parsed) and parsed[0].region != get_region()


def _resolve(original: Handler) -> Handler:
    def resolve(identifier: str) -> dict[str, Any] | None:
        foreign = _foreign.get()
        if foreign is not None and identifier == foreign["DBInstanceArn"]:
            return foreign
        found: dict[str, Any] | None = original(identifier)
        return found

    return resolve


def _replicate(original: Handler) -> Handler:
    def replicate(params: Params) -> Response:
        wanted = rds._p(params, "SourceDBInstanceIdentifier")
        source = _found(wanted) if _is_foreign(wanted) else rds._resolve_instance(wanted)
        if source is None:
            return _refuse("DBInstanceNotFound", f"The source instance could not be found: {wanted}", 404)
        if refused := _refused(params, source):
            return refused
        if not _is_foreign(wanted):
            answer: Response = original(params)
            return answer
        token = _foreign.set(source)
        try:
            answer = original(params)
        finally:
            _foreign.reset(token)
        return _settled(answer, params, source)

    return replicate


def _refused(params: Params, source: dict[str, Any]) -> Response | None:
    """What AWS says to a replica that cannot be; None if it can."""
    if not int(source.get("BackupRetentionPeriod", 0)):
        return _refuse("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.")
    if _level(source) >= _MOST_LEVELS:
        return _refuse("InvalidDBInstanceState", f"A chain has at most {_MOST_LEVELS} replicas.")
    if not _is_foreign(source["DBInstanceArn"]):
        return None
    return _refused_here(params, source)


def _refused_here(params: Params, source: dict[str, Any]) -> Response | None:
    """What a replica of another region's database lacks in its own region."""
    key = rds._p(params, "KmsKeyId")
    if source.get("StorageEncrypted") and not key:
        return _refuse(
            "InvalidParameterCombination",
            "Cannot create a cross-Region read replica of an encrypted instance without a KmsKeyId of this Region.",
        )
    if key.startswith("arn:") and f":{get_region()}:" not in key:
        return _refuse("KMSKeyNotAccessibleFault", f"The specified KMS key [{key}] does not exist in this Region.")
    group = rds._p(params, "DBSubnetGroupName")
    if group and group not in rds._subnet_groups:
        return _refuse("DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' not found.", 404)
    return None


def _level(instance: dict[str, Any]) -> int:
    """How many sources an instance has above it."""
    name = instance.get(_SOURCE)
    if not name:
        return 0
    region = instance["DBInstanceArn"].split(":")[3]
    above = _found(name) if name.startswith("arn:") else rds._instances.get_scoped(get_account_id(), region, name)
    return 1 + (_level(above) if above else 0)


def _settled(answer: Response, params: Params, source: dict[str, Any]) -> Response:
    """Tie replica and source by ARN, and give the replica what belongs to its region."""
    if answer[0] != _OK:
        return answer
    name = rds._p(params, _ID)
    replica = rds._instances[name]
    source[_REPLICAS] = [one for one in source[_REPLICAS] if one != name] + [replica["DBInstanceArn"]]
    replica[_SOURCE] = source["DBInstanceArn"]
    replica["AvailabilityZone"] = rds._p(params, "AvailabilityZone") or f"{get_region()}a"
    replica["DBSubnetGroup"] = rds._subnet_groups.get(rds._p(params, "DBSubnetGroupName"), {})
    if not rds._p(params, "DBParameterGroupName"):
        family = f"{replica['Engine']}{replica['EngineVersion'].partition('.')[0]}"
        default = {"DBParameterGroupName": f"default.{family}", "ParameterApplyStatus": "in-sync"}
        replica["DBParameterGroups"] = [default]
    return _answer("CreateDBInstanceReadReplica", replica)


def _promote(params: Params) -> Response:
    name = rds._p(params, _ID)
    replica = rds._resolve_instance(name)
    if replica is None:
        return _refuse("DBInstanceNotFound", f"DBInstance {name} not found.", 404)
    if not replica.get(_SOURCE):
        return _refuse("InvalidDBInstanceState", "DB Instance is not a read replica.")
    _forget(replica)
    replica[_SOURCE] = ""
    replica["BackupRetentionPeriod"] = int(rds._p(params, "BackupRetentionPeriod") or _DEFAULT_RETENTION)
    if window := rds._p(params, "PreferredBackupWindow"):
        replica["PreferredBackupWindow"] = window
    return _answer("PromoteReadReplica", replica)


def _forget(replica: dict[str, Any]) -> None:
    """Let the source of a replica name it no more."""
    if source := _found(replica[_SOURCE]):
        gone = (
            {replica["DBInstanceArn"], replica[_ID]} if replica[_SOURCE] == source[_ID] else {replica["DBInstanceArn"]}
        )
        source[_REPLICAS] = [one for one in source.get(_REPLICAS, []) if one not in gone]


def _delete(original: Handler) -> Handler:
    """A source in another region forgets a deleted replica; replicas in other regions wait for their promotion."""

    def delete(params: Params) -> Response:
        going = rds._resolve_instance(rds._p(params, _ID))
        answer: Response = original(params)
        if answer[0] == _OK and going and going.get(_SOURCE):
            _forget(going)
        return answer

    return delete


def _xml(original: Handler) -> Handler:
    def render(instance: dict[str, Any]) -> str:
        text = str(original(instance))
        if not instance.get(_SOURCE):
            return text
        streams = _found(instance[_SOURCE]) is not None
        status = (
            "<StatusInfos><DBInstanceStatusInfo><StatusType>read replication</StatusType>"
            f"<Normal>{str(streams).lower()}</Normal><Status>{'replicating' if streams else 'terminated'}</Status>"
            "</DBInstanceStatusInfo></StatusInfos>"
        )
        return text.replace("<StatusInfos/>", status)

    return render


def _answer(action: str, instance: dict[str, Any]) -> Response:
    answer: Response = rds._single_instance_response(f"{action}Response", f"{action}Result", instance)
    return answer


def _refuse(code: str, message: str, status: int = 400) -> Response:
    answer: Response = rds._error(code, message, status)
    return answer


def _apply() -> None:
    wrap(rds, "_resolve_instance", _resolve)
    wrap_action(rds._ACTION_MAP, "CreateDBInstanceReadReplica", _replicate)
    wrap_action(rds._ACTION_MAP, "DeleteDBInstance", _delete)
    add_action(rds._ACTION_MAP, "PromoteReadReplica", _promote)
    wrap(rds, "_instance_xml", _xml)


PATCH = Patch("rds-replicas-across-regions", "a database cannot follow one of another region", _apply)
