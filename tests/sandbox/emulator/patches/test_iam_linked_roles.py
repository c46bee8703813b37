"""A service-linked role is described as it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize("asked", [{}, {"Description": "records what is configured"}], ids=["none", "one"])
def test_a_description_is_the_one_asked_for(aws: Aws, asked: dict[str, str]) -> None:
    iam = aws("iam")
    made = iam.create_service_linked_role(AWSServiceName="config.amazonaws.com", **asked)["Role"]
    found = iam.get_role(RoleName="AWSServiceRoleForConfig")["Role"]
    wanted = asked.get("Description", "")
    assert (made.get("Description", ""), found.get("Description", "")) == (wanted, wanted)
