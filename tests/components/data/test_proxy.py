"""The managed pool of connections in front of the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.data import PostgresProxy
from tests.components.data.test_follower import recorded, with_postgres

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

PROXY = PostgresProxy(max_connections_percent=80, borrow_timeout_seconds=30, idle_client_timeout_seconds=1800)
TARGET = "aws:rds/proxyTarget:ProxyTarget"


@pytest.fixture(scope="module")
def pooled(settings: StackConfig) -> Graph:
    """The data services of prod with a proxy."""
    return recorded(settings, with_postgres(settings, proxy=PROXY), follow=None)


def _statements(graph: Graph) -> dict[str, dict[str, Any]]:
    document = json.loads(graph.named("data-postgres-proxy-policy").inputs["policy"])
    return {one["Sid"]: one for one in document["Statement"]}


def test_without_a_proxy_in_the_stack_file_there_is_none(settings: StackConfig) -> None:
    plain = recorded(settings, with_postgres(settings, proxy=None), follow=None)
    assert not plain.any_of_type("aws:rds/proxy:Proxy"), "a pool that nobody asked for costs"


def test_the_proxy_asks_for_tls_and_iam(pooled: Graph) -> None:
    inputs = pooled.named("data-postgres-proxy-proxy").inputs
    assert (inputs["requireTls"], inputs["defaultAuthScheme"]) == (True, "IAM_AUTH"), "no password on the way"
    assert [one["iamAuth"] for one in inputs["auths"]] == ["REQUIRED"], "nor for the master user"


def test_the_pool_is_as_large_as_the_stack_file_says(pooled: Graph) -> None:
    inputs = pooled.named("data-postgres-proxy-pool").inputs["connectionPoolConfig"]
    assert (inputs["maxConnectionsPercent"], inputs["connectionBorrowTimeout"]) == (80, 30)
    assert pooled.named("data-postgres-proxy-proxy").inputs["idleClientTimeout"] == 1800


def test_the_proxy_lets_in_the_cluster_and_reaches_the_database(pooled: Graph) -> None:
    def ends(name: str) -> tuple[str, str, int]:
        inputs = pooled.named(f"data-postgres-proxy-{name}").inputs
        return inputs["securityGroupId"], inputs["referencedSecurityGroupId"], inputs["fromPort"]

    own = ends("in-eks")[0]
    assert ends("in-eks") == (own, "sg-eks", 5432), "from the cluster"
    assert ends("out-rds") == (own, "sg-rds", 5432), "to the database"
    assert ends("in-rds") == ("sg-rds", own, 5432), "which lets it in"


def test_the_proxy_logs_in_as_the_application_and_reads_one_secret(pooled: Graph) -> None:
    found = _statements(pooled)
    (user,) = found["LogInToDatabase"]["Resource"]
    assert user.endswith("/application"), "the user whose clients it serves"
    assert len(found["ReadSecret"]["Resource"]) == 1, "the master's"
    assert found["OpenSecret"]["Condition"]["StringEquals"]["kms:ViaService"].startswith("secretsmanager."), "by way of"


def test_the_target_comes_with_the_promotion(settings: StackConfig) -> None:
    data = with_postgres(settings, proxy=PROXY)
    following, serving = recorded(settings, data, follow=True), recorded(settings, data, follow=False)
    assert not following.any_of_type(TARGET), "RDS refuses a read replica as a target"
    (target,) = serving.of_type(TARGET)
    assert target.inputs["dbInstanceIdentifier"] == "phoenix-prod"
    more = {one.urn for one in serving.resources} - {one.urn for one in following.resources}
    assert more == {target.urn}, "everything else stands before, IAM above all"
