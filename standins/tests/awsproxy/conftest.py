from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from standins.awsproxy import overrides, sdk, shapes, tables, tokens
from standins.paths import BRIDGE_VARIABLE, PROVIDER_VARIABLE
from standins.tests import embedded
from standins.tests.awsproxy import driver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from standins.toolchain.chain import Toolchain

STRING, BOOLEAN, NUMBER = {"type": "string"}, {"type": "boolean"}, {"type": "number"}
TAGS = {"type": "object", "additionalProperties": STRING}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/types/aws:index/{name}:{name}"}


def many(spec: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": spec}


def kind(inputs: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    return {"inputProperties": inputs, "properties": {**inputs, **outputs}}


VPC = {"cidrBlock": STRING, "tags": TAGS, "tagsAll": TAGS, "vpcId": STRING, "enableDnsHostnames": BOOLEAN}
CLUSTER = {
    "name": STRING,
    "roleArn": STRING,
    "version": STRING,
    "vpcConfig": ref("Vpc"),
    "tags": TAGS,
    "tagsAll": TAGS,
    "eksClusterId": STRING,
}
GROUP = {
    "name": STRING,
    "namePrefix": STRING,
    "description": STRING,
    "ingresses": many(ref("Rule")),
    "egresses": many(ref("Rule")),
    "tags": TAGS,
    "tagsAll": TAGS,
}
CACHE = {"replicationGroupId": STRING, "autoMinorVersionUpgrade": STRING, "port": NUMBER, "description": STRING}
FUNCTION = {"functionName": STRING, "filename": STRING, "sourceCodeHash": STRING, "role": STRING}
LIFECYCLE = {"bucket": STRING, "rules": many(ref("LifecycleRule"))}
SCHEMA: dict[str, Any] = {
    "resources": {
        "aws:index/vpc:Vpc": kind(VPC, {"arn": STRING}),
        "aws:index/eksCluster:EksCluster": kind(CLUSTER, {"certificateAuthorities": many(ref("Authority"))}),
        "aws:index/securityGroup:SecurityGroup": kind(GROUP, {"arn": STRING}),
        "aws:index/elasticacheReplicationGroup:ElasticacheReplicationGroup": kind(CACHE, {}),
        "aws:index/lambdaFunction:LambdaFunction": kind(FUNCTION, {"arn": STRING}),
        "aws:index/s3BucketLifecycleConfiguration:S3BucketLifecycleConfiguration": kind(LIFECYCLE, {}),
        "aws:index/vpcSecurityGroupIngressRule:VpcSecurityGroupIngressRule": kind(
            {"cidrIpv4": STRING, "tags": TAGS}, {"tagsAll": TAGS}
        ),
        "aws:index/iamRolePolicyAttachment:IamRolePolicyAttachment": kind({"role": STRING, "policyArn": STRING}, {}),
        "aws:index/iamPolicy:IamPolicy": kind({"name": STRING, "policy": STRING}, {}),
        "aws:index/dbInstance:DbInstance": kind({"identifier": STRING, "password": STRING}, {}),
        "aws:index/instance:Instance": kind({"ami": STRING}, {}),
        "aws:index/s3Bucket:S3Bucket": kind({"bucket": STRING}, {"region": STRING}),
    },
    "functions": {
        "aws:index/getIamPolicyDocument:getIamPolicyDocument": {
            "inputs": {"properties": {"version": STRING}},
            "outputs": {"properties": {"json": STRING}},
        },
        "aws:index/terraformConfig:terraformConfig": {"inputs": {"properties": {"__self__": {"$ref": "#/provider"}}}},
    },
    "types": {
        "aws:index/Vpc:Vpc": {"properties": {"subnetIds": many(STRING), "endpointPublicAccess": BOOLEAN}},
        "aws:index/Authority:Authority": {"properties": {"data": STRING}},
        "aws:index/Rule:Rule": {"properties": {"fromPort": NUMBER, "protocol": STRING, "cidrBlocks": many(STRING)}},
        "aws:index/LifecycleRule:LifecycleRule": {
            "properties": {"id": STRING, "expirations": many(ref("Expiration")), "filters": many(ref("Filter"))}
        },
        "aws:index/Expiration:Expiration": {"properties": {"days": NUMBER}},
        "aws:index/Filter:Filter": {"properties": {"prefix": STRING}},
        "aws:config/defaultTags:defaultTags": {"properties": {"tags": TAGS}},
        "aws:config/empty:empty": {},
    },
    "config": {
        "variables": {
            "region": STRING,
            "s3UsePathStyle": BOOLEAN,
            "skipMetadataApiCheck": STRING,
            "maxRetries": NUMBER,
            "allowedAccountIds": many(STRING),
            "defaultTags": many({"$ref": "#/types/aws:config/defaultTags:defaultTags"}),
        }
    },
}


@pytest.fixture
def table(tmp_path: Path) -> tables.ShapeTable:
    path = tmp_path / "cache" / "shapes.sqlite"
    tables.write(path, SCHEMA)
    return tables.ShapeTable(path)


@pytest.fixture
def token_map(table: tables.ShapeTable) -> tokens.TokenMap:
    return tokens.TokenMap(table.tokens())


@pytest.fixture
def shaper(table: tables.ShapeTable, token_map: tokens.TokenMap) -> Callable[[str], shapes.Shaper]:
    def make(token: str) -> shapes.Shaper:
        ours = sdk.resource(token)
        assert ours is not None, f"the SDK knows {token}"
        theirs = token_map.to_bridge(token)
        return shapes.Shaper(table, ours, table.resource(theirs), theirs, overrides.override(token).renames)

    return make


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An embedded AWS for the tests of this folder."""
    with embedded.aws(tmp_path_factory.mktemp("aws")) as port:
        yield f"http://{embedded.LOOPBACK}:{port}"


@pytest.fixture(scope="session")
def environ(endpoint: str, toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of a plugin of this run."""
    if toolchain.bridge is None:
        pytest.skip("the official AWS plugin serves on this machine: no Terraform AWS provider was found")
    programs = {BRIDGE_VARIABLE: str(toolchain.bridge), PROVIDER_VARIABLE: str(toolchain.tf_provider)}
    return driver.environment(endpoint, tmp_path_factory.mktemp("run")) | programs


@pytest.fixture(scope="session")
def engine(environ: dict[str, str]) -> Iterator[driver.Engine]:
    """A configured plugin, shared by tests that leave nothing behind."""
    with driver.Engine(environ) as running:
        yield running.configure()
