"""An add-on owns its pod identity associations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
ROLE = "arn:aws:iam::111122223333:role/cni"


@pytest.fixture
def eks(aws: Aws) -> Client:
    """A client of an account with a cluster and an add-on that has a role."""
    client = aws("eks")
    client.create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    associations = [{"serviceAccount": "aws-node", "roleArn": ROLE}]
    client.create_addon(clusterName="c", addonName="vpc-cni", podIdentityAssociations=associations)
    return client


def _associations(eks: Client) -> list[str]:
    addon = eks.describe_addon(clusterName="c", addonName="vpc-cni")["addon"]
    return list(addon["podIdentityAssociations"])


def test_an_addon_names_its_associations_by_arn(eks: Client) -> None:
    (arn,) = _associations(eks)
    found = eks.describe_pod_identity_association(clusterName="c", associationId=arn.rsplit("/", 1)[-1])["association"]
    assert (found["namespace"], found["serviceAccount"], found["roleArn"]) == ("kube-system", "aws-node", ROLE), (
        "the association is one of its own, in the add-on's namespace"
    )


def test_an_update_replaces_the_associations(eks: Client) -> None:
    other = ROLE.replace("cni", "other")
    before = _associations(eks)
    eks.update_addon(
        clusterName="c",
        addonName="vpc-cni",
        podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": other}],
    )
    after = _associations(eks)
    assert before != after, "an update overwrites earlier associations"
    assert len(eks.list_pod_identity_associations(clusterName="c")["associations"]) == 1, "none is left behind"


def test_a_deleted_addon_takes_its_associations_along(eks: Client) -> None:
    eks.delete_addon(clusterName="c", addonName="vpc-cni")
    assert eks.list_pod_identity_associations(clusterName="c")["associations"] == [], "an owned association ends too"
