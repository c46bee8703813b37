from __future__ import annotations

import re

import pytest
from pulumi.runtime.proto import provider_pb2

from standins.awsproxy import names, overrides
from standins.awsproxy.overrides import AutoName

SEED = b"\x01" * 32


def test_a_name_is_the_logical_name_and_seven_hex_digits() -> None:
    assert re.fullmatch(r"web-[0-9a-f]{7}", names.make("web", AutoName(), b"", {}))


def test_the_same_seed_gives_the_same_name_so_that_a_preview_shows_what_up_does() -> None:
    assert names.make("web", AutoName(), SEED, {}) == names.make("web", AutoName(), SEED, {})
    assert names.make("web", AutoName(), SEED, {}) != names.make("web", AutoName(), b"\x02" * 32, {})


def test_bucket_names_are_lower_case() -> None:
    rule = overrides.names_of("aws:s3/bucket:Bucket")["bucket"]
    assert names.make("MyData", rule, SEED, {}).startswith("mydata-")


def test_an_alias_of_a_key_gets_the_prefix_aws_demands_once() -> None:
    rule = overrides.names_of("aws:kms/alias:Alias")["name"]
    assert names.make("data", rule, SEED, {}).startswith("alias/data-")
    assert names.make("alias/data", rule, SEED, {}).startswith("alias/data-")


def test_a_fifo_topic_says_so_in_its_name() -> None:
    rule = overrides.names_of("aws:sns/topic:Topic")["name"]
    assert names.make("t", rule, SEED, {"fifoTopic": True}).endswith(".fifo")
    assert not names.make("t", rule, SEED, {}).endswith(".fifo")


def test_a_name_that_is_too_long_is_refused_never_cut() -> None:
    with pytest.raises(names.NamingError, match="64 are allowed"):
        names.make("r" * 60, overrides.names_of("aws:iam/role:Role")["name"], SEED, {})


def test_a_given_prefix_excludes_the_name() -> None:
    news = {"namePrefix": "a-"}
    assert names.fill({"name": AutoName()}, names.Naming("web"), news, {}) == {"name"}
    assert news == {"namePrefix": "a-"}


def test_a_name_once_made_is_kept() -> None:
    news: dict[str, object] = {}
    names.fill({"name": AutoName()}, names.Naming("web", SEED), news, {"name": "web-0000000"})
    assert news == {"name": "web-0000000"}, "a new random name would replace the resource at every update"


def test_a_set_name_is_left_alone() -> None:
    news = {"name": "mine"}
    assert names.fill({"name": AutoName()}, names.Naming("web", SEED), news, {"name": "old"}) == set()
    assert news == {"name": "mine"}


def test_the_projects_own_naming_scheme_is_honoured() -> None:
    request = provider_pb2.CheckRequest(randomSeed=SEED)
    request.autonaming.proposed_name = "acme-web"
    news: dict[str, object] = {}
    names.fill({"name": AutoName()}, names.Naming.of("web", request), news, {})
    assert news == {"name": "acme-web"}


def test_switched_off_naming_asks_for_a_name() -> None:
    request = provider_pb2.CheckRequest(randomSeed=SEED)
    request.autonaming.mode = provider_pb2.CheckRequest.AutonamingOptions.DISABLE
    with pytest.raises(names.NamingError, match="identifier is not set"):
        names.fill({"identifier": AutoName()}, names.Naming.of("db", request), {}, {})


def test_a_records_name_is_its_domain_and_never_made_up() -> None:
    assert overrides.names_of("aws:route53/record:Record") == {}
