"""The closed world: doors, types that hold data, and every deciding input of the installed SDK."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from policy.coverage import main, rules_on, uncovered
from policy.deciding import LIST, Input, kind_of, listed, scan
from policy.rules.closed_world import door, doors, holds_or_opens
from policy.rules.switches import bad_word
from policy.unguarded import entries, excused
from tests.policy.cases.world import PROVIDER, RANDOM, TEMPLATE
from tests.policy.harness import Made, findings, offline

INPUTS = [one for alike in listed().values() for one in alike]


@pytest.mark.slow
def test_the_list_of_deciding_inputs_is_that_of_the_installed_provider() -> None:
    written = [Input(*line.split()) for line in LIST.read_text().splitlines()]
    assert written == scan(), "run python -m policy.deciding, then write rules or reasons for what is new"
    assert len(written) > 600


def test_every_deciding_input_is_judged_or_has_a_reason() -> None:
    assert uncovered(INPUTS) == []


@pytest.mark.parametrize(
    "one",
    [
        Input("encryption", "aws:new/store:Store", "kmsKeyArn", "str"),
        Input("encryption", "aws:docdb/cluster:Cluster", "newEncryptionKey", "str"),
        Input("logs", "aws:neptune/cluster:Cluster", "auditLogDestination", "str"),
        Input("exposure", "aws:new/store:Store", "publicCidrs", "str"),
    ],
)
def test_an_input_that_a_new_sdk_brings_is_noticed(one: Input) -> None:
    assert kind_of(one.path.split(".")) == one.kind
    assert uncovered([one]) == [one]


def test_no_reason_stands_for_what_is_not_there_or_is_judged() -> None:
    by_hand = [entry for entry in entries() if entry.what == "input"]
    assert len(by_hand) > 100
    stale = [
        entry
        for entry in by_hand
        if not any(
            all(map(fnmatchcase, (o.kind, o.token, o.path), entry.globs)) for o in listed().get(entry.globs[1], ())
        )
    ]
    assert stale == []
    assert [one for one in INPUTS if excused(one) and rules_on(one)] == [], "a rule judges it: delete the reason"


def test_a_type_whose_reason_stands_is_one_that_would_be_reported() -> None:
    for entry in entries():
        if entry.what == "type" and entry.globs[0].startswith("aws:"):
            assert any(fnmatchcase(token, entry.globs[0]) for token in listed()), entry


def test_what_a_switch_does_is_told_by_its_name() -> None:
    told = {one.path: bad_word(one) for one in INPUTS}
    on = {
        "publiclyAccessible",
        "forceDestroy",
        "skipFinalSnapshot",
        "artifacts.encryptionDisabled",
        "source.insecureSsl",
    }
    off = {"deletionProtection", "storageEncrypted", "blockPublicPolicy", "domainEndpointOptions.enforceHttps"}
    assert {told[path] for path in on | {"vpcConfig.endpointPublicAccess"}} == {"on"}
    assert {told[path] for path in off} == {"off"}
    assert told["kmsKeyId"] == "", "no switch"


DOORS = (
    "aws:cloudcontrol/resource:Resource", "aws:cloudformation/stack:Stack", "aws:cloudformation/stackSet:StackSet",
    "aws:cloudformation/stackSetInstance:StackSetInstance", "aws-native:s3:Bucket", "aws-native:iam:Role",
    "command:local:Command", "command:remote:Command", "command:remote:CopyToRemote",
    "pulumi-python:dynamic:Resource", "pulumi-python:dynamic/thing:Thing", "pulumi-nodejs:dynamic:Resource",
    "kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart",
    "kubernetes:helm.sh/v2:Chart", "kubernetes:yaml:ConfigFile", "kubernetes:yaml:ConfigGroup",
    "kubernetes:yaml/v2:ConfigFile", "kubernetes:yaml/v2:ConfigGroup", "kubernetes:kustomize:Directory",
    "kubernetes:kustomize/v2:Directory", "kubernetes:apps/v1:DeploymentPatch", "kubernetes:core/v1:PodPatch",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBindingPatch", "docker:index/image:Image",
    "docker:index/container:Container", "docker-build:index:Image", "terraform-module:index:Module",
    "vpc:index:Module", "terraform:state:RemoteStateReference",
    "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack", "null:index/resource:Resource",
)  # fmt: skip
NO_DOORS = (
    "pulumi:pulumi:StackReference", "pulumi:pulumi:Stack", "pulumi:providers:aws", "pulumi:providers:kubernetes",
    "aws:s3/bucket:Bucket", "eks:index:Cluster", "eks:index:ManagedNodeGroup", "awsx:ec2:Vpc", "platform:data:Secret",
    "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Service",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    "random:index/randomId:RandomId", "aws:iam/policy:Policy", "platform:kubernetes:Helm",
)  # fmt: skip


@pytest.mark.parametrize("token", DOORS)
def test_a_door_stops_every_stack(token: str) -> None:
    found = [f for f in findings([Made(type=token)]) if f.rule.name == "no-doors"]
    assert [f.blocking for f in found] == [True]


@pytest.mark.parametrize("token", NO_DOORS)
def test_what_the_pack_sees_into_is_no_door(token: str) -> None:
    assert offline("no-doors", [Made(type=token)]) == "silent"


def test_every_door_is_said_with_what_goes_through_it() -> None:
    assert len(doors()) > 30
    assert all(doors().values())
    assert door("aws:cloudformation/stack:Stack") == "a template's resources"


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:argoproj.io/v1alpha1:Rollout", "kubernetes:batch.volcano.sh/v1alpha1:Job",
        "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet", "kubernetes:core/v1:PodTemplate", "kubernetes:core/v1:PodList",
        "kubernetes:extensions/v1beta1:Deployment", "kubernetes:batch/v1beta1:CronJob",
        "kubernetes:apps/v1:DeploymentList",
        "kubernetes:serving.knative.dev/v1:Service",
    ],
)  # fmt: skip
@pytest.mark.parametrize("list_of", [False, True])
def test_pods_in_a_kind_that_no_rule_reads_stop(token: str, *, list_of: bool) -> None:
    inputs = {"items": [TEMPLATE]} if list_of else TEMPLATE
    [found] = [f for f in findings([Made(type=token, inputs=inputs)]) if f.rule.name == "no-doors"]
    assert "spec.template.spec.containers holds containers" in found.problem
    assert found.blocking


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("aws:simpledb/domain:Domain", "items, unencrypted"),
        ("aws:emr/cluster:Cluster", "holds data (terminationProtection)"),
        ("aws:m2/environment:Environment", "can be opened (publiclyAccessible)"),
        ("aws:s3/directoryBucket:DirectoryBucket", "holds data (forceDestroy)"),
        ("aws:glacier/vault:Vault", "archives"),
        ("aws:cloudwatch/dashboard:Dashboard", ""),
        ("aws:cloudwatch/eventRule:EventRule", ""),
    ],
)  # fmt: skip
def test_what_holds_or_opens_is_told_by_its_inputs_or_by_hand(token: str, why: str) -> None:
    assert holds_or_opens(token) == why
    found = [f.blocking for f in findings([Made(type=token)]) if f.rule.name == "holding-type-judged"]
    assert found == ([True] if why else [])


def test_a_type_that_a_rule_judges_is_not_reported_beside_it() -> None:
    for token in ("aws:docdb/cluster:Cluster", "aws:rds/instance:Instance", "aws:efs/fileSystem:FileSystem"):
        assert offline("holding-type-judged", [Made(type=token)]) == "silent"


def test_the_rest_is_counted_and_blocks_nothing() -> None:
    others = [replace(RANDOM, name=f"r{at}") for at in range(3)]
    cloud = [Made(type=f"gcp:thing/kind{at}:Kind", provider=PROVIDER.urn) for at in range(6)]
    [found] = [f for f in findings([PROVIDER, *others, *cloud]) if f.rule.name == "types-judged"]
    assert found.problem.startswith(
        "9 resources of 7 types are not judged: random:index/randomPassword:RandomPassword (3)"
    )
    assert found.problem.endswith("and 2 more types")
    assert not found.blocking


def test_the_command_prints_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--count"])
    assert "exposure judged: " in capsys.readouterr().out
    main([])
    out = capsys.readouterr().out
    assert "encryption aws:docdb/cluster:Cluster storageEncrypted: docdb-encrypted\n" in out
    assert len(out.splitlines()) == len(INPUTS)
    assert "NEITHER" not in out
