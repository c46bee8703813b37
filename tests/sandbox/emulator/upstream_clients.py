"""Clients for the tests inside docs/upstream/ministack/*.patch, under the names that ministack's own conftest has.

The PyPI package comes without ministack's tests, so a copy of this file is the conftest beside the patches' tests.
"""

from __future__ import annotations

import os
from typing import Any

import boto3
import pytest


def _client(service: str) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    return boto3.client(
        service,
        endpoint_url=os.environ["MINISTACK_ENDPOINT"],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture(scope="session")
def ec2() -> Any:  # noqa: ANN401
    return _client("ec2")


@pytest.fixture(scope="session")
def r53() -> Any:  # noqa: ANN401
    return _client("route53")


@pytest.fixture(scope="session")
def rds() -> Any:  # noqa: ANN401
    return _client("rds")


@pytest.fixture(scope="session")
def s3() -> Any:  # noqa: ANN401
    return _client("s3")


@pytest.fixture(scope="session")
def sm() -> Any:  # noqa: ANN401
    return _client("secretsmanager")
