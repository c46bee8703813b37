"""A registry keeps its configuration, and images pushed under a rule reach the other region."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import UNPATCHED, session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture(scope="module")
def running() -> Iterator[client.Emulator]:
    """An emulator whose regions may be cut: nobody else shares it."""
    emulator = client.start(None, patched=UNPATCHED not in os.environ)
    yield emulator
    emulator.stop()


@dataclass(frozen=True)
class Registries:
    """The registries of one account in two regions."""

    east: Client
    west: Client
    rules: dict[str, Any]

    def push(self, repository: str, tag: str) -> str:
        """Push an image in the east; returns its digest."""
        pushed = self.east.put_image(repositoryName=repository, imageManifest=f'{{"t": "{tag}"}}', imageTag=tag)
        digest: str = pushed["image"]["imageId"]["imageDigest"]
        return digest

    def tags(self, repository: str) -> list[str]:
        """Tags a repository has in the west, none where it does not exist."""
        try:
            images = self.west.list_images(repositoryName=repository)["imageIds"]
        except self.west.exceptions.RepositoryNotFoundException:
            return []
        return sorted(image["imageTag"] for image in images)


@pytest.fixture
def registries(running: client.Emulator, request: pytest.FixtureRequest) -> Iterator[Registries]:
    """Two registries; what the east has below `app/` goes west."""
    account = f"{abs(hash(request.node.nodeid)) % 10**12:012d}"
    aws = session(running, account)
    rule = {
        "destinations": [{"region": WEST, "registryId": account}],
        "repositoryFilters": [{"filter": "app/", "filterType": "PREFIX_MATCH"}],
    }
    made = Registries(aws("ecr", EAST), aws("ecr", WEST), {"rules": [rule]})
    made.east.create_repository(repositoryName="app/api")
    made.east.put_replication_configuration(replicationConfiguration=made.rules)
    yield made
    for region in outage.status(running.url).regions:
        outage.heal(running.url, region)


def test_the_rules_are_the_regions_own(registries: Registries) -> None:
    here, there = (ecr.describe_registry()["replicationConfiguration"] for ecr in (registries.east, registries.west))
    assert (here, there) == (registries.rules, {"rules": []}), "one configuration for each account and region"


def test_the_scanning_configuration_is_read_back(aws: Aws) -> None:
    ecr = aws("ecr", EAST)
    rules = [{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}]
    ecr.put_registry_scanning_configuration(scanType="ENHANCED", rules=rules)
    found = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    assert found == {"scanType": "ENHANCED", "rules": rules}, "what is put is got"


def test_an_image_reaches_the_repository_of_its_name(registries: Registries) -> None:
    registries.west.create_repository(repositoryName="app/api", imageTagMutability="IMMUTABLE")
    digest = registries.push("app/api", "1.0")
    said = registries.east.describe_image_replication_status(repositoryName="app/api", imageId={"imageDigest": digest})[
        "replicationStatuses"
    ]
    assert registries.tags("app/api") == ["1.0"], "the image is there"
    assert [(s["region"], s["status"]) for s in said] == [(WEST, "COMPLETE")], "and the registry says so"
    (kept,) = registries.west.describe_repositories()["repositories"]
    assert kept["imageTagMutability"] == "IMMUTABLE", "the repository there keeps its own settings"


def test_a_repository_outside_the_filter_stays_home(registries: Registries) -> None:
    registries.east.create_repository(repositoryName="tools/lint")
    registries.push("tools/lint", "1.0")
    assert registries.tags("tools/lint") == [], "only what the filter names is copied"


def test_an_image_pushed_during_an_outage_follows_it(registries: Registries, running: client.Emulator) -> None:
    outage.cut(running.url, WEST)
    digest = registries.push("app/api", "2.0")
    asked = {"repositoryName": "app/api", "imageId": {"imageDigest": digest}}
    (during,) = registries.east.describe_image_replication_status(**asked)["replicationStatuses"]
    outage.heal(running.url, WEST)
    assert during["status"] == "IN_PROGRESS", "the copy waits"
    assert registries.tags("app/api") == ["2.0"], "and is made when the region is back"
