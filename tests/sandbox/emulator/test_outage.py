"""A region cut off refuses what belongs to it, counts it, and is whole again when healed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture
def aws(running: client.Emulator) -> Aws:
    """A maker of clients of the emulator whose regions may be cut off."""
    return session(running)


def _refused(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    answer = caught.value.response
    return f"{answer['ResponseMetadata']['HTTPStatusCode']} {answer['Error']['Code']}"


QUESTIONS = [
    ("rds", "describe_db_instances"),
    ("ec2", "describe_vpcs"),
    ("eks", "list_clusters"),
    ("ssm", "describe_parameters"),
    ("lambda", "list_functions"),
    ("s3", "list_buckets"),
    ("sts", "get_caller_identity"),
]


@pytest.mark.parametrize(("service", "question"), QUESTIONS, ids=[service for service, _ in QUESTIONS])
def test_a_region_cut_off_refuses_in_the_protocol_of_each_service(
    running: client.Emulator, aws: Aws, service: str, question: str
) -> None:
    outage.cut(running.url, EAST)
    assert _refused(getattr(aws(service, EAST), question)) == "503 ServiceUnavailable", "the region does not answer"
    getattr(aws(service, WEST), question)()


def test_the_global_control_planes_go_with_us_east_1_whoever_asks(running: client.Emulator, aws: Aws) -> None:
    questions = [
        aws("iam", WEST).list_roles,
        aws("route53", WEST).list_hosted_zones,
        aws("cloudfront", WEST).list_distributions,
        lambda: aws("budgets", WEST).describe_budgets(AccountId="111122223333"),
    ]
    outage.cut(running.url, EAST)
    answers = [_refused(question) for question in questions]
    assert answers == ["503 ServiceUnavailable"] * 4, "the global services are controlled from us-east-1"


def test_the_global_control_planes_can_be_left_alone(running: client.Emulator, aws: Aws) -> None:
    said = outage.cut(running.url, EAST, strict=False)
    assert said.strict is False, "a cut says how strict it is"
    aws("iam", WEST).list_roles()
    outage.heal(running.url, EAST)
    assert outage.cut(running.url, WEST).strict is False, "another region hosts no global control plane"
    aws("iam", EAST).list_roles()


def test_a_bucket_goes_with_its_region_whatever_the_caller_signs_for(running: client.Emulator, aws: Aws) -> None:
    aws("s3", EAST).create_bucket(Bucket="outage-east")
    here = {"LocationConstraint": WEST}
    aws("s3", WEST).create_bucket(Bucket="outage-west", CreateBucketConfiguration=here)
    aws("s3", EAST).put_object(Bucket="outage-east", Key="k", Body=b"x")
    outage.cut(running.url, EAST)
    west = aws("s3", WEST)
    source = {"Bucket": "outage-east", "Key": "k"}
    questions = [
        lambda: west.get_object(**source),
        lambda: west.copy_object(Bucket="outage-west", Key="k", CopySource=source),
    ]
    assert [_refused(question) for question in questions] == ["503 ServiceUnavailable"] * 2, "its objects are away"
    west.put_object(Bucket="outage-west", Key="k", Body=b"x")


def test_what_is_refused_is_counted_by_service_action_and_region(running: client.Emulator, aws: Aws) -> None:
    outage.cut(running.url, EAST)
    for _ in range(2):
        _refused(aws("rds", EAST).describe_db_instances)
    _refused(lambda: aws("ssm", EAST).get_parameter(Name="a"))
    _refused(aws("eks", EAST).list_clusters)
    healed = outage.heal(running.url, EAST)
    counted = {(r.service, r.action, r.region): r.count for r in healed.refused}
    expected = {
        ("rds", "DescribeDBInstances", EAST): 4,
        ("ssm", "GetParameter", EAST): 2,
        ("eks", "GET /clusters", EAST): 2,
    }
    assert counted == expected, "every attempt counts, boto3's one retry too, and healing keeps the count"
    assert outage.cut(running.url, EAST).refused == (), "the next cut counts anew"


def test_a_healed_region_answers_with_what_it_had(running: client.Emulator, aws: Aws) -> None:
    aws("ssm", EAST).put_parameter(Name="kept", Value="before", Type="String")
    outage.cut(running.url, EAST)
    outage.heal(running.url, EAST)
    assert outage.status(running.url).regions == (), "nothing is cut off any more"
    value = aws("ssm", EAST).get_parameter(Name="kept")["Parameter"]["Value"]
    assert value == "before", "an outage takes nothing away for good"


def test_a_cut_without_a_region_is_refused_with_what_is_missing(running: client.Emulator) -> None:
    with pytest.raises(client.EmulatorError, match="the query lacks 'region'"):
        client.control(running.port, "POST", "cut")
