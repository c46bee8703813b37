"""The image of a node has a public parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

AL2023 = "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023"


def test_images_of_a_version_that_eks_offers_are_published(aws: Aws) -> None:
    known = [f"{AL2023}/x86_64/nvidia/recommended/image_id", f"{AL2023}/arm64/standard/recommended/image_id"]
    unknown = ["/aws/service/eks/optimized-ami/1.99/amazon-linux-2023/x86_64/standard/recommended/image_id"]
    answer = aws("ssm").get_parameters(Names=known + unknown)
    assert {one["Name"] for one in answer["Parameters"]} == set(known)
    assert all(one["Value"].startswith("ami-") for one in answer["Parameters"])
    assert answer["InvalidParameters"] == unknown


def test_an_image_is_of_a_region(aws: Aws) -> None:
    name = "/aws/service/bottlerocket/aws-k8s-1.35-nvidia/x86_64/latest/image_id"
    values = {
        aws("ssm", region).get_parameter(Name=name)["Parameter"]["Value"] for region in ("us-east-1", "us-west-2")
    }
    assert len(values) == 2
