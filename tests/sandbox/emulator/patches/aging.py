"""A bucket whose objects age by the emulator's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sandbox.emulator import client

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Client

LARGE = bytes(128 * 1024)


@dataclass
class Aging:
    """A bucket."""

    emulator: client.Emulator
    s3: Client
    name: str

    def make(self, *, versioned: bool = False, **settings: Any) -> None:  # noqa: ANN401 - as boto3 takes them
        self.s3.create_bucket(Bucket=self.name, **settings)
        if versioned:
            self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})

    def rules(self, *rules: dict[str, Any]) -> None:
        whole = [{"ID": str(number), "Status": "Enabled", "Filter": {}} | rule for number, rule in enumerate(rules)]
        self.s3.put_bucket_lifecycle_configuration(Bucket=self.name, LifecycleConfiguration={"Rules": whole})

    def put(self, key: str = "k", body: bytes = LARGE, **more: object) -> str:
        return str(self.s3.put_object(Bucket=self.name, Key=key, Body=body, **more).get("VersionId"))

    def days(self, days: float) -> None:
        """Let days pass."""
        self.emulator.advance(days * 86400, 86400)

    def emulator_now(self) -> float:
        """What the emulator's clock says."""
        return float(str(client.control(self.emulator.port, "POST", "advance?seconds=0")["now"]))

    def head(self, key: str = "k", **more: object) -> dict[str, Any]:
        found: dict[str, Any] = self.s3.head_object(Bucket=self.name, Key=key, **more)
        return found

    def kind(self, key: str = "k", **more: object) -> str | None:
        """Storage class of an object as HEAD says it, `gone` when there is none."""
        try:
            return str(self.head(key, **more).get("StorageClass", "STANDARD"))
        except ClientError:
            return "gone"

    def read(self, key: str = "k", **more: object) -> str:
        """`read`, or why it cannot be."""
        try:
            self.s3.get_object(Bucket=self.name, Key=key, **more)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "read"

    def versions(self) -> list[str]:
        found = self.s3.list_object_versions(Bucket=self.name)
        return [one["VersionId"] for one in found.get("Versions", []) + found.get("DeleteMarkers", [])]
