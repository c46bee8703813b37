"""Images pushed under a rule reach the other region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import account_of, session

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Client

pytestmark = pytest.mark.emulator
EAST, WEST = "us-east-1", "us-west-2"


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
def registries(running: client.Emulator, request: pytest.FixtureRequest) -> Registries:
    """Two registries; what the east has below `app/` goes west."""
    account = account_of(request)
    aws = session(running, account)
    rule = {
        "destinations": [{"region": WEST, "registryId": account}],
        "repositoryFilters": [{"filter": "app/", "filterType": "PREFIX_MATCH"}],
    }
    made = Registries(aws("ecr", EAST), aws("ecr", WEST), {"rules": [rule]})
    made.east.create_repository(repositoryName="app/api")
    made.east.put_replication_configuration(replicationConfiguration=made.rules)
    return made


def test_the_rules_are_the_regions_own(registries: Registries) -> None:
    here, there = (ecr.describe_registry()["replicationConfiguration"] for ecr in (registries.east, registries.west))
    assert (here, there) == (registries.rules, {"rules": []}), "one configuration for each account and region"


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
