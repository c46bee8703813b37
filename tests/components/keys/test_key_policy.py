from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from components.keys.keys import DOMAINS
from components.keys.policy import Site, key_statements, vault_key_statements
from tests.policy.harness import Made, offline

if TYPE_CHECKING:
    from components.iam import Statement
    from config.keys import KeyDomain

SITE = Site(account_id="123456789012", region="eu-west-1")
ROOT = "arn:aws:iam::123456789012:root"
READS_OR_WRITES = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt", "kms:CreateGrant")


def _uses(statement: Statement) -> bool:
    return any(action.startswith(READS_OR_WRITES) for action in statement.actions)


def _judged(statements: list[object]) -> str:
    """Return what the pack says of a key with these statements."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return offline("kms-policy-no-public", [Made(type="aws:kms/key:Key", inputs={"policy": policy})])


def _by_sid(domain: KeyDomain) -> dict[str, Statement]:
    return {statement.sid: statement for statement in key_statements(domain, SITE)}


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_account_can_always_repair_the_policy(domain: KeyDomain) -> None:
    statement = _by_sid(domain)["AdministeredByAccount"]
    assert statement.principals == {"AWS": [ROOT]}
    assert "kms:PutKeyPolicy" in statement.actions, "a key that nobody can manage is lost, with all data under it"
    assert not statement.conditions, "no condition may ever stand in the way of the repair"


@pytest.mark.parametrize("domain", DOMAINS)
def test_administering_a_key_does_not_mean_reading_with_it(domain: KeyDomain) -> None:
    assert not _uses(_by_sid(domain)["AdministeredByAccount"]), "an administrator neither decrypts nor grants"


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_use_is_bound_by_a_condition_and_by_the_account(domain: KeyDomain) -> None:
    uses = [statement for statement in key_statements(domain, SITE) if _uses(statement)]
    assert uses, "a key that nobody may use encrypts nothing"
    for statement in uses:
        spelt = str(statement.conditions)
        assert SITE.account_id in spelt, f"{statement.sid}: no other account may use the key"


@pytest.mark.parametrize(
    ("domain", "services"),
    [
        ("data", ["rds", "elasticache", "dax"]),
        ("storage", ["s3"]),
        ("cluster", ["ec2", "eks", "ecr"]),
        ("secrets", ["secretsmanager"]),
    ],
)
def test_callers_use_a_key_through_the_services_of_its_domain_only(domain: KeyDomain, services: list[str]) -> None:
    statement = _by_sid(domain)["UsedThroughServices"]
    via = statement.conditions["StringEquals"]["kms:ViaService"]
    assert via == [f"{service}.eu-west-1.amazonaws.com" for service in services], "one domain's key is not another's"
    assert statement.principals == {"AWS": [ROOT]}, "IAM must let the caller, too"


@pytest.mark.parametrize("domain", DOMAINS)
def test_grants_are_asked_for_by_aws_services_only(domain: KeyDomain) -> None:
    for sid, statement in _by_sid(domain).items():
        if "kms:CreateGrant" not in statement.actions:
            continue
        assert statement.actions == ["kms:CreateGrant"], "a grant is asked for by itself"
        for_aws = statement.conditions.get("Bool") == {"kms:GrantIsForAWSResource": "true"}
        via = statement.conditions["StringEquals"].get("kms:ViaService")
        assert for_aws or via == _by_sid(domain)["UsedThroughServices"].conditions["StringEquals"]["kms:ViaService"], (
            f"{sid}: nobody grants to a friend"
        )


def test_eks_may_make_a_cluster_under_the_cluster_key() -> None:
    conditions = _by_sid("cluster")["GrantedThroughServices"].conditions
    assert set(conditions) == {"StringEquals"}, "CreateCluster fails where `kms:GrantIsForAWSResource` is asked for"
    assert "'eks.eu-west-1.amazonaws.com'" in str(conditions), "in the name of who makes the cluster"


@pytest.mark.parametrize("domain", DOMAINS)
def test_kms_itself_keeps_replicas_in_step(domain: KeyDomain) -> None:
    assert "kms:SynchronizeMultiRegionKey" in _by_sid(domain)["AdministeredByAccount"].actions, (
        "the policy of KMS's service-linked role holds only as far as the key policy leaves it to IAM"
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_only_services_that_go_on_alone_get_grants(domain: KeyDomain) -> None:
    granting = any("kms:CreateGrant" in statement.actions for statement in key_statements(domain, SITE))
    assert granting == (domain in ("data", "cluster")), "S3, Secrets Manager and CloudWatch Logs ask every time"


def test_cloudwatch_logs_uses_the_logs_key_for_this_accounts_groups_only() -> None:
    statements = _by_sid("logs")
    statement = statements["UsedByCloudWatchLogs"]
    assert statement.principals == {"Service": ["logs.eu-west-1.amazonaws.com"]}
    assert statement.conditions["ArnLike"] == {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*"
    }, "another account's groups cannot borrow the key"


def test_cloudfront_opens_objects_for_this_accounts_distributions_only() -> None:
    statement = _by_sid("storage")["UsedByCloudFront"]
    assert statement.principals == {"Service": ["cloudfront.amazonaws.com"]}
    assert list(statement.actions) == ["kms:Decrypt"], "it reads, and writes nothing"
    assert statement.conditions == {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}}, (
        "a distribution's own id is not known before its bucket's key"
    )


@pytest.mark.parametrize("sid", ["UsedByAutoScaling", "GrantedByAutoScaling"])
def test_auto_scaling_is_matched_by_condition_because_a_new_account_lacks_its_role(sid: str) -> None:
    statement = _by_sid("cluster")[sid]
    assert statement.principals == {"AWS": ["*"]}, "KMS refuses to name a principal that does not exist"
    assert statement.conditions["StringEquals"] == {
        "aws:PrincipalArn": (
            "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
        ),
        "kms:CallerAccount": "123456789012",
    }, "and only that one role of this account fits"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_pack_takes_no_statement_of_a_key_for_an_open_one(domain: KeyDomain) -> None:
    assert _judged([each.render() for each in key_statements(domain, SITE)]) == "silent"


@pytest.mark.parametrize("sid", ["UsedByAutoScaling", "GrantedByAutoScaling"])
def test_the_pack_refuses_auto_scalings_statement_without_its_condition(sid: str) -> None:
    body = _by_sid("cluster")[sid].render()
    assert _judged([body]) == "silent"
    assert _judged([{key: part for key, part in body.items() if key != "Condition"}]) == "violation"
    grants = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert _judged([body | {"Condition": grants}]) == "violation", "anybody's resource is no bound"


def test_only_the_cluster_key_knows_auto_scaling() -> None:
    for domain in DOMAINS:
        named = [sid for sid in _by_sid(domain) if "AutoScaling" in sid]
        assert bool(named) == (domain == "cluster"), "nodes have volumes under the cluster key alone"


def test_eks_uses_the_cluster_key_as_the_clusters_role_by_whatever_way() -> None:
    statement = _by_sid("cluster")["UsedByClusterRole"]
    assert set(statement.actions) == {"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"}
    role = "arn:aws:iam::123456789012:role/cluster-control-plane-eks-eksRole-role-*"
    assert statement.conditions == {"ArnLike": {"aws:PrincipalArn": role}}, "that role, through EKS or directly"


def test_the_logs_key_is_for_those_who_write_logs_records_and_alarms() -> None:
    using = {sid for sid, statement in _by_sid("logs").items() if sid != "AdministeredByAccount"}
    trail = {"UsedByCloudTrail", "DescribedByCloudTrail", "DecryptedByCloudTrail"}
    writers = {"UsedByCloudWatchLogs", "UsedByTopics", "UsedByConfig"}
    assert using == trail | writers | {"ReadThroughS3"}, "and for who reads records through S3; for nobody else"


def test_alarms_and_events_use_the_logs_key_for_this_accounts_topics_only() -> None:
    statement = _by_sid("logs")["UsedByTopics"]
    assert statement.principals == {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}, "who tells"
    context = {"kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:eu-west-1:123456789012:*"}
    assert statement.conditions == {"ArnLike": context}, (
        "EventBridge names neither account nor source to an encrypted topic: a condition on them would silence it"
    )


def test_audit_records_are_read_through_s3_and_encrypted_by_nobody_who_reads() -> None:
    statement = _by_sid("logs")["ReadThroughS3"]
    assert statement.actions == ["kms:Decrypt", "kms:DescribeKey"]
    assert statement.conditions["StringEquals"]["kms:ViaService"] == ["s3.eu-west-1.amazonaws.com"]


def test_cloudtrail_may_do_all_that_its_user_guide_asks_of_a_key() -> None:
    statements = [each for each in _by_sid("logs").values() if "cloudtrail" in str(each.principals)]
    actions = sorted(action for each in statements for action in each.actions)
    assert actions == ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"], "a trail is refused for lack of one"


def test_a_trail_of_another_account_cannot_borrow_the_key() -> None:
    conditions = _by_sid("logs")["UsedByCloudTrail"].conditions
    trail = "arn:aws:cloudtrail:*:123456789012:trail/*"
    assert conditions["StringLike"] == {"kms:EncryptionContext:aws:cloudtrail:arn": trail}


def test_the_key_of_a_vault_serves_those_who_copy_into_it() -> None:
    statements = {statement.sid: statement for statement in vault_key_statements(SITE)}
    services = [f"{name}.eu-west-1.amazonaws.com" for name in ("backup", "rds", "ec2", "s3")]
    assert statements["UsedThroughServices"].conditions["StringEquals"]["kms:ViaService"] == services
    assert statements["GrantedThroughServices"].conditions["StringEquals"]["kms:ViaService"] == services
    assert not _uses(statements["AdministeredByAccount"]), "an administrator of backups does not read them"
