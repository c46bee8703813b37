"""Emulators for tests: one for the whole run where a test leaves nothing behind that another could trip over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config

from sandbox.emulator import client

UNPATCHED = "EMULATOR_TESTS_UNPATCHED"
"""Environment variable that lets the tests meet the emulator as it is; test_patches_are_needed sets it."""

Client: TypeAlias = Any
"""A boto3 client; boto3 builds its methods at run time."""

Aws: TypeAlias = Callable[..., Client]


def session(emulator: client.Emulator, account: str = "111122223333") -> Aws:
    """A maker of boto3 clients that reach the emulator as the given account."""

    def make(service: str, region: str = "us-east-1") -> Client:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=emulator.url,
            aws_access_key_id=account,
            aws_secret_access_key="sandbox",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    return make


@pytest.fixture(scope="session")
def emulator() -> Iterator[client.Emulator]:
    """An emulator without a state directory, shared by the run."""
    running = client.start(None, patched=UNPATCHED not in os.environ)
    yield running
    running.stop()


@pytest.fixture
def aws(emulator: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """A maker of boto3 clients in an account of the test's own."""
    account = f"{abs(hash(request.node.nodeid)) % 10**12:012d}"
    return session(emulator, account)
