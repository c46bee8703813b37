"""The provider's own configuration: decoded, checked against leaving the machine, reshaped for the bridge.

The engine sends every value that is not a string as JSON text. The SDK has `defaultTags` as an object, the bridge as a
list; and this stand-in adds what makes calls end here and soon: path-style S3, no instance metadata, few retries.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from standins.awsproxy import sdk, values
from standins.awsproxy.shapes import Shaper
from standins.awsproxy.tables import BridgeType

if TYPE_CHECKING:
    from standins.awsproxy.tables import ShapeTable
    from standins.awsproxy.values import Properties, Value

FORCED: Properties = {"s3UsePathStyle": True, "skipMetadataApiCheck": "true"}
"""Set whatever the program says: a bucket name in front of a loopback address resolves nowhere, metadata is off."""

DEFAULTS: Properties = {"maxRetries": 3.0}
"""Where the program is silent: with the provider's own 25, a call answered with 5xx looks like a hang."""

ENGINE_OWN = ("version", "pluginDownloadURL")


def decode(properties: Properties) -> Properties:
    """Typed values of a configuration as the engine sends it; the engine's own entries are left out."""
    known = sdk.provider().inputs
    return {
        name: _decode(value, known.get(name))
        for name, value in properties.items()
        if name not in ENGINE_OWN and not name.startswith("__") and value is not None
    }


def _decode(value: Value, kind: sdk.Kind | None) -> Value:
    bare, hidden = values.peel(value)
    text = kind is not None and kind.shape == "scalar" and kind.type_name == "str"
    if not isinstance(bare, str) or text or values.is_unknown(bare):
        return value
    try:
        decoded = json.loads(bare)
    except json.JSONDecodeError:
        return value
    return values.secret(decoded) if hidden else decoded


def for_bridge(config: Properties, table: ShapeTable) -> Properties:
    """Configuration to give to the bridge, encoded as it expects it.

    Raises:
        ShapeError: A list of several stands where the provider takes one.
    """
    ours = sdk.provider()
    shaper = Shaper(table, ours, BridgeType(table.config, {}))
    wanted = {**DEFAULTS, **{name: value for name, value in config.items() if name in ours.inputs}, **FORCED}
    shaped = shaper.to_bridge(wanted).properties
    return {name: _encode(value, table.config[name].type_name) for name, value in shaped.items() if value is not None}


def _encode(value: Value, type_name: str) -> Value:
    bare, hidden = values.peel(value)
    if isinstance(bare, str) and (type_name == "string" or values.is_unknown(bare)):
        return value
    text = values.UNKNOWN if values.contains_unknown(bare) else json.dumps(_whole(values.plain(bare)))
    return values.secret(text) if hidden or values.contains_secret(bare) else text


def _whole(value: Value) -> Value:
    """Numbers without a fraction as whole numbers: everything on the wire is a double."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def unknown_to_provider(config: Properties, table: ShapeTable) -> list[str]:
    """Settings of the program that this Terraform provider does not have."""
    ours = sdk.provider()
    shaper = Shaper(table, ours, BridgeType(table.config, {}))
    dropped = shaper.to_bridge({name: value for name, value in config.items() if name in ours.inputs}).dropped
    return sorted(str(path[0]) for path in dropped)
