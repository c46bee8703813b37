"""DynamoDB refuses tables and copies that AWS refuses, and reads back what they were given.

ministack takes any number of indexes, an index whose sort key is its partition key, a stream without a view, copies of
a table whose writes nobody scales and copies without a key beside a table with one, days of recovery out of range, and
a second expiry. It forgets the days of recovery and the keys of copies, so that every plan would change them.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (2026-11-30)
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import error_response_json, get_account_id
from ministack.services import dynamodb

from config.facts.limits import (
    TABLE_GLOBAL_INDEXES,
    TABLE_LOCAL_INDEXES,
    TABLE_NON_KEY_ATTRIBUTES,
    TABLE_PROJECTED_ATTRIBUTES,
)
from sandbox.emulator.patches.autoscaling_targets import TARGETS
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    Document = dict[str, Any]

_DAYS: Final = (1, 35)
_WRITES: Final = "dynamodb:table:WriteCapacityUnits"
_INVALID: Final = "One or more parameter values were invalid:"


def _refused(message: str) -> Response:
    answer: Response = error_response_json("ValidationException", message, 400)
    return answer


def flaws(asked: Document) -> Iterator[str]:
    """Yield what AWS says against a table that is asked for, beside what ministack does."""
    local, total = asked.get("LocalSecondaryIndexes") or [], 0
    indexes = asked.get("GlobalSecondaryIndexes") or []
    if len(local) > TABLE_LOCAL_INDEXES:
        yield f"{_INVALID} Number of LocalSecondaryIndexes exceeds per-table limit of {TABLE_LOCAL_INDEXES}"
    if len(indexes) > TABLE_GLOBAL_INDEXES:
        yield f"{_INVALID} GlobalSecondaryIndex count exceeds the per-table limit of {TABLE_GLOBAL_INDEXES}"
    for index in (*local, *indexes):
        keys = [one.get("AttributeName") for one in index.get("KeySchema") or []]
        if len(set(keys)) < len(keys):
            yield f"{_INVALID} Index KeySchema of {index.get('IndexName')} names an attribute twice"
        named = (index.get("Projection") or {}).get("NonKeyAttributes") or []
        total += len(named)
        if len(named) > TABLE_NON_KEY_ATTRIBUTES:
            yield f"{_INVALID} NonKeyAttributes of {index.get('IndexName')} has more than {TABLE_NON_KEY_ATTRIBUTES}"
    if total > TABLE_PROJECTED_ATTRIBUTES:
        yield f"{_INVALID} Number of projected attributes exceeds the limit of {TABLE_PROJECTED_ATTRIBUTES}"
    stream = asked.get("StreamSpecification") or {}
    if stream.get("StreamEnabled") and not stream.get("StreamViewType"):
        yield f"{_INVALID} StreamViewType is required when a stream is enabled"
    if asked.get("OnDemandThroughput") and asked.get("BillingMode") != "PAY_PER_REQUEST":
        yield f"{_INVALID} OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST"


def _create(original: Handler) -> Handler:
    def create(asked: Document) -> Response:
        found = next(flaws(asked), None)
        answer: Response = original(asked) if found is None else _refused(found)
        return answer

    return create


def _own_key(table: Document) -> str | None:
    """Return the key of the account that a table is under; None where it is one of AWS's."""
    key: str | None = (table.get("SSEDescription") or {}).get("KMSMasterKeyArn")
    return None if key is None or "alias/aws/" in key else key


def _scaled(name: str) -> bool:
    """Whether Application Auto Scaling moves the writes of a table."""
    wanted = (f"table/{name}", _WRITES)
    return any((one["ResourceId"], one["ScalableDimension"]) == wanted for one in TARGETS.values())


def _copy_flaw(name: str, table: Document, update: Document) -> str | None:
    """Return what AWS says against a copy that is asked for."""
    made = update.get("Create")
    if made is None:
        return None
    stream = (table.get("StreamSpecification") or {}).get("StreamViewType", "NEW_AND_OLD_IMAGES")
    mode = (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED")
    if stream != "NEW_AND_OLD_IMAGES":
        return f"{_INVALID} The table's stream must have both new and old images to add a replica"
    if mode == "PROVISIONED" and not _scaled(name):
        return f"{_INVALID} Auto Scaling of write capacity must be enabled on {name}, or its mode be PAY_PER_REQUEST"
    if _own_key(table) is not None and not made.get("KMSMasterKeyId"):
        return f"{_INVALID} KMSMasterKeyId must be specified for each replica of a table under a customer managed key"
    return None


def _copies(original: Handler) -> Handler:
    """Refuse copies that AWS refuses, and put each under its own key."""

    def apply(name: str, table: Document, updates: list[Document]) -> Response | None:
        for update in updates:
            found = _copy_flaw(name, table, update)
            if found is not None:
                return _refused(found)
        answer: Response | None = original(name, table, updates)
        for update in updates if answer is None else ():
            asked = update.get("Create") or update.get("Update") or {}
            if asked.get("KMSMasterKeyId"):
                copy = dynamodb._tables.get_scoped(get_account_id(), asked["RegionName"], name)
                copy["SSEDescription"] = {
                    "Status": "ENABLED",
                    "SSEType": "KMS",
                    "KMSMasterKeyArn": asked["KMSMasterKeyId"],
                }
        return answer

    return apply


def _description(original: Handler) -> Handler:
    """Say under which key each copy is."""

    def describe(name: str) -> Document:
        found: Document = original(name)
        for copy in found.get("Replicas", ()):
            table = dynamodb._tables.get_scoped(get_account_id(), copy["RegionName"], name) or {}
            key = _own_key(table)
            if key is not None:
                copy["KMSMasterKeyId"] = key
        return found

    return describe


def _keep_days(original: Handler) -> Handler:
    def update(asked: Document) -> Response:
        spec = asked.get("PointInTimeRecoverySpecification") or {}
        days, (least, most) = spec.get("RecoveryPeriodInDays"), _DAYS
        if days is not None and not least <= days <= most:
            return _refused(f"{_INVALID} RecoveryPeriodInDays must be between {least} and {most}")
        answer: Response = original(asked)
        table = dynamodb._tables.get(dynamodb._normalize_table_name(asked.get("TableName")))
        if table is not None:
            table["_recovery_days"] = days or most
        return answer

    return update


def _tell_days(original: Handler) -> Handler:
    def describe(asked: Document) -> Response:
        status, headers, body = original(asked)
        table = dynamodb._tables.get(dynamodb._normalize_table_name(asked.get("TableName")))
        if table is None:
            return status, headers, body
        found = json.loads(body)
        recovery = found["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        if recovery["PointInTimeRecoveryStatus"] == "ENABLED":
            recovery["RecoveryPeriodInDays"] = table.get("_recovery_days", _DAYS[1])
        return status, headers, json.dumps(found).encode()

    return describe


def _expire_once(original: Handler) -> Handler:
    def update(asked: Document) -> Response:
        spec = asked.get("TimeToLiveSpecification") or {}
        now = dynamodb._ttl_settings.get(dynamodb._normalize_table_name(asked.get("TableName"))) or {}
        on, name = now.get("TimeToLiveStatus") == "ENABLED", now.get("AttributeName")
        if spec.get("Enabled") and on:
            other = name != spec.get("AttributeName")
            active = f"active on a different AttributeName: current AttributeName is {name}"
            return _refused(f"TimeToLive is {active if other else 'already enabled'}")
        if not spec.get("Enabled") and not on:
            return _refused("TimeToLive is already disabled")
        answer: Response = original(asked)
        return answer

    return update


def _apply() -> None:
    wrap(dynamodb, "_create_table", _create)
    wrap(dynamodb, "_apply_replica_updates", _copies)
    wrap(dynamodb, "_table_description", _description)
    wrap(dynamodb, "_update_continuous_backups", _keep_days)
    wrap(dynamodb, "_describe_continuous_backups", _tell_days)
    wrap(dynamodb, "_update_ttl", _expire_once)


PATCH = Patch("dynamodb-tables", "a table that AWS refuses is made, and days of recovery change in every plan", _apply)
