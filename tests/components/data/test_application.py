from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.data import Data, DataArgs
from review.record import record
from tests.components.cluster.surroundings import cluster_of, keys, network_of, options

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="module")
def statements(data: Graph) -> dict[str, dict[str, Any]]:
    found = json.loads(data.named("data-application-policy").inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def test_the_application_logs_in_as_its_own_user(statements: dict[str, dict[str, Any]]) -> None:
    resources = statements["LogInToDatabase"]["Resource"]
    assert len(resources) == 4, "the primary, both replicas and the proxy"
    for resource in resources:
        assert resource.startswith("arn:aws:rds-db:us-east-1:100000000004:dbuser:"), "IAM authentication"
        assert resource.endswith("/application"), "one user, and not the master"


def test_the_application_never_reads_the_master_secret(data: Graph, statements: dict[str, dict[str, Any]]) -> None:
    master = data.named("data-postgres-master-secret").outputs["arn"]
    assert all(master not in statement["Resource"] for statement in statements.values()), "migrations use it"


def test_the_application_may_ask_where_to_write(statements: dict[str, dict[str, Any]]) -> None:
    parameters = "arn:aws:ssm:us-east-1:100000000004:parameter/phoenix/prod/writers"
    assert statements["ReadWriters"]["Resource"] == [parameters, f"{parameters}/*"], "its own region's, and no others"


def test_what_the_application_deletes_can_be_brought_back(statements: dict[str, dict[str, Any]]) -> None:
    actions = {action for statement in statements.values() for action in statement["Action"]}
    assert "s3:DeleteObject" in actions, "it may delete"
    assert not {action for action in actions if "Version" in action and action.startswith("s3:")}, "but no versions"


def test_the_application_uses_the_five_buckets_and_not_the_access_logs(
    data: Graph, statements: dict[str, dict[str, Any]]
) -> None:
    buckets = set(statements["ListBuckets"]["Resource"])
    assert len(buckets) == 5, "the stack file's"
    assert data.named("data-access-logs-bucket").outputs["arn"] not in buckets, "who is logged does not touch the log"


def test_keys_are_used_by_way_of_their_service_only(statements: dict[str, dict[str, Any]]) -> None:
    for sid, service in (("OpenObjects", "s3"), ("OpenSecrets", "secretsmanager")):
        condition = statements[sid]["Condition"]["StringEquals"]
        assert condition == {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}, "never by calling KMS"


def test_nothing_is_allowed_everywhere(statements: dict[str, dict[str, Any]]) -> None:
    assert all("*" not in statement["Resource"] for statement in statements.values()), "each statement names resources"


def test_the_pods_of_the_stack_file_get_the_role(data: Graph) -> None:
    association = data.named("data-application-identity").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("phoenix", "phoenix-app"), "these pods"
    trust = json.loads(data.named("data-application-role").inputs["assumeRolePolicy"])["Statement"][0]
    tags = trust["Condition"]["StringEquals"]
    assert tags["aws:RequestTag/kubernetes-service-account"] == "phoenix-app", "and no others"


def test_without_an_application_identity_there_is_no_application_role(settings: StackConfig) -> None:
    def program() -> None:
        args = DataArgs(
            settings=settings.data,
            identity=settings.identity,
            network=network_of(settings),
            keys=keys(),
            cluster=cluster_of(settings),
            application=None,
        )
        Data("data", args, options(settings))

    recorded = record(program, "test")
    assert not recorded.any_of_type("platform:data:Application"), "a workload left out gets no role"
