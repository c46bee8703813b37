"""The application on Elastic Beanstalk: watched, updated, behind the shared load balancer, in private subnets."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from review.recording import record_stack
from review.verdict import judge
from tests.config.containersfile import GONE, STACK, accepted, refused

if TYPE_CHECKING:
    from review.graph import Graph

pytestmark = pytest.mark.slow  # a whole stack is recorded

ENVIRONMENT = "aws:elasticbeanstalk/environment:Environment"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Prod with containers and an application on Beanstalk, as it is registered."""
    return record_stack(STACK, accepted({"beanstalk.reaches": ["postgres"]}))


@pytest.fixture(scope="module")
def options(graph: Graph) -> dict[tuple[str, str], str]:
    """Namespace and name -> value."""
    (environment,) = graph.of_type(ENVIRONMENT)
    return {(one["namespace"], one["name"]): one["value"] for one in environment.inputs["settings"]}


def test_it_is_watched_updated_and_logged(options: dict[tuple[str, str], str]) -> None:
    space = "aws:elasticbeanstalk:"
    assert options[f"{space}healthreporting:system", "SystemType"] == "enhanced"
    assert options[f"{space}managedactions", "ManagedActionsEnabled"] == "true"
    assert options[f"{space}managedactions", "PreferredStartTime"] == "Sun:05:00"
    logs = {name: value for (of, name), value in options.items() if of == f"{space}cloudwatch:logs"}
    assert logs == {"StreamLogs": "true", "DeleteOnTerminate": "false", "RetentionInDays": "90"}, "logs outlive it"


def test_requests_come_by_the_listener_of_the_edge_alone(graph: Graph, options: dict[tuple[str, str], str]) -> None:
    listeners = {of for of, _ in options if of.startswith("aws:elbv2:listener:")}
    assert listeners == {"aws:elbv2:listener:443"}, "by TLS only"
    rule = {name: value for (of, name), value in options.items() if of == "aws:elbv2:listenerrule:application"}
    assert rule == {"PathPatterns": "/office/*", "Priority": "40", "Process": "default"}
    assert options["aws:elasticbeanstalk:environment", "LoadBalancerIsShared"] == "true"
    inward = [one for one in graph.resources if one.name.startswith("network-beanstalk-in-")]
    assert [(one.name, one.inputs["fromPort"]) for one in inward] == [("network-beanstalk-in-http-alb", 80)]


def test_instances_stand_in_private_subnets_under_a_group_of_their_own(options: dict[tuple[str, str], str]) -> None:
    assert options["aws:ec2:vpc", "AssociatePublicIpAddress"] == "false"
    assert options["aws:autoscaling:launchconfiguration", "DisableDefaultEC2SecurityGroup"] == "true"
    assert options["aws:autoscaling:launchconfiguration", "DisableIMDSv1"] == "true"
    assert options["aws:ec2:instances", "InstanceTypes"] == "t3.small"
    assert (options["aws:autoscaling:asg", "MinSize"], options["aws:autoscaling:asg", "MaxSize"]) == ("2", "4")


def test_the_database_lets_them_in_and_the_cache_does_not(graph: Graph) -> None:
    names = {one.name for one in graph.resources}
    assert "network-rds-in-postgres-beanstalk" in names
    assert "network-redis-in-redis-beanstalk" not in names


def test_the_service_says_who_it_is_when_it_takes_its_role(graph: Graph) -> None:
    trust = json.loads(graph.named("beanstalk-service-role").inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": ["elasticbeanstalk.amazonaws.com"]}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "elasticbeanstalk"}}


def test_the_pack_finds_nothing_wrong_with_it(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    assert [finding.message for finding in verdict.blocking] == []


@pytest.mark.parametrize(
    ("change", "path", "what"),
    [
        ({"scaling.max": 1}, "scaling.max", "below min"),
        ({"scaling.in_below_percent": 70}, "scaling.in_below_percent", "come and go for ever"),
        ({"instance_types": ["t3.small", "t4g.small"]}, "instance_types", "several architectures"),
        ({"instance_types": ["t3.smal"]}, "instance_types[0]", "unknown instance type"),
        ({"target.paths": ["/*"], "target.priority": GONE}, "target.paths", "what no rule takes"),
        ({"target.priority": 20}, "target.priority", "the priority of live too"),
        ({"target.paths": ["/api/new/*"], "target.priority": 400}, "target.paths[0]", "leads to web already"),
        ({"update_window_utc": "Sunday"}, "update_window_utc", "not of the required form"),
        ({"solution_stack": "Docker"}, "solution_stack", "not of the required form"),
    ],
)
def test_what_beanstalk_would_refuse_is_refused_with_its_line(change: dict[str, object], path: str, what: str) -> None:
    found = refused({f"beanstalk.{key}": value for key, value in change.items()})
    assert what in found[f"beanstalk.{path}"].what
