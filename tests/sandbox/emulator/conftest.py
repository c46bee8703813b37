"""Emulators for tests: one for the whole run where a test leaves nothing behind that another could trip over."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config

from sandbox.emulator import client, outage
from tests.sandbox.emulator.traffic.behind import Front, Server

UNPATCHED = "EMULATOR_TESTS_UNPATCHED"
"""Environment variable that lets the tests meet the emulator as it is; test_patches and test_upstream set it."""

FAILED = pytest.StashKey[set[Path]]()
"""Test files with a failure in this run."""

Client: TypeAlias = Any
"""A boto3 client; boto3 builds its methods at run time."""

Aws: TypeAlias = Callable[..., Client]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember the files that have a failure."""
    report = yield
    if report.failed:
        item.config.stash.setdefault(FAILED, set()).add(item.path)
    return report


@pytest.fixture(autouse=True)
def until_a_failure(request: pytest.FixtureRequest) -> None:
    """Without the patches, one failure a file is enough: the rest of the file is skipped."""
    if UNPATCHED in os.environ and request.path in request.config.stash.get(FAILED, set()):
        pytest.skip("a test of the file has failed already")


def account_of(request: pytest.FixtureRequest) -> str:
    """An account of the test's own, so that nothing another test leaves behind is in its way."""
    return f"{abs(hash(request.node.nodeid)) % 10**12:012d}"


def session(emulator: client.Emulator, account: str = "111122223333") -> Aws:
    """A maker of boto3 clients that reach the emulator as the given account; one for each service and region."""

    @cache
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
    return session(emulator, account_of(request))


@pytest.fixture(scope="session")
def timed() -> Iterator[client.Emulator]:
    """An emulator whose clock is set forward: only tests that care for no other clock share it."""
    emulator = client.start(None, patched=UNPATCHED not in os.environ)
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def aged() -> Iterator[client.Emulator]:
    """An emulator whose clock is set forward by months: only tests of what ages by days share it."""
    emulator = client.start(None, patched=UNPATCHED not in os.environ)
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def cuttable() -> Iterator[client.Emulator]:
    """An emulator whose regions may be cut off: only tests that heal them afterwards share it."""
    emulator = client.start(None, patched=UNPATCHED not in os.environ)
    yield emulator
    emulator.stop()


@pytest.fixture
def running(cuttable: client.Emulator) -> Iterator[client.Emulator]:
    """The emulator whose regions may be cut off; they are healed after the test."""
    yield cuttable
    for region in outage.status(cuttable.url).regions:
        outage.heal(cuttable.url, region)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        yield one


@pytest.fixture
def front(emulator: client.Emulator, aws: Aws) -> Front:
    return Front(emulator, aws, "front")


@pytest.fixture
def front_in_time(timed: client.Emulator, request: pytest.FixtureRequest) -> Callable[..., Front]:
    """A maker of balancers in an emulator whose clock is set forward."""
    aws = session(timed, account_of(request))
    return lambda **settings: Front(timed, aws, "in-time", **settings)
