"""Experiments by runbooks on a deployed stack of Kafka and a function: held, or stopped by an alarm.

What a runbook took is given back when it ends, and when it is cancelled in the middle.
"""

from __future__ import annotations

import contextlib
import json
import threading
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.emulator import client
from sandbox.paths import RunDirectory
from tests.config import containersfile
from tests.config.streamingfile import SETTINGS, STACK, WATCHED, WITH_FUNCTION
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(1200)]
ALARM: Final = "lost"


def experiment(action: str, of: str, minutes: int) -> dict[str, Any]:
    return {
        "hypothesis": f"Nobody notices {action}",
        "objective": "availability",
        "action": action,
        "target": {"of": of},
        "duration_minutes": minutes,
        "stop_alarms": [ALARM],
        "steady_state": {"checks": ["brokers"]},
    }


TEMPLATES: Final = {
    "lost-broker": experiment("reboot_broker", "streaming", 5),
    "stopped-consumer": experiment("stop_consumer", "functions.tally", 5),
    "disabled-key": experiment("disable_key", "keys.domains.storage", 240),
}
"""The last one lasts for longer than an alarm needs to go off."""
CHANGES: Final[dict[str, Any]] = {
    **WATCHED,
    **WITH_FUNCTION,
    "recovery": {"availability_percent": 90.0},
    "experiments": {"log_retention_days": 90, "templates": TEMPLATES},
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own with the stack; nothing of it outlives the tests."""
    made = World.copied(tmp_path_factory.mktemp("taken"))
    settings = containersfile.changed(CHANGES, SETTINGS)
    document = {"config": {"pulumi:disable-default-providers": ["*"], "platform:settings": settings}}
    file = made.directory / f"Pulumi.{STACK}.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    try:
        up = made.sandbox("up", STACK, "--json")
        assert up.status == 0, up.text[-8000:]
        yield made
    finally:
        made.sandbox("down")


@pytest.fixture(scope="module")
def asked(world: World) -> Callable[[str], Any]:
    """A function that makes a client of a service of the stack's account, at the embedded AWS that runs now."""
    identity = SETTINGS["identity"]

    def made(service: str) -> Any:  # noqa: ANN401 boto3 makes its clients at run time
        running = client.find(RunDirectory(world.run_directory).emulator)
        if running is None:
            raise client.EmulatorError("no embedded AWS runs at the moment")
        session = boto3.Session(identity["account_id"], "secret", region_name=identity["region"])
        return session.client(service, endpoint_url=running.url)  # type: ignore[call-overload] # any service

    return made


def test_the_provider_reads_back_what_it_made(world: World) -> None:
    again = world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-4000:]
    (planned,) = again.document()["stacks"]
    assert (planned["changes"], planned["policy"]["refused"]) == ({}, 0)


@pytest.mark.parametrize(
    ("name", "became"),
    [
        ("lost-broker", "Success: take Success, hold Success, settle Success"),
        ("stopped-consumer", "Success: take Success, hold Success, give-back Success"),
    ],
)
def test_what_fis_has_no_action_for_is_taken_and_given_back(world: World, name: str, became: str) -> None:
    ended = world.sandbox("chaos", STACK, "--only", name, "--json")
    assert ended.status == 0, ended.text[-6000:]
    (found,) = ended.document()["experiments"]
    assert (found["verdict"], list(found["became"].values())) == ("held", [became]), json.dumps(found, indent=1)
    assert list(found["injected"]) == ["runbook"]


def go_off(asked: Callable[[str], Any], ended: threading.Event) -> None:
    """Once an experiment runs, tell CloudWatch what its stop alarm waits for."""
    while not ended.wait(0.5):
        with contextlib.suppress(client.EmulatorError, BotoCoreError, ClientError):  # it starts anew in between
            go_off_once(asked)


def go_off_once(asked: Callable[[str], Any]) -> None:
    """Tell CloudWatch what the stop alarm waits for, while an experiment runs."""
    running = [one for one in asked("fis").list_experiments()["experiments"] if one["state"]["status"] == "running"]
    for alarm in asked("cloudwatch").describe_alarms()["MetricAlarms"] if running else ():
        if ALARM in alarm["AlarmName"]:
            for metric in (one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one):
                tell(asked, metric)
            if "MetricName" in alarm:
                tell(asked, alarm)


def tell(asked: Callable[[str], Any], metric: dict[str, Any]) -> None:
    datum = {"MetricName": metric["MetricName"], "Dimensions": metric.get("Dimensions", []), "Value": 9.0}
    asked("cloudwatch").put_metric_data(Namespace=metric["Namespace"], MetricData=[datum])


def test_an_alarm_that_goes_off_meanwhile_stops_it_and_the_key_is_given_back(
    world: World, asked: Callable[[str], Any]
) -> None:
    before, over = world.state(STACK), threading.Event()
    teller = threading.Thread(target=go_off, args=(asked, over), daemon=True)
    teller.start()
    try:
        ended = world.sandbox("chaos", STACK, "--only", "disabled-key", "--json")
    finally:
        over.set()
        teller.join()
    assert ended.status == 1, ended.text[-6000:]
    (found,) = ended.document()["error"]["report"]["experiments"]
    assert found["verdict"] == "stopped", json.dumps(found, indent=1)
    assert "stop condition" in found["why"]
    assert found["stop_condition"]["stopped_it"] is True
    (became,) = found["became"].values()
    assert became == "Cancelled: take Success, hold Cancelled, give-back Success"
    keys = asked("kms")
    states = {keys.describe_key(KeyId=one["KeyId"])["KeyMetadata"]["KeyState"] for one in keys.list_keys()["Keys"]}
    assert states == {"Enabled"}
    assert world.state(STACK) == before
