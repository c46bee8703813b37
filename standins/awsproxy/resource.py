"""One resource type as the plugin treats it: inputs prepared, translated, put back together for the engine.

No call is made here. `Prepared` is what goes to the bridge; `Resource.checked` and `Resource.state` are what the engine
gets back, in the SDK's shape, with everything the Terraform provider does not know put back where the program had it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from standins.awsproxy import assets, held, names, overrides, shapes, tags, values

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from standins.awsproxy.names import Naming
    from standins.awsproxy.shapes import Path, Shaper, Side
    from standins.awsproxy.values import Properties, Value

REGION = "region"
TAGS, TAGS_ALL = "tags", "tagsAll"
RAW_STATE = "__pulumi_raw_state_delta"
"""The bridge's own note on how to get Terraform's state back; only right when the properties come back unchanged."""


@dataclass
class Prepared:
    """Inputs ready for the bridge."""

    ours: Properties
    theirs: Properties
    dropped: dict[Path, Value]
    prefixed: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)


class Resource:
    """A type with its translator.

    Args:
        token: The pulumi-aws token.
        shaper: Translator of the type.
        files: Where assets and archives are written for the provider to read.
    """

    def __init__(self, token: str, shaper: Shaper, files: FilePath) -> None:
        self.token = token
        self.shaper = shaper
        self.override = overrides.override(token)
        self._files = files
        ours, theirs = shaper.ours, shaper.theirs
        self.regional = REGION in ours.inputs and REGION not in theirs.inputs
        self.tagged = TAGS in ours.inputs and TAGS_ALL in ours.outputs

    def prepare(self, news: Properties, olds: Properties, naming: Naming, config: Properties) -> Prepared:
        """Fill in names, defaults, tags and region, then translate.

        Raises:
            NamingError: No name can be made.
            ShapeError: A value does not fit.
            AssetError: An archive cannot be read.
        """
        ours = dict(news)
        rules = {prop: rule for prop, rule in overrides.names_of(self.token).items() if prop in self.shaper.ours.inputs}
        prefixed = names.fill(rules, naming, ours, olds)
        for name, value in self.override.defaults.items():
            if ours.get(name) is None:
                ours[name] = value
        if self.tagged:
            ours[TAGS_ALL] = tags.merge(ours.get(TAGS), config)
        failures = self._settle_region(ours, config.get(REGION))
        translated = self.to_bridge(ours, fresh=True)
        theirs = translated.properties
        for prop in prefixed:
            theirs[self.shaper.bridge_name(prop)] = values.UNKNOWN
        return Prepared(ours, theirs, translated.dropped, prefixed, failures)

    def _settle_region(self, ours: Properties, region: Value) -> dict[str, str]:
        """Take over the provider's region as the official plugin does; a different one is refused, not ignored."""
        if not self.regional or region is None:
            return {}
        asked = ours.get(REGION)
        if asked is None or asked == region:
            ours[REGION] = region
            return {}
        return {
            REGION: f"{values.plain(asked)!r} differs from the provider's region {values.plain(region)!r}, and the"
            " Terraform provider at hand has no region per resource: use a provider of that region"
        }

    def to_bridge(self, properties: Properties, side: Side = "inputs", *, fresh: bool = False) -> shapes.Translated:
        """Translate inputs, or old state, for the bridge.

        With `fresh`, assets are written to disk for the provider to read; otherwise they are only named, for the engine
        keeps no content of old ones.

        Raises:
            ShapeError: A value does not fit.
            AssetError: A fresh archive cannot be read.
        """
        kept = {name: value for name, value in properties.items() if name != held.MARK}
        if self.regional:
            kept.pop(REGION, None)
        if TAGS_ALL not in self.shaper.theirs.inputs and side == "inputs":
            kept.pop(TAGS_ALL, None)
        produced: Properties = {}
        for prop, target in self.override.files.items():
            asset, _ = values.peel(kept.get(prop))
            if not values.is_asset(asset):
                continue
            del kept[prop]
            if fresh:
                produced |= assets.materialize(asset, target, self._files)
            else:
                produced[target.file] = str(assets.file_path(asset, self._files))
        translated = self.shaper.to_bridge(kept, side)
        translated.properties |= produced
        return translated

    def checked(self, prepared: Prepared, theirs: Properties) -> Properties:
        """Inputs to give back to the engine after the bridge's check."""
        for prop in prepared.prefixed:
            theirs.pop(self.shaper.bridge_name(prop), None)
        done = self._complete(self.shaper.to_sdk(theirs, "inputs"), prepared.ours, prepared.dropped)
        return _hidden(done, prepared.ours)

    def old_state(self, state: Properties, identity: str) -> Properties:
        """Old state as the bridge wrote it."""
        theirs = self.to_bridge(state, "outputs").properties
        if self.shaper.id_alias and identity:
            theirs[self.shaper.id_alias] = identity
        return theirs

    def state(self, theirs: Properties, inputs: Properties, identity: str) -> Properties:
        """State to give to the engine for what the bridge returned; `inputs` are the engine's own."""
        original = dict(theirs)
        alias = self.shaper.id_alias
        if alias and values.plain(theirs.get(alias)) in (identity, values.UNKNOWN):
            theirs = {name: value for name, value in theirs.items() if name != alias}
        done = self._complete(self.shaper.to_sdk(theirs), inputs, self.to_bridge(inputs).dropped)
        self.override.copy(done)
        _hidden(done, inputs)
        if RAW_STATE in done and values.plain(self.old_state(done, identity)) != values.plain(original):
            del done[RAW_STATE]
        return done

    def completed(self, ours: Properties, inputs: Properties) -> Properties:
        """State or inputs the bridge had no part in, completed with what it does not know."""
        return self._complete(dict(ours), inputs, self.to_bridge(inputs).dropped)

    def _complete(self, ours: Properties, inputs: Properties, dropped: dict[Path, Value]) -> Properties:
        """Put back what the bridge never saw: region, all tags, files, unknown properties."""
        for name in (REGION, TAGS_ALL):
            if name in inputs and name not in ours and (name == TAGS_ALL or self.regional):
                ours[name] = inputs[name]
        for name, target in self.override.files.items():
            if values.is_asset(inputs.get(name)):
                ours.pop(self.shaper.sdk_name(target.file, "inputs"), None)
                ours[name] = inputs[name]
        for path, value in dropped.items():
            _put(ours, path, value)
        return ours


def _hidden(done: Properties, inputs: Properties) -> Properties:
    """Make secret what is secret in the inputs, as the engine does for a plugin that takes no secrets."""
    for name, value in inputs.items():
        if name in done and values.contains_secret(value) and not values.contains_secret(done[name]):
            done[name] = values.secret(done[name])
    return done


def _put(target: Value, path: Path, value: Value) -> None:
    """Set a nested value where its parent exists; a parent the bridge left out stays out."""
    for step in path[:-1]:
        target, _ = values.peel(target)
        if isinstance(target, dict) and isinstance(step, str):
            target = target.get(step)
        elif isinstance(target, list) and isinstance(step, int) and step < len(target):
            target = target[step]
        else:
            return
    target, _ = values.peel(target)
    last = path[-1]
    if isinstance(target, dict) and isinstance(last, str):
        target[last] = value
