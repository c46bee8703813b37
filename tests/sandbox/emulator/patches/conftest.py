"""What the tests of several patches share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.replication import EAST, WEST, Pair, make_bucket, make_role
from tests.sandbox.emulator.patches.scaled import Scaled

if TYPE_CHECKING:
    from sandbox.emulator import client


@pytest.fixture
def pair(running: client.Emulator, request: pytest.FixtureRequest) -> Pair:
    """Two buckets of the test's own, replicating both ways."""
    name = f"r{account_of(request)}"
    aws = session(running)
    buckets = {EAST: f"{name}-east", WEST: f"{name}-west"}
    keys = {region: make_bucket(aws, region, bucket) for region, bucket in buckets.items()}
    role = make_role(aws, name, buckets, keys)
    made = Pair(aws, buckets[EAST], buckets[WEST], keys[EAST], keys[WEST], role)
    made.replicate(made.east, made.west)
    made.replicate(made.west, made.east)
    return made


@pytest.fixture
def scaled(timed: client.Emulator, request: pytest.FixtureRequest) -> Scaled:
    """A service of two tasks that was registered for 1 to 10, in an account of the test's own."""
    made = Scaled(timed, session(timed, account_of(request)))
    made.serve()
    made.register()
    return made
