"""Reconciles property maps of pulumi-aws (the SDK) with those of the bridge, both ways.

The bridge names and shapes properties by its rules, the SDK by those of the official plugin: a block of at most one is
an object here and a list there (singular here, plural there), a flag is a boolean here and a string there. The walk is
driven by both schemas at once. What the SDK knows and the Terraform provider does not is taken out and reported, so
that the caller can say so and put it back into what the engine sees.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from standins.awsproxy import pairing, sdk, values
from standins.awsproxy.tables import BridgeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standins.awsproxy.tables import BridgeType, ShapeTable
    from standins.awsproxy.values import Properties, Value

Side = Literal["inputs", "outputs"]
Path = tuple[str | int, ...]
RESERVED = "__"
ID = "id"
OPEN_SDK = sdk.Kind("open")
OPEN_BRIDGE = BridgeKind("open")
"""Shape of what one side does not describe: its values pass as they are."""


class ShapeError(ValueError):
    """A value cannot be brought into the shape the other side wants."""


class _Absent:
    """An empty list where the other side has a single, absent object."""


ABSENT = _Absent()


@dataclass(frozen=True)
class Schema:
    """Properties of one object on both sides, and the bridge name of each SDK name."""

    ours: Mapping[str, sdk.Kind]
    theirs: Mapping[str, BridgeKind]
    names: Mapping[str, str]

    @functools.cached_property
    def back(self) -> Mapping[str, str]:
        """SDK name of each bridge name."""
        return {target: name for name, target in self.names.items()}


@dataclass
class Translated:
    """Result of a translation: the properties, and what the Terraform provider does not know (path and value)."""

    properties: Properties
    dropped: dict[Path, Value] = field(default_factory=dict)


class Shaper:
    """Translator for one type.

    Args:
        table: The bridge's shapes.
        ours: The type as the SDK has it.
        theirs: The same type as the bridge has it.
        token: Bridge token, to recognise the renamed id; empty for what has no id.
        renames: Names no rule explains, SDK to bridge.
    """

    def __init__(
        self,
        table: ShapeTable,
        ours: sdk.SdkType,
        theirs: BridgeType,
        token: str = "",
        renames: Mapping[str, str] | None = None,
    ) -> None:
        self._table = table
        self._renames = renames or {}
        self.ours = ours
        self.theirs = theirs
        self.id_alias = pairing.id_alias(token, ours, theirs)
        self.nested = functools.cache(self._nested)
        self._sides = {side: self._schema(side) for side in ("inputs", "outputs")}

    def _schema(self, side: str) -> Schema:
        ours = self.ours.inputs if side == "inputs" else {**self.ours.inputs, **self.ours.outputs}
        theirs = self.theirs.inputs if side == "inputs" else {**self.theirs.inputs, **self.theirs.outputs}
        return Schema(ours, theirs, pairing.pair(ours, theirs, self._renames))

    def _nested(self, ours: str, theirs: str) -> Schema:
        known, served = sdk.nested(self.ours.module, ours), self._table.nested(theirs)
        return Schema(known, served, pairing.pair(known, served, {}))

    def top(self, side: Side) -> Schema:
        """Both sides' properties of the type itself."""
        return self._sides[side]

    def inner(self, ours: sdk.Kind, theirs: BridgeKind) -> Schema | None:
        """Both sides' properties of a nested object; None where one side does not describe it."""
        described = ours.shape == theirs.shape == "object"
        return self.nested(ours.type_name, theirs.type_name) if described else None

    def bridge_name(self, name: str) -> str:
        """Bridge name of a top-level SDK input; the same name when there is no counterpart."""
        return self.top("inputs").names.get(name, name)

    def sdk_name(self, name: str, side: Side = "outputs") -> str:
        """SDK name of a top-level bridge property; the same name when there is no counterpart."""
        return self.top(side).back.get(name, name)

    def to_bridge(self, properties: Properties, side: Side = "inputs") -> Translated:
        """Properties as the bridge wants them.

        For outputs (old state), a block the SDK shows as an absent object is again the empty list it was.

        Raises:
            ShapeError: A list of several stands where the bridge takes one.
        """
        walk = _Inward(self, restore=side == "outputs")
        return Translated(walk.object(properties, self.top(side), ()), walk.dropped)

    def to_sdk(self, properties: Properties, side: Side = "outputs") -> Properties:
        """Properties as the SDK knows them; names only the bridge knows stay."""
        return _Outward(self).object(properties, self.top(side))


class _Inward:
    """One walk from the SDK's shape to the bridge's."""

    def __init__(self, shaper: Shaper, *, restore: bool) -> None:
        self._shaper = shaper
        self._restore = restore
        self.dropped: dict[Path, Value] = {}

    def object(self, properties: Properties, schema: Schema, path: Path) -> Properties:
        result: Properties = {}
        for name, value in properties.items():
            target = schema.names.get(name, name)
            if name.startswith(RESERVED) or (name not in schema.ours and (name in schema.theirs or name == ID)):
                result[name] = value
            elif target not in schema.theirs:
                self.dropped[(*path, name)] = value
            else:
                kind = schema.ours.get(name, OPEN_SDK)
                result[target] = self.value(value, kind, schema.theirs[target], (*path, name))
        if self._restore:
            for name, target in schema.names.items():
                ours = schema.ours.get(name, OPEN_SDK)
                if (
                    name not in properties
                    and ours.shape in ("object", "scalar")
                    and schema.theirs[target].shape == "list"
                ):
                    result[target] = []
        return result

    def value(self, value: Value, ours: sdk.Kind, theirs: BridgeKind, path: Path) -> Value:
        bare, hidden = values.peel(value)
        if bare is None or values.is_unknown(bare) or "open" in (ours.shape, theirs.shape):
            return value
        done = self._bare(bare, ours, theirs, path)
        return values.secret(done) if hidden else done

    def _bare(self, bare: Value, ours: sdk.Kind, theirs: BridgeKind, path: Path) -> Value:
        item = theirs.item or OPEN_BRIDGE
        if theirs.shape == "list":
            own = (ours.item or OPEN_SDK) if ours.shape == "list" else ours
            many = bare if isinstance(bare, list) else [bare]
            return [self.value(one, own, item, (*path, index)) for index, one in enumerate(many)]
        if ours.shape == "list" and isinstance(bare, list):
            if len(bare) > 1:
                raise ShapeError(f"{_dotted(path)}: at most one entry is possible with this provider, got {len(bare)}")
            return self.value(bare[0], ours.item or OPEN_SDK, theirs, path) if bare else None
        if theirs.shape == "object" and isinstance(bare, dict):
            schema = self._shaper.inner(ours, theirs)
            return bare if schema is None else self.object(bare, schema, path)
        if theirs.shape == "map" and isinstance(bare, dict):
            return {key: self.value(one, ours.item or OPEN_SDK, item, (*path, key)) for key, one in bare.items()}
        return _scalar(bare, theirs.type_name) if theirs.shape == "scalar" else bare


class _Outward:
    """One walk from the bridge's shape to the SDK's."""

    def __init__(self, shaper: Shaper) -> None:
        self._shaper = shaper

    def object(self, properties: Properties, schema: Schema) -> Properties:
        result: Properties = {}
        for name, value in properties.items():
            own = schema.back.get(name, name)
            done: Value | _Absent = value
            if not name.startswith(RESERVED) and own in schema.ours and name in schema.theirs:
                done = self.value(value, schema.ours[own], schema.theirs[name])
            if not isinstance(done, _Absent):
                result[own] = done
        return result

    def value(self, value: Value, ours: sdk.Kind, theirs: BridgeKind) -> Value | _Absent:
        bare, hidden = values.peel(value)
        if bare is None or values.is_unknown(bare) or "open" in (ours.shape, theirs.shape):
            return value
        done = self._bare(bare, ours, theirs)
        return values.secret(done) if hidden and not isinstance(done, _Absent) else done

    def _bare(self, bare: Value, ours: sdk.Kind, theirs: BridgeKind) -> Value | _Absent:
        own = (ours.item or OPEN_SDK) if ours.shape == "list" else ours
        if theirs.shape == "list" and isinstance(bare, list):
            many = [self.value(one, own, theirs.item or OPEN_BRIDGE) for one in bare]
            return many if ours.shape == "list" else many[0] if many else ABSENT
        if ours.shape == "list":
            return [self.value(bare, own, theirs)]
        if theirs.shape == "object" and isinstance(bare, dict):
            schema = self._shaper.inner(ours, theirs)
            return bare if schema is None else self.object(bare, schema)
        if theirs.shape == "map" and isinstance(bare, dict):
            own, item = ours.item or OPEN_SDK, theirs.item or OPEN_BRIDGE
            return {key: self.value(one, own, item) for key, one in bare.items()}
        wanted = {"str": "string", "bool": "boolean", "int": "number", "float": "number"}.get(ours.type_name, "")
        return _scalar(bare, wanted) if ours.shape == "scalar" else bare


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def _scalar(value: Value, wanted: str) -> Value:
    """Bring a scalar to the wanted type where the meaning is plain; anything else passes for the provider to judge."""
    if wanted == "string" and not isinstance(value, str):
        return _as_string(value)
    if wanted == "boolean" and value in ("true", "false"):
        return value == "true"
    if wanted == "number" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _as_string(value: Value) -> Value:
    """Text of a scalar; a document (object or list) as JSON, as the official plugin does for policies."""
    if values.is_asset(value):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if values.contains_unknown(value):
        return values.UNKNOWN
    text = json.dumps(values.plain(value), separators=(",", ":"))
    return values.secret(text) if values.contains_secret(value) else text
