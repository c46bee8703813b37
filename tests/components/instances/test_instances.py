"""Groups of instances as they are registered: closed, encrypted, rolled by the template's number, and few rights."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from components.instances.plan import first_boot
from config.examine import examine
from review.cost.rest import at_rest
from review.graph import ROOT_TYPE
from review.recording import record_stack
from review.verdict import judge
from tests.components.recording import recorded
from tests.config.containersfile import STACK, accepted
from tests.config.instancesfile import SETTINGS
from tests.config.instancesfile import STACK as SCENES

if TYPE_CHECKING:
    from review.graph import Graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Prod with containers, which has a group of instances beside them."""
    return recorded(STACK)


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def script(graph: Graph) -> str:
    return base64.b64decode(inputs(graph, "instances-render-template")["userData"]).decode()


def test_a_template_is_closed_and_encrypted(graph: Graph) -> None:
    made = inputs(graph, "instances-render-template")
    assert made["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }
    (disk,) = made["blockDeviceMappings"]
    assert (disk["deviceName"], disk["ebs"]["encrypted"]) == ("/dev/xvda", "true")
    assert disk["ebs"]["kmsKeyId"].endswith("keys-cluster")
    assert made["monitoring"] == {"enabled": True}
    assert {"keyName", "networkInterfaces"}.isdisjoint(made), "no SSH, no public address"
    assert made["imageId"] == "ami-0123456789abcdef0", "an exact one"


def test_a_group_mixes_types_by_a_version_with_a_number(graph: Graph) -> None:
    made = inputs(graph, "instances-render-group")
    policy = made["mixedInstancesPolicy"]
    assert [one["instanceType"] for one in policy["launchTemplate"]["overrides"]] == ["c6i.xlarge", "c5.xlarge"]
    assert policy["launchTemplate"]["launchTemplateSpecification"]["version"] not in ("$Latest", "$Default")
    assert policy["instancesDistribution"]["onDemandBaseCapacity"] == 2
    assert (made["minSize"], made["desiredCapacity"], made["maxSize"]) == (2, 2, 6)
    assert made["vpcZoneIdentifiers"] == ["network-tasks-a-id", "network-tasks-b-id"], "zones a and b of three"
    assert made["capacityRebalance"] is True
    assert graph.named("instances-render-group").ignore_changes == ("desiredCapacity",)


def test_a_group_replaces_what_the_load_balancer_finds_unhealthy(graph: Graph) -> None:
    made = inputs(graph, "instances-render-group")
    assert (made["healthCheckType"], made["healthCheckGracePeriod"]) == ("ELB", 240)
    assert [arn.rpartition("/")[2] for arn in made["targetGroupArns"]] == ["edge-to-render"]
    targets = inputs(graph, "edge-to-render")
    assert (targets["targetType"], targets["protocol"], targets["port"]) == ("instance", "HTTPS", 8443)


def test_a_refresh_rolls_and_goes_back_by_alarms(graph: Graph) -> None:
    rolled = inputs(graph, "instances-render-group")["instanceRefresh"]
    assert rolled["strategy"] == "Rolling"
    assert rolled["preferences"]["autoRollback"] is True
    alarms = rolled["preferences"]["alarmSpecification"]["alarms"]
    assert [one.rpartition("-alarms-")[2] for one in alarms] == ["failing-targets-render", "few-instances-render"]


def test_tags_reach_instances(graph: Graph) -> None:
    tags = inputs(graph, "instances-render-group")["tags"]
    assert {one["key"] for one in tags} >= {"Owner", "CostCenter", "DataClass", "Purpose", "Stack"}
    assert {one["propagateAtLaunch"] for one in tags} == {True}


def test_the_number_is_moved_by_utilisation_and_by_requests(graph: Graph) -> None:
    tracked = {
        name: inputs(graph, f"instances-render-{name}")["targetTrackingConfiguration"] for name in ("cpu", "requests")
    }
    assert tracked["cpu"]["targetValue"] == 60
    assert tracked["requests"]["predefinedMetricSpecification"]["predefinedMetricType"] == "ALBRequestCountPerTarget"


def test_only_the_load_balancer_is_let_in(graph: Graph) -> None:
    rules = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    mine = [one for one in rules if one.inputs["securityGroupId"] == "network-instances-render-group-id"]
    assert [(one.inputs["referencedSecurityGroupId"], one.inputs["fromPort"]) for one in mine] == [
        ("network-alb-group-id", 8443)
    ]


def test_the_first_boot_knows_where_things_are_and_no_secret(graph: Graph) -> None:
    text = script(graph)
    assert text.startswith("#!/bin/bash\nset -euo pipefail\n")
    assert "BUCKET_APP_DATA_NAME='phoenix-app-data-prod-100000000004'" in text
    assert "PAYMENTS_SECRET='arn:aws:secretsmanager:us-east-1:100000000004:secret:shop/payments-AbCdEf'" in text
    assert text.endswith('dnf install -y docker\ndocker run -d "$APPLICATION" render\n')
    settings = accepted()
    again = [first_boot(settings.instances["render"], settings.identity, "render", {"B": "2", "A": "1"}) for _ in "ab"]
    assert again[0] == again[1], "no instance is replaced without a change"


def test_the_agent_sends_logs_to_the_groups_own(graph: Graph) -> None:
    made = inputs(graph, "instances-render-log")
    assert (made["name"], made["retentionInDays"]) == ("/phoenix/prod/instances/render", 90)
    (line,) = [one for one in script(graph).splitlines() if one.startswith('{"logs"')]
    files = json.loads(line)["logs"]["logs_collected"]["files"]["collect_list"]
    assert {one["log_group_name"] for one in files} == {made["name"]}


def test_the_role_may_do_what_the_file_says(graph: Graph) -> None:
    policy = json.loads(inputs(graph, "instances-render-policy")["policy"])["Statement"]
    found = {one["Sid"]: one for one in policy}
    assert found["WriteLog"]["Resource"] == [
        "arn:aws:logs:recorded:000000000000:log-group:/phoenix/prod/instances/render:*"
    ]
    assert found["ObjectsAppData"]["Resource"] == ["arn:aws:s3:::phoenix-app-data-prod-100000000004/scenes/*"]
    assert found["PullImage"]["Resource"] == ["arn:aws:ecr:us-east-1:100000000004:repository/phoenix/prod/application"]
    assert len(found["ReadSecrets"]["Resource"]) == 2
    everywhere = {one["Sid"] for one in policy if one["Resource"] == ["*"]}
    assert everywhere == {"LogInToRegistry"}
    sessions = inputs(graph, "instances-render-sessions")["policyArn"]
    assert sessions == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"


def test_the_pack_finds_nothing_wrong_with_a_group(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 12, 1))
    assert [one.message for one in verdict.findings if "instances-render" in one.message] == []


def test_a_group_costs_its_least_size_on_demand(graph: Graph) -> None:
    rest = at_rest(graph, date(2026, 12, 1))
    items = {one.item.what: one.item.quantity for one in rest.lines if one.resource.name == "instances-render-group"}
    assert items["instance c6i.xlarge"] == 2
    assert items["GiB of gp3 volume of a node"] == 120


def test_an_operator_is_told_the_group(graph: Graph) -> None:
    outputs = next(one.outputs for one in graph.resources if one.type == ROOT_TYPE)
    assert outputs["instance_groups"] == {"render": "phoenix-prod-render"}


def test_a_group_that_names_nothing_starts_with_what_it_is_given_alone() -> None:
    alone = record_stack(SCENES, examine(SETTINGS, None, f"Pulumi.{SCENES}.yaml", stack=SCENES))
    text = script(alone)
    assert [line for line in text.splitlines() if line.endswith("'") and "=" in line] == [
        "AWS_REGION='eu-west-1'",
        "LOG_GROUP='/ledger/prod/instances/render'",
        "LOG_LEVEL='info'",
    ]
    assert judge(alone, environment="prod", today=date(2026, 12, 1)).blocking == ()
