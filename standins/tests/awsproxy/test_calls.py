from __future__ import annotations

import json
import re
from pathlib import Path

import boto3
import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from standins.awsproxy import values
from standins.paths import RUN_VARIABLE
from standins.tests.awsproxy.driver import NONE, SOME, Engine, urn

pytestmark = pytest.mark.engine

VPC, TOPIC, CLUSTER = "aws:ec2/vpc:Vpc", "aws:sns/topic:Topic", "aws:eks/cluster:Cluster"
BUCKET, LIFECYCLE = "aws:s3/bucket:Bucket", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


def aws(environ: dict[str, str], service: str) -> values.Message:
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key="sandbox",
    )


def test_a_vpc_is_made_seen_unchanged_and_deleted(engine: Engine, environ: dict[str, str]) -> None:
    inputs = engine.inputs(VPC, "net", {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "net"}})
    assert inputs["tagsAll"] == {"Project": "trial", "Name": "net"}
    assert inputs["region"] == "us-east-1"
    identity, state = engine.create(VPC, "net", inputs)
    (seen,) = aws(environ, "ec2").describe_vpcs(VpcIds=[identity])["Vpcs"]
    assert {tag["Key"]: tag["Value"] for tag in seen["Tags"]} == {"Project": "trial", "Name": "net"}
    assert state["tagsAll"] == {"Project": "trial", "Name": "net"}
    assert "vpcId" not in state
    assert engine.diff(VPC, "net", identity, (state, inputs, inputs)).changes == NONE
    again = engine.read(VPC, "net", identity, state, inputs)
    assert again.id == identity
    refreshed = values.from_struct(again.properties)
    assert engine.diff(VPC, "net", identity, (refreshed, inputs, inputs)).changes == NONE, "a refresh changes nothing"
    engine.delete(VPC, "net", identity, state)
    gone = aws(environ, "ec2").describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [identity]}])["Vpcs"]
    assert gone == []


def test_a_replacement_is_the_providers_verdict(engine: Engine) -> None:
    inputs = engine.inputs(TOPIC, "t", {})
    assert re.fullmatch(r"t-[0-9a-f]{7}", inputs["name"])
    identity, state = engine.create(TOPIC, "t", inputs)
    renamed = {**inputs, "name": "other"}
    found = engine.diff(TOPIC, "t", identity, (state, inputs, renamed))
    assert found.changes == SOME
    assert list(found.replaces) == ["name"]
    engine.delete(TOPIC, "t", identity, state)


def test_an_update_changes_what_it_names(engine: Engine, environ: dict[str, str]) -> None:
    inputs = engine.inputs(TOPIC, "u", {"displayName": "one"})
    identity, state = engine.create(TOPIC, "u", inputs)
    changed = engine.inputs(TOPIC, "u", {"displayName": "two"}, inputs)
    assert changed["name"] == inputs["name"], "the name once made is kept"
    updated = engine.update(TOPIC, "u", identity, (state, inputs, changed))
    assert updated["displayName"] == "two"
    attributes = aws(environ, "sns").get_topic_attributes(TopicArn=identity)["Attributes"]
    assert attributes["DisplayName"] == "two"
    engine.delete(TOPIC, "u", identity, updated)


def test_the_providers_own_validation_is_reported(engine: Engine) -> None:
    response = engine.check(GROUP, "g", {"name": "sg-web", "vpcId": "vpc-1"})
    assert len(response.failures) == 1
    assert "sg-" in response.failures[0].reason


def test_a_region_of_its_own_is_refused(engine: Engine) -> None:
    response = engine.check(VPC, "v", {"cidrBlock": "10.0.0.0/16", "region": "us-west-2"})
    assert [failure.property for failure in response.failures] == ["region"]


def test_unknown_values_survive_a_preview(engine: Engine) -> None:
    subnet = "aws:ec2/subnet:Subnet"
    inputs = engine.inputs(subnet, "a", {"vpcId": values.UNKNOWN, "cidrBlock": "10.0.1.0/24"})
    assert inputs["vpcId"] == values.UNKNOWN
    identity, state = engine.create(subnet, "a", inputs, preview=True)
    assert identity == "", "nothing was made"
    assert values.is_unknown(state["vpcId"])
    assert values.is_unknown(state["arn"])
    assert state["cidrBlock"] == "10.0.1.0/24"


def test_secrets_stay_secret_in_inputs_and_state(engine: Engine) -> None:
    inputs = engine.inputs(SECRET, "s", {"recoveryWindowInDays": 0})
    identity, state = engine.create(SECRET, "s", inputs)
    given = {"secretId": identity, "secretString": values.secret("hunter2")}
    version = engine.inputs(VERSION, "v", given)
    assert version["secretString"] == values.secret("hunter2")
    number, recorded = engine.create(VERSION, "v", version)
    assert recorded["secretString"] == values.secret("hunter2")
    visible = json.dumps({key: item for key, item in recorded.items() if key != "secretString"})
    assert "hunter2" not in visible, "nowhere else in the state, the bridge's notes included"
    assert engine.diff(VERSION, "v", number, (recorded, version, version)).changes == NONE
    engine.delete(VERSION, "v", number, recorded)
    engine.delete(SECRET, "s", identity, state)


def test_blocks_of_at_most_one_are_objects_for_the_program(engine: Engine) -> None:
    given = {"roleArn": "arn:aws:iam::111122223333:role/eks", "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]}}
    inputs = engine.inputs(CLUSTER, "one", given)
    identity, state = engine.create(CLUSTER, "one", inputs)
    assert isinstance(state["certificateAuthority"], dict)
    assert "certificateAuthorities" not in state
    assert engine.diff(CLUSTER, "one", identity, (state, inputs, inputs)).changes == NONE
    engine.delete(CLUSTER, "one", identity, state)


@pytest.mark.slow
def test_nested_blocks_are_read_back_as_they_were_written(engine: Engine) -> None:
    bucket = engine.inputs(BUCKET, "Data", {"forceDestroy": True})
    assert re.fullmatch(r"data-[0-9a-f]{7}", bucket["bucket"]), "bucket names are lower case"
    name, bucket_state = engine.create(BUCKET, "Data", bucket)
    assert bucket_state["bucketRegion"] == "us-east-1"
    rules = [{"id": "a", "status": "Enabled", "filter": {"prefix": "p/"}, "expiration": {"days": 30}}]
    inputs = engine.inputs(LIFECYCLE, "l", {"bucket": name, "rules": rules})
    identity, state = engine.create(LIFECYCLE, "l", inputs)
    assert state["rules"][0]["filter"]["prefix"] == "p/"
    assert state["rules"][0]["expiration"]["days"] == 30
    assert "noncurrentVersionExpiration" not in state["rules"][0]
    assert engine.diff(LIFECYCLE, "l", identity, (state, inputs, inputs)).changes == NONE
    changed = {**inputs, "rules": [{**inputs["rules"][0], "expiration": {"days": 60}}]}
    found = engine.diff(LIFECYCLE, "l", identity, (state, inputs, changed))
    assert found.changes == SOME
    assert {path.split("[")[0] for path in found.diffs} == {"rules"}
    engine.delete(LIFECYCLE, "l", identity, state)
    engine.delete(BUCKET, "Data", name, bucket_state)


def test_a_property_newer_than_the_provider_is_said_recorded_and_kept(engine: Engine, environ: dict[str, str]) -> None:
    given = {
        "roleArn": "arn:aws:iam::111122223333:role/eks",
        "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]},
        "deletionProtection": True,
    }
    inputs = engine.inputs(CLUSTER, "c", given)
    assert inputs["deletionProtection"] is True, "policies judge what the program wrote"
    said = [text for where, text in engine.log.lines if where == urn(CLUSTER, "c")]
    assert any("deletionProtection" in text for text in said)
    records = (Path(environ[RUN_VARIABLE]) / "dropped.jsonl").read_text().splitlines()
    assert {"urn": urn(CLUSTER, "c"), "property": "deletionProtection"}.items() <= json.loads(records[-1]).items()


def test_a_namespace_prefix_lets_terraform_make_the_name(engine: Engine) -> None:
    vpc_inputs = engine.inputs(VPC, "p", {"cidrBlock": "10.1.0.0/16"})
    vpc, vpc_state = engine.create(VPC, "p", vpc_inputs)
    inputs = engine.inputs(GROUP, "g", {"namePrefix": "web-", "vpcId": vpc})
    assert "name" not in inputs
    assert inputs["description"] == "Managed by Pulumi"
    identity, state = engine.create(GROUP, "g", inputs)
    assert state["name"].startswith("web-")
    assert engine.diff(GROUP, "g", identity, (state, inputs, inputs)).changes == NONE
    engine.delete(GROUP, "g", identity, state)
    engine.delete(VPC, "p", vpc, vpc_state)


def test_a_type_newer_than_the_provider_is_refused_by_name(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        engine.check("aws:eks/capability:Capability", "x", {})
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND
    assert "aws:eks/capability:Capability" in refused.value.details()


def test_a_failure_of_the_provider_reaches_the_engine_as_it_is(engine: Engine) -> None:
    inputs = engine.inputs(VERSION, "b", {"secretId": "nobody-made-it", "secretString": values.secret("x")})
    with pytest.raises(grpc.RpcError) as failed:
        engine.create(VERSION, "b", inputs)
    assert "ResourceNotFoundException" in failed.value.details()


def test_a_provider_that_names_another_endpoint_is_refused(engine: Engine) -> None:
    config = {"region": "us-east-1", "endpoints": '[{"s3":"https://s3.amazonaws.com"}]'}
    owner = "urn:pulumi:trial::platform::pulumi:providers:aws::p"
    request = provider_pb2.CheckRequest(urn=owner, news=values.to_struct(config))
    response = engine.stub.CheckConfig(request, timeout=60)
    assert [failure.property for failure in response.failures] == ["endpoints[0].s3"]


def test_functions_answer_in_the_sdks_names(engine: Engine) -> None:
    def invoke(token: str, **args: values.Value) -> values.Properties:
        response = engine.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=values.to_struct(args)), timeout=60)
        assert not response.failures
        return values.from_struct(getattr(response, "return"))

    assert invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "111122223333"
    assert invoke("aws:index/getPartition:getPartition")["partition"] == "aws"
    assert invoke("aws:index/getRegion:getRegion")["region"] == "us-east-1"
    statement = {
        "actions": ["sts:AssumeRole"],
        "principals": [{"type": "Service", "identifiers": ["eks.amazonaws.com"]}],
    }
    document = invoke("aws:iam/getPolicyDocument:getPolicyDocument", statements=[statement])
    assert json.loads(document["json"])["Statement"][0]["Principal"] == {"Service": "eks.amazonaws.com"}
