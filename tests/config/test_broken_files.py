"""Stack files that people write by mistake: each is refused with line, path, value, what is allowed and a fix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from config import ConfigError, StackConfig, load_file, stack_file
from config.bases import EXTENDS
from tests.config.stackfile import PROD, at, changed, line_of, problems_of, reported

if TYPE_CHECKING:
    from pathlib import Path

Swap = tuple[str, str]

MISSPELT_SECTION: Swap = ("    network:\n", "    netwrok:\n")
OVERLAPPING: Swap = ("10.0.22.0/24", "10.0.12.128/25")
ZONE: Swap = ("zones: [a, b, c]", "zones: [a, b, g]")
LOW_IOPS: Swap = ("{type: gp3, allocated_gib: 1024,", "{type: gp3, iops: 3000, allocated_gib: 1024,")
AUTOSCALER = re.findall(r"image: (\S+cluster-autoscaler:\S+)", PROD)[0]
OLD_KUBERNETES: Swap = ('version: "1.35"', 'version: "1.28"')
P3: Swap = ("[g6.2xlarge, g5.2xlarge]", "[p3.2xlarge, g5.2xlarge]")
SECRET: Swap = ("master_username: phoenix_admin", "master_username: phoenix_admin\n        password: Tr0ub4dor&3")
NEGATIVE: Swap = ("{size_gib: 200, iops: 6000", "{size_gib: -200, iops: 6000")
UNKNOWN_CLASS: Swap = ("instance_class: db.r5.2xlarge", "instance_class: db.r5.2xlrage")
WRONG_TYPE: Swap = ("shards: 3", 'shards: "3"')


def test_a_misspelt_section_names_the_key_and_the_one_that_was_meant(tmp_path: Path) -> None:
    text = changed(MISSPELT_SECTION)
    lines = reported(text, tmp_path)
    unknown = at(
        text,
        "netwrok:",
        "netwrok",
        "unknown key",
        got="a mapping with cidr, zones, tiers, nat, endpoints, flow_logs, peers",
        allowed=f"{EXTENDS}, network, and {len(StackConfig.model_fields) - 1} others in config/schema.json",
        do="did you mean `network`?",
    )
    assert lines == [unknown], "one slip is reported as the unknown key, and as nothing else"


def test_overlapping_blocks_name_each_other(tmp_path: Path) -> None:
    text = changed(OVERLAPPING)
    assert reported(text, tmp_path) == [
        at(
            text,
            "10.0.12.128/25",
            "network.tiers.database.cidrs[1]",
            "overlaps 10.0.12.0/24 of network.tiers.private.cidrs[1]",
            got='"10.0.12.128/25"',
            allowed="blocks that share no address",
            do="move one of the two",
        )
    ]


def test_a_zone_that_is_not_in_the_region_is_refused(tmp_path: Path) -> None:
    text = changed(ZONE, ("zone: c}", "zone: b}"))
    assert reported(text, tmp_path) == [
        at(
            text,
            "zones: [a, b, g]",
            "network.zones[2]",
            "us-east-1 has no such zone",
            got='"g"',
            allowed="a, b, c, d, e, f",
            do="choose another letter, or correct identity.region",
        )
    ]


def test_a_terabyte_of_gp3_at_3000_iops_is_refused(tmp_path: Path) -> None:
    text = changed(LOW_IOPS)
    assert reported(text, tmp_path) == [
        at(
            text,
            "iops: 3000",
            "data.postgres.storage.iops",
            "below the gp3 baseline of 12000 from 400 GiB, which RDS refuses",
            got="3000",
            allowed="12000 to 64000, or none for the 12000 included",
            do="leave it out, or raise it",
        )
    ]


def test_kubernetes_out_of_support_names_the_day_and_the_versions_in_support(tmp_path: Path) -> None:
    text = changed(OLD_KUBERNETES)
    assert reported(text, tmp_path) == [
        at(
            text,
            'version: "1.28"',
            "cluster.version",
            "standard support of EKS ended on 2024-11-26",
            got='"1.28"',
            allowed="1.34, 1.35, 1.36",
            do="upgrade one minor at a time",
        ),
        at(
            text,
            "kube-proxy:",
            "cluster.addons.kube-proxy.version",
            "not for Kubernetes 1.28",
            got='"v1.35.3-eksbuild.21"',
            allowed="v1.25 to v1.28",
            do="take the version that `aws eks describe-addon-versions` names for the cluster's minor",
        ),
        at(
            text,
            "cluster-autoscaler:v1.35",
            "kubernetes.cluster_autoscaler.image",
            "not for Kubernetes 1.28",
            got=f'"{AUTOSCALER}'[:77] + "...",
            allowed="a tag v1.28.*",
            do="take the release of the cluster's minor: it simulates that scheduler",
        ),
    ]


def test_a_retired_instance_type_names_what_is_sold_in_its_place(tmp_path: Path) -> None:
    text = changed(P3)
    g7e = "g7e.2xlarge (8 vCPU, 64 GiB, 1 GPU of 96 GiB)"
    g6e = "g6e.2xlarge (8 vCPU, 64 GiB, 1 GPU of 45 GiB)"
    g7 = "g7.2xlarge (8 vCPU, 32 GiB, 1 GPU of 32 GiB)"
    assert reported(text, tmp_path) == [
        at(
            text,
            "p3.2xlarge",
            "cluster.node_groups.gpu.instance_types[0]",
            "offered in no region since 2026-05-01",
            got='"p3.2xlarge"',
            allowed=f"{g7e}, {g6e}, {g7}",
            do="choose one of these, or another family",
        )
    ]


def test_a_secret_in_plain_text_is_refused_and_never_shown(tmp_path: Path) -> None:
    text = changed(SECRET)
    burnt = "remove it from the file and from its history, and replace the secret, which is burnt; name its ARN instead"
    assert reported(text, tmp_path) == [
        at(
            text,
            "password:",
            "data.postgres.password",
            "secret in plain text",
            got="(hidden)",
            allowed="no secret; the ARN of one, or nothing",
            do=burnt,
        )
    ]
    assert "Tr0ub4dor" not in repr(problems_of(text, tmp_path)), "no form of the error may hold the secret"


def test_a_negative_size_is_refused_with_its_bounds(tmp_path: Path) -> None:
    text = changed(NEGATIVE)
    assert reported(text, tmp_path) == [
        at(
            text,
            "-200",
            "cluster.node_groups.gpu.root_volume.size_gib",
            "below the minimum",
            got="-200",
            allowed="a whole number from 20 to 16384",
            do="change it: Size in GiB.",
        )
    ]


def test_an_unknown_class_names_the_nearest_known(tmp_path: Path) -> None:
    text = changed(UNKNOWN_CLASS)
    assert reported(text, tmp_path) == [
        at(
            text,
            "2xlrage",
            "data.postgres.instance_class",
            "unknown instance type",
            got='"db.r5.2xlrage"',
            allowed="db.<family>.<size>, such as of r5, r5d, r5b, r4, r3",
            do="did you mean db.r5.2xlarge?",
        )
    ]


def test_wrong_types_are_not_bent_into_right_ones(tmp_path: Path) -> None:
    text = changed(WRONG_TYPE, ("multi_az: true", "multi_az: 1"), ('engine_version: "7.1"', "engine_version: 7.1"))
    standby = "Synchronous standby in another zone (fails over in 60 to 120 s, loses nothing)."
    assert reported(text, tmp_path) == [
        at(
            text,
            "multi_az: 1",
            "data.postgres.multi_az",
            "not true or false",
            got="1",
            allowed="true or false",
            do=f"change it: {standby}",
        ),
        at(
            text,
            "engine_version: 7.1",
            "data.redis.engine_version",
            "not text",
            got="7.1",
            allowed=r"text that matches ^\d\.\d$",
            do="write it in quotes, as it is meant to be read",
        ),
        at(
            text,
            "shards:",
            "data.redis.shards",
            "not a whole number",
            got='"3"',
            allowed="a whole number from 1 to 500",
            do="write 3 without quotes",
        ),
    ]


def test_ten_mistakes_in_one_file_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """A person must not have to run again to learn of the next mistake, nor may one section hide another's."""
    misspelt = ("    keys:\n", "    kyes:\n")
    text = changed(
        misspelt, OVERLAPPING, ZONE, LOW_IOPS, OLD_KUBERNETES, P3, SECRET, NEGATIVE, UNKNOWN_CLASS, WRONG_TYPE
    )
    found = [(problem.line, str(problem).split(": ")[1]) for problem in problems_of(text, tmp_path)]
    assert found == [
        (line_of(text, "platform:settings:"), "keys"),
        (line_of(text, "zones: [a, b, g]"), "network.zones[2]"),
        (line_of(text, "10.0.12.128/25"), "network.tiers.database.cidrs[1]"),
        (line_of(text, "kyes:"), "kyes"),
        (line_of(text, '"1.28"'), "cluster.version"),
        (line_of(text, "p3.2xlarge"), "cluster.node_groups.gpu.instance_types[0]"),
        (line_of(text, "-200"), "cluster.node_groups.gpu.root_volume.size_gib"),
        (line_of(text, "kube-proxy:"), "cluster.addons.kube-proxy.version"),
        (line_of(text, "password:"), "data.postgres.password"),
        (line_of(text, "2xlrage"), "data.postgres.instance_class"),
        (line_of(text, "iops: 3000"), "data.postgres.storage.iops"),
        (line_of(text, "reader-c:"), "data.postgres.replicas.reader-c.zone"),
        (line_of(text, 'shards: "3"'), "data.redis.shards"),
        (line_of(text, "cluster-autoscaler:v1.35"), "kubernetes.cluster_autoscaler.image"),
    ]


def test_a_syntax_error_is_reported_with_its_line_and_without_the_text(tmp_path: Path) -> None:
    text = changed(("nat: per_zone", 'nat: "hunter2'))
    found = problems_of(text, tmp_path)
    assert [problem.what.split(":")[0] for problem in found] == ["not valid YAML"]
    assert "hunter2" not in str(found[0]), "the parser's excerpt may hold a secret"
    tab = changed(("      nat: per_zone", "\tnat: per_zone"))
    assert [problem.line for problem in problems_of(tab, tmp_path)] == [line_of(tab, "\tnat")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Pulumi.prod.yaml:1: empty file; got: nothing"),
        ("# nothing but a comment\n", "Pulumi.prod.yaml:1: empty file; got: nothing"),
        ("- a\n- b\n", 'Pulumi.prod.yaml:1: not a mapping; got: ["a", "b"]'),
        ("confg:\n  platform:settings: {}\n", "Pulumi.prod.yaml:1: confg: unknown key"),
        ("\nconfig:\n", "Pulumi.prod.yaml:2: config: not a mapping; got: null"),
        ("encryptionsalt: v1:abc\n", "Pulumi.prod.yaml:1: config: required key is missing; got: nothing"),
        ("config: {}\n", "Pulumi.prod.yaml:1: config.platform:settings: required key is missing; got: nothing"),
        ("config:\n  platform:settings: 5\n", "Pulumi.prod.yaml:2: config.platform:settings: not a mapping; got: 5"),
        ("a: 1\n---\nb: 2\n", "Pulumi.prod.yaml:2: a second document"),
    ],
)
def test_a_file_without_settings_is_refused_by_what_it_lacks(tmp_path: Path, text: str, expected: str) -> None:
    lines = reported(text, tmp_path)
    assert any(line.startswith(expected) for line in lines), lines


@pytest.mark.parametrize("key", ["platform:setings", "platform:region", "aws:region", "settings"])
def test_configuration_that_nobody_reads_is_refused_on_its_line(tmp_path: Path, key: str) -> None:
    text = changed(("config:\n", f"config:\n  {key}: us-east-1\n"))
    (problem,) = problems_of(text, tmp_path)
    assert (problem.what, problem.line) == ("configuration that nobody reads", line_of(text, f"  {key}: us"))


def test_keys_of_the_engine_are_left_alone(tmp_path: Path) -> None:
    text = changed(("config:\n", "config:\n  pulumi:tags: {team: platform}\n")) + "encryptionsalt: v1:abc:def\n"
    assert problems_of(text, tmp_path) == ()


def test_a_missing_stack_file_lists_those_that_exist(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").write_text(PROD, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        stack_file("organization/platform/prd", tmp_path)
    assert str(caught.value) == (
        "Pulumi.prd.yaml: stack file is missing; got: nothing; allowed: Pulumi.prod.yaml; do: did you mean prod?"
    )


@pytest.mark.parametrize(
    ("raw", "what"),
    [(b"config: \xff\xfe", "odd.yaml:1: byte 0xff cannot be read"), (b"#" * 1_000_001, "larger than 1000000 bytes")],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    path = tmp_path / "Pulumi.odd.yaml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError, match=what):
        load_file(path)


def test_a_directory_and_a_missing_path_are_refused_without_a_traceback(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.yaml"):
        with pytest.raises(ConfigError, match="cannot be read"):
            load_file(path)
