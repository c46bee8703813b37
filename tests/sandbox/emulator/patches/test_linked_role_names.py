"""The linked role of a service has AWS's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

NAME = "AWSServiceRoleForAutoScaling"


def test_a_linked_role_is_found_by_the_name_that_policies_say(aws: Aws) -> None:
    iam = aws("iam")
    made = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]
    found = iam.get_role(RoleName=NAME)["Role"]
    assert made["Arn"] == found["Arn"]
    assert found["Arn"].endswith(f":role/aws-service-role/autoscaling.amazonaws.com/{NAME}")
    with pytest.raises(ClientError, match="has been taken"):
        iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")


def test_other_services_keep_theirs(aws: Aws) -> None:
    role = aws("iam").create_service_linked_role(AWSServiceName="config.amazonaws.com")["Role"]
    assert role["RoleName"] == "AWSServiceRoleForConfig"
