"""Property paths such as `rules[0].filter.prefix`, from the bridge's names and shapes to the SDK's and back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sandbox.awsproxy.shapes import OPEN_BRIDGE, OPEN_SDK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.awsproxy import sdk
    from sandbox.awsproxy.shapes import Shaper
    from sandbox.awsproxy.tables import BridgeKind

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
    schema = shaper.top("outputs")
    ours: sdk.Kind = OPEN_SDK
    theirs: BridgeKind = OPEN_BRIDGE
    at_object = True
    for step in steps:
        single = theirs.shape == "list" and ours.shape not in ("list", "open")
        if single:
            theirs = theirs.item or OPEN_BRIDGE
            is_position = isinstance(step, int) or step == "[*]"
            if to_bridge and not is_position:
                yield 0
            if is_position and not to_bridge:
                continue
        if not at_object and ours.shape == theirs.shape == "object":
            schema, at_object = shaper.nested(ours.type_name, theirs.type_name), True
        if at_object and isinstance(step, str):
            names = schema[2] if to_bridge else {other: own for own, other in schema[2].items()}
            other = names.get(step, step)
            own_name, their_name = (step, other) if to_bridge else (other, step)
            ours, theirs = schema[0].get(own_name, OPEN_SDK), schema[1].get(their_name, OPEN_BRIDGE)
            at_object = False
            yield other
        else:
            ours = ours.item or OPEN_SDK
            theirs = theirs.item or OPEN_BRIDGE
            yield step
