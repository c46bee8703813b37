"""Cases of the closed world and of the switches."""

from __future__ import annotations

from dataclasses import replace

from tests.policy.case import Case, forbidden_case, value_case
from tests.policy.harness import UNKNOWN, Made

PROVIDER = Made(type="pulumi:providers:aws", name="main", inputs={"region": "us-east-1"})
PLAIN = Made(type="aws:cloudwatch/dashboard:Dashboard", inputs={"dashboardName": "it"})
DYNAMIC = Made(type="pulumi-python:dynamic:Resource", inputs={"__provider": "code"})
RANDOM = Made(type="random:index/randomPassword:RandomPassword", inputs={"length": 16}, provider=PROVIDER.urn)
HOLDER = Made(type="aws:simpledb/domain:Domain", inputs={"name": "it"})
TEMPLATE = {"spec": {"template": {"spec": {"containers": [{"name": "it", "image": "it:1"}]}}}}
ROLLOUT = Made(type="kubernetes:argoproj.io/v1alpha1:Rollout", inputs=TEMPLATE)
STREAM = Made(type="aws:codebuild/project:Project", inputs={"secondaryArtifacts": [{"encryptionDisabled": False}]})
GATEWAY = Made(
    type="aws:drs/replicationConfigurationTemplate:ReplicationConfigurationTemplate", inputs={"createPublicIp": False}
)
ACCELERATOR = Made(
    type="aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator",
    inputs={"attributes": {"flowLogsEnabled": True}},
)
ZONE = Made(type="aws:route53/zone:Zone", inputs={"forceDestroy": False})

CASES = (
    forbidden_case("no-doors", DYNAMIC.type, PLAIN.type),
    forbidden_case("holding-type-judged", HOLDER.type, PLAIN.type),
    Case(
        rule="types-judged",
        passing=[PROVIDER, replace(PLAIN, provider=PROVIDER.urn)],
        failing=[PROVIDER, RANDOM],
        unknown=[PROVIDER, replace(RANDOM, inputs={"length": UNKNOWN})],
        absent=[PROVIDER, replace(RANDOM, inputs={})],
        unknown_is="violation",
        absent_is="violation",
    ),
    value_case("encryption-not-off", STREAM, "secondaryArtifacts.0.encryptionDisabled", True, absent_is="silent"),
    value_case("public-access-not-on", GATEWAY, "createPublicIp", True, absent_is="silent"),
    value_case("logs-not-off", ACCELERATOR, "attributes.flowLogsEnabled", False, absent_is="silent"),
    value_case("protection-not-off", ZONE, "forceDestroy", True, absent_is="silent"),
)  # fmt: skip
POD_CASE = Case(
    rule="no-doors",
    passing=[replace(ROLLOUT, type="kubernetes:apps/v1:Deployment"), replace(ROLLOUT, inputs={"spec": {}})],
    failing=[ROLLOUT],
    unknown=[replace(ROLLOUT, inputs={"spec": UNKNOWN})],
    absent=[replace(ROLLOUT, inputs={})],
    unknown_is="silent",
    absent_is="silent",
)
