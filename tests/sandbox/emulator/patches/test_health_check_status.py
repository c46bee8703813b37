"""What checkers see of a load balancer can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import outage
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.traffic.behind import Front, Server

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
NAME = "app.status.example"


def _fixed(code: str) -> dict[str, object]:
    return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": code}}


def _balancer(aws: Aws, region: str = "us-east-1") -> str:
    """Make a load balancer that answers /quiet with 404 and everything else with 503, and a name for it."""
    elb = aws("elbv2", region)
    subnets = [one["SubnetId"] for one in aws("ec2", region).describe_subnets()["Subnets"][:2]]
    balancer = elb.create_load_balancer(Name="status", Subnets=subnets)["LoadBalancers"][0]
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=443, DefaultActions=[_fixed("503")]
    )["Listeners"][0]["ListenerArn"]
    paths = [{"Field": "path-pattern", "Values": ["/quiet"]}]
    elb.create_rule(ListenerArn=listener, Priority=1, Conditions=paths, Actions=[_fixed("404")])
    paths = [{"Field": "path-pattern", "Values": ["/well"]}]
    elb.create_rule(ListenerArn=listener, Priority=2, Conditions=paths, Actions=[_fixed("200")])
    zone = aws("route53").create_hosted_zone(Name="status.example", CallerReference="z")["HostedZone"]["Id"]
    alias = {
        "DNSName": "dualstack." + balancer["DNSName"],
        "HostedZoneId": "Z35SXDOTRQ7X7K",
        "EvaluateTargetHealth": True,
    }
    record = {"Name": NAME, "Type": "A", "AliasTarget": alias}
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)
    return str(balancer["DNSName"])


def _seen(route53: Client, name: str, path: str) -> set[str]:
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": name, "Port": 443, "ResourcePath": path}
    made = route53.create_health_check(CallerReference=name + path, HealthCheckConfig=config)["HealthCheck"]["Id"]
    found = route53.get_health_check_status(HealthCheckId=made)["HealthCheckObservations"]
    assert len({one["Region"] for one in found}) > 1, "several checkers"
    return {one["StatusReport"]["Status"] for one in found}


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/quiet", "Failure: HTTP Status Code 404, Not Found"),
        ("/well", "Success: HTTP Status Code 200, OK"),
        ("/", "Failure: HTTP Status Code 503, Service Unavailable"),
    ],
)
def test_checkers_see_what_the_rule_of_the_path_answers(aws: Aws, path: str, seen: str) -> None:
    balancer = _balancer(aws)
    assert _seen(aws("route53"), balancer, path) == {seen}
    assert _seen(aws("route53"), NAME, path) == {seen}, "by its record, too"


def test_checkers_see_what_a_target_answers_that_runs_here(emulator: Emulator, aws: Aws) -> None:
    front = Front(emulator, aws, "seen", port=443)
    front.elb.register_targets(TargetGroupArn=front.arns["group"], Targets=[{"Id": "10.9.30.1", "Port": 8080}])
    assert _seen(aws("route53"), front.dns, "/health") == {"Success: HTTP Status Code 200, OK"}, "nobody can be asked"
    with Server() as server:
        front.behind("10.9.30.1", server)
        server.health = 500
        assert _seen(aws("route53"), front.dns, "/health?2") == {"Failure: HTTP Status Code 500, Internal Server Error"}
        assert _seen(aws("route53"), front.dns, "/") == {"Success: HTTP Status Code 200, OK"}


def test_a_name_that_leads_nowhere_is_not_resolved(aws: Aws) -> None:
    (seen,) = _seen(aws("route53"), "nowhere.example", "/")
    assert seen.startswith("Failure: DNS resolution failed")


def test_of_a_lost_region_nothing_is_seen(running: Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(running, account_of(request))
    balancer = _balancer(aws, "us-west-2")
    outage.cut(running.url, "us-west-2")
    (seen,) = _seen(aws("route53"), balancer, "/well")
    assert seen.startswith("Failure: Connection timed out")


def test_a_check_that_is_not_there_and_a_calculated_one_are_refused(aws: Aws) -> None:
    route53 = aws("route53")
    with pytest.raises(route53.exceptions.NoSuchHealthCheck):
        route53.get_health_check_status(HealthCheckId="11111111-1111-1111-1111-111111111111")
    config = {"Type": "CALCULATED", "ChildHealthChecks": [], "HealthThreshold": 0}
    made = route53.create_health_check(CallerReference="c", HealthCheckConfig=config)["HealthCheck"]["Id"]
    with pytest.raises(route53.exceptions.InvalidInput):
        route53.get_health_check_status(HealthCheckId=made)
