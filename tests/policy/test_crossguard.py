"""The pack as the engine hears it: through the SDK's own servicer, and as the process that the engine starts."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pulumi
import pulumi_policy as sdk
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policy.catalog import rules
from policy.crossguard import policies
from policy.pack import PACK
from policy.rule import Profile
from tests.policy.cases.bucket import POLICY
from tests.policy.cases.database import DATABASE
from tests.policy.cases.overall import TAGS
from tests.policy.harness import TODAY, UNKNOWN, Made, altered, diagnostics

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
OPEN = replace(DATABASE, inputs=altered(DATABASE.inputs, "publiclyAccessible", True))


def configured(rule: str, **settings: Any) -> analyzer_pb2.ConfigureAnalyzerRequest:  # noqa: ANN401 any JSON value
    properties = struct_pb2.Struct()
    properties.update(settings)
    config = analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.MANDATORY, properties=properties)
    return analyzer_pb2.ConfigureAnalyzerRequest(policyConfig={rule: config})


def test_the_engine_learns_all_facts_of_a_rule() -> None:
    servicer: Any = _PolicyAnalyzerServicer(PACK, "0.1.0", policies((), TODAY), sdk.EnforcementLevel.ADVISORY)
    reported = {info.name: info for info in servicer.GetAnalyzerInfo(None, None).policies}
    assert set(reported) == {rule.name for rule in rules()}
    for rule in rules():
        info = reported[rule.name]
        level = analyzer_pb2.EnforcementLevel.Name(info.enforcementLevel).lower()
        assert level == rule.level.enforcement(Profile.PROD), "without a config the pack judges for production"
        assert (info.url, info.remediation_steps, info.description) == (rule.url, rule.remediation, rule.title)
        assert list(info.tags) == list(rule.controls)
        assert set(info.configSchema.properties) == set(rule.settings)


def test_the_engines_message_says_what_is_wrong_and_the_remediation() -> None:
    [said] = [d for d in diagnostics([OPEN]) if d.policyName == "rds-not-public"]
    assert said.enforcementLevel == analyzer_pb2.MANDATORY
    assert said.message == (
        "Databases have no public address\npubliclyAccessible is true; allowed: anything but true. "
        "Remediation: leave publicly_accessible out or set it to False, and reach the database from inside the VPC."
    )


def test_a_stack_rule_blames_the_resource() -> None:
    lonely = Made(type="aws:ec2/vpc:Vpc", name="lonely")
    [said] = [d for d in diagnostics([lonely]) if d.policyName == "vpc-flow-logs-enabled"]
    assert said.urn == lonely.urn


def test_a_deferred_rule_is_the_sdks_own_note_and_advisory() -> None:
    [said] = [d for d in diagnostics([replace(POLICY, inputs={"policy": UNKNOWN})]) if d.policyName == "s3-tls-only"]
    assert said.enforcementLevel == analyzer_pb2.ADVISORY
    assert said.message.startswith("can't run policy 's3-tls-only'"), "the gate knows it by this beginning"


def test_a_setting_from_the_engine_counts() -> None:
    config = configured("rds-backup-retention", minimumDays=35)
    assert "rds-backup-retention" in {d.policyName for d in diagnostics([DATABASE], config=config)}


def test_a_setting_that_cannot_be_read_is_a_violation_not_an_abort() -> None:
    for settings in ({"minimumDays": "many"}, {"minimumDay": 3}):
        config = configured("rds-backup-retention", **settings)
        [said] = [d for d in diagnostics([DATABASE], config=config) if d.policyName == "rds-backup-retention"]
        assert said.enforcementLevel == analyzer_pb2.MANDATORY
        assert "TypeError" in said.message or "ValueError" in said.message


def test_archives_and_secrets_among_the_inputs_break_nothing() -> None:
    code = pulumi.AssetArchive({"handler.py": pulumi.StringAsset("pass")})
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hush"}
    inputs = {"code": serialize_properties({"code": code})["code"], "password": secret, "tagsAll": TAGS}
    said = diagnostics([Made(type="aws:lambda/function:Function", inputs=inputs)])
    assert [d.message for d in said] == []


def test_no_message_ever_holds_a_password() -> None:
    inputs = {**OPEN.inputs, "password": "hunter2", "authToken": "hunter2"}
    for kind in ("aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"):
        assert not [d for d in diagnostics([Made(type=kind, inputs=inputs)]) if "hunter2" in d.message]


def test_threads_of_the_server_judge_alike() -> None:
    stacks = [[replace(OPEN, name=f"db-{at}")] for at in range(24)]
    alone = [[d.message for d in diagnostics(stack)] for stack in stacks]
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = [[d.message for d in said] for said in pool.map(diagnostics, stacks)]
    assert alone == together


@pytest.fixture(name="pack")
def _pack(tmp_path: Path) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """Start the pack as the engine does, in a foreign directory and without the checkout on the module path."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(ROOT / "policy")]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as process:  # noqa: S603 ours
        try:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], 30)
            assert ready, "the pack did not start within 30 seconds"
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.kill()


def test_the_engine_can_start_the_pack(pack: Any) -> None:  # noqa: ANN401 generated stub without types
    info = pack.GetAnalyzerInfo(empty_pb2.Empty(), timeout=10)
    assert info.name == PACK
    assert len(info.policies) == len(rules())
    properties = struct_pb2.Struct()
    properties.update(dict(OPEN.inputs))
    request = analyzer_pb2.AnalyzeRequest(type=OPEN.type, urn=OPEN.urn, name=OPEN.name, properties=properties)
    said = pack.Analyze(request, timeout=10).diagnostics
    assert "rds-not-public" in {d.policyName for d in said}
