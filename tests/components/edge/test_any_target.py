"""The edge of whole stacks: of services and pods, without a cluster, without a load balancer; signers of a bucket."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from review.recording import record_stack
from tests.components.test_optional import faults
from tests.config.containersfile import GONE, STACK, accepted
from tests.config.test_cdn import ALONE, films
from tests.config.test_routes import WITHOUT_PODS

if TYPE_CHECKING:
    from review.graph import Graph

pytestmark = pytest.mark.slow

WEB, HOST, DISTRIBUTION = "containers.services.web.target", "live.phoenix.example", "front-cdn-distribution"
WITHOUT_API: Final[dict[str, object]] = {
    "api": GONE,
    "edge.cdn.api_paths": GONE,
    "containers.services.web.api_target": GONE,
}
UNWATCHED: Final[dict[str, object]] = {
    "observability": GONE,
    "functions.thumbnails.release": GONE,
    "instances.render.refresh.alarms": GONE,
    "containers.services.live.tracing.sampler": GONE,
}
STACKS: Final[dict[str, dict[str, object]]] = {
    "shop": {},
    "services alone": {**WITHOUT_PODS, f"{WEB}.paths": ["/api/*", "/healthz"], **UNWATCHED},
    "a service for the rest": {
        **WITHOUT_PODS,
        f"{WEB}.paths": ["/*"],
        f"{WEB}.priority": GONE,
        **WITHOUT_API,
        **UNWATCHED,
    },
    "pods by a rule": {
        "edge.balancer.pods": {"paths": ["/*"], "hosts": ["phoenix.example"], "priority": 400},
        f"{WEB}.paths": ["/*"],
        f"{WEB}.priority": GONE,
        **WITHOUT_API,
    },
    "buckets alone": {**ALONE, "beanstalk": GONE, "instances": GONE, **films(films="/*")},
    "an application alone": {"edge.cdn.buckets": GONE, "edge.cdn.api_paths": GONE},
    "two buckets": films(films="/films/*"),
}


@cache
def made(stack: str) -> Graph:
    return record_stack(STACK, accepted(STACKS[stack]))


def inputs(stack: str, name: str) -> dict[str, Any]:
    return made(stack).named(name).inputs


def types(stack: str) -> set[str]:
    return {one.type for one in made(stack).resources}


def names(stack: str, type_: str) -> set[str]:
    return {one.name for one in made(stack).of_type(type_)}


@pytest.mark.parametrize("stack", STACKS)
def test_whatever_the_edge_leads_to_the_stack_passes_the_pack_and_names_nothing_that_is_not_there(stack: str) -> None:
    assert list(faults(made(stack))) == []


@pytest.mark.parametrize(
    ("stack", "group"),
    [("shop", "edge-pods"), ("a service for the rest", "edge-to-web"), ("pods by a rule", "edge-to-web")],
)
def test_what_no_rule_takes_goes_to_who_takes_the_rest(stack: str, group: str) -> None:
    (action,) = inputs(stack, "edge-https")["defaultActions"]
    assert (action["type"], action["targetGroupArn"]) == ("forward", made(stack).named(group).outputs["arn"])


def test_without_anybody_for_the_rest_the_load_balancer_says_that_there_is_nothing() -> None:
    (action,) = inputs("services alone", "edge-https")["defaultActions"]
    assert (action["type"], action["fixedResponse"]["statusCode"]) == ("fixed-response", "404")
    assert "edge-pods" not in names("services alone", "aws:lb/targetGroup:TargetGroup")


def test_rules_ask_for_paths_and_hosts() -> None:
    rule = inputs("shop", "edge-route-live")
    asked = {key: one["values"] for condition in rule["conditions"] for key, one in condition.items()}
    assert asked == {"pathPattern": ["/live"], "hostHeader": [HOST]}
    pods = inputs("pods by a rule", "edge-pods-route")
    assert (pods["priority"], pods["actions"][0]["targetGroupArn"]) == (
        400,
        made("pods by a rule").named("edge-pods").outputs["arn"],
    )
    assert "edge-route-web" not in names("pods by a rule", "aws:lb/listenerRule:ListenerRule"), "it has no place"


def test_further_names_lead_to_cloudfront_are_proven_and_reach_the_load_balancer() -> None:
    distribution = inputs("shop", DISTRIBUTION)
    assert distribution["aliases"] == ["phoenix.example", HOST]
    assert distribution["defaultCacheBehavior"]["originRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"
    assert inputs("shop", "edge-certificate")["subjectAlternativeNames"] == ["phoenix.example", HOST]
    assert set(inputs("shop", "front-certificate")["subjectAlternativeNames"]) == {"origin.phoenix.example", HOST}
    records = {one.inputs["name"]: one.inputs["type"] for one in made("shop").of_type("aws:route53/record:Record")}
    assert f"_proof.{HOST}." in records
    assert {f"front-{HOST}-a", f"front-{HOST}-aaaa"} <= names("shop", "aws:route53/record:Record")


def test_a_websocket_begins_through_cloudfront_as_any_request_of_the_application() -> None:
    behavior = inputs("shop", DISTRIBUTION)["defaultCacheBehavior"]
    assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "nothing is kept"
    assert set(behavior["allowedMethods"]) >= {"GET", "OPTIONS", "POST"}
    assert inputs("shop", "edge-alb")["idleTimeout"] == 75, "above the ping of 30 s"


def test_a_bucket_with_signers_is_served_to_who_signs() -> None:
    group = made("shop").named("front-cdn-signers-static-assets")
    keys = [made("shop").named(f"front-cdn-signer-static-assets_{one}") for one in ("first", "second")]
    assert group.inputs["items"] == [f"{key.name}-id" for key in keys]
    assert all("PUBLIC KEY" in key.inputs["encodedKey"] for key in keys)
    of_api, *behaviors = inputs("shop", DISTRIBUTION)["orderedCacheBehaviors"]
    assert {tuple(one["trustedKeyGroups"]) for one in behaviors} == {("front-cdn-signers-static-assets-id",)}
    assert "trustedKeyGroups" not in of_api, "the API asks for itself"


def test_a_bucket_without_signers_is_served_to_everybody() -> None:
    behaviors = {one["pathPattern"]: one for one in inputs("two buckets", DISTRIBUTION)["orderedCacheBehaviors"]}
    assert behaviors["/films/*"]["targetOriginId"] == "bucket/films"
    assert "trustedKeyGroups" not in behaviors["/films/*"]
    assert behaviors["/static/*"]["trustedKeyGroups"]


def _admitted(stack: str, bucket: str) -> dict[str, Any]:
    policy = json.loads(inputs(stack, f"data-{bucket}-policy")["policy"])
    return next(dict(one["Condition"]) for one in policy["Statement"] if one["Sid"] == "AdmitCloudFront")


def test_no_other_distribution_of_the_account_serves_what_needs_a_signature() -> None:
    arn = made("two buckets").named(DISTRIBUTION).outputs["arn"]
    assert _admitted("two buckets", "static-assets") == {"StringEquals": {"aws:SourceArn": arn}}
    account = "arn:aws:cloudfront::100000000004:distribution/*"
    assert _admitted("two buckets", "films") == {"ArnLike": {"aws:SourceArn": account}}


def test_buckets_alone_have_no_load_balancer_and_no_name_of_one() -> None:
    stack = "buckets alone"
    assert "aws:lb/loadBalancer:LoadBalancer" not in types(stack)
    distribution = inputs(stack, DISTRIBUTION)
    assert distribution["defaultCacheBehavior"]["targetOriginId"] == "bucket/films"
    assert [one["originId"] for one in distribution["origins"]] == ["assets-first", "assets-spare", "bucket/films"]
    assert "origin.phoenix.example" not in inputs(stack, "front-certificate")["subjectAlternativeNames"]
    assert not [one for one in names(stack, "aws:route53/record:Record") if "origin" in one]
    assert "network-alb-group" not in names(stack, "aws:ec2/securityGroup:SecurityGroup")


def test_an_application_alone_asks_no_bucket() -> None:
    distribution = inputs("an application alone", DISTRIBUTION)
    assert [one["originId"] for one in distribution["origins"]] == ["application"]
    assert distribution["orderedCacheBehaviors"] == []
    assert "aws:cloudfront/originAccessControl:OriginAccessControl" not in types("an application alone")
