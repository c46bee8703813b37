"""Asked of the embedded AWS: a prepared account passes, and each thing that is wrong is found with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.problems import dotted
from preflight import table
from preflight.finding import Level, faults
from preflight.quota import Quota
from preflight.quota_table import QUOTAS
from preflight.run import run
from tests.preflight.changes import DEPLOYMENT, MONITOR, TAG, gateways, image
from tests.preflight.conftest import World
from tests.preflight.plans import added, edited, plan_for
from tests.preflight.spoilt import SPOILT, Spoilt

if TYPE_CHECKING:
    from preflight.plan import Plan

pytestmark = pytest.mark.emulator

POLICY = Path(table.__file__).with_name("policy.json")


@pytest.mark.slow
def test_a_prepared_account_passes(world: World, prod: Plan) -> None:
    world.prepare()
    findings = run(world.account(), prod)
    assert faults(findings) == []
    assert {finding.check for finding in findings} == {"delegation", "mail", "secrets"}, "what a person does by hand"


@pytest.mark.slow
def test_a_standby_passes_where_its_primary_stands(world: World) -> None:
    world.prepare()
    world.aws("iam").create_service_linked_role(AWSServiceName="config.amazonaws.com")
    world.aws("route53").create_hosted_zone(Name="phoenix.example", CallerReference="prod")
    assert faults(run(world.account(), plan_for("dr", world.account_id))) == []


def test_a_stack_that_leaves_most_out_passes(world: World) -> None:
    """Nothing is asked, nor prepared, for what is not there."""
    assert run(world.account(), plan_for("small", world.account_id)) == []


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_found_with_what_to_do(world: World, prod: Plan, name: str) -> None:
    spoilt: Spoilt = SPOILT[name]
    if not spoilt.unprepared:
        world.prepare(spoilt.check)
    spoilt.do(world)
    findings = faults(world.ask(spoilt.plan(prod), spoilt.check))
    said = [str(finding) for finding in findings]
    found = [one for one in findings if all(word in str(one) for word in spoilt.says)]
    assert len(found) == 1, said
    assert found[0].level is spoilt.level
    assert dotted(found[0].path) == spoilt.at
    assert found[0].line == spoilt.plan(prod).place(found[0].path)[1], "the line in the stack file"
    assert {one.level for one in findings} <= {spoilt.level, Level.STOPS}


def test_a_secret_that_is_there_is_fine(world: World, prod: Plan) -> None:
    world.aws("secretsmanager").create_secret(Name="phoenix/prod/pagerduty", SecretString="{}")
    assert world.ask(prod, "secrets") == []


def test_of_a_wrong_account_nothing_else_is_reported(world: World, prod: Plan) -> None:
    findings = run(world.account(), plan_for("prod", "999999999999"))
    assert [finding.check for finding in findings] == ["account"]
    assert world.calls == {"sts:GetCallerIdentity"}
    assert prod.settings.identity.account_id == world.account_id


def test_a_bucket_of_another_account_is_distinguished(world: World, prod: Plan) -> None:
    name = f"phoenix-app-data-prod-{world.account_id}"
    World(world.emulator, "777788889999").aws("s3").create_bucket(Bucket=name)
    (found,) = world.ask(prod, "buckets")
    assert (found.level, found.what) == (Level.STOPS, f"bucket {name}")


def test_an_image_that_is_there_is_fine_and_one_of_a_new_repository_is_pushed_later(world: World, prod: Plan) -> None:
    registry = f"{world.account_id}.dkr.ecr.us-east-1.amazonaws.com"

    def image(repository: str) -> Plan:
        pod = {"containers": [{"name": "one", "image": f"{registry}/{repository}:v1"}]}
        return edited(prod, DEPLOYMENT, lambda _one: {"spec": {"template": {"spec": pod}}}, "cluster-autoscaler")

    ecr = world.aws("ecr")
    ecr.create_repository(repositoryName="phoenix/other")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    ecr.put_image(repositoryName="phoenix/other", imageManifest=json.dumps(manifest), imageTag="v1")
    assert world.ask(image("phoenix/other"), "images") == []
    (later,) = world.ask(image("phoenix/prod/application"), "images")
    assert later.level is Level.BY_HAND


@pytest.mark.slow
def test_the_policy_allows_exactly_what_is_called(world: World, prod: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "preflight.checks.quotas.QUOTAS",
        (*QUOTAS, Quota(service="vpc", code="L-00000000", name="nothing", needs=QUOTAS[0].needs)),
    )
    gateways(world)
    everything = edited(prod, DEPLOYMENT, image, "cluster-autoscaler")
    apis = ("aws:apigatewayv2/vpcLink:VpcLink", "aws:apigatewayv2/domainName:DomainName")
    for type_ in ("aws:inspector2/enabler:Enabler", "aws:macie2/account:Account", MONITOR, TAG, *apis):
        everything = added(everything, type_, monitorDimension="SERVICE", tagKey="Project")
    for plan in (everything, plan_for("dr", world.account_id)):
        run(world.account(), plan)
    allowed = [action for one in json.loads(POLICY.read_text())["Statement"] for action in one["Action"]]
    assert sorted(allowed) == sorted(world.calls)
