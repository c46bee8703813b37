"""What holds for every resource of every stack file, whichever component made it."""

from __future__ import annotations

import json
import runpy
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

import pulumi
import pytest

from components.recovery.primary import COPY, Primary
from config.files import ROOT, stack_files
from review.changes import HOLD_DATA
from review.graph import ROOT_TYPE, Graph, Resource
from review.order import only_by_depends_on
from review.record import record
from review.recording import record_stack
from tests.components import standing
from tests.components.orders import ORDERS
from tests.components.recording import STACKS, recorded, settings_of
from tests.config.containersfile import STACK as SHOP
from tests.config.futurefile import recorded as recorded_future

if TYPE_CHECKING:
    from components.exports import Exports
    from config.stack import StackConfig

pytestmark = pytest.mark.slow  # whole stacks are recorded, again and again

LET_GO = {
    "aws:cloudtrail/trail:Trail": "the records are in a bucket, which stays",
    "aws:cloudwatch/logGroup:LogGroup": "the log ages out by itself, and a group of its name would be in the way",
    "aws:route53/zone:Zone": "protected: its name servers are known outside; its records are made from code",
    "aws:sqs/queue:Queue": "holds what was not delivered, for days",
    "aws:ssm/parameter:Parameter": "written from code",
    "kubernetes:core/v1:Namespace": "the objects in it are made from code, and volumes outlive it by their class",
}
"""What holds data by its type, and yet goes with its stack -> why."""
STATEFUL = HOLD_DATA - LET_GO.keys()
"""Types whose deletion loses data that nothing else holds."""
FOUNDATION = {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:route53/zone:Zone"}
"""Types that those live in, or that others outside refer to; a second one beside them would be of no use."""
AUTO_NAMED = {
    "aws:apigatewayv2/api:Api": ("name", 128),
    "aws:apigatewayv2/vpcLink:VpcLink": ("name", 128),
    "aws:cloudfront/cachePolicy:CachePolicy": ("name", 128),
    "aws:cloudfront/function:Function": ("name", 64),
    "aws:cloudfront/originAccessControl:OriginAccessControl": ("name", 64),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ("name", 128),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": ("name", 60),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": ("name", 60),
    "aws:ec2/launchTemplate:LaunchTemplate": ("name", 128),
    "aws:ec2/securityGroup:SecurityGroup": ("name", 255),
    "eks:index:ManagedNodeGroup": ("nodeGroupName", 63),
    "aws:elasticache/parameterGroup:ParameterGroup": ("name", 255),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name", 255),
    "aws:iam/role:Role": ("name", 64),
    "aws:iam/rolePolicy:RolePolicy": ("name", 128),
    "aws:lambda/function:Function": ("name", 64),
    "aws:lb/loadBalancer:LoadBalancer": ("name", 32),
    "aws:lb/targetGroup:TargetGroup": ("name", 32),
    "aws:rds/parameterGroup:ParameterGroup": ("name", 255),
    "aws:rds/subnetGroup:SubnetGroup": ("name", 255),
    "aws:sqs/queue:Queue": ("name", 80),
    "aws:wafv2/webAcl:WebAcl": ("name", 128),
}
"""Types that Pulumi names: the input with the name, and AWS's limit of it (API references, 2026-11)."""
SUFFIX = 8
"""A hyphen and seven hexadecimal digits, which Pulumi appends."""


@cache
def _recorded(stack: str) -> tuple[StackConfig, Graph]:
    settings = settings_of(stack)
    return settings, recorded(stack)


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> tuple[StackConfig, Graph]:
    """Every stack file of the project in turn, and prod with containers, with what it registers."""
    return _recorded(request.param)


def _made(graph: Graph) -> list[Resource]:
    """Resources of providers, and components that a plugin makes; each needs a provider."""
    return [r for r in graph.resources if (r.custom or r.type.startswith("eks:")) and not r.type.startswith("pulumi:")]


@pytest.mark.parametrize("stack", standing.STACKS)
def test_what_stands_keeps_its_name(stack: str) -> None:
    made, listed = (set(names) for names in (standing.names(_recorded(stack)[1]), standing.listed(stack)))
    write = "`python -m tests.components.standing` writes the list anew"
    assert listed - made == set(), f"deleted by the next update: an alias, or an entry of CHANGELOG.md; {write}"
    assert made - listed == set(), f"new: {write}"


def test_there_is_a_stack_file() -> None:
    assert "prod" in stack_files(), "the rules below would hold of nothing"


def test_every_resource_has_the_explicit_provider_of_its_package(stack: tuple[StackConfig, Graph]) -> None:
    _, graph = stack
    for resource in _made(graph):
        provider = graph.by_urn.get(resource.provider)
        assert provider is not None, f"{resource.urn}: without a provider it has no account, region or tags"
        assert provider.type == f"pulumi:providers:{resource.type.partition(':')[0]}", resource.urn


def test_the_providers_of_aws_are_in_the_region_of_the_stack_and_where_the_area_that_has_one_needs_it(
    stack: tuple[StackConfig, Graph],
) -> None:
    settings, graph = stack
    following = settings.identity.role == "standby"
    watched, region = settings.observability, settings.identity.region
    chat = watched is not None and watched.channels.slack is not None and region == "us-east-1"
    beside = {"aws-primary": "us-east-1"} if following else {"aws-chat": "us-west-2"} if chat else {}
    if settings.edge and settings.edge.cdn and region != "us-east-1":
        beside |= {"aws-global": "us-east-1"}  # CloudFront's certificate and web ACL
    copies = {bucket.replica.region for bucket in settings.buckets.values() if bucket.replica}
    copies |= {region for table in settings.tables.values() for region in table.replica_regions}
    beside |= {f"aws-replica-{region}": region for region in copies}
    found = {provider.name: provider.inputs["region"] for provider in graph.of_type("pulumi:providers:aws")}
    assert found == {"aws": settings.identity.region, **beside}, "regions are chosen by provider alone"
    for resource in _made(graph):
        assert "region" not in resource.inputs, f"{resource.urn}: a region of its own would escape the provider's"


NAME_WHOM_THEY_ACT_FOR = {
    "bedrock.amazonaws.com": "Bedrock, monitoring model invocation with CloudWatch Logs: trust of the role",
    "chatbot.amazonaws.com": "Amazon Q Developer in chat applications, cross-service confused deputy prevention",
    "cloudfront.amazonaws.com": "CloudFront, restricting access to an S3 origin",
    "cloudtrail.amazonaws.com": "CloudTrail, bucket and key policies",
    "cloudwatch.amazonaws.com": "SNS, allow CloudWatch alarms to publish",
    "config.amazonaws.com": "AWS Config, permissions for the delivery bucket",
    "ecs-tasks.amazonaws.com": "ECS, task IAM role",
    "delivery.logs.amazonaws.com": "CloudWatch Logs, enabling logging from AWS services",
    "eks-fargate-pods.amazonaws.com": "EKS, Amazon EKS Pod execution IAM role",
    "events.amazonaws.com": "EventBridge, using resource-based policies: Amazon SQS permissions",
    "fis.amazonaws.com": "AWS FIS, IAM roles for experiments: trust of the role",
    "logging.s3.amazonaws.com": "S3, enabling server access logging",
    "monitoring.rds.amazonaws.com": "RDS, preventing the cross-service confused deputy problem",
    "scheduler.amazonaws.com": "EventBridge Scheduler, confused deputy prevention",
    "sns.amazonaws.com": "SNS, dead-letter queues",
    "ssm.amazonaws.com": "Systems Manager, setting up roles for Automation: confused deputy prevention",
    "vpc-flow-logs.amazonaws.com": "VPC, IAM role for publishing flow logs",
}
"""Services that pass the source for which they act, and the AWS guide whose example binds them by it (2026-11)."""
_SOURCES = ("aws:sourceaccount", "aws:sourcearn")


def _bound_services(graph: Graph) -> set[str]:
    """Return the services that some policy shuts out unless they name whom they act for."""
    found: set[str] = set()
    for resource in graph.resources:
        for field in ("policy", "assumeRolePolicy"):
            text = resource.inputs.get(field)
            if not isinstance(text, str) or "Statement" not in text:
                continue
            for statement in json.loads(text)["Statement"]:
                tests = {
                    key.lower()
                    for operator, keys in statement.get("Condition", {}).items()
                    if not operator.endswith("IfExists")
                    for key in keys
                }
                if statement["Effect"] == "Allow" and tests.intersection(_SOURCES):
                    found.update(statement["Principal"].get("Service", []))
    return found


def test_a_service_is_bound_by_its_source_only_where_its_guide_says_that_it_names_one(
    stack: tuple[StackConfig, Graph],
) -> None:
    _, graph = stack
    bound = _bound_services(graph)
    assert "vpc-flow-logs.amazonaws.com" in bound, "the test sees conditions"
    unknown = bound - NAME_WHOM_THEY_ACT_FOR.keys()
    assert not unknown, "others would be shut out: components.iam.source_if_named"


WORDS = {"records"}
"""Names of stacks that are words, too: AWS Config's records are no place."""


def test_every_resource_belongs_to_a_component(stack: tuple[StackConfig, Graph]) -> None:
    _, graph = stack
    for resource in _made(graph):
        parent = graph.by_urn[resource.parent]
        assert parent.type != ROOT_TYPE, f"{resource.urn}: nobody answers for an orphan"
        assert not parent.custom, f"{resource.urn}: a resource owns no other"


def test_a_logical_name_begins_with_that_of_its_component_and_names_no_place(stack: tuple[StackConfig, Graph]) -> None:
    settings, graph = stack
    identity = settings.identity
    for resource in _made(graph):
        parent = graph.by_urn[resource.parent]
        assert resource.name.startswith(f"{parent.name}-"), f"{resource.urn}: names show who made what"
        for place in {graph.stack, identity.region, identity.account_id, identity.environment} - WORDS:
            assert place not in resource.name.split("-"), (
                f"{resource.urn}: another stack must be able to share the name"
            )
            assert identity.region not in resource.name, (
                f"{resource.urn}: another region must be able to share the name"
            )


def test_a_name_that_pulumi_makes_fits_its_service(stack: tuple[StackConfig, Graph]) -> None:
    _, graph = stack
    for resource in _made(graph):
        field, longest = AUTO_NAMED.get(resource.type, (None, 0))
        if field is not None and field not in resource.inputs:
            length = len(resource.name) + SUFFIX
            assert length <= longest, (
                f"{resource.urn}: {length} characters, {longest} allowed; AWS refuses it at creation"
            )


def test_what_holds_data_is_protected_and_retained_and_what_that_lives_in_is_protected(
    stack: tuple[StackConfig, Graph],
) -> None:
    _, graph = stack
    for resource in _made(graph):
        assert resource.retain_on_delete == (resource.type in STATEFUL), (
            f"{resource.urn}: leaving the program must not lose data, and must not litter"
        )
        assert resource.protect == (resource.type in STATEFUL | FOUNDATION), (
            f"{resource.urn}: exactly what holds data, or holds what does, takes two acts to delete or replace"
        )


def test_every_type_that_goes_with_its_stack_is_one_that_prod_makes_and_that_holds_data() -> None:
    _, graph = _recorded("prod")
    assert LET_GO.keys() <= {resource.type for resource in _made(graph)} & HOLD_DATA


def test_nothing_waits_for_what_no_input_names_but_for_a_reason(stack: tuple[StackConfig, Graph]) -> None:
    _, graph = stack
    without = [edge for edge in only_by_depends_on(graph) if not any(order.asks(edge) for order in ORDERS)]
    assert without == [], "take the order away, or add it to ORDERS with what needs it"


def test_every_reason_to_wait_is_of_use_to_a_stack() -> None:
    edges = [edge for name in STACKS for edge in only_by_depends_on(_recorded(name)[1])]
    idle = [order for order in ORDERS if not any(order.asks(edge) for edge in edges)]
    assert idle == [], "nothing waits for it any more"


def test_nothing_hides_a_change_of_what_policies_guard(stack: tuple[StackConfig, Graph]) -> None:
    _, graph = stack
    guarded = ("encrypt", "kms", "public", "tags", "policy", "tls", "ssl", "engineVersion")
    for resource in _made(graph):
        hidden = [key for key in resource.ignore_changes if any(word.lower() in key.lower() for word in guarded)]
        assert hidden == [], f"{resource.urn}: an ignored property drifts unseen"


def test_a_plan_is_a_pure_function_of_the_stack_file(stack: tuple[StackConfig, Graph]) -> None:
    settings, graph = stack
    again = record_stack(graph.stack, settings)
    first, second = ({r.urn: r.inputs for r in g.resources} for g in (graph, again))
    assert first == second, "no clock, no chance, no look-up"


OUTPUTS = {
    "backup_role_arn",
    "backup_vault_name",
    "balancer_dns_name",
    "bucket_names",
    "cluster_arn",
    "cluster_name",
    "distribution_domain",
    "domain",
    "key_arns",
    "pooler_secret_arn",
    "postgres_address",
    "postgres_arn",
    "postgres_secret_arn",
    "redis_endpoint",
    "redis_group_id",
    "redis_secret_arn",
    "region",
    "security_group_ids",
    "settings",
    "subnet_ids",
    "topic_arns",
    "vpc_cidr",
    "vpc_id",
    "vpcs",
    "writers",
    "zone_id",
}
"""Outputs of a stack that has every area, but for `name_servers`, of which a recording knows nothing."""
OF_CDN = {"distribution_domain", "zone_id"}
"""Outputs of what stands before both regions, which a standby does not have."""
OF_SERVICES = {"api_domain", "api_id", "ecs_cluster_name", "ecs_services", "queue_urls"}
"""Outputs of services, of the API before them and of queues."""
OF_FUNCTIONS = {"functions", "release_application", "release_groups"}
"""Outputs of functions, and of what releases them."""
OF_INFERENCE = {"guardrail_id", "guardrail_version"}
"""Outputs of a stack with models."""
OF_INSTANCES = {"beanstalk_application", "beanstalk_environment", "instance_groups"}
"""Outputs of an application on Elastic Beanstalk, and of groups of instances."""
OF_AUCTIONS = {"replica_bucket_names", *(OUTPUTS | OF_SERVICES)} - {
    *("backup_role_arn", "backup_vault_name", "cluster_arn", "cluster_name", "pooler_secret_arn")
}
"""Outputs of services without EKS and without a vault, with a bucket that has a copy elsewhere."""
OF_AGENTS = {"functions", "table_names", "sockets_domain", "sockets_id", *(OUTPUTS | OF_SERVICES)} - {
    *("backup_role_arn", "backup_vault_name", "balancer_dns_name", "cluster_arn", "cluster_name", "pooler_secret_arn")
}
"""Outputs of functions, and of a service, without EKS, a vault and a load balancer."""
OF_SMALL = {
    *("key_arns", "postgres_address", "postgres_arn", "postgres_secret_arn", "region", "security_group_ids"),
    *("settings", "subnet_ids", "vpc_cidr", "vpc_id", "vpcs", "writers"),
}
"""Outputs of a database in a network of its own: those of other areas are left out with them."""


OF_RECORDS, OF_EXPERIMENTS = {"operators", "streaming"}, {"experiments", "experiment_alarms"}
OF_POOLS = {"pooler_secret_arn"}
OF_CACHE = {"redis_endpoint", "redis_group_id", "redis_secret_arn"}


def test_a_standby_reads_what_stacks_publish() -> None:
    read = {field.name for field in fields(Primary)}
    primaries = [*(_recorded(stack)[1] for stack in ("prod", "records")), recorded_future()]
    published = {name for graph in primaries for name in graph.of_type(ROOT_TYPE)[0].outputs}
    assert read <= published, "an output that nobody publishes is never there"


def test_a_stack_publishes_what_others_may_read(stack: tuple[StackConfig, Graph]) -> None:
    settings, graph = stack
    published = graph.of_type(ROOT_TYPE)[0].outputs
    assert all(name.replace("_", "").isalpha() for name in published), "names are typed by hand in `stack output`"
    copy = {COPY} if settings.identity.role == "standby" else set()
    assert copy <= set(published), "a standby keeps what it read of its primary"
    assert set(published["key_arns"]) == {"data", "storage", "cluster", "logs", "secrets"}
    whole = {
        "agents": OF_AGENTS | OF_INFERENCE,
        "auctions": OF_AUCTIONS,
        "dr": (OUTPUTS - OF_CDN) | copy,
        "prod": OUTPUTS,
        "records": (OUTPUTS | OF_RECORDS | OF_EXPERIMENTS) - OF_POOLS,
        "records-dr": (OUTPUTS | OF_RECORDS) - OF_POOLS - OF_CDN | copy,
        "realestate": OUTPUTS - OF_CACHE,
        "small": OF_SMALL,
        SHOP: OUTPUTS.union(OF_SERVICES, OF_FUNCTIONS, OF_INSTANCES, OF_INFERENCE, OF_RECORDS, OF_EXPERIMENTS)
        | {"table_names", "sockets_domain", "sockets_id"},
    }
    assert set(published) == whole[graph.stack], "renaming an output breaks whoever reads it"


def test_no_output_is_a_secret_in_plain_text(stack: tuple[StackConfig, Graph]) -> None:
    _, graph = stack
    for name, value in graph.of_type(ROOT_TYPE)[0].outputs.items():
        if "secret" in name:
            assert value.startswith("arn:aws:secretsmanager:"), f"{name}: outputs name secrets, they never hold them"


def test_what_cannot_be_built_ends_the_program_with_a_sentence(
    settings: StackConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: StackConfig) -> Exports:
        raise ValueError("network.tiers.database: its network ACL needs 30 ingress rules, 20 are allowed")

    monkeypatch.setattr("components.stack.deploy", refuse)
    monkeypatch.setattr("config.load.load_or_stop", lambda: settings)
    with pytest.raises(pulumi.RunError, match="needs 30 ingress rules") as stopped:
        record(lambda: runpy.run_path(str(ROOT / "__main__.py")), "prod")
    assert stopped.value.__suppress_context__, "a traceback would say nothing more"


def test_the_program_publishes_what_it_deployed(settings: StackConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.load.load_or_stop", lambda: settings)
    graph = record(lambda: runpy.run_path(str(ROOT / "__main__.py")), "prod")
    assert len(graph.resources) == len(_recorded("prod")[1].resources), "the program is load, deploy, publish"
    assert graph.of_type(ROOT_TYPE)[0].outputs["vpc_id"] == "network-vpc-id"


def test_every_bucket_that_logs_its_access_is_admitted_by_the_bucket_of_the_logs(
    stack: tuple[StackConfig, Graph],
) -> None:
    _, graph = stack
    found = graph.any_of_type("aws:s3/bucketLogging:BucketLogging")
    if graph.stack == "small":
        assert (found, graph.any_of_type("aws:s3/bucket:Bucket")) == ((), ()), "no bucket, and none of access logs"
        return
    assert found, "every bucket logs its access"
    for target in {logging.inputs["targetBucket"] for logging in found}:
        logged = {f"arn:aws:s3:::{one.inputs['bucket']}" for one in found if one.inputs["targetBucket"] == target}
        policies = graph.of_type("aws:s3/bucketPolicy:BucketPolicy")
        policy = json.loads(next(one.inputs["policy"] for one in policies if one.inputs["bucket"] == target))
        admitted = next(one for one in policy["Statement"] if one["Sid"] == "AdmitAccessLogs")
        sources = admitted["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert logged == set(sources), "S3 drops the logs of others without an error"
