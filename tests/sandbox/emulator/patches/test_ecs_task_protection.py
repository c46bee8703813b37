"""A protected task survives scale-ins and deployments until its protection ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.conftest import Aws, account_of, session
from tests.sandbox.emulator.tasks.fleet import Fleet, until

if TYPE_CHECKING:
    from sandbox.emulator import client
    from tests.sandbox.emulator.tasks.fleet import Record


pytestmark = pytest.mark.emulator


@pytest.fixture
def fleet(aws: Aws) -> Fleet:
    return Fleet(aws)


def protect(fleet: Fleet, *tasks: str, minutes: int | None = None, enabled: bool = True) -> Record:
    given = {} if minutes is None else {"expiresInMinutes": minutes}
    answer: Record = fleet.ecs.update_task_protection(
        cluster="shop", tasks=list(tasks), protectionEnabled=enabled, **given
    )
    return answer


def test_a_scale_in_leaves_what_is_protected(fleet: Fleet) -> None:
    fleet.serve(desired=4)
    fleet.stable()
    held = fleet.tasks()[0]["taskArn"]
    answer = protect(fleet, held, minutes=60)
    assert answer["protectedTasks"][0]["protectionEnabled"] is True
    assert fleet.ecs.get_task_protection(cluster="shop", tasks=[held])["protectedTasks"] == answer["protectedTasks"]
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=0)
    until(lambda: [task["taskArn"] for task in fleet.tasks()] == [held])
    protect(fleet, held, enabled=False)
    until(lambda: not fleet.tasks())


def test_a_deployment_waits_for_what_is_protected(fleet: Fleet) -> None:
    fleet.serve(desired=2)
    fleet.stable()
    held = fleet.tasks()[0]["taskArn"]
    protect(fleet, held)
    fleet.ecs.update_service(cluster="shop", service="web", taskDefinition=fleet.define())
    until(lambda: len([one for one in fleet.tasks() if one["lastStatus"] == "RUNNING"]) == 3)
    assert held in {task["taskArn"] for task in fleet.tasks()}
    assert fleet.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    protect(fleet, held, enabled=False)
    fleet.stable()


def test_protection_expires(timed: client.Emulator, request: pytest.FixtureRequest) -> None:
    fleet = Fleet(session(timed, account_of(request)))
    fleet.serve(desired=1)
    fleet.stable()
    protect(fleet, fleet.tasks()[0]["taskArn"], minutes=10)
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=0)
    timed.advance(540)
    assert len(fleet.tasks()) == 1
    timed.advance(120)
    until(lambda: not fleet.tasks())


@pytest.mark.parametrize("minutes", [0, 2881])
def test_an_expiry_out_of_range_is_refused(fleet: Fleet, minutes: int) -> None:
    with pytest.raises(ClientError, match="from 1 to 2880"):
        protect(fleet, "any", minutes=minutes)


def test_only_tasks_of_a_service_are_protected(fleet: Fleet) -> None:
    alone = fleet.ecs.run_task(
        cluster="shop", taskDefinition=fleet.define(), launchType="FARGATE", networkConfiguration=fleet.network
    )["tasks"][0]["taskArn"]
    failures = protect(fleet, alone, "nothing")["failures"]
    assert [failure["reason"] for failure in failures] == ["TASK_NOT_VALID", "MISSING"]
