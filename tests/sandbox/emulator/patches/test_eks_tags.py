"""Tags of EKS resources change and are described as changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::111122223333:role/cluster"
TAGS = {"a": "1", "b": "2", "c": "3"}


@pytest.fixture
def eks(aws: Aws) -> Client:
    """A client of an account with a tagged cluster."""
    client = aws("eks")
    client.create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]}, tags=TAGS)
    return client


def test_changed_tags_are_described(eks: Client) -> None:
    arn = eks.describe_cluster(name="c")["cluster"]["arn"]
    eks.tag_resource(resourceArn=arn, tags={"a": "9"})
    eks.untag_resource(resourceArn=arn, tagKeys=["b", "c"])
    described = eks.describe_cluster(name="c")["cluster"]["tags"]
    listed = eks.list_tags_for_resource(resourceArn=arn)["tags"]
    assert (described, listed) == ({"a": "9"}, {"a": "9"}), "described and listed tags are the same"


def test_pod_identity_associations_are_tagged_like_the_rest(eks: Client) -> None:
    made = eks.create_pod_identity_association(
        clusterName="c", namespace="app", serviceAccount="api", roleArn=ROLE, tags=TAGS
    )["association"]
    eks.untag_resource(resourceArn=made["associationArn"], tagKeys=["a", "b"])
    found = eks.describe_pod_identity_association(clusterName="c", associationId=made["associationId"])["association"]
    assert found["tags"] == {"c": "3"}, "an association's tags change too"
