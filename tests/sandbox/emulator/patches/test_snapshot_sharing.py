"""Public sharing of snapshots is blocked for a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_sharing_is_blocked_and_allowed_again(aws: Aws) -> None:
    ec2 = aws("ec2")
    seen = [ec2.get_snapshot_block_public_access_state()["State"]]
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    seen.append(ec2.get_snapshot_block_public_access_state()["State"])
    elsewhere = aws("ec2", "us-west-2").get_snapshot_block_public_access_state()["State"]
    ec2.disable_snapshot_block_public_access()
    seen.append(ec2.get_snapshot_block_public_access_state()["State"])
    assert seen == ["unblocked", "block-all-sharing", "unblocked"]
    assert elsewhere == "unblocked", "each region has its own setting"
