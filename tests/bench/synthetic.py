"""A stack of any number of resources, written as a Pulumi project and as a Terraform configuration from one list.

The resources are cells of 25, each a VPC with what stands in one: subnets, routes, groups and their rules, a bucket, a
queue with its topic, a key, a role, a log group, alarms. What refers to something refers to what comes before it, so
that the list may be cut anywhere.
"""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sandbox.paths import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

STACK = "synthetic"
PROGRAM = Path(__file__).with_name("program.py")
COMPONENTS = CHECKOUT / "components"
"""The package that the program runs on; a Python host looks for it beside the program."""
TERRAFORM = "terraform"
"""Folder of the Terraform configuration, below the project."""

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}},
        ],
    }
)
READING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}]}
)
PROVIDER: Mapping[str, Any] = {
    "region": "us-east-1",
    "default_tags": {"tags": {"Project": "bench", "Environment": "synthetic", "ManagedBy": "bench", "Owner": "bench"}},
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}
"""Settings of the provider, by names that Pulumi's Python SDK and Terraform share."""


@dataclass(frozen=True)
class Kind:
    """One type of resource.

    Attributes:
        python: Its class, below `pulumi_aws`.
        terraform: Its type in Terraform.
        renamed: Pulumi's name of an input -> Terraform's, where they differ.
    """

    python: str
    terraform: str
    renamed: Mapping[str, str] = field(default_factory=dict)


VPC = Kind("ec2.Vpc", "aws_vpc")
SUBNET = Kind("ec2.Subnet", "aws_subnet")
ROUTES = Kind("ec2.RouteTable", "aws_route_table")
ASSOCIATION = Kind("ec2.RouteTableAssociation", "aws_route_table_association")
GROUP = Kind("ec2.SecurityGroup", "aws_security_group")
RULE = Kind("vpc.SecurityGroupIngressRule", "aws_vpc_security_group_ingress_rule")
KEY = Kind("kms.Key", "aws_kms_key")
BUCKET = Kind("s3.Bucket", "aws_s3_bucket")
VERSIONING = Kind("s3.BucketVersioning", "aws_s3_bucket_versioning")
ACCESS = Kind("s3.BucketPublicAccessBlock", "aws_s3_bucket_public_access_block")
TOPIC = Kind("sns.Topic", "aws_sns_topic")
QUEUE = Kind("sqs.Queue", "aws_sqs_queue")
LOGS = Kind("cloudwatch.LogGroup", "aws_cloudwatch_log_group")
ROLE = Kind("iam.Role", "aws_iam_role")
POLICY = Kind("iam.RolePolicy", "aws_iam_role_policy")
ALARM = Kind("cloudwatch.MetricAlarm", "aws_cloudwatch_metric_alarm", {"name": "alarm_name"})


@dataclass(frozen=True)
class Reference:
    """An output of a resource, used as an input of a later one."""

    resource: Resource
    output: str


@dataclass(frozen=True)
class Resource:
    """One resource: a logical name, its type, and its inputs by Pulumi's names."""

    name: str
    kind: Kind
    inputs: Mapping[str, Any]

    def __getitem__(self, output: str) -> Reference:
        return Reference(self, output)


def resources(count: int) -> list[Resource]:
    """Return the first `count` resources."""
    return list(itertools.islice(itertools.chain.from_iterable(map(cell, itertools.count())), count))


def cell(number: int) -> Iterator[Resource]:
    """Yield a cell: twelve resources of a network, thirteen of what stands in it."""
    prefix = f"cell-{number}"
    network = list(network_of(prefix, number % 256))
    yield from network
    yield from services_of(prefix)


def tags(name: str) -> dict[str, str]:
    """Return the tags of a resource, beside the provider's."""
    return {"Name": name, "DataClass": "internal"}


def network_of(prefix: str, octet: int) -> Iterator[Resource]:
    """Yield a VPC, two subnets with their routes, and two security groups with two rules each."""
    vpc = Resource(
        f"{prefix}-vpc", VPC, {"cidr_block": f"10.{octet}.0.0/16", "enable_dns_hostnames": True, "tags": tags(prefix)}
    )
    yield vpc
    routes = Resource(f"{prefix}-routes", ROUTES, {"vpc_id": vpc["id"], "tags": tags(prefix)})
    yield routes
    for at, zone in enumerate("ab"):
        place = {"cidr_block": f"10.{octet}.{at}.0/24", "availability_zone": f"us-east-1{zone}"}
        subnet = Resource(f"{prefix}-subnet-{zone}", SUBNET, {"vpc_id": vpc["id"], **place, "tags": tags(prefix)})
        yield subnet
        ends = {"subnet_id": subnet["id"], "route_table_id": routes["id"]}
        yield Resource(f"{prefix}-association-{zone}", ASSOCIATION, ends)
    for name, ports in {"web": (80, 443), "data": (5432, 6379)}.items():
        whole = f"{prefix}-{name}"
        group = Resource(whole, GROUP, {"vpc_id": vpc["id"], "name": whole, "description": name, "tags": tags(whole)})
        yield group
        for port in ports:
            opening = {"from_port": port, "to_port": port, "ip_protocol": "tcp", "cidr_ipv4": vpc["cidr_block"]}
            inputs = {"security_group_id": group["id"], **opening, "description": name, "tags": tags(whole)}
            yield Resource(f"{whole}-{port}", RULE, inputs)


def services_of(prefix: str) -> Iterator[Resource]:
    """Yield a key, a bucket with its satellites, a topic, a queue, a log group, a role with a policy, four alarms."""
    named = {"name": prefix, "tags": tags(prefix)}
    key = Resource(f"{prefix}-key", KEY, {"description": prefix, "enable_key_rotation": True, "tags": tags(prefix)})
    yield key
    bucket = Resource(f"{prefix}-bucket", BUCKET, {"bucket": f"bench-{prefix}", "tags": tags(prefix)})
    yield bucket
    kept = {"bucket": bucket["id"], "versioning_configuration": {"status": "Enabled"}}
    yield Resource(f"{prefix}-versioning", VERSIONING, kept)
    walls = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    yield Resource(f"{prefix}-access", ACCESS, {"bucket": bucket["id"], **dict.fromkeys(walls, True)})
    topic = Resource(f"{prefix}-topic", TOPIC, {**named, "kms_master_key_id": key["arn"]})
    yield topic
    waits = {"message_retention_seconds": 345600, "visibility_timeout_seconds": 60}
    queue = Resource(f"{prefix}-queue", QUEUE, {**named, **waits, "kms_master_key_id": key["arn"]})
    yield queue
    yield Resource(f"{prefix}-logs", LOGS, {**named, "retention_in_days": 30})
    role = Resource(f"{prefix}-role", ROLE, {**named, "assume_role_policy": TRUST, "description": prefix})
    yield role
    yield Resource(f"{prefix}-policy", POLICY, {"name": prefix, "role": role["id"], "policy": READING})
    for metric in ("AgeOfOldestMessage", "MessagesVisible", "MessagesNotVisible", "MessagesDelayed"):
        yield alarm(f"{prefix}-{metric}", f"Approximate{metric}", queue, topic)


def alarm(name: str, metric: str, queue: Resource, topic: Resource) -> Resource:
    """Return an alarm on a metric of a queue."""
    inputs = {
        "name": name,
        "alarm_description": f"{metric} of the queue is high",
        "namespace": "AWS/SQS",
        "metric_name": metric,
        "dimensions": {"QueueName": queue["name"]},
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 100,
        "statistic": "Maximum",
        "period": 60,
        "evaluation_periods": 3,
        "treat_missing_data": "notBreaching",
        "alarm_actions": [topic["arn"]],
        "ok_actions": [topic["arn"]],
        "tags": tags(name),
    }
    return Resource(name, ALARM, inputs)


def replaced(value: Any, written: Callable[[Reference], Any]) -> Any:  # noqa: ANN401 any input
    """Return an input with every reference written as a language writes it."""
    match value:
        case Reference():
            return written(value)
        case dict():
            return {key: replaced(each, written) for key, each in value.items()}
        case list():
            return [replaced(each, written) for each in value]
    return value


def pulumi_document(listed: list[Resource]) -> dict[str, Any]:
    """Return what `program.py` reads; a reference is `{"$ref": [name, output]}`."""
    made = [
        {
            "name": each.name,
            "class": each.kind.python,
            "inputs": replaced(dict(each.inputs), lambda to: {"$ref": [to.resource.name, to.output]}),
        }
        for each in listed
    ]
    return {"provider": dict(PROVIDER), "resources": made}


def terraform_document(listed: list[Resource]) -> dict[str, Any]:
    """Return the same resources as a Terraform configuration in JSON."""
    blocks: dict[str, dict[str, Any]] = {}
    for each in listed:
        inputs = replaced(
            dict(each.inputs), lambda to: f"${{{to.resource.kind.terraform}.{to.resource.name}.{to.output}}}"
        )
        named = {each.kind.renamed.get(name, name): value for name, value in inputs.items()}
        blocks.setdefault(each.kind.terraform, {})[each.name] = named
    return {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
        "provider": {"aws": dict(PROVIDER)},
        "resource": blocks,
    }


def write(directory: Path, count: int) -> None:
    """Write a project of `count` resources, and the same in Terraform's words in a folder of it."""
    listed = resources(count)
    directory.mkdir(parents=True, exist_ok=True)
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    settings = {"config": {"pulumi:disable-default-providers": ["*"]}}
    texts = {
        "Pulumi.yaml": yaml.safe_dump({"name": "bench", "runtime": runtime}),
        f"Pulumi.{STACK}.yaml": yaml.safe_dump(settings),
        "resources.json": json.dumps(pulumi_document(listed), indent=1),
        f"{TERRAFORM}/main.tf.json": json.dumps(terraform_document(listed), indent=1),
    }
    (directory / TERRAFORM).mkdir(exist_ok=True)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    shutil.copy(PROGRAM, directory / "__main__.py")
    (directory / COMPONENTS.name).symlink_to(COMPONENTS)
