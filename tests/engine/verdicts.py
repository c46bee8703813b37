"""What the pack says of a stack, by every source: plain pulumi commands typed beside a stack that stands.

The pack is a copy without waivers, under the profile that binds by most rules: a stack of this project, of which every
waiver holds and every rule is kept, would compare nothing with nothing.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from config.load import load_file, stack_file
from policy import eventlog
from policy.evaluate import Kind, PackConfig, evaluate
from policy.evidence.exported import exported
from review.engine_json import from_preview, read_json
from review.recording import record_stack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from policy.evaluate import Recorded
    from tests.engine.world import World

PROFILE: Final = "policy/profiles/fips.json"
PACK: Final = """set -e
cd {checkout}
mkdir -p {place}/pack
cp -r policy {place}/pack/policy
rm {place}/pack/policy/waivers.yaml
ln -s {checkout}/.venv {place}/pack/.venv
pack="--policy-pack {place}/pack/policy --policy-pack-config {profile}"
"""
PREVIEW: Final = """
pulumi stack select {stack} 2>/dev/null || pulumi stack init {stack}
PULUMI_DEBUG_COMMANDS=true pulumi preview -s {stack} $pack --json --show-sames --event-log {place}/preview.jsonl \
  >{place}/preview.json || true
"""
ANALYZE: Final = """
pulumi stack export -s {stack} >{place}/export.json
pulumi policy analyze --file {place}/export.json $pack --json >{place}/opened.jsonl || true
env -u PULUMI_CONFIG_PASSPHRASE_FILE -u PULUMI_CONFIG_PASSPHRASE \
  pulumi policy analyze --file {place}/export.json $pack --json >{place}/redacted.jsonl || true
"""
_CANNOT: Final = re.compile(r"^can't run policy|is not known before the update")

Findings = frozenset[tuple[str, str, str]]
"""Rule, URN and what is wrong; `unknown` where that is all that can be said."""


@dataclass(frozen=True)
class Verdicts:
    """What each source says."""

    by_source: dict[str, Findings]

    @property
    def recording(self) -> Findings:
        """What the offline review says."""
        return self.by_source["recording"]


def typed(world: World, stack: str, place: Path, *scripts: str) -> Verdicts:
    """Type the scripts in the sandbox's shell; return what each source says of the stack."""
    text = "".join((PACK, *scripts)).format(
        checkout=shlex.quote(str(world.directory)), place=shlex.quote(str(place)), stack=stack, profile=PROFILE
    )
    ended = world.sandbox("shell", stack, script=text)
    assert ended.status == 0, ended.text[-4000:]
    graph = record_stack(stack, load_file(stack_file(stack, world.directory)))
    found = {"recording": judged((*graph.resources, *graph.made), world)}
    found |= {file.stem: logged(file) for file in sorted(place.glob("*.jsonl"))}
    if (place / "preview.json").exists():
        found["preview's JSON"] = judged(from_preview(read_json(place / "preview.json"), stack).resources, world)
    if (place / "export.json").exists():
        found["export"] = judged(exported(read_json(place / "export.json")), world)
    return Verdicts(found)


def judged(resources: Sequence[Recorded], world: World) -> Findings:
    """Return what the pack says without the engine."""
    rules: dict[str, Any] = json.loads((world.directory / PROFILE).read_text(encoding="utf-8"))
    found = evaluate(resources, PackConfig(today=datetime.now(tz=UTC).date(), rules=rules))
    return frozenset(
        (one.rule.name, one.urn, "unknown" if one.kind in {Kind.UNKNOWN, Kind.DEFERRED} else one.problem)
        for one in found
    )


def logged(file: Path) -> Findings:
    """Return what the pack said under the engine, by a log of its events, which has to be whole."""
    run = eventlog.read(eventlog.events(file))
    assert (run.ended, run.faults) == (True, []), f"{file.name}: {run.errors}"
    return frozenset(
        (
            note.rule,
            "" if "::pulumi:pulumi:Stack::" in note.urn else note.urn,
            "unknown" if _CANNOT.search(note.message) else note.message.partition(". Remediation: ")[0],
        )
        for note in run.notes
    )
