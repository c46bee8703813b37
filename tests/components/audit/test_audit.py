"""What is recorded and watched, and what of it exists once per account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.audit import Audit as AuditSettings
    from review.graph import Graph

TRAIL = "aws:cloudtrail/trail:Trail"
FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"
RULE = "aws:cfg/rule:Rule"
ONCE_PER_ACCOUNT = (
    TRAIL,
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
)


def _trail(graph: Graph) -> dict[str, Any]:
    (trail,) = graph.of_type(TRAIL)
    return dict(trail.inputs)


def test_the_trail_covers_the_account_and_can_be_trusted(audit: Graph) -> None:
    trail = _trail(audit)
    switches = ("isMultiRegionTrail", "includeGlobalServiceEvents", "enableLogFileValidation", "enableLogging")
    assert all(trail[switch] is True for switch in switches), "every region, IAM too, with digests, and running"
    assert trail["kmsKeyId"] == "key-logs", "encrypted by our key"


def test_the_trail_reaches_cloudwatch_logs_by_a_role_of_its_own(audit: Graph) -> None:
    (statement,) = json.loads(audit.of_type("aws:iam/rolePolicy:RolePolicy")[0].inputs["policy"])["Statement"]
    group = "arn:aws:logs:us-east-1:100000000004:log-group:/phoenix/prod/cloudtrail"
    assert statement["Resource"] == [f"{group}:log-stream:100000000004_CloudTrail_us-east-1*"], "its streams only"
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    logs = audit.named("audit-trail-logs").inputs
    assert (logs["name"], logs["retentionInDays"], logs["kmsKeyId"]) == ("/phoenix/prod/cloudtrail", 365, "key-logs")


def test_object_events_leave_the_records_themselves_out(audit: Graph) -> None:
    _, objects = _trail(audit)["advancedEventSelectors"]
    fields = {field["field"]: field for field in objects["fieldSelectors"]}
    left_out = fields["resources.ARN"]["notStartsWiths"]
    assert left_out == ["arn:aws:s3:::phoenix-prod-audit-us-east-1-100000000004/"], "a delivery would be an event"
    assert fields["readOnly"]["equals"] == ["false"], "`write` is not `all`"


@pytest.mark.parametrize(("events", "selectors"), [("none", 1), ("write", 2), ("all", 2)])
def test_object_events_are_asked_for(
    record_audit: Callable[[AuditSettings], Graph], audit_settings: AuditSettings, events: str, selectors: int
) -> None:
    assert audit_settings.trail is not None
    trail = audit_settings.trail.model_copy(update={"object_events": events})
    found = _trail(record_audit(audit_settings.model_copy(update={"trail": trail})))["advancedEventSelectors"]
    assert len(found) == selectors
    assert any("readOnly" in str(each) for each in found) == (events == "write"), "reads are left out of `write` only"


def test_every_feature_of_the_detector_is_on_or_off_by_name(
    record_audit: Callable[[AuditSettings], Graph], audit_settings: AuditSettings
) -> None:
    threats = audit_settings.threats.model_copy(update={"features": ("S3_DATA_EVENTS",), "runtime_agents": ()})
    graph = record_audit(audit_settings.model_copy(update={"threats": threats}))
    found = {each.inputs["name"]: each.inputs["status"] for each in graph.of_type(FEATURE)}
    assert len(found) == 6, "nothing is left to a default that AWS may change"
    assert {name for name, status in found.items() if status == "ENABLED"} == {"S3_DATA_EVENTS"}


def test_guardduty_keeps_its_agent_in_the_cluster_up_to_date(audit: Graph) -> None:
    agents = audit.named("audit-detector-runtime-monitoring").inputs["additionalConfigurations"]
    assert {each["name"]: each["status"] for each in agents} == {
        "EKS_ADDON_MANAGEMENT": "ENABLED",
        "ECS_FARGATE_AGENT_MANAGEMENT": "DISABLED",
        "EC2_AGENT_MANAGEMENT": "DISABLED",
    }


def test_the_rules_are_the_seeds_four(audit: Graph) -> None:
    found = {rule.inputs["name"]: rule.inputs["source"]["sourceIdentifier"] for rule in audit.of_type(RULE)}
    assert found == {
        "s3-bucket-encryption": "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
        "ebs-volume-encryption": "ENCRYPTED_VOLUMES",
        "open-security-groups": "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
        "iam-least-privilege": "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        "iam-no-administrators": "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    }, "section 9.2; least privilege takes two"
    parameters = json.loads(audit.named("audit-open-security-groups").inputs["inputParameters"])
    assert parameters == {"authorizedTcpPorts": "80,443"}, "what the load balancer opens, and nothing else"


def test_config_records_everything(audit: Graph) -> None:
    recorder = audit.named("audit-recorder").inputs
    assert recorder["recordingGroup"] == {"allSupported": True, "includeGlobalResourceTypes": True}
    assert recorder["roleArn"].endswith(":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
    assert audit.named("audit-recording").inputs["isEnabled"] is True, "a recorder that is not started records nothing"


def test_security_hub_has_the_standards_named_and_no_others(audit: Graph) -> None:
    assert audit.named("audit-hub").inputs["enableDefaultStandards"] is False
    found = {
        each.inputs["standardsArn"]
        for each in audit.of_type("aws:securityhub/standardsSubscription:StandardsSubscription")
    }
    assert found == {
        f"arn:aws:securityhub:us-east-1::standards/{standard}"
        for standard in (
            "aws-foundational-security-best-practices/v/1.0.0",
            "cis-aws-foundations-benchmark/v/5.0.0",
            "nist-800-53/v/5.0.0",
        )
    }


def test_a_further_region_makes_nothing_that_the_account_has_once(regional: Graph) -> None:
    made = [resource.name for token in ONCE_PER_ACCOUNT for resource in regional.any_of_type(token)]
    assert made == [], "AWS takes one per account"
    assert regional.named("audit-recorder").inputs["recordingGroup"]["includeGlobalResourceTypes"] is False


def test_the_account_is_closed_to_the_public(audit: Graph) -> None:
    block = audit.named("audit-public-buckets").inputs
    parts = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(block[part] is True for part in parts)
    assert audit.named("audit-snapshots").inputs["state"] == "block-all-sharing"


def test_cloudtrail_assumes_its_role_without_a_condition_that_it_does_not_pass(audit: Graph) -> None:
    (statement,) = json.loads(audit.named("audit-trail-writer", "aws:iam/role:Role").inputs["assumeRolePolicy"])[
        "Statement"
    ]
    assert statement["Principal"] == {"Service": ["cloudtrail.amazonaws.com"]}
    assert "Condition" not in statement, "with one, nothing would reach CloudWatch Logs"
