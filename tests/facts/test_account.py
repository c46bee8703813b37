"""What AWS answers goes over what packages know; what it denies does not."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from facts import account
from facts.gathered import Facts, Region

KNOWN = Region(
    name="Europe (Frankfurt)",
    country="DE",
    zones={"a": "2"},
    zone_prefix="euc1",
    ec2={"c5.large": "2", "old.large": "2"},
    rds={"postgres": frozenset({"r4.large"})},
    cache=frozenset({"r4.large"}),
    brokers=None,
    services=frozenset({"eks"}),
    resource_types=frozenset({"AWS::EKS::Cluster"}),
)
FACTS = Facts(
    sources={"cfn-lint": "1"},
    types={},
    regions={"eu-central-1": KNOWN, "af-south-1": KNOWN},
    versions={"redis": {"7.1": True}},
)
ENABLED = [
    {"RegionName": "eu-central-1", "OptInStatus": "opt-in-not-required"},
    {"RegionName": "af-south-1", "OptInStatus": "not-opted-in"},
]
TYPE = {
    "InstanceType": "c5.large",
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
    "VCpuInfo": {"DefaultVCpus": 2},
    "MemoryInfo": {"SizeInMiB": 4096},
    "EbsInfo": {},
    "NetworkInfo": {
        "DefaultNetworkCardIndex": 0,
        "NetworkCards": [{"MaximumNetworkInterfaces": 3}],
        "Ipv4AddressesPerInterface": 10,
    },
}


class Stubs:
    """Clients of boto3 that answer as set, and check question and answer by the service's own model."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], tuple[Any, Stubber]] = {}

    def __call__(self, service: str, region: str) -> Any:  # noqa: ANN401 - clients of boto3 have no static type
        return self._get(service, region)[0]

    def answer(self, service: str, region: str, question: str, answer: dict[str, Any], **asked: object) -> None:
        self._get(service, region)[1].add_response(question, answer, asked)

    def deny(self, service: str, region: str, question: str) -> None:
        self._get(service, region)[1].add_client_error(question, "AccessDenied", "not yours")

    def _get(self, service: str, region: str) -> tuple[Any, Stubber]:
        if (service, region) not in self.made:
            secret = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
            client: Any = boto3.client(service, region_name=region, **secret)  # type: ignore[call-overload]
            stubber = Stubber(client)
            stubber.activate()
            self.made[service, region] = (client, stubber)
        return self.made[service, region]


@pytest.fixture
def aws() -> Stubs:
    stubs, here, home = Stubs(), "eu-central-1", account.HOME
    stubs.answer("ec2", home, "describe_regions", {"Regions": ENABLED}, AllRegions=True)
    stubs.answer("ec2", home, "describe_instance_types", {"InstanceTypes": [TYPE]})
    zone = {"ZoneName": "eu-central-1b", "ZoneId": "euc1-az3"}
    stubs.answer("ec2", here, "describe_availability_zones", {"AvailabilityZones": [zone]}, Filters=ANY)
    offers = [{"InstanceType": "c5.large", "Location": f"euc1-az{number}"} for number in (3, 2)]
    asked = {"LocationType": "availability-zone-id"}
    stubs.answer("ec2", here, "describe_instance_type_offerings", {"InstanceTypeOfferings": offers}, **asked)
    for engine in account.ENGINES:
        options = [{"DBInstanceClass": "db.r8g.large"}] if engine == "postgres" else []
        answer = {"OrderableDBInstanceOptions": options}
        stubs.answer("rds", here, "describe_orderable_db_instance_options", answer, Engine=engine)
        version = {"EngineVersion": "17.4", "Status": "deprecated"}
        versions = {"DBEngineVersions": [version] if engine == "postgres" else []}
        stubs.answer("rds", home, "describe_db_engine_versions", versions, Engine=engine, IncludeAll=True)
    stubs.deny("elasticache", here, "describe_reserved_cache_nodes_offerings")
    stubs.answer("ssm", home, "get_parameters_by_path", {"Parameters": [{"Value": "eks"}, {"Value": "fis"}]}, Path=ANY)
    types = {"TypeSummaries": [{"TypeName": "AWS::FIS::Experiment"}]}
    stubs.answer("cloudformation", here, "list_types", types, Visibility=ANY, Type=ANY, Filters=ANY)
    return stubs


def test_what_aws_answers_replaces_what_the_packages_know(aws: Stubs) -> None:
    asked = account.ask(FACTS, aws, "2026-11-30")
    found = asked.facts.regions["eu-central-1"]
    assert found.zones == {"b": "3"}
    assert found.ec2 == {"c5.large": "23"}, "what no zone offers any more is gone"
    assert found.rds is not None
    assert found.rds["postgres"] == {"r8g.large"}
    assert found.services == {"eks", "fis"}
    assert found.resource_types == {"AWS::FIS::Experiment"}
    assert asked.facts.types["c5.large"].interfaces == 3
    assert asked.facts.versions["postgres"] == {"17.4": False}
    assert asked.facts.versions["redis"] == {"7.1": True}
    assert asked.facts.sources["account"] == "asked 2026-11-30 of eu-central-1"


def test_what_is_denied_or_not_enabled_stays_and_is_named(aws: Stubs) -> None:
    asked = account.ask(FACTS, aws, "2026-11-30")
    assert asked.facts.regions["eu-central-1"].cache == KNOWN.cache
    assert asked.facts.regions["af-south-1"] == KNOWN
    assert asked.kept[0] == "af-south-1: not enabled in the account"
    assert asked.kept[1].startswith("eu-central-1: cache: ")
    assert "AccessDenied" in asked.kept[1]
