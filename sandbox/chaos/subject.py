"""What an experiment is run on: a deployed stack by its outputs, and its promises by its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from config.experiments import allowed_minutes
from sandbox.emulator.client import control

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.experiments import Experiment
    from config.stack import StackConfig

MINUTE: Final = 60


@dataclass(frozen=True)
class Place:
    """A stack on the embedded AWS.

    Attributes:
        endpoint: Address of the embedded AWS.
        account: Its account.
        region: Its region.
        outputs: Outputs of its stack.
        services: Service -> tasks that have to run whatever happens.
    """

    endpoint: str
    account: str
    region: str
    outputs: Mapping[str, Any]
    services: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: StackConfig, outputs: Mapping[str, Any], endpoint: str) -> Place:
        """Return the place of a deployed stack."""
        identity = settings.identity
        promised = {name: service.promised for name, service in settings.services.items()}
        return cls(endpoint, identity.account_id, identity.region, outputs, promised)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 builds its methods at run time
        """Return a boto3 client for the stack's account."""
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.account,
            aws_secret_access_key="sandbox",  # noqa: S106 - the embedded AWS reads no secret
            config=Config(retries={"max_attempts": 1}, proxies={}),
        )

    def control(self, method: str, path: str) -> Any:  # noqa: ANN401 - a document
        """Ask one of the embedded AWS's own paths."""
        return control(int(urlsplit(self.endpoint).port or 0), method, path)

    def forward(self, seconds: int) -> float:
        """Set the clock of the embedded AWS forward; returns what it says then, in seconds of the epoch."""
        return float(self.control("POST", f"advance?seconds={seconds}")["now"])


@dataclass(frozen=True)
class Subject:
    """One experiment of a stack.

    Attributes:
        name: Its name in the stack file.
        experiment: Its section there.
        allowed_seconds: What the objective allows until all is well.
        template_id: Id of its template.
        alarms: Names of the alarms of its steady state.
    """

    name: str
    experiment: Experiment
    allowed_seconds: int
    template_id: str
    alarms: tuple[str, ...]


def subjects(settings: StackConfig, outputs: Mapping[str, Any], only: str | None = None) -> list[Subject]:
    """Return the experiments of a stack, or the one that is named.

    Raises:
        LookupError: The stack was deployed before its file had one of them.
    """
    found = settings.experiments.templates if settings.experiments else {}
    if absent := sorted(name for name in found if name not in outputs.get("experiments", {})):
        raise LookupError(", ".join(absent))
    return [
        Subject(
            name=name,
            experiment=experiment,
            allowed_seconds=(allowed_minutes(settings.recovery, experiment.objective) or 0) * MINUTE,
            template_id=str(outputs["experiments"][name]),
            alarms=tuple(sorted(outputs["experiment_alarms"].get(name, {}).values())),
        )
        for name, experiment in found.items()
        if only in (None, name)
    ]
