"""How long the IAM policies become that name every bucket, in characters as IAM counts them: without white space.

Estimates that are never too small: tests hold them against what the program writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path
    from config.stack import StackConfig

_ARN: Final = len('"arn:aws:s3:::",') + len("-000000000000")
"""What stands around a bucket's name in a list of ARNs, the account's id behind the name included."""
_OBJECTS: Final = len("/*")
_APPLICATION: Final = 1600
"""Characters of the application's policy beside databases and buckets."""
_DATABASE: Final = 100
"""Characters for each database that the application logs in to."""
_REPLICATION: Final = 1000
"""Characters of a policy of replication beside buckets."""
_FIX: Final = "keep fewer buckets: prefixes of one bucket can be granted apart, too"


def _names(config: StackConfig) -> list[int]:
    return [len(bucket.name) for bucket in config.buckets.values()]


def application(config: StackConfig) -> int:
    """Return the characters of the application's policy, which names each bucket and its objects."""
    databases = 1 + len(config.data.postgres.replicas) if config.data and config.data.postgres else 0
    buckets = sum(2 * (_ARN + length) + _OBJECTS for length in _names(config))
    return _APPLICATION + _DATABASE * databases + buckets


def replication(config: StackConfig) -> int:
    """Return the characters of the policy of each direction: a bucket, its objects, and those of its copy.

    The primary's names are taken to be as long as the standby's, and those of replicas as they are.
    """
    longest = [max(len(bucket.name), len(bucket.replica_name or "")) for bucket in config.buckets.values()]
    return _REPLICATION + sum(3 * (_ARN + length) + 2 * _OBJECTS for length in longest)


def documents(config: StackConfig) -> Iterator[tuple[Path, str, int, str]]:
    """Yield path, quota, count of the longest, and fix."""
    standby = config.recovery.standby if config.recovery else None
    copied = standby is not None and standby.buckets is not None
    copied = copied or any(bucket.replica for bucket in config.buckets.values())
    lengths = [replication(config)] if copied else []
    if config.cluster is not None and "application" in config.cluster.identities:
        lengths.append(application(config))
    if lengths:
        yield ("data", "buckets"), "role_policies", max(lengths), _FIX
