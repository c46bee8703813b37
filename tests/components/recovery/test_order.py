"""In what order a standby comes to be: what follows the primary at once, and what waits for a copy of its database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.order import before
from review.recording import record_stack

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

pytestmark = pytest.mark.slow  # a whole stack is recorded

BUCKETS = ("app-data", "blockchain-backups", "ai-models", "logs", "static-assets")
RULES = [f"recovery-buckets-{direction}-{bucket}" for direction in ("out", "back") for bucket in BUCKETS]


@pytest.fixture(scope="module")
def graph(dr: StackConfig) -> Graph:
    """All of dr."""
    return record_stack("dr", dr)


def _behind(graph: Graph, name: str) -> set[str]:
    """Types and names of all that a resource waits for."""
    return {urn.rpartition("$")[2] for urn in before(graph, graph.named(name))}


@pytest.mark.parametrize("name", [*RULES, "recovery-images-out", "recovery-images-back", "recovery-promotion-call"])
def test_nothing_but_the_database_follows_later_than_it_could(graph: Graph, name: str) -> None:
    databases = [one for one in _behind(graph, name) if one.startswith("aws:rds/")]
    assert databases == [], "RDS copies an hour or more per TiB, and nothing written meanwhile would be safe"


@pytest.mark.parametrize("name", RULES)
def test_a_bucket_is_replicated_once_the_standbys_keeps_versions(graph: Graph, name: str) -> None:
    bucket = name.removeprefix("recovery-buckets-out-").removeprefix("recovery-buckets-back-")
    versioning = graph.named(f"data-{bucket}-versioning").urn
    rule = graph.named(name)
    asked_by = "rules" if "-out-" in name else "bucket"
    assert versioning in rule.property_dependencies[asked_by], "S3 refuses the rule otherwise"


def test_the_controller_is_called_when_there_is_a_cache_whose_role_it_can_ask_for(graph: Graph) -> None:
    found = _behind(graph, "recovery-promotion-call")
    assert "aws:elasticache/replicationGroup:ReplicationGroup::data-redis-group" in found


def test_users_go_home_after_the_controller_was_called(graph: Graph) -> None:
    found = _behind(graph, "recovery-fence-word")
    assert "aws:lambda/invocation:Invocation::recovery-promotion-call" in found, "the cache's primary goes home first"


def test_of_pgbouncer_only_the_pods_wait_for_the_replica_of_their_secret(graph: Graph) -> None:
    call = graph.named("recovery-promotion-call").urn
    waiting = {one.name for one in graph.resources if one.name.startswith("kubernetes-") and call in one.dependencies}
    assert waiting == {"kubernetes-pgbouncer-deployment-pgbouncer"}, "nothing else mounts it"
