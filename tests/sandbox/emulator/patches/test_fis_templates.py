"""Templates of AWS FIS are kept, read back and changed as on AWS, and refused where AWS refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.fis_made import TAGS, role, template

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
SUBNETS = {"resourceType": "aws:ec2:subnet", "resourceTags": TAGS, "selectionMode": "COUNT(1)"}
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "no stop condition": ({"stopConditions": []}, "at least one stop condition"),
    "a stop condition of no source": ({"stopConditions": [{"source": "alarm"}]}, "is not valid"),
    "a stop condition without an alarm": ({"stopConditions": [{"source": "aws:cloudwatch:alarm"}]}, "ARN of an alarm"),
    "no role": ({"roleArn": "arn:aws:iam::111122223333:user/someone"}, "role ARN"),
    "no action": ({"actions": {}}, "at least one action"),
    "an action that there is none of": ({"actions__stop__actionId": "aws:ecs:end-task"}, "aws:ecs:end-task"),
    "a target of another type": ({"targets__tasks": SUBNETS}, "must be aws:ecs:task"),
    "a target that there is none of": ({"actions__stop__targets": {"Tasks": "nothing"}}, "does not exist"),
    "a target by another name": ({"actions__stop__targets": {"Subnets": "tasks"}}, "must have the targets Tasks"),
    "a type that there is none of": ({"targets__tasks__resourceType": "aws:ecs:service"}, "resource type"),
    "a mode that there is none of": ({"targets__tasks__selectionMode": "SOME"}, "selection mode"),
    "more than all": ({"targets__tasks__selectionMode": "PERCENT(101)"}, "selection mode"),
    "a target of nothing": ({"targets__tasks__resourceTags": None, "targets__tasks__parameters": {}}, "ARNs, or tags"),
    "a parameter of others": ({"targets__tasks__parameters": {"zone": "a"}}, "zone"),
    "a duration that is missing": ({"actions__watch__parameters": {}}, "duration of action watch is required"),
    "a duration in minutes": ({"actions__watch__parameters": {"duration": "5m"}}, "ISO 8601"),
    "a duration of a moment": ({"actions__watch__parameters": {"duration": "PT10S"}}, "one minute and 12 hours"),
    "a duration of days": ({"actions__watch__parameters": {"duration": "PT13H"}}, "one minute and 12 hours"),
    "after nothing": ({"actions__watch__startAfter": ["begin"]}, "begin"),
    "an option that there is none of": ({"experimentOptions": {"emptyTargetResolutionMode": "ignore"}}, "enum"),
}


def test_a_template_reads_back_and_changes_and_goes(aws: Aws) -> None:
    fis, wanted = aws("fis"), template(aws, role(aws, ["ecs:StopTask"]))
    made = fis.create_experiment_template(**wanted)["experimentTemplate"]
    found = fis.get_experiment_template(id=made["id"])["experimentTemplate"]
    kept = ("description", "roleArn", "stopConditions", "targets", "actions", "experimentOptions", "tags")
    assert {key: found[key] for key in kept} == {key: wanted[key] for key in kept}
    assert (made["id"][:3], found["arn"].partition(":experiment-template/")[2]) == ("EXT", made["id"])
    fis.update_experiment_template(
        id=made["id"], description="Others answer", actions={"watch": wanted["actions"]["watch"]}
    )
    found = fis.get_experiment_template(id=made["id"])["experimentTemplate"]
    assert (found["description"], list(found["actions"]), found["targets"]) == (
        *("Others answer", ["watch"]),
        wanted["targets"],
    )
    fis.tag_resource(resourceArn=made["arn"], tags={"Owner": "us"})
    fis.untag_resource(resourceArn=made["arn"], tagKeys=["Name"])
    assert fis.list_tags_for_resource(resourceArn=made["arn"])["tags"] == {"Owner": "us"}
    assert [one["id"] for one in fis.list_experiment_templates()["experimentTemplates"]] == [made["id"]]
    fis.delete_experiment_template(id=made["id"])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        fis.get_experiment_template(id=made["id"])


def test_what_aws_refuses_is_refused(aws: Aws) -> None:
    fis, arn = aws("fis"), role(aws, ["ecs:StopTask"])
    said = {}
    for name, (changes, words) in CASES.items():
        with pytest.raises(ClientError) as refused:
            fis.create_experiment_template(**template(aws, arn, **changes))
        error = refused.value.response["Error"]
        if error["Code"] != "ValidationException" or words not in error["Message"]:
            said[name] = error
    assert said == {}
    assert fis.list_experiment_templates()["experimentTemplates"] == []


def test_a_target_needs_the_parameters_of_its_type_and_a_change_is_judged_too(aws: Aws) -> None:
    fis = aws("fis")
    cache = {"resourceType": "aws:elasticache:replicationgroup", "resourceTags": TAGS, "selectionMode": "COUNT(1)"}
    power = {
        "actionId": "aws:elasticache:replicationgroup-interrupt-az-power",
        "parameters": {"duration": "PT5M"},
        "targets": {"ReplicationGroups": "cache"},
    }
    wanted = template(aws, role(aws, []), targets={"cache": cache}, actions={"power": power})
    with pytest.raises(ClientError, match="availabilityZoneIdentifier of target cache is required"):
        fis.create_experiment_template(**wanted)
    wanted["targets"]["cache"]["parameters"] = {"availabilityZoneIdentifier": "us-east-1a"}
    made = fis.create_experiment_template(**wanted)["experimentTemplate"]
    with pytest.raises(ClientError, match="at least one stop condition"):
        fis.update_experiment_template(id=made["id"], stopConditions=[])


def test_actions_and_their_targets_are_listed(aws: Aws) -> None:
    fis = aws("fis")
    known = {one["id"] for one in fis.list_actions()["actions"]}
    assert {"aws:ecs:stop-task", "aws:network:disrupt-connectivity"} <= known
    action = fis.get_action(id="aws:network:disrupt-connectivity")["action"]
    assert action["targets"] == {"Subnets": {"resourceType": "aws:ec2:subnet"}}
    assert action["parameters"]["duration"]["required"] is True
    assert "aws:ecs:task" in {one["resourceType"] for one in fis.list_target_resource_types()["targetResourceTypes"]}
