from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any

import pytest

from components.data.secret import PASSWORD_LENGTH, draw_password, password_of
from review.graph import SECRET

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

SECRETS = ("data-postgres-master", "data-redis-token")
ROTATIONS = {"data-postgres-rotation": "data-postgres-master", "data-redis-rotation": "data-redis-token"}


def _statements(graph: Graph, policy: str) -> dict[str, dict[str, Any]]:
    found = json.loads(graph.named(policy).inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def test_a_password_is_long_and_of_letters_and_digits() -> None:
    drawn = draw_password()
    assert len(drawn) == PASSWORD_LENGTH, "long enough for ElastiCache, which wants 16 and takes 128"
    assert set(drawn) <= set(string.ascii_letters + string.digits), "what RDS and ElastiCache both accept"


def test_no_two_passwords_are_alike() -> None:
    assert len({draw_password() for _ in range(100)}) == 100, "drawn from the system's randomness"


@pytest.mark.parametrize("value", [None, "{}", '{"password": ""}', '{"password": 7}'])
def test_a_secret_without_a_password_is_refused(value: str | None) -> None:
    with pytest.raises(ValueError, match="holds no password"):
        password_of(value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_encrypted_and_can_be_brought_back(data: Graph, name: str) -> None:
    secret = data.named(f"{name}-secret")
    assert secret.inputs["kmsKeyId"] == "key-secrets", "by the secrets key"
    assert secret.inputs["recoveryWindowInDays"] == 30, "a deletion can be undone"
    assert secret.protect, "and is not done by mistake"


@pytest.mark.parametrize("name", SECRETS)
def test_the_first_value_stays_and_is_not_readable(data: Graph, name: str) -> None:
    version = data.named(f"{name}-birth")
    assert version.inputs["secretString"] is SECRET, "encrypted in the state"
    assert version.ignore_changes == ("secretString",), "every run draws anew; only the first draw counts"


@pytest.mark.parametrize(("rotation", "secret"), ROTATIONS.items())
def test_a_secret_is_rotated_by_schedule_and_at_once(
    data: Graph, settings: StackConfig, rotation: str, secret: str
) -> None:
    schedule = data.named(f"{rotation}-schedule")
    assert data.named(f"{secret}-secret").urn in schedule.property_dependencies["secretId"], "this secret"
    wanted = settings.data.postgres.secret if "postgres" in rotation else settings.data.redis.secret
    assert schedule.inputs["rotationRules"] == {"automaticallyAfterDays": wanted.rotation_days}, "as the file says"
    assert schedule.inputs["rotateImmediately"] is True, "what the state knows becomes worthless"


@pytest.mark.parametrize(
    ("rotation", "service"),
    [("data-postgres-rotation", "data-postgres-primary"), ("data-redis-rotation", "data-redis-group")],
)
def test_rotation_begins_when_function_and_service_are_ready(data: Graph, rotation: str, service: str) -> None:
    waits_for = set(data.named(f"{rotation}-schedule").dependencies)
    for needed in (f"{rotation}-function", f"{rotation}-permission", service):
        assert data.named(needed).urn in waits_for, f"the first rotation would fail without {needed}"


def test_the_first_rotation_leaves_the_primary_alone_while_it_is_copied(data: Graph) -> None:
    waits_for = set(data.named("data-postgres-rotation-schedule").dependencies)
    for replica in ("data-postgres-reader-b", "data-postgres-reader-c"):
        assert data.named(replica, "aws:rds/instance:Instance").urn in waits_for, (
            "RDS copies no instance whose password is being changed, and changes none that it copies"
        )


@pytest.mark.parametrize(("rotation", "secret"), ROTATIONS.items())
def test_only_secrets_manager_calls_the_function_and_for_this_secret(data: Graph, rotation: str, secret: str) -> None:
    permission = data.named(f"{rotation}-permission").inputs
    assert permission["principal"] == "secretsmanager.amazonaws.com", "the service"
    assert permission["sourceArn"] == data.named(f"{secret}-secret").outputs["arn"], "this secret"
    assert permission["sourceAccount"] == "100000000004", "of this account"


@pytest.mark.parametrize(
    ("rotation", "sid", "actions", "resource"),
    [
        (
            "data-postgres-rotation",
            "ChangeMasterPassword",
            ["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
            "arn:aws:rds:us-east-1:100000000004:db:phoenix-prod",
        ),
        (
            "data-redis-rotation",
            "ChangeToken",
            ["elasticache:DescribeReplicationGroups", "elasticache:ModifyReplicationGroup"],
            "arn:aws:elasticache:us-east-1:100000000004:replicationgroup:phoenix-prod",
        ),
    ],
)
def test_a_rotation_may_change_one_service_and_one_secret(
    data: Graph, rotation: str, sid: str, actions: list[str], resource: str
) -> None:
    statements = _statements(data, f"{rotation}-policy")
    assert (statements[sid]["Action"], statements[sid]["Resource"]) == (actions, [resource]), "one service"
    assert statements["RotateSecret"]["Resource"] == [data.named(f"{ROTATIONS[rotation]}-secret").outputs["arn"]], (
        "one secret"
    )
    assert statements["OpenSecret"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }, "the key only by way of Secrets Manager"
    everywhere = {sid for sid, statement in statements.items() if statement["Resource"] == ["*"]}
    assert everywhere == {"DrawPassword"}, "an action without resources, and nothing else"


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_the_function_is_shipped_as_text_and_logs_encrypted(data: Graph, rotation: str) -> None:
    function = data.named(f"{rotation}-function").inputs
    source = function["code"]["assets"]["handler.py"]
    assert "def handler(" in source["text"], "the source itself, no path of the machine it was deployed from"
    assert "environment" not in function, "nothing to hide, nothing to encrypt"
    logs = data.named(f"{rotation}-logs")
    assert logs.inputs["kmsKeyId"] == "key-logs", "by the logs key"
    assert function["loggingConfig"]["logGroup"] == logs.outputs["name"], "into the log group made for it"
