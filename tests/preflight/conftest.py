"""Accounts of the embedded AWS, prepared as docs/runbooks/first-account.md says; a test spoils one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
from botocore.loaders import Loader

from preflight.account import Account, action
from preflight.run import ask
from preflight.table import BY_DNS, CHECKS, FIRST
from sandbox.emulator import client
from sandbox.emulator.console import authorise_slack, bill_tag_keys
from tests.preflight.plans import plan_for
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.domains import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from preflight.finding import Finding
    from preflight.plan import Plan
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

TAGS = ("Project", "Environment", "Stack", "Owner", "CostCenter", "DataClass")
VCPUS = {"L-1216C47A": 2048, "L-DB2E81BA": 128}
"""What prod may grow to."""


@dataclass
class World:
    """One account of the embedded AWS, and what was asked of it."""

    emulator: Emulator
    account_id: str
    calls: set[str] = field(default_factory=set)
    """IAM actions of the calls."""

    @property
    def aws(self) -> Aws:
        return session(self.emulator, self.account_id)

    def account(self) -> Account:
        """Return the account as the preflight sees it; every call is noted."""
        core = botocore.session.Session()
        core.register_component("data_loader", LOADER)
        boto = boto3.Session(aws_access_key_id=self.account_id, aws_secret_access_key="sandbox", botocore_session=core)
        boto.events.register("before-call", self._note)
        return Account(boto, self.emulator.url)

    def _note(self, model: Any, **_: object) -> None:  # noqa: ANN401  botocore has no types
        self.calls.add(action(model.service_model.service_name, model.name))

    def ask(self, plan: Plan, name: str) -> list[Finding]:
        """Return what one check finds."""
        check = next(one for one in (FIRST, *CHECKS, BY_DNS) if one.name == name)
        return ask(check, self.account(), plan)

    def prepare(self, check: str = "") -> None:
        """Do by hand what a first `up` of prod needs; or only the step that one check looks for."""
        steps: dict[str, Callable[[], object]] = {
            "vcpus": self._raise_quotas,
            "tag-keys": lambda: bill_tag_keys(self.emulator.url, self.account_id, TAGS),
            "backup": self._opt_in,
            "slack": lambda: authorise_slack(self.emulator.url, self.account_id, "T0PHOENIX01"),
            "domain": lambda: register(self.aws, "phoenix.example"),
        }
        assert steps.keys() == set(STEPS.values())
        for name, step in steps.items():
            if check == "" or name == STEPS.get(check):
                step()

    def _raise_quotas(self) -> None:
        for region in ("us-east-1", "us-west-2"):
            for code, value in VCPUS.items():
                self.aws("service-quotas", region).request_service_quota_increase(
                    ServiceCode="ec2", QuotaCode=code, DesiredValue=value
                )

    def _opt_in(self) -> None:
        preference = {"RDS": True, "S3": True, "EBS": True}
        self.aws("backup").update_region_settings(ResourceTypeOptInPreference=preference)


LOADER = Loader()
"""Reads each service's model once."""
STEPS = {
    "quotas-ec2": "vcpus",
    "tag-keys": "tag-keys",
    "backup-opt-ins": "backup",
    "slack-workspace": "slack",
    "delegation": "domain",
}
"""Check to the step that it looks for."""


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator without a state directory; each test has an account of its own there."""
    running = client.start(None)
    yield running
    running.stop()


@pytest.fixture
def world(emulator: Emulator, request: pytest.FixtureRequest) -> World:
    """An account of the test's own in which nothing is."""
    return World(emulator, account_of(request))


@pytest.fixture
def prod(world: World) -> Plan:
    """The plan of prod for the world's account."""
    return plan_for("prod", world.account_id)
