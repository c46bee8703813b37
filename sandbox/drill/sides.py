"""The two stacks of a drill: what their files say, what they publish, and AWS as each of them sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.drill.settings import setting
from sandbox.run import state
from sandbox.run.verify import Asked

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.paths import RunDirectory
    from sandbox.run.stacks import StackFile


@dataclass(frozen=True)
class Side:
    """One of the two stacks.

    Attributes:
        stack: Its name.
        account_id: Its account.
        region: Its region.
        port: Port of the embedded AWS.
        file: The copy of its stack file that the drill works with and changes.
        outputs: What it publishes.
    """

    stack: str
    account_id: str
    region: str
    port: int
    file: Path
    outputs: dict[str, Any]

    def client(self, service: str) -> Any:  # noqa: ANN401 boto3 makes its clients at run time
        """Return a boto3 client of a service in the stack's region."""
        return Asked(self.port, self.account_id, self.region).client(service)

    def setting(self, path: str) -> Any:  # noqa: ANN401 a value of any setting
        """Return a setting of the stack file, as it is now; None where it is not set."""
        return setting(self.file.read_text(encoding="utf-8"), path)

    @property
    def database(self) -> str:
        """Identifier of its database.

        Raises:
            KeyError: The stack publishes none.
        """
        return str(self.outputs["postgres_arn"]).rpartition(":")[2]

    @property
    def buckets(self) -> dict[str, str]:
        """Short name -> physical name of its buckets.

        Raises:
            KeyError: The stack publishes none.
        """
        return dict(self.outputs["bucket_names"])

    @property
    def secrets(self) -> dict[str, str]:
        """What is opened -> ARN of the secret that opens it.

        Raises:
            KeyError: The stack publishes none.
        """
        return {service: str(self.outputs[f"{service}_secret_arn"]) for service in ("postgres", "redis")}


@dataclass(frozen=True)
class Pair:
    """A primary and its standby."""

    primary: Side
    standby: Side


def side(run: RunDirectory, project: str, file: StackFile, copy: Path, port: int) -> Side:
    """Return a deployed stack as the drill sees it.

    Args:
        run: The run directory.
        project: Name of the project.
        file: Its stack file.
        copy: The copy of it that the drill works with.
        port: Port of the embedded AWS.
    """
    region = str(setting(copy.read_text(encoding="utf-8"), "identity.region"))
    return Side(file.name, file.account_id, region, port, copy, state.outputs(state.read(run, project, file.name)))
