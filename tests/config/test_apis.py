"""Regions of APIs: as botocore's endpoint rules have them, and the nearest for a stack."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.endpoint_provider import EndpointProvider

from config.facts.apis import APIS, api_region

DATA = Path(botocore.__file__).parent / "data"
PARTITIONS = json.loads((DATA / "partitions.json").read_text(encoding="utf-8"))
ELSEWHERE = "eu-north-1"
"""A region that no row names."""
BY_SERVICE = pytest.mark.parametrize("service", sorted(APIS))


def _endpoint(service: str, region: str) -> tuple[str, str]:
    """Host that a client of a region calls, and the region that it signs for."""
    newest = max((DATA / service).iterdir())
    rules = json.loads(gzip.decompress((newest / "endpoint-rule-set-1.json.gz").read_bytes()))
    found: Any = EndpointProvider(rules, PARTITIONS).resolve_endpoint(Region=region, UseDualStack=False, UseFIPS=False)
    (scheme,) = found.properties.get("authSchemes") or [{}]
    return found.url, scheme.get("signingRegion", region)


@BY_SERVICE
def test_a_client_of_another_region_reaches_a_global_service_and_no_other(service: str) -> None:
    host, signed = _endpoint(service, ELSEWHERE)
    if APIS[service].kind == "global":
        assert signed == APIS[service].regions[0], "the one endpoint is signed for its own region"
        assert ELSEWHERE not in host, "wherever the client is"
    else:
        assert f".{ELSEWHERE}." in host, "a host that does not exist: the client must be given a region"


@BY_SERVICE
def test_a_stack_calls_an_api_where_it_is(service: str) -> None:
    assert api_region(service, ELSEWHERE) in APIS[service].regions
    assert all(api_region(service, own) == own for own in APIS[service].regions), "its own region is the nearest"


@pytest.mark.parametrize(
    ("own", "nearest"),
    [
        ("us-east-1", "us-west-2"),
        ("ca-central-1", "us-west-2"),
        ("eu-central-1", "eu-west-1"),
        ("ap-southeast-2", "ap-southeast-1"),
        ("us-east-2", "us-east-2"),
    ],
)
def test_the_nearest_is_in_the_same_part_of_the_world(own: str, nearest: str) -> None:
    assert api_region("chatbot", own) == nearest
