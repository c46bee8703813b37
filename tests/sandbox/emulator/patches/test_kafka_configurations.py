"""A configuration of MSK has a revision for each change, and goes when no cluster has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.streaming import PROPERTIES, cluster

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_each_change_is_a_revision_that_is_read_back(aws: Aws) -> None:
    kafka = aws("kafka")
    made = kafka.create_configuration(Name="feed", Description="First", ServerProperties=PROPERTIES)
    changed = PROPERTIES + b"num.partitions=6\n"
    second = kafka.update_configuration(Arn=made["Arn"], Description="Second", ServerProperties=changed)
    assert second["LatestRevision"]["Revision"] == 2
    assert kafka.describe_configuration(Arn=made["Arn"])["LatestRevision"]["Revision"] == 2
    for number, properties in ((1, PROPERTIES), (2, changed)):
        found = kafka.describe_configuration_revision(Arn=made["Arn"], Revision=number)
        assert found["ServerProperties"] == properties
    assert len(kafka.list_configuration_revisions(Arn=made["Arn"])["Revisions"]) == 2
    assert [one["Name"] for one in kafka.list_configurations()["Configurations"]] == ["feed"]


def test_a_configuration_that_is_in_use_stays_and_one_that_is_not_goes(aws: Aws) -> None:
    kafka = aws("kafka")
    arn = kafka.create_configuration(Name="feed", ServerProperties=PROPERTIES)["Arn"]
    used = cluster(aws, ConfigurationInfo={"Arn": arn, "Revision": 1})
    with pytest.raises(ClientError, match="in use by feed"):
        kafka.delete_configuration(Arn=arn)
    kafka.delete_cluster(ClusterArn=used)
    kafka.delete_configuration(Arn=arn)
    with pytest.raises(ClientError, match="Configuration ARN does not exist") as gone:
        kafka.describe_configuration(Arn=arn)
    assert gone.value.response["Error"]["Code"] == "BadRequestException", "by which the provider knows it as gone"


@pytest.mark.parametrize(
    "properties",
    [b"default.replication.factor=2\nmin.insync.replicas=3\n", b"num.partitions\n", b"\xff\xfe"],
    ids=["more in step than there are", "no value", "no text"],
)
def test_properties_that_cannot_be_are_refused(aws: Aws, properties: bytes) -> None:
    with pytest.raises(ClientError, match="BadRequestException"):
        aws("kafka").create_configuration(Name="feed", ServerProperties=properties)


def test_a_name_is_taken_once_and_has_no_dots(aws: Aws) -> None:
    kafka = aws("kafka")
    kafka.create_configuration(Name="feed", ServerProperties=PROPERTIES)
    with pytest.raises(ClientError, match="ConflictException"):
        kafka.create_configuration(Name="feed", ServerProperties=PROPERTIES)
    with pytest.raises(ClientError, match="name is invalid"):
        kafka.create_configuration(Name="feed.prod", ServerProperties=PROPERTIES)
