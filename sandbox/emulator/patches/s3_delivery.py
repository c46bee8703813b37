"""One version of an object, or one delete marker, brought to its destination bucket as S3 replication does.

The copy keeps version id, time, metadata and tags of the source and is encrypted as the rule, or else the destination
bucket, says (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html, read
2026-11-21). The rule's role must be allowed every step; the policies on the way are evaluated, key policies are not.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import s3

from sandbox.emulator.cut import HOME
from sandbox.emulator.patches import s3_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_KMS = "aws:kms"
_SSE = "x-amz-server-side-encryption"
_SSE_KEY = "x-amz-server-side-encryption-aws-kms-key-id"

Entry = dict[str, Any]
"""A version, or delete marker, as ministack keeps it."""


@dataclass(frozen=True)
class Delivery:
    """What is to be brought where.

    Attributes:
        bucket: Source bucket, of the account of the request.
        key: Key of the object.
        version: Version id, the same on both sides.
        rule: The replication rule.
        role: ARN of the role S3 assumes.
    """

    bucket: str
    key: str
    version: str
    rule: s3_rules.Rule
    role: str

    @property
    def destination(self) -> str:
        """Name of the destination bucket."""
        return s3_rules.bucket(self.rule)

    def entry(self) -> Entry | None:
        """The version at its source, None once it is deleted there."""
        return version_of(self.bucket, self.key, self.version)

    def allowed(self, entry: Entry) -> bool:
        """Whether the role may do all it takes."""
        return all(_permits(self.role, action, resource, region) for action, resource, region in self._needs(entry))

    def apply(self, entry: Entry) -> bool:
        """Write the copy; whether that could be done."""
        owner = s3._bucket_owner_account(self.destination)
        if owner is None or s3._bucket_versioning.get_scoped(owner, None, self.destination) != "Enabled":
            return False
        body = None
        if not entry.get("is_delete_marker"):
            body = s3._version_body(s3._buckets[self.bucket], self.bucket, self.key, entry)
        kept = [store.get((self.bucket, self.key, self.version)) for store in _CARRIED]
        with s3._in_account(owner):
            if version_of(self.destination, self.key, self.version) is None:
                self._write(entry, body)
            for store, value in zip(_CARRIED, kept, strict=True):
                _carry(store, (self.destination, self.key, self.version), value)
            s3._persist_version_state(self.destination, self.key, s3._buckets[self.destination])
        return True

    def _write(self, entry: Entry, body: bytes | None) -> None:
        """Put the version where its time belongs; the newest one is what the key shows."""
        bucket = s3._buckets[self.destination]
        prior = bucket["objects"].get(self.key)
        s3._persist_displaced_version(self.destination, self.key, prior, "Enabled")
        versions = s3._object_versions.setdefault((self.destination, self.key), [])
        s3._preserve_null_version(self.destination, self.key, versions, prior)
        copy = self._copied(entry, body)
        place = next((i for i, v in enumerate(versions) if v["last_modified"] > entry["last_modified"]), len(versions))
        versions.insert(place, copy)
        if body is not None:
            record = s3._object_record_from_version(copy)
            s3._persist_displaced_version(self.destination, self.key, record, "Enabled")
        for version in versions:
            version["is_latest"] = version is versions[-1]
        _show(bucket, self.destination, self.key, versions[-1])

    def _copied(self, entry: Entry, body: bytes | None) -> Entry:
        if entry.get("is_delete_marker"):
            return dict(entry)
        record = s3._object_record_from_version(entry)
        kept = {name: value for name, value in record["preserved_headers"].items() if not name.startswith(_SSE)}
        record["preserved_headers"] = kept | self._protection(entry)
        record["storage_class"] = self.rule["Destination"].get("StorageClass") or record["storage_class"]
        copied: Entry = s3._version_entry_from_record(record, self.version, body)
        return copied

    def _protection(self, entry: Entry) -> dict[str, str]:
        key = s3_rules.key_of_replicas(self.rule)
        if encrypted(entry) and key is not None:
            return {_SSE: _KMS, _SSE_KEY: key}
        default: dict[str, str] = s3._bucket_default_sse_headers(self.destination)
        return default

    def _needs(self, entry: Entry) -> Iterator[tuple[str, str, str]]:
        """Action, resource and region of each step."""
        here, there = region_of(self.bucket), region_of(self.destination)
        source, copy = f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.destination}/{self.key}"
        yield "s3:GetReplicationConfiguration", source, here
        yield "s3:ListBucket", source, here
        if entry.get("is_delete_marker"):
            yield "s3:ReplicateDelete", copy, there
            return
        yield "s3:GetObjectVersionForReplication", f"{source}/{self.key}", here
        yield "s3:ReplicateObject", copy, there
        if s3._object_tags.get((self.bucket, self.key, self.version)):
            yield "s3:GetObjectVersionTagging", f"{source}/{self.key}", here
            yield "s3:ReplicateTags", copy, there
        if encrypted(entry) and (key := s3_rules.key_of_replicas(self.rule)):
            yield "kms:Decrypt", entry["preserved_headers"].get(_SSE_KEY, ""), here
            yield "kms:Encrypt", key, there


_CARRIED = (s3._object_tags, s3._object_retention, s3._object_legal_hold)
"""What a version carries beside itself."""


def version_of(bucket: str, key: str, version: str) -> Entry | None:
    """A version, or delete marker, of a bucket of the account of the request."""
    found = (entry for entry in s3._object_versions.get((bucket, key), []) if entry["version_id"] == version)
    return next(found, None)


def encrypted(entry: Entry) -> bool:
    """Whether a KMS key protects a version."""
    return bool(entry.get("preserved_headers", {}).get(_SSE) == _KMS)


def region_of(bucket: str) -> str:
    """Region of a bucket, whoever owns it."""
    owner = s3._bucket_owner_account(bucket)
    found = s3._buckets.get_scoped(owner, None, bucket) if owner else None
    return (found or {}).get("region") or HOME


def _show(bucket: Entry, name: str, key: str, newest: Entry) -> None:
    """Let a key show its newest version, or nothing under a delete marker."""
    if newest.get("is_delete_marker"):
        bucket["objects"].pop(key, None)
        return
    record = s3._object_record_from_version(newest)
    record["body"] = s3._version_body(bucket, name, key, newest)
    bucket["objects"][key] = record


def _carry(store: Any, place: tuple[str, str, str], value: Any) -> None:  # noqa: ANN401 - ministack's own stores
    if value is None:
        store.pop(place, None)
    else:
        store[place] = dict(value) if isinstance(value, dict) else value


def _permits(role: str, action: str, resource: str, region: str) -> bool:
    name, account = role.rpartition("/")[2], role.split(":")[4]
    context = iam_evaluator.EvalContext(
        principal_arn=role,
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=region,
        source_ip="",
        secure_transport=True,
        service_context={"kms:viaservice": f"s3.{region}.amazonaws.com", "s3:resourceaccount": get_account_id()},
    )
    policies = iam_evaluator._gather_role_policies(name, account)
    return bool(iam_evaluator.evaluate(context, policies).decision == "Allow")
