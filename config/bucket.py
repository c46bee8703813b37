"""Buckets of data: names, storage classes by age, a replica in another region."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.facts.codes import Region
from config.recovery import LagAlarm

BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]


class Lifecycle(Section):
    """Days after creation at which an object moves to a colder storage class."""

    infrequent_access_days: Annotated[int, Field(ge=30)] | None = None
    """Standard to Standard-IA (S3 allows 30 or more)."""
    intelligent_tiering_days: Annotated[int, Field(ge=0)] | None = None
    """To Intelligent-Tiering, which moves each object between its tiers by how it is used, without a fee for reading;
    0 = at once, at least 30 days after Standard-IA. Objects below 128 KB stay where they are."""
    glacier_instant_days: Annotated[int, Field(ge=1)] | None = None
    """To Glacier Instant Retrieval, which is read at once, by AWS Backup too; at least 30 days after Standard-IA."""
    glacier_days: Annotated[int, Field(ge=1)] | None = None
    """To Glacier Flexible Retrieval, where objects must be restored before they are read; AWS Backup leaves them out.
    At least 30 days after Standard-IA, 90 after Instant Retrieval."""
    deep_archive_days: Annotated[int, Field(ge=1)] | None = None
    """To Glacier Deep Archive, as `glacier_days`; at least 90 days after another class of Glacier."""
    expire_days: Annotated[int, Field(ge=1)] | None = None
    """Delete; none = keep for ever."""
    noncurrent_expire_days: Annotated[int, Field(ge=1)] = 90
    """Delete versions that were overwritten or deleted so many days ago."""


class IntelligentTiering(Section):
    """Archive tiers of Intelligent-Tiering, of which at least one is given (S3 API, `Tiering`).

    Objects there must be restored before they are read.
    """

    archive_days: Annotated[int, Field(ge=90, le=730)] | None = None
    """Days without a read after which an object moves to the Archive Access tier; none = never."""
    deep_archive_days: Annotated[int, Field(ge=180, le=730)] | None = None
    """Days without a read after which an object moves to the Deep Archive Access tier, more than `archive_days`; none =
    never."""


class Replica(Section):
    """A copy of the bucket in another region, made by this stack, for which no standby is needed.

    Encrypted by a key of that region, versioned, closed, aged by the same lifecycle. What was in the bucket before the
    replica is not copied.
    """

    region: Region
    """Region of the copy; another than the stack's."""
    name: BucketName | None = None
    """Name of the copy, to which the account id is appended; none = the bucket's name and the region."""
    time_control: bool = True
    """S3 Replication Time Control: 99.9 % of objects within 15 minutes; off = no bound but the alarm's."""
    lag_alarm: LagAlarm | None = None
    """Alarm on `ReplicationLatency`, which stands in the region of the copy and tells by mail, and one on objects that
    were not copied; none = neither."""


class Bucket(Section):
    """An S3 bucket: encrypted by the `storage` key, versioned, public access blocked, TLS only."""

    name: BucketName
    """Global bucket name (3 to 63 characters); the account id is appended so that no other account can hold it."""
    purpose: Annotated[str, Field(min_length=3, max_length=80)]
    """What it holds, in a few words."""
    storage_class: Literal["STANDARD", "STANDARD_IA"] = "STANDARD"
    """Class that writers should use (S3 has no default per bucket); STANDARD_IA moves objects at day 30."""
    lifecycle: Lifecycle
    """Transitions and expiry."""
    intelligent_tiering: IntelligentTiering | None = None
    """Archive tiers for what nobody reads any more; needs `lifecycle.intelligent_tiering_days`. None = objects in
    Intelligent-Tiering can always be read at once."""
    archive_without_backup: Annotated[str, Field(min_length=20, max_length=200)] | None = None
    """What protects objects in Glacier Flexible Retrieval, Deep Archive and archive tiers, which AWS Backup cannot
    read; required if `backup.resources` has `buckets` and the bucket has one of these steps (ADR 0029)."""
    read_by_cloudfront: bool = False
    """True lets CloudFront distributions of the account read objects; for static assets."""
    replica: Replica | None = None
    """Copy in another region; none = no copy but a standby's (`recovery.standby.buckets`, beside which it is
    refused)."""

    @property
    def replica_name(self) -> str | None:
        """Name of the copy in another region, without the account id; None where there is none."""
        return None if self.replica is None else self.replica.name or f"{self.name}-{self.replica.region}"
