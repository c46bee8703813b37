"""What a pack config has remediated is changed before the engine makes it; without one, nothing is changed."""

from __future__ import annotations

import base64
import json
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from policy import eventlog
from policy.gate import Verdict, judge, levels
from policy.values import SECRET, SIGNATURE, UNKNOWN_STRING
from tests.engine.world import World
from tests.policy.harness import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]

PROGRAM = Path(__file__).parent / "programs" / "lax.py"
RULES = ("ecr-immutable-tags", "ecr-no-force-delete", "ecr-scan-on-push", "lt-imdsv2-required")
"""Rules that the program breaks."""
ADVICE, REMEDIES = (dict.fromkeys(RULES, level) for level in ("advisory", "remediate"))
TEMPLATE, REPOSITORY = "aws:ec2/launchTemplate:LaunchTemplate", "aws:ecr/repository:Repository"
USER_DATA = base64.b64encode(b"#!/bin/sh\necho hush-hush\n").decode()
FAULT = "\n\ndef remediated(rule, inputs):\n    raise LookupError('no way there')\n"
SCRIPT = """
cd {checkout}; export PULUMI_DEBUG_COMMANDS=true
run() {{
  name=$1; shift
  pulumi "$@" --color never --policy-pack policy --event-log {place}/$name.jsonl >{place}/$name.txt 2>&1
  echo $? >{place}/$name.status
}}
asked() {{
  pulumi stack export -s $1 >{place}/$1.json
  aws --region eu-west-1 ec2 describe-launch-template-versions \
    --launch-template-id $(pulumi stack output template -s $1) >{place}/$1.template.json
}}
pulumi stack init without --no-select; pulumi stack init with --no-select
run without up -s without --yes --skip-preview --policy-pack-config {place}/advice.config
run planned preview -s with --policy-pack-config {place}/remedies.config
run with up -s with --yes --skip-preview --policy-pack-config {place}/remedies.config
run again preview -s with --policy-pack-config {place}/remedies.config --expect-no-changes
asked without; asked with
cat {place}/fault.py >>policy/remediation.py
run broken preview -s with --policy-pack-config {place}/remedies.config
"""


@dataclass(frozen=True)
class Ran:
    """What the engine said of the program, run after run."""

    place: Path

    def status(self, run: str) -> int:
        return int((self.place / f"{run}.status").read_text(encoding="utf-8"))

    def said(self, run: str) -> str:
        return (self.place / f"{run}.txt").read_text(encoding="utf-8")

    def events(self, run: str) -> list[Mapping[str, Any]]:
        return list(eventlog.events(self.place / f"{run}.jsonl"))

    def remediated(self, run: str) -> list[str]:
        return sorted(
            one["policyRemediationEvent"]["policyName"] for one in self.events(run) if "policyRemediationEvent" in one
        )

    def verdict(self, run: str, config: Mapping[str, object], *, update_follows: bool = False) -> Verdict:
        return judge(self.events(run), (), TODAY, update_follows=update_follows, expected=levels(config))

    def planned(self, type_: str) -> dict[str, Any]:
        [inputs] = [
            one["resourcePreEvent"]["metadata"]["new"]["inputs"]
            for one in self.events("planned")
            if one.get("resourcePreEvent", {}).get("metadata", {}).get("type") == type_
        ]
        return dict(inputs)

    def state(self, stack: str, type_: str) -> dict[str, Any]:
        resources = self.document(f"{stack}.json")["deployment"]["resources"]
        [inputs] = [one["inputs"] for one in resources if one["type"] == type_]
        return dict(inputs)

    def document(self, file: str) -> dict[str, Any]:
        return dict(json.loads((self.place / file).read_text(encoding="utf-8")))

    def stands(self, stack: str) -> tuple[str, str, bool, bool]:
        """The four values: one as the embedded AWS has it, the others as the state does."""
        [template] = self.document(f"{stack}.template.json")["LaunchTemplateVersions"]
        repository = self.state(stack, REPOSITORY)
        return (
            template["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"],
            repository["imageTagMutability"],
            repository["imageScanningConfiguration"]["scanOnPush"],
            repository["forceDelete"],
        )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    world, place = World.copied(tmp_path_factory.mktemp("lax")), tmp_path_factory.mktemp("said")
    shutil.copy(PROGRAM, world.directory / "__main__.py")
    (place / "advice.config").write_text(json.dumps(ADVICE), encoding="utf-8")
    (place / "remedies.config").write_text(json.dumps(REMEDIES), encoding="utf-8")
    (place / "fault.py").write_text(FAULT, encoding="utf-8")
    script = SCRIPT.format(checkout=shlex.quote(str(world.directory)), place=shlex.quote(str(place)))
    shell = world.sandbox("shell", "small", script=script)
    assert (place / "broken.status").is_file(), shell.text[-4000:]
    yield Ran(place)
    world.sandbox("down")


def test_without_the_switch_nothing_is_changed(ran: Ran) -> None:
    assert ran.status("without") == 0, ran.said("without")
    assert ran.remediated("without") == []
    assert {note.rule for note in ran.verdict("without", ADVICE).advice} >= set(RULES), "the pack has seen them"
    assert ran.stands("without") == ("optional", "MUTABLE", False, True)


def test_with_the_switch_the_values_are_changed_before_anything_is_made_and_the_pack_passes(ran: Ran) -> None:
    assert ran.status("with") == 0, ran.said("with")
    assert ran.remediated("with") == sorted(RULES)
    assert ran.verdict("with", REMEDIES).blocking == []
    assert ran.stands("with") == ("required", "IMMUTABLE", True, False)
    kinds = {one["resourcePreEvent"]["metadata"]["op"] for one in ran.events("with") if "resourcePreEvent" in one}
    assert kinds == {"create"}, "made once, not made and changed"


def test_what_is_remediated_stays_so(ran: Ran) -> None:
    assert ran.status("again") == 0, ran.said("again")
    assert ran.remediated("again") == sorted(RULES)


def test_secrets_and_what_is_not_known_survive_a_remediation(ran: Ran) -> None:
    assert ran.remediated("planned") == sorted(RULES)
    assert ran.verdict("planned", REMEDIES, update_follows=True).blocking == []
    planned, made = ran.planned(TEMPLATE), ran.state("with", TEMPLATE)
    assert planned["metadataOptions"]["httpTokens"] == made["metadataOptions"]["httpTokens"] == "required"
    assert planned["blockDeviceMappings"][0]["ebs"]["kmsKeyId"] == UNKNOWN_STRING
    assert made["blockDeviceMappings"][0]["ebs"]["kmsKeyId"].startswith("arn:aws:kms:eu-west-1:100000000004:key/")
    assert planned["userData"] == {SIGNATURE: SECRET, "ciphertext": "[secret]"}
    assert made["userData"][SIGNATURE] == SECRET
    assert set(made["userData"]) == {SIGNATURE, "ciphertext"}
    told = {path.name for path in ran.place.iterdir() if USER_DATA in path.read_text(encoding="utf-8")}
    assert told == {"with.template.json", "without.template.json"}, "AWS is told, and nobody else"


def test_a_remediation_that_raises_fails_engine_and_gate_with_the_name_of_its_rule(ran: Ran) -> None:
    assert ran.status("broken") != 0
    [note, *_] = ran.verdict("broken", REMEDIES).blocking
    for said in (ran.said("broken"), note.message):
        assert "the remediation itself failed with LookupError: no way there" in said
        assert any(rule in said for rule in RULES)
