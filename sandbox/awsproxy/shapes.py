"""Reconciles property maps of pulumi-aws (the SDK) with those of the bridge, both ways.

The bridge names and shapes properties by its rules, the SDK by those of the official plugin: a block of at most one is an
object here and a list there (and then singular here, plural there), a flag is a boolean here and a string there. The
walk is driven by both schemas at once. What the SDK knows and the Terraform provider does not is taken out and reported,
so that the caller can say so and put it back into what the engine sees.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sandbox.awsproxy import overrides, sdk, values
from sandbox.awsproxy.tables import BridgeKind

if TYPE_CHECKING:
    from sandbox.awsproxy.tables import BridgeType, ShapeTable
    from sandbox.awsproxy.values import Properties, Value

Side = Literal["inputs", "outputs"]
Path = tuple[str | int, ...]
RESERVED = "__"
ID = "id"
Schema = tuple[dict[str, sdk.Kind], dict[str, BridgeKind], dict[str, str]]
"""Properties of the SDK, properties of the bridge, SDK name to bridge name."""

OPEN_SDK = sdk.Kind("open")
OPEN_BRIDGE = BridgeKind("open")


class ShapeError(ValueError):
    """A value cannot be brought into the shape the other side wants."""


class _Absent:
    """An empty list where the other side has a single, absent object."""


ABSENT = _Absent()


@dataclass
class Translated:
    """Result of a translation: the properties, and what the Terraform provider does not know (path and value)."""

    properties: Properties
    dropped: dict[Path, Value] = field(default_factory=dict)


def plurals(name: str) -> tuple[str, ...]:
    """Names the bridge may give to a list that Terraform calls by the singular `name`."""
    found = [f"{name}s", f"{name}es"]
    if name.endswith("y"):
        found.append(f"{name[:-1]}ies")
    if name.endswith(("x", "ex", "ix")):
        found.append(f"{name[:-2]}ices")
    return tuple(found)


def match_names(ours: dict[str, sdk.Kind], theirs: dict[str, BridgeKind], renames: dict[str, str]) -> dict[str, str]:
    """SDK property to bridge property: by table, by the same name, or by plural; unmatched ones are left out."""
    matched = {name: target for name, target in renames.items() if target in theirs}
    taken = set(matched.values())
    for name in ours:
        if name not in matched and name in theirs and name not in taken:
            matched[name] = name
    taken = set(matched.values())
    for name in ours:
        if name in matched:
            continue
        candidates = [other for other in (*plurals(name), *_singulars(name)) if other in theirs and other not in taken]
        if candidates:
            matched[name] = candidates[0]
            taken.add(candidates[0])
    return matched


def _singulars(name: str) -> tuple[str, ...]:
    found = [name[:-1]] if name.endswith("s") else []
    if name.endswith("es"):
        found.append(name[:-2])
    if name.endswith("ies"):
        found.append(f"{name[:-3]}y")
    return tuple(found)


def id_alias(token: str, theirs: BridgeType, ours: sdk.SdkType) -> str:
    """Property under which the bridge repeats the resource's id (`vpcId` of a vpc), or an empty string.

    Terraform's older resources take `id` as an input; Pulumi cannot, so the bridge renames it.
    """
    short = token.split(":")[1].rpartition("/")[2]
    for name in (f"aws{short[:1].upper()}{short[1:]}Id", f"{short}Id"):
        if name in theirs.inputs and name in theirs.outputs and name not in ours.inputs and name not in ours.outputs:
            return name
    return ""


class Shaper:
    """Translator for one type.

    Args:
        table: The bridge's shapes.
        ours: The type as the SDK has it.
        theirs: The same type as the bridge has it.
        token: Bridge token, to recognise the renamed id.
        renames: Names no rule explains, SDK to bridge.
    """

    def __init__(
        self,
        table: ShapeTable,
        ours: sdk.SdkType,
        theirs: BridgeType,
        token: str = "",
        renames: dict[str, str] | None = None,
    ) -> None:
        self._table = table
        self.ours = ours
        self.theirs = theirs
        self._renames = renames or {}
        self.id_alias = id_alias(token, theirs, ours) if token else ""
        self.nested = functools.cache(self._nested_names)

    def top(self, side: Side) -> Schema:
        """Both sides' properties of the type itself, and how their names pair."""
        ours = self.ours.inputs if side == "inputs" else {**self.ours.inputs, **self.ours.outputs}
        theirs = self.theirs.inputs if side == "inputs" else {**self.theirs.inputs, **self.theirs.outputs}
        return ours, theirs, self._names(side)

    @functools.lru_cache(maxsize=2)  # noqa: B019 one shaper per type lives as long as the process
    def _names(self, side: Side) -> dict[str, str]:
        ours = self.ours.inputs if side == "inputs" else {**self.ours.inputs, **self.ours.outputs}
        theirs = self.theirs.inputs if side == "inputs" else {**self.theirs.inputs, **self.theirs.outputs}
        return match_names(ours, theirs, self._renames)

    def _nested_names(self, ours: str, theirs: str) -> Schema:
        known = sdk.nested(self.ours.module, ours)
        served = self._table.nested(theirs)
        return known, served, match_names(known, served, {})

    def bridge_name(self, name: str, side: Side = "inputs") -> str:
        """Bridge name of a top-level SDK property; the same name when there is no match."""
        return self._names(side).get(name, name)

    def sdk_name(self, name: str, side: Side = "outputs") -> str:
        """SDK name of a top-level bridge property; the same name when there is no match."""
        return {other: own for own, other in self._names(side).items()}.get(name, name)

    def to_bridge(self, properties: Properties, side: Side = "inputs") -> Translated:
        """Properties as the bridge wants them.

        For outputs (old state), a block the SDK shows as an absent object is again the empty list it was.

        Raises:
            ShapeError: A list of several stands where the bridge takes one.
        """
        done = Translated({})
        done.properties = self._object_in(properties, self.top(side), (), done.dropped, restore=side == "outputs")
        return done

    def to_sdk(self, properties: Properties, side: Side = "outputs") -> Properties:
        """Properties as the SDK knows them; names only the bridge knows stay."""
        return self._object_out(properties, self.top(side))

    def _object_in(  # noqa: PLR0913 a recursive walk carries its context
        self,
        properties: Properties,
        schema: Schema,
        path: Path,
        dropped: dict[Path, Value],
        *,
        restore: bool,
    ) -> Properties:
        ours, theirs, names = schema
        result: Properties = {}
        for name, value in properties.items():
            target = names.get(name, name)
            if name.startswith(RESERVED) or (name not in ours and (name in theirs or name == ID)):
                result[name] = value
            elif target not in theirs:
                dropped[(*path, name)] = value
            else:
                result[target] = self._in(
                    value, ours.get(name, OPEN_SDK), theirs[target], (*path, name), dropped, restore
                )
        if restore:
            for name, target in names.items():
                single = name in ours and ours[name].shape != "list" and theirs[target].shape == "list"
                if single and name not in properties:
                    result[target] = []
        return result

    def _in(  # noqa: PLR0913 a recursive walk carries its context
        self,
        value: Value,
        ours: sdk.Kind,
        theirs: BridgeKind,
        path: Path,
        dropped: dict[Path, Value],
        restore: bool,  # noqa: FBT001 part of the walk's context
    ) -> Value:
        bare, hidden = values.peel(value)
        if bare is None or values.is_unknown(bare) or "open" in (ours.shape, theirs.shape):
            return value
        done: Value = bare
        if theirs.shape == "list":
            item = theirs.item or OPEN_BRIDGE
            own = (ours.item or OPEN_SDK) if ours.shape == "list" else ours
            many = bare if isinstance(bare, list) else [bare]
            done = [self._in(one, own, item, (*path, index), dropped, restore) for index, one in enumerate(many)]
        elif ours.shape == "list" and isinstance(bare, list):
            if len(bare) > 1:
                raise ShapeError(f"{_dotted(path)}: at most one entry is possible with this provider, got {len(bare)}")
            done = self._in(bare[0], ours.item or OPEN_SDK, theirs, path, dropped, restore) if bare else None
        elif theirs.shape == "object" and isinstance(bare, dict):
            schema = self.nested(ours.type_name, theirs.type_name) if ours.shape == "object" else None
            done = bare if schema is None else self._object_in(bare, schema, path, dropped, restore=restore)
        elif theirs.shape == "map" and isinstance(bare, dict):
            item, own = theirs.item or OPEN_BRIDGE, ours.item or OPEN_SDK
            done = {key: self._in(one, own, item, (*path, key), dropped, restore) for key, one in bare.items()}
        elif theirs.shape == "scalar":
            done = _scalar(bare, theirs.type_name)
        return values.secret(done) if hidden else done

    def _object_out(
        self,
        properties: Properties,
        schema: Schema,
    ) -> Properties:
        ours, theirs, names = schema
        back = {target: name for name, target in names.items()}
        result: Properties = {}
        for name, value in properties.items():
            own = back.get(name, name)
            done = value
            if not name.startswith(RESERVED) and own in ours and name in theirs:
                done = self._out(value, ours[own], theirs[name])
            if not isinstance(done, _Absent):
                result[own] = done
        return result

    def _out(self, value: Value, ours: sdk.Kind, theirs: BridgeKind) -> Value | _Absent:
        bare, hidden = values.peel(value)
        if bare is None or values.is_unknown(bare) or "open" in (ours.shape, theirs.shape):
            return value
        done: Value | _Absent = bare
        if theirs.shape == "list" and isinstance(bare, list):
            item = theirs.item or OPEN_BRIDGE
            own = (ours.item or OPEN_SDK) if ours.shape == "list" else ours
            many = [self._out(one, own, item) for one in bare]
            done = many if ours.shape == "list" else many[0] if many else ABSENT
        elif ours.shape == "list":
            done = [self._out(bare, ours.item or OPEN_SDK, theirs)]
        elif theirs.shape == "object" and isinstance(bare, dict):
            schema = self.nested(ours.type_name, theirs.type_name) if ours.shape == "object" else None
            done = bare if schema is None else self._object_out(bare, schema)
        elif theirs.shape == "map" and isinstance(bare, dict):
            item, own = theirs.item or OPEN_BRIDGE, ours.item or OPEN_SDK
            done = {key: self._out(one, own, item) for key, one in bare.items()}
        elif ours.shape == "scalar":
            done = _scalar(bare, {"bool": "boolean", "int": "number", "float": "number"}.get(ours.type_name, ""))
        return values.secret(done) if hidden and not isinstance(done, _Absent) else done


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


def shaper_for(table: ShapeTable, token: str, bridge_token: str) -> Shaper:
    """Shaper of a resource type.

    Raises:
        RuntimeError: The installed SDK does not know the token.
    """
    ours = sdk.resource(token)
    if ours is None:
        raise RuntimeError(f"{token} is not a resource type of the installed pulumi_aws")
    return Shaper(table, ours, table.resource(bridge_token), bridge_token, overrides.override(token).renames)
