"""Offers of reserved cache nodes tell which types a region has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_type_that_the_region_has_is_offered(aws: Aws) -> None:
    caches = aws("elasticache")
    found = caches.describe_reserved_cache_nodes_offerings(CacheNodeType="cache.r6g.large")
    assert {one["CacheNodeType"] for one in found["ReservedCacheNodesOfferings"]} == {"cache.r6g.large"}


def test_another_type_is_not(aws: Aws) -> None:
    answer = aws("elasticache").describe_reserved_cache_nodes_offerings(CacheNodeType="cache.z9.huge")
    assert answer["ReservedCacheNodesOfferings"] == []
    assert aws("elasticache").describe_cache_clusters()["CacheClusters"] == []
