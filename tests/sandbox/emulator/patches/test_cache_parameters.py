"""Only what a user has set counts as set by the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def cache(aws: Aws) -> Client:
    """A client of an account with one parameter group in which two parameters are set."""
    client = aws("elasticache")
    client.create_cache_parameter_group(
        CacheParameterGroupName="p", CacheParameterGroupFamily="redis7", Description="p"
    )
    client.modify_cache_parameter_group(
        CacheParameterGroupName="p",
        ParameterNameValues=[
            {"ParameterName": "timeout", "ParameterValue": "300"},
            {"ParameterName": "cluster-enabled", "ParameterValue": "yes"},
        ],
    )
    return client


def _of_user(cache: Client) -> dict[str, str]:
    found = cache.describe_cache_parameters(CacheParameterGroupName="p", Source="user")["Parameters"]
    return {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in found}


def test_defaults_are_not_set_by_the_user(cache: Client) -> None:
    assert _of_user(cache) == {"timeout": "300", "cluster-enabled": "yes"}, "the filter Source selects"


def test_all_parameters_are_described_when_no_source_is_asked_for(cache: Client) -> None:
    found = cache.describe_cache_parameters(CacheParameterGroupName="p")["Parameters"]
    assert len(found) > 2, "without a filter the defaults are there"


def test_a_reset_takes_a_parameter_back(cache: Client) -> None:
    cache.reset_cache_parameter_group(
        CacheParameterGroupName="p",
        ParameterNameValues=[
            {"ParameterName": "timeout", "ParameterValue": "300"},
            {"ParameterName": "cluster-enabled", "ParameterValue": "yes"},
        ],
    )
    assert _of_user(cache) == {}, "a reset parameter is no longer set by the user"
