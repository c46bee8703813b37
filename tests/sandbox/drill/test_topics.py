"""Topics that reach the standby pass; a replicator that is gone, has failed or lags is missed by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from sandbox.drill import serving, steady, topics
from sandbox.drill.checks import failed
from sandbox.drill.sides import Pair, Side
from sandbox.emulator import client
from tests.sandbox.drill.built import EAST, WEST
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.streaming import ACTIONS, admit, cluster, connect, copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
FIX: Final = "deploy it"
SETTINGS: Final = """
config:
  platform:settings:
    recovery: {objectives: {streaming: {scope: region, rto_minutes: 15, rpo_minutes: 5}}}
"""


@pytest.fixture(scope="module")
def running() -> Iterator[client.Emulator]:
    """An emulator whose clock is the machine's."""
    emulator = client.start(None)
    yield emulator
    emulator.stop()


@pytest.fixture
def asked(running: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """Clients of an account of the test's own."""
    return session(running, account_of(request))


@pytest.fixture
def pair(running: client.Emulator, asked: Aws, request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    """Two stacks with a cluster each, and a replicator from one to the other."""
    arns = {region: cluster(asked, region) for region in (EAST, WEST)}
    connect(asked, arns[EAST])
    admit(asked, arns[EAST], ACTIONS)
    role = asked("iam").create_role(RoleName="copies", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    asked("kafka", WEST).create_replicator(**copied(arns[EAST], arns[WEST], role))
    file = tmp_path / "Pulumi.west.yaml"
    file.write_text(SETTINGS, encoding="utf-8")
    sides = (
        Side(region, account_of(request), region, running.port, file, {"streaming": {"arn": arn}})
        for region, arn in arns.items()
    )
    return Pair(*sides)


def wrong(pair: Pair) -> list[str]:
    return [check.name for check in failed(topics.follow(pair, FIX))]


def _delete(aws: Aws, _: Pair) -> None:
    kafka = aws("kafka", WEST)
    kafka.delete_replicator(ReplicatorArn=kafka.list_replicators()["Replicators"][0]["ReplicatorArn"])


def _cripple(aws: Aws, _: Pair) -> None:
    aws("iam").delete_role(RoleName="copies")


def told(aws: Aws, metric: str, value: float) -> None:
    datum = {"MetricName": metric, "Dimensions": [{"Name": "ReplicatorName", "Value": "feed"}], "Value": value}
    aws("cloudwatch", WEST).put_metric_data(Namespace="AWS/Kafka", MetricData=[datum])


def _lag(aws: Aws, _: Pair) -> None:
    told(aws, "ReplicationLatency", 300_001)


def _fail(aws: Aws, _: Pair) -> None:
    told(aws, "ReplicatorFailure", 2)


def _reboot(aws: Aws, pair: Pair) -> None:
    aws("kafka").reboot_broker(ClusterArn=pair.primary.outputs["streaming"]["arn"], BrokerIds=["1"])


def _forget(_: Aws, pair: Pair) -> None:
    del pair.standby.outputs["streaming"]


TAKEN: Final[dict[str, tuple[Callable[[Aws, Pair], None], str]]] = {
    "replicator": (_delete, "topics-follow"),
    "its role": (_cripple, "topics-replicator feed"),
    "its pace": (_lag, "topics-lag"),
    "its health": (_fail, "topics-failures"),
    "a broker": (_reboot, f"topics-brokers {EAST}"),
    "the standby's cluster": (_forget, "topics-follow"),
}


@pytest.mark.parametrize("what", TAKEN)
def test_what_keeps_topics_from_the_standby_is_missed_by_name(asked: Aws, pair: Pair, what: str) -> None:
    take, name = TAKEN[what]
    take(asked, pair)
    assert wrong(pair) == [name]


def test_topics_that_follow_pass_and_are_part_of_the_steady_state(asked: Aws, pair: Pair) -> None:
    assert wrong(pair) == [], "silence is the alarm's to judge"
    told(asked, "ReplicationLatency", 299_000)
    found = {check.name: check for check in topics.follow(pair, FIX)}
    assert (failed(found.values()), found["topics-lag"].found) == ([], "299 s")
    assert found.keys() <= {check.name for check in steady.checks(pair)}
    assert f"topics-brokers {WEST}" in {check.name for check in serving.checks(pair)}
    del pair.primary.outputs["streaming"]
    assert list(topics.follow(pair, FIX)) == [], "a primary without topics is asked for nothing"


def test_topics_under_other_names_or_without_offsets_are_no_failover(asked: Aws, pair: Pair) -> None:
    _delete(asked, pair)
    arns = [str(side.outputs["streaming"]["arn"]) for side in (pair.primary, pair.standby)]
    role = asked("iam").get_role(RoleName="copies")["Role"]["Arn"]
    given = copied(arns[0], arns[1], role)
    (info,) = given["ReplicationInfoList"]
    info["TopicReplication"]["TopicNameConfiguration"]["Type"] = "PREFIXED_WITH_SOURCE_CLUSTER_ALIAS"
    info["ConsumerGroupReplication"]["SynchroniseConsumerGroupOffsets"] = False
    asked("kafka", WEST).create_replicator(**given)
    assert wrong(pair) == ["topics-names", "topics-offsets"]
