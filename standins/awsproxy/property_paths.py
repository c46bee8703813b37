"""Property paths such as `rules[0].filter.prefix`, from the bridge's names and shapes to the SDK's and back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from standins.awsproxy.shapes import OPEN_BRIDGE, OPEN_SDK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standins.awsproxy import sdk
    from standins.awsproxy.shapes import Schema, Shaper
    from standins.awsproxy.tables import BridgeKind

STEP = re.compile(r'\["(?P<key>(?:[^"\\]|\\.)*)"\]|\[(?P<index>\d+|\*)\]|\.?(?P<name>[^.\[\]]+)')
Step = str | int


def parse(path: str) -> list[Step]:
    """Steps of a path: names and keys as text, list positions as numbers (`*` stays text)."""
    steps: list[Step] = []
    for match in STEP.finditer(path):
        if match["index"] is not None:
            steps.append(int(match["index"]) if match["index"].isdigit() else "[*]")
        else:
            steps.append(match["name"] if match["name"] is not None else json.loads(f'"{match["key"]}"'))
    return steps


def render(steps: list[Step]) -> str:
    """Text of a path."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step == "[*]":
            text += step
        elif re.fullmatch(r"[A-Za-z_$][\w$]*", step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


def root(path: str) -> str:
    """First step of a path."""
    steps = parse(path)
    return str(steps[0]) if steps else path


def to_sdk(shaper: Shaper, path: str) -> str:
    """Path of the bridge in the SDK's names; positions in lists the SDK shows as one object are left out."""
    return render(list(_translate(shaper, parse(path), to_bridge=False)))


def to_bridge(shaper: Shaper, path: str) -> str:
    """Path of the SDK in the bridge's names; a position is added where the bridge has a list."""
    return render(list(_translate(shaper, parse(path), to_bridge=True)))


def _translate(shaper: Shaper, steps: list[Step], *, to_bridge: bool) -> Iterator[Step]:
    schema: Schema | None = shaper.top("outputs")
    ours: sdk.Kind = OPEN_SDK
    theirs: BridgeKind = OPEN_BRIDGE
    for step in steps:
        position = isinstance(step, int) or step == "[*]"
        if schema is None and theirs.shape == "list" and ours.shape in ("object", "scalar"):
            theirs = theirs.item or OPEN_BRIDGE
            if position and not to_bridge:
                continue
            if to_bridge and not position:
                yield 0
        if schema is None and not position:
            schema = shaper.inner(ours, theirs)
        if schema is not None and isinstance(step, str):
            other = (schema.names if to_bridge else schema.back).get(step, step)
            ours = schema.ours.get(step if to_bridge else other, OPEN_SDK)
            theirs = schema.theirs.get(other if to_bridge else step, OPEN_BRIDGE)
            schema = None
            yield other
        else:
            ours, theirs = ours.item or OPEN_SDK, theirs.item or OPEN_BRIDGE
            yield step
