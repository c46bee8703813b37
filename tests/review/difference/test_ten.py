"""Real changes, each told as what it is and as nothing else, first things first."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from config.examine import examine
from review.difference.compare import Difference, compare
from review.difference.report import as_json, as_text, summary
from review.graph import Graph, Resource
from review.recording import record_stack
from tests.components.recording import recorded, settings_of
from tests.config.leaves import GONE, changed

if TYPE_CHECKING:
    from collections.abc import Callable

STACK: Final = "records"
GROUP: Final = "data-postgres-group-clients"


def by_setting(changes: dict[str, Any]) -> Difference:
    """Return what another value in the stack file changes."""
    settings = settings_of(STACK).model_dump(mode="json", by_alias=True, exclude_none=True)
    paths = {tuple(path.split(".")): value for path, value in changes.items()}
    other = examine(changed(settings, paths), None, f"Pulumi.{STACK}.yaml", stack=STACK)
    return compare(recorded(STACK), record_stack(STACK, other))


def by_code(edit: Callable[[Resource], Resource | None]) -> Difference:
    """Return what a change of the program changes: each resource as the edit leaves it, or without it."""
    before = recorded(STACK)
    after = tuple(one for one in map(edit, before.resources) if one is not None)
    return compare(before, Graph(stack=STACK, source="recording", resources=after, made=before.made))


def of(type_: str, name: str, **inputs: Any) -> Callable[[Resource], Resource]:  # noqa: ANN401 any input
    """Return an edit that gives one resource other inputs."""

    def edit(one: Resource) -> Resource:
        hit = one.type.endswith(f":{type_}") and one.name == name
        return replace(one, inputs={**one.inputs, **inputs}) if hit else one

    return edit


def text_of(difference: Difference) -> str:
    return "\n".join(as_text(difference))


def test_no_change_is_told_as_none() -> None:
    found = compare(recorded(STACK), recorded(STACK))
    assert found.changes == ()
    assert text_of(found) == f"{STACK}: nothing changes"


def test_another_node_type_makes_the_group_anew() -> None:
    found = by_setting({"cluster.node_groups.compute.instance_types": ["m5.2xlarge"]})
    (one, *others) = found.changes
    assert (one.operation, one.resource.type) == ("replace", "aws:eks/nodeGroup:NodeGroup")
    assert one.because == ("instanceTypes",)
    assert not one.loses_data
    assert all("is made anew" in other.because[0] for other in others), "nothing else by itself"
    assert "c5.2xlarge" in text_of(found)


def test_a_replica_that_goes_is_a_loss_and_comes_first() -> None:
    found = by_setting({"data.postgres.replicas.reader-c": GONE})
    lost = [one.resource.name for one in found.changes if one.loses_data]
    assert lost[0] == "data-postgres-reader-c"
    assert {name.removesuffix("-log") for name in lost[1:]} == {
        f"{lost[0]}-{which}" for which in ("postgresql", "upgrade")
    }
    assert text_of(found).splitlines()[1].startswith("  LOSES DATA  delete Instance data-postgres-reader-c")
    assert "protected: the update stops there" in text_of(found)


def test_encryption_that_is_dropped_is_told_as_that() -> None:
    kind = ":BucketServerSideEncryptionConfiguration"
    found = by_code(lambda one: None if one.type.endswith(kind) and one.name == "data-logs-encryption" else one)
    (one,) = found.changes
    assert (one.operation, one.resource.name) == ("delete", "data-logs-encryption")
    assert "! encryption  data-logs-encryption" in text_of(found)


def test_a_database_in_the_clear_is_made_anew_and_its_data_is_lost() -> None:
    found = by_code(of("Instance", "data-postgres-primary", storageEncrypted=False))
    first = found.changes[0]
    assert (first.operation, first.because, first.loses_data) == ("replace", ("storageEncrypted",), True)
    said = text_of(found)
    assert "! encryption  data-postgres-primary: it is not encrypted at rest" in said
    assert "HOLD DATA that would be lost" in summary(found)


def test_another_region_is_residencys() -> None:
    (provider,) = (one for one in recorded(STACK).any_of_type("pulumi:providers:aws") if one.name == "aws")
    found = by_code(of("aws", provider.name, region="eu-west-1"))
    assert f"! residency  {provider.name}: it is in eu-west-1, and was in us-east-1" in text_of(found)


def test_a_tag_is_one_change_of_each_provider_and_nothing_else() -> None:
    found = by_setting({"identity.cost_center": "another-center"})
    assert found.counts.keys() == {"update"}
    assert "pulumi:providers:aws" in {one.resource.type for one in found.changes}
    assert all("another-center" in repr(one.differs) for one in found.changes), "no other value is another one"


def test_an_alarm_is_its_threshold() -> None:
    found = by_setting({"observability.alarms.slow-lookups.threshold": 400})
    assert {one.operation for one in found.changes} == {"update"}
    alarm = next(one for one in found.changes if one.resource.type.endswith(":MetricAlarm"))
    assert [(one.path, one.before, one.after) for one in alarm.differs if one.path == ("threshold",)] == [
        (("threshold",), 500, 400)
    ]


def test_a_wider_group_is_exposure() -> None:
    rule = next(
        one for one in recorded(STACK).any_of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    )  # fmt: skip
    found = by_code(of("SecurityGroupIngressRule", rule.name, cidrIpv4="0.0.0.0/0", fromPort=5432, toPort=5432))
    (one,) = found.changes
    assert one.resource.name == rule.name
    assert f"! exposure  {rule.name}: everybody reaches it now on port 5432" in text_of(found)


def test_a_wildcard_is_told_as_the_right_that_it_gives() -> None:
    wide = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    found = by_code(of("RolePolicy", "cluster-monitoring-policy", policy=json.dumps(wide)))
    (one,) = found.changes
    assert one.operation == "update"
    assert "! rights  cluster-monitoring-policy: may now: s3:* on *" in text_of(found)
    assert "+ rights  cluster-monitoring-policy: may no longer: " in text_of(found)


@pytest.mark.parametrize("said", [True, False])
def test_a_renamed_resource_is_the_same_only_where_the_program_says_so(said: bool) -> None:  # noqa: FBT001 parametrized
    urn = recorded(STACK).named("data-logs-bucket").urn
    new = urn.replace("data-logs-bucket", "data-journal-bucket")

    def edit(one: Resource) -> Resource:
        if one.urn != urn:
            return one
        return replace(one, urn=new, name="data-journal-bucket", aliases=(urn,) if said else ())

    found = by_code(edit)
    assert [one.operation for one in found.changes] == ([] if said else ["delete", "create"])
    assert found.renamed == ({new: urn} if said else {})
    assert ("renamed  data-logs-bucket is data-journal-bucket now" in text_of(found)) is said


def test_what_protects_nothing_any_more_is_told() -> None:
    def edit(one: Resource) -> Resource:
        return replace(one, protect=False) if one.name == "data-postgres-primary" else one

    found = by_code(edit)
    assert "! protection  data-postgres-primary: the engine deletes it when asked" in text_of(found)


def test_what_hangs_on_what_is_made_anew_is_made_anew_too() -> None:
    vpc = next(one for one in recorded(STACK).any_of_type("aws:ec2/vpc:Vpc"))
    found = by_code(of("Vpc", vpc.name, cidrBlock="10.99.0.0/16"))
    anew = {one.resource.type for one in found.changes if one.operation == "replace"}
    assert {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"} <= anew
    assert "wait for it" in text_of(found)


def test_programs_are_told_the_same() -> None:
    found = by_setting({"data.postgres.replicas.reader-c": GONE})
    document = json.loads(json.dumps(as_json(found)))
    assert document["counts"] == dict(found.counts)
    assert [one["name"] for one in document["changes"]] == [one.resource.name for one in found.changes]
    assert len(document["losses"]) == sum(one.loses_data for one in found.changes)
