"""The addresses of a replication group say which part they are of, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_caches_endpoints_name_their_part_and_region(aws: Aws) -> None:
    client = aws("elasticache", "us-west-2")
    client.create_replication_group(
        ReplicationGroupId="named", ReplicationGroupDescription="x", CacheNodeType="cache.r6g.large", NumNodeGroups=3,
        ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=True,
    )  # fmt: skip
    found = client.describe_replication_groups(ReplicationGroupId="named")["ReplicationGroups"][0]
    configuration = found["ConfigurationEndpoint"]["Address"]
    assert configuration.startswith("clustercfg.named.")
    assert configuration.endswith(".usw2.cache.amazonaws.com")
    assert found["NodeGroups"][0]["PrimaryEndpoint"]["Address"].startswith("master.named.")
