"""Names that are taken, placeholders, and parts that refer to each other."""

from __future__ import annotations

import json

import pytest

from components.cluster.addon import SERVICE_ACCOUNTS
from components.data.plan import access_log_bucket_name
from components.providers import stack_providers
from config.facts.services import ADDON_ACCOUNTS, PROGRAM_TAGS
from config.rules.names import derived_bucket
from review.record import record
from tests.config.stackfile import accepted, refused

CLASS = "      data_class: confidential\n"
LABELS = "labels: {workload: general}"


NO_PROMISE = (
    ("      availability_percent: 98.7\n", ""),
    ("        redis: {scope: zone, rto_minutes: 5, rpo_minutes: 6} # as its alarm on replication lag allows\n", ""),
    ("source: redis_replication_lag_seconds", "source: redis_evictions"),
)
"""A cache without replicas breaks promises and has no lag as well, which is another test's business."""


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        (("100000000004", "000000000000"), "identity.account_id", "a placeholder"),
        (("100000000004", "10000000004"), "identity.account_id", "not of the required form"),
        (
            (CLASS, f"{CLASS}      extra_tags: {{owner: me}}\n"),
            "identity.extra_tags.owner",
            "key that the program sets",
        ),
        ((CLASS, f"{CLASS}      extra_tags: {{aws:x: me}}\n"), "identity.extra_tags.aws:x", "prefix that AWS keeps"),
        (("        logs: {}\n", ""), "keys.domains.logs", "required domain is missing"),
        (("phoenix_admin", "admin"), "data.postgres.master_username", "reserved name"),
        (("phoenix_admin", "rdsadmin"), "data.postgres.master_username", "reserved name"),
        (("phoenix_admin", "pg_admin"), "data.postgres.master_username", "reserved name"),
        (("phoenix_admin", "user"), "data.postgres.master_username", "reserved name"),
        (("phoenix_admin", "seventeen_letters"), "data.postgres.master_username", "not of the required form"),
        (("name: phoenix\n", "name: postgres\n"), "data.postgres.database_name", "reserved name"),
        (("name: phoenix\n", "name: select\n"), "data.postgres.database_name", "reserved name"),
        (("zone: c}", "zone: d}"), "data.postgres.replicas.reader-c.zone", "no zone of network.zones"),
        (("shards: 3", "shards: 31"), "data.redis.shards", "93 nodes with the replicas"),
        (
            ("replicas_per_shard: 2", "replicas_per_shard: 0"),
            "data.redis.replicas_per_shard",
            "a shard without a replica",
        ),
        ((LABELS, "labels: {kubernetes.io/os: x}"), 'cluster.node_groups.general.labels["kubernetes.io/os"]', "keeps"),
        ((LABELS, "labels: {node.k8s.io/os: x}"), 'cluster.node_groups.general.labels["node.k8s.io/os"]', "keeps"),
        (
            (
                "        application: {namespace: phoenix, service_account: phoenix-app}",
                "        application: {namespace: kube-system, service_account: aws-node}",
            ),
            "cluster.identities.application",
            "service account that add-on vpc-cni has already",
        ),
        (
            (
                "        application: {namespace: phoenix, service_account: phoenix-app}",
                "        application: {namespace: amazon-cloudwatch, service_account: cloudwatch-agent}",
            ),
            "cluster.identities.application",
            "service account that add-on amazon-cloudwatch-observability has already",
        ),
        (
            (
                "        monitoring: {namespace: amazon-cloudwatch, service_account: cloudwatch-agent}",
                "        monitoring: {namespace: phoenix, service_account: phoenix-app}",
            ),
            "cluster.identities.monitoring",
            "service account that identity application has already",
        ),
    ],
)
def test_a_name_is_refused(swap: tuple[str, str], path: str, what: str) -> None:
    found = refused(swap, *NO_PROMISE)
    assert path in found.keys() <= {path, "cluster.identities.monitoring"}, "an account taken is taken from all"
    assert what in found[path].what


def test_tls_to_the_database_cannot_be_switched_off() -> None:
    found = refused(
        (
            "        secret: {rotation_days: 30} # RDS",
            '        parameters: {rds.force_ssl: "0"}\n        secret: {rotation_days: 30} # RDS',
        )
    )
    assert found['data.postgres.parameters["rds.force_ssl"]'].what == "set by the program"


def test_more_tags_than_aws_takes_are_refused() -> None:
    tags = ", ".join(f"t{number}: x" for number in range(43))
    assert refused((CLASS, f"{CLASS}      extra_tags: {{{tags}}}\n"))["identity.extra_tags"].allowed == "42 at most"


def test_a_system_whose_derived_names_are_too_long_is_refused_before_anything_is_made() -> None:
    longest = ("system: phoenix", "system: abcdefghi-klmnopqrst")
    accepted(longest)
    staging, abroad = ("environment: prod", "environment: staging"), ("region: us-east-1", "region: me-central-1")
    found = refused(longest, staging, abroad)["identity.system"]
    assert found.what.startswith("makes a bucket name of 66 characters")
    assert found.allowed == "17 characters at most, in this region and environment"


def test_the_names_held_against_are_those_that_the_program_makes() -> None:
    """The rules repeat what components decide; should components change, this tells."""
    identity = accepted().identity
    assert derived_bucket(identity) == access_log_bucket_name(identity)
    assert {name: (one.namespace, one.name) for name, one in SERVICE_ACCOUNTS.items()} == ADDON_ACCOUNTS
    providers = record(lambda: stack_providers(identity) and None, "prod").of_type("pulumi:providers:aws")
    tags = {key for provider in providers for key in json.loads(provider.inputs["defaultTags"])["tags"]}
    assert tags | {"Name"} == PROGRAM_TAGS
