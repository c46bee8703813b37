"""What a deployed stack `auctions` is asked by boto3, each thing once."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.engine.auctions_world import ACCOUNT, REPLICA_REGION

if TYPE_CHECKING:
    from tests.engine.auctions_world import Auctions

Answer = dict[str, Any]
"""What boto3 hands out."""


class Asked:
    """The answers of the embedded AWS."""

    def __init__(self, auctions: Auctions) -> None:
        self.auctions = auctions
        self.client = auctions.client

    @cached_property
    def vpc(self) -> Answer:
        """The one VPC that is not the account's own."""
        (vpc,) = [one for one in self.client("ec2").describe_vpcs()["Vpcs"] if not one["IsDefault"]]
        return dict(vpc)

    def vpc_attribute(self, name: str) -> bool:
        """An attribute of the VPC, such as `enableDnsSupport`."""
        answer = self.client("ec2").describe_vpc_attribute(VpcId=self.vpc["VpcId"], Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    @cached_property
    def subnets(self) -> dict[str, Answer]:
        """Block -> subnet."""
        filters = [{"Name": "vpc-id", "Values": [self.vpc["VpcId"]]}]
        return {one["CidrBlock"]: one for one in self.client("ec2").describe_subnets(Filters=filters)["Subnets"]}

    @cached_property
    def groups(self) -> dict[str, Answer]:
        """Last part of its name -> security group of the VPC."""
        filters = [{"Name": "vpc-id", "Values": [self.vpc["VpcId"]]}]
        found = self.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
        return {one["GroupId"]: one for one in found}

    def admitted(self, group: str) -> set[tuple[int, str]]:
        """Ports that a group lets in, each with the block or the group that it is for."""
        return {
            (rule["FromPort"], source)
            for rule in self.groups[group]["IpPermissions"]
            for source in (
                *(one["CidrIp"] for one in rule.get("IpRanges", [])),
                *(one["GroupId"] for one in rule.get("UserIdGroupPairs", [])),
            )
        }

    @cached_property
    def cluster(self) -> Answer:
        """The ECS cluster."""
        ecs = self.client("ecs")
        (cluster,) = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
        return dict(cluster)

    @cached_property
    def services(self) -> dict[str, Answer]:
        """Name of its container -> service."""
        ecs, cluster = self.client("ecs"), self.cluster["clusterArn"]
        arns = ecs.list_services(cluster=cluster)["serviceArns"]
        found = ecs.describe_services(cluster=cluster, services=arns)["services"]
        return {self.task(one)["containerDefinitions"][0]["name"]: one for one in found}

    def task(self, service: Answer) -> Answer:
        """The task definition of a service."""
        answer = self.client("ecs").describe_task_definition(taskDefinition=service["taskDefinition"])
        return dict(answer["taskDefinition"])

    def places(self, service: str) -> Answer:
        """Subnets and security groups of a service's tasks."""
        return dict(self.services[service]["networkConfiguration"]["awsvpcConfiguration"])

    def strategy(self, service: str) -> dict[str, int]:
        """Capacity provider -> weight, for those that have one."""
        found = self.services[service]["capacityProviderStrategy"]
        return {one["capacityProvider"]: one["weight"] for one in found if one["weight"]}

    def role(self, service: str) -> tuple[list[Answer], list[Answer]]:
        """Statements of trust and of rights of the tasks of a service."""
        iam, name = self.client("iam"), self.task(self.services[service])["taskRoleArn"].rpartition("/")[2]
        trust = _document(iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"])
        names = iam.list_role_policies(RoleName=name)["PolicyNames"]
        policies = [_document(iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"]) for one in names]
        return trust["Statement"], [one for policy in policies for one in policy["Statement"]]

    def bucket_rights(self, service: str, bucket: str) -> set[tuple[str, str]]:
        """Actions of a service's tasks on a bucket, each with the resource that it is for."""
        return {
            (action, resource)
            for one in self.role(service)[1]
            for action in _listed(one["Action"])
            for resource in _listed(one["Resource"])
            if resource.startswith(f"arn:aws:s3:::{bucket}")
        }

    @cached_property
    def database(self) -> Answer:
        """The database."""
        (database,) = self.client("rds").describe_db_instances()["DBInstances"]
        return dict(database)

    @cached_property
    def cache(self) -> Answer:
        """The replication group."""
        (group,) = self.client("elasticache").describe_replication_groups()["ReplicationGroups"]
        return dict(group)

    @cached_property
    def cache_node(self) -> Answer:
        """One of its nodes."""
        return dict(self.client("elasticache").describe_cache_clusters()["CacheClusters"][0])

    def bucket(self, short: str) -> str:
        """Physical name of a bucket."""
        return f"videowindow-{short}-{ACCOUNT}"

    def of_bucket(self, question: str, short: str, region: str | None = None) -> Answer:
        """Answer to `get_<question>` of a bucket."""
        client = self.client("s3", region) if region else self.client("s3")
        return dict(getattr(client, f"get_{question}")(Bucket=self.bucket(short)))

    def encryption(self, short: str, region: str | None = None) -> str:
        """Algorithm that a bucket encrypts by if nobody names one."""
        (rule,) = self.of_bucket("bucket_encryption", short, region)["ServerSideEncryptionConfiguration"]["Rules"]
        return str(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])

    def replica(self) -> tuple[str, str]:
        """Destination of the videos' replication, and the region that it stands in."""
        (rule,) = self.of_bucket("bucket_replication", "videos")["ReplicationConfiguration"]["Rules"]
        name = rule["Destination"]["Bucket"].removeprefix("arn:aws:s3:::")
        place = self.client("s3", REPLICA_REGION).get_bucket_location(Bucket=name)["LocationConstraint"]
        return name, place

    @cached_property
    def alarms(self) -> dict[str, Answer]:
        """Service -> its alarm on the CPU."""
        found = self.client("cloudwatch").describe_alarms()["MetricAlarms"]
        cpu = [one for one in found if one.get("Namespace") == "AWS/ECS" and one.get("MetricName") == "CPUUtilization"]
        named = {service["serviceName"]: name for name, service in self.services.items()}
        dimensions = [({two["Name"]: two["Value"] for two in one["Dimensions"]}, one) for one in cpu]
        return {named[where["ServiceName"]]: one for where, one in dimensions if one["AlarmActions"]}

    @cached_property
    def scaled(self) -> dict[str, tuple[int, int]]:
        """Service -> fewest and most tasks that Application Auto Scaling keeps."""
        client = self.client("application-autoscaling")
        found = client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
        named = {service["serviceName"]: name for name, service in self.services.items()}
        return {named[one["ResourceId"].rpartition("/")[2]]: (one["MinCapacity"], one["MaxCapacity"]) for one in found}

    @cached_property
    def distribution(self) -> Answer:
        """The configuration of the one distribution."""
        cloudfront = self.client("cloudfront")
        (one,) = cloudfront.list_distributions()["DistributionList"]["Items"]
        return dict(cloudfront.get_distribution_config(Id=one["Id"])["DistributionConfig"])

    def behaviour(self, pattern: str) -> Answer:
        """The behaviour of CloudFront for a pattern of paths."""
        (found,) = [one for one in self.distribution["CacheBehaviors"]["Items"] if one["PathPattern"] == pattern]
        return dict(found)

    @cached_property
    def balancers(self) -> dict[str, Answer]:
        """Scheme -> load balancer."""
        return {one["Scheme"]: one for one in self.client("elbv2").describe_load_balancers()["LoadBalancers"]}

    @cached_property
    def api(self) -> Answer:
        """The HTTP API."""
        (api,) = self.client("apigatewayv2").get_apis()["Items"]
        return dict(api)

    def beanstalk(self) -> tuple[str, dict[str, str]]:
        """Status of the environment on Elastic Beanstalk, and its options by name."""
        client = self.client("elasticbeanstalk")
        (one,) = client.describe_environments()["Environments"]
        named = {"ApplicationName": one["ApplicationName"], "EnvironmentName": one["EnvironmentName"]}
        (settings,) = client.describe_configuration_settings(**named)["ConfigurationSettings"]
        return one["Status"], {option["OptionName"]: option["Value"] for option in settings["OptionSettings"]}


def _document(said: Any) -> Answer:  # noqa: ANN401 - boto3 decodes some documents, and not others
    return dict(json.loads(unquote(said))) if isinstance(said, str) else dict(said)


def _listed(one: str | list[str]) -> list[str]:
    return [one] if isinstance(one, str) else one
