"""From the files of packages to facts, on a world of two regions."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from facts import packages
from facts.gathered import compact
from facts.write import differing, files, write

if TYPE_CHECKING:
    from pathlib import Path

    from facts.gathered import Facts


def size(name: str, **more: object) -> dict[str, Any]:
    card = {"MaximumNetworkInterfaces": 3}
    return {
        "InstanceType": name,
        "ProcessorInfo": {"SupportedArchitectures": ["i386", "x86_64"]},
        "VCpuInfo": {"DefaultVCpus": 2},
        "MemoryInfo": {"SizeInMiB": 4096},
        "EbsInfo": {"EbsOptimizedInfo": {"BaselineIops": 4000, "MaximumIops": 20000}},
        "NetworkInfo": {"DefaultNetworkCardIndex": 0, "NetworkCards": [card, card], "Ipv4AddressesPerInterface": 10},
    } | more


def region(country: str, *zones: str) -> dict[str, Any]:
    return {
        "partition": {"Value": "aws"},
        "longName": {"Value": "Somewhere"},
        "geolocationCountry": {"Value": country},
        "availability-zones": {"Value": "x", **{zone: {"Value": zone} for zone in zones}},
        "services": {"Value": "x", "eks": {}, **({"grafana": {}} if country == "DE" else {})},
    }


def classes(licence: object, *names: str) -> dict[str, Any]:
    properties = {"Engine": {"const": "postgres"}, "LicenseModel": licence}
    return {"if": {"properties": properties}, "then": {"properties": {"DBInstanceClass": {"enum": list(names)}}}}


def versions(engine: str, *names: str) -> dict[str, Any]:
    condition = {"if": {"properties": {"Engine": {"const": engine}}}}
    return condition | {"then": {"properties": {"EngineVersion": {"enum": list(names)}}}}


ENDED = {"if": {"properties": {"Engine": {"const": "postgres"}, "EngineVersion": {"enum": ["17.4"]}}}, "then": False}
GPU = {
    "GpuInfo": {
        "Gpus": [{"Manufacturer": "NVIDIA", "Count": 0, "LogicalGpuCount": 1, "MemoryInfo": {"SizeInMiB": 5722}}],
        "TotalGpuMemoryInMiB": 5722,
    }
}
MAC = size("mac1.metal", ProcessorInfo={"SupportedArchitectures": ["x86_64_mac"]})
EXTENSIONS = {
    "aws_ec2_instance/instancetype_enum": {
        "eu-central-1": {"enum": ["c5.large", "g6f.large", "m9g.large", "old.large"]},
        "xx-new-1": {"enum": ["c5.large"]},
    },
    "aws_rds_dbinstance/dbinstanceclass_enum": {
        "eu-central-1": {"allOf": [classes({"const": packages.LICENCE}, "db.c5.large"), classes(False, "db.no.large")]}
    },
    "aws_rds_dbinstance/engine_version": {"allOf": [versions("postgres", "17.4", "17.5"), {"if": {"properties": {}}}]},
    "aws_rds_dbinstance/engine_version_deprecated": {"allOf": [ENDED]},
    "aws_elasticache_cachecluster/cachenodetype_enum": {"eu-central-1": {"enum": ["cache.c5.large"]}},
    "aws_elasticache_cachecluster/engine_version": {"allOf": [versions("redis", "7.1"), versions("valkey", "8.0")]},
}
LETTERS = [("c5.large", "a"), ("g6f.large", "a"), ("c5.large", "b")]
NUMBERS = [("c5.large", "euc1-az3"), ("c5.large", "euc1-az2"), ("g6f.large", "euc1-az2")]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    def put(path: str, content: object) -> None:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        raw = json.dumps(content).encode()
        target.write_bytes(gzip.compress(raw) if path.endswith(".gz") else raw)

    rules = {"ENCRYPTED_VOLUMES": {"Parameters": [{"Name": "kmsId"}]}, "ACM_CERTIFICATE_RSA_CHECK": {"Parameters": []}}
    put("moto/config/resources/aws_managed_rules.json.gz", {"ManagedRules": rules})
    zones = tmp_path / "tzdata" / "zoneinfo"
    zones.mkdir(parents=True)
    (zones / "zone.tab").write_text("# comment\nDE\t+5230+01322\tEurope/Berlin\tmost of Germany\n")
    (zones.parent / "zones").write_text("Europe/Berlin\nEST\nEtc/UTC\nEtc/Zulu\nEtc/GMT+9\n")
    for name, version in (("cfn_lint", "1.0"), ("moto", "5.2.5"), ("tzdata", "2026.6")):
        put(f"{name}-{version}.dist-info/x.json", {})
        (tmp_path / f"{name}-{version}.dist-info" / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    for name, content in EXTENSIONS.items():
        put(f"cfnlint/data/schemas/extensions/{name}.json", content)
    put("cfnlint/data/schemas/version.json", {"schema_date": "2026-10-20T22:11:15Z"})
    put("cfnlint/data/schemas/providers/eu-central-1.json", {"AWS::EKS::Cluster": "1"})
    put("cfnlint/data/schemas/providers/xx-new-1.json", {"AWS::EKS::Cluster": "1", "AWS::RDS::DBProxy": "2"})
    places = {"eu-central-1": region("DE", "euc1-az2", "euc1-az3"), "xx-new-1": region("XX", "xxn1-az1", "xxn1-az2")}
    china = {"cn-north-1": region("CN", "cnn1-az1") | {"partition": {"Value": "aws-cn"}}}
    every = {"aws": {"service": {"global-infrastructure": {"regions": places | china}}}}
    put("moto/ssm/resources/regions.json.gz", every)
    types = [size("c5.large"), size("g6f.large", **GPU), size("m9g.large"), MAC]
    put("moto/ec2/resources/instance_types.json.gz", {one["InstanceType"]: one for one in types})
    dump = "moto/ec2/resources/instance_type_offerings/availability-zone"
    offers = [{"InstanceType": name, "Location": f"eu-central-1{letter}"} for name, letter in LETTERS]
    put(f"{dump}/eu-central-1.json.gz", offers)
    put(f"{dump}-id/eu-central-1.json.gz", [{"InstanceType": name, "Location": zone} for name, zone in NUMBERS])
    return tmp_path


@pytest.fixture
def facts(installed: Path) -> Facts:
    return packages.gather(installed)


def test_only_commercial_regions_are_gathered(facts: Facts) -> None:
    assert list(facts.regions) == ["eu-central-1", "xx-new-1"]
    assert facts.sources == {
        "cfn-lint": "1.0, schemas of 2026-10-20",
        "moto": "5.2.5, released 2026-10-27",
        "tzdata": "2026.6",
    }


def test_closed_lists_have_names_and_what_belongs_to_them(facts: Facts) -> None:
    assert facts.lists["config_rules"] == {"ENCRYPTED_VOLUMES kmsId", "ACM_CERTIFICATE_RSA_CHECK"}
    assert facts.lists["time_zones"] == {"Europe/Berlin", "Etc/UTC", "Etc/GMT+9"}
    assert files(facts)["config/facts/data/config_rules.txt"] == "ACM_CERTIFICATE_RSA_CHECK\nENCRYPTED_VOLUMES kmsId\n"


def test_a_letter_means_the_zone_id_that_offers_the_same_types(facts: Facts) -> None:
    assert facts.regions["eu-central-1"].zones == {"a": "2", "b": "3"}
    assert facts.regions["eu-central-1"].zone_prefix == "euc1"


def test_a_region_without_a_dump_has_letters_whose_zones_are_unknown(facts: Facts) -> None:
    assert facts.regions["xx-new-1"].zones == {"a": None, "b": None}
    assert facts.regions["xx-new-1"].ec2 == {"c5.large": None}, "offered, nobody says where"
    assert facts.regions["xx-new-1"].rds is None
    assert facts.regions["xx-new-1"].cache is None


def test_types_are_offered_where_the_dump_says_and_prices_without_zones_are_unknown(facts: Facts) -> None:
    expected = {"c5.large": "23", "g6f.large": "2", "m9g.large": None}
    assert facts.regions["eu-central-1"].ec2 == expected, "what EC2 no longer describes is gone"


def test_sizes_are_those_that_pods_and_volumes_get(facts: Facts) -> None:
    assert "mac1.metal" not in facts.types, "no node runs there"
    assert facts.types["c5.large"].interfaces == 3, "of the default card, not of both"
    assert (facts.types["g6f.large"].gpus, facts.types["g6f.large"].gpu_memory_mib) == (1, 5722), "a part of a GPU"


def test_classes_and_versions_are_those_of_the_open_licence(facts: Facts) -> None:
    assert facts.regions["eu-central-1"].rds == {"postgres": frozenset({"c5.large"})}
    assert facts.versions == {
        "postgres": {"17.4": False, "17.5": True},
        "redis": {"7.1": True},
        "valkey": {"8.0": True},
    }


def test_the_files_are_the_same_for_the_same_facts_and_say_what_a_region_lacks(facts: Facts, tmp_path: Path) -> None:
    root = tmp_path / "root"
    assert sorted(write(facts, root)) == sorted(files(facts))
    assert write(facts, root) == [] == differing(files(facts), root)
    written = json.loads((root / "config/facts/data/offers/eu-central-1.json").read_text())
    assert written["ec2"] == {"2": {"g6f": "large"}, "23": {"c5": "large"}, "unknown": {"m9g": "large"}}
    assert written["without_resource_types"] == ["AWS::RDS::DBProxy"]
    assert json.loads((root / "config/facts/data/offers/xx-new-1.json").read_text())["without_services"] == ["grafana"]
    assert (root / "policy/regions.txt").read_text() == "eu-central-1\nxx-new-1\n"


def test_a_region_that_is_gone_takes_its_file_with_it(facts: Facts, tmp_path: Path) -> None:
    stale = tmp_path / "config/facts/data/offers/yy-old-1.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")
    write(facts, tmp_path)
    assert not stale.exists()


def test_names_are_kept_by_family() -> None:
    assert compact(["c5.xlarge", "c5.large", "m8g.metal-24xl"]) == {"c5": "large xlarge", "m8g": "metal-24xl"}
