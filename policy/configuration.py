"""The pack config: levels and settings by rule, read alike by the engine's pack, the gate and the offline review.

The format is that of `--policy-pack-config`: an object of rules, each with a level or with an object of a level
(`enforcementLevel`) and settings; `all` sets the level of every rule that is not named.

    {"all": "advisory", "rds-multi-az": "mandatory", "logs-retention": {"minimumDays": 365}}

No config switches the gate off. `all` lowers no critical rule and disables none; a config under which no rule stops a
deployment is refused, and so is whatever the pack does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.rule import Profile, Rule, Settings, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEVEL: Final = "enforcementLevel"
ALL: Final = "all"
_STRENGTH: Final[Mapping[str, int]] = {"disabled": 0, "advisory": 1, "mandatory": 2, "remediate": 2}
_MANY: Final = 4
"""Allowed values that a message lists in full."""
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (Mapping,),
}


class ConfigError(ValueError):
    """The pack config is not what it should be; the message holds every fault, one a line."""


@dataclass(frozen=True)
class Configured:
    """How one rule judges under a config."""

    level: str
    """`mandatory`, `advisory`, `remediate` or `disabled`."""
    settings: Settings

    @property
    def stops(self) -> bool:
        """Whether a violation stops a deployment."""
        return _STRENGTH[self.level] == _STRENGTH["mandatory"]


def load(path: Path) -> Mapping[str, object]:
    """Read a config file; what its rules and values mean, `resolve` says.

    Raises:
        ConfigError: it is not there, no JSON, no object, or has a key twice.
    """
    twice: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    try:
        config = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: no JSON: {error}") from error
    if twice:
        raise ConfigError("\n".join(f"{path}: {key} stands there twice; the engine would heed one" for key in twice))
    if not isinstance(config, dict):
        raise ConfigError(f"{path}: an object of rules is needed, got {type(config).__name__}")
    return config


def resolve(rules: Sequence[Rule], given: Mapping[str, object], profile: Profile) -> Mapping[str, Configured]:
    """Return level and settings of every rule.

    Args:
        rules: the rules of the pack.
        given: the config. The engine hands the pack every rule with its level filled in, and `all` beside them: a
            critical rule whose level is the one of `all` is therefore taken for one that is not named.
        profile: decides the level of a rule of which the config says nothing.

    Raises:
        ConfigError: with every fault of the config.
    """
    known = {rule.name: rule for rule in rules}
    faults = list(_faults(known, given))
    if faults:
        raise ConfigError("\n".join(faults))
    overall = _level(given.get(ALL))
    found = {
        name: Configured(_own_level(rule, given.get(name), overall, profile), _settings(rule, given.get(name)))
        for name, rule in known.items()
    }
    if rules and not any(each.stops for each in found.values()):
        raise ConfigError("the config leaves no rule that stops a deployment; allowed: one that leaves some")
    return found


def _own_level(rule: Rule, entry: object, overall: str, profile: Profile) -> str:
    """Return the level of a rule: its own, else that of all, else that of the profile."""
    default = rule.level.enforcement(profile)
    level = _level(entry)
    lowers = bool(overall) and _STRENGTH[overall] < _STRENGTH[default]
    if rule.severity is Severity.CRITICAL and lowers and level in ("", overall):
        return default
    return level or overall or default


def _level(entry: object) -> str:
    """Return the level that an entry gives; empty where it gives none."""
    level = entry.get(LEVEL, "") if isinstance(entry, Mapping) else entry
    return level if isinstance(level, str) else ""


def _settings(rule: Rule, entry: object) -> Settings:
    given = {key: value for key, value in entry.items() if key != LEVEL} if isinstance(entry, Mapping) else {}
    return Settings(rule.settings, given) if given else rule.defaults


def _faults(known: Mapping[str, Rule], given: Mapping[str, object]) -> Iterator[str]:
    strange = sorted(set(given) - set(known) - {ALL})
    if strange:
        from difflib import get_close_matches  # noqa: PLC0415 needed for a mistake only

        near = get_close_matches(strange[0], known, 1)
        yield f"policy config names no rule of the pack: {', '.join(strange)}" + (
            f"; did you mean {near[0]}?" if near else ""
        )
    for name, entry in given.items():
        if not isinstance(entry, str | Mapping):
            yield f"{name}: a level or an object is needed, got {entry!r}"
            continue
        level = entry.get(LEVEL) if isinstance(entry, Mapping) else entry
        if level is not None and level not in _STRENGTH:
            yield f"{name}: there is no level {level!r}; allowed: {', '.join(_STRENGTH)}"
        if name == ALL:
            yield from _faults_of_all(entry, level)
        elif name in known and isinstance(entry, Mapping):
            yield from (f"{name}: {fault}" for fault in _faults_of_settings(known[name], entry))


def _faults_of_all(entry: str | Mapping[str, object], level: object) -> Iterator[str]:
    if level == "disabled":
        yield f"{ALL}: not every rule can be disabled; allowed: naming rules one by one"
    if isinstance(entry, Mapping) and set(entry) - {LEVEL}:
        yield f"{ALL}: takes a level only, got {', '.join(sorted(set(entry) - {LEVEL}))}"


def _faults_of_settings(rule: Rule, entry: Mapping[str, object]) -> Iterator[str]:
    strange = sorted(set(entry) - set(rule.settings) - {LEVEL})
    if strange:
        allowed = ", ".join(sorted(rule.settings)) or "none"
        yield f"no such setting: {', '.join(strange)}; this rule has: {allowed}"
    for key, setting in rule.settings.items():
        if key in entry:
            yield from (f"{key}{fault}" for fault in misfits(entry[key], setting.schema))


def misfits(value: object, schema: Mapping[str, object]) -> Iterator[str]:
    """Yield in what a value does not fit a JSON schema, as far as settings use one: type, bounds, items, values."""
    type_ = str(schema.get("type", ""))
    wanted = _TYPES.get(type_, (object,))
    whole = type_ != "integer" or not isinstance(value, float) or value.is_integer()
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted) or not whole:
        yield f": {type_} is needed, got {value!r}"
        return
    least, most = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, int | float) and (
        (isinstance(least, int | float) and value < least) or (isinstance(most, int | float) and value > most)
    ):
        yield f": {value!r} is out of range; allowed: {_range(least, most)}"
    choices = schema.get("enum")
    if isinstance(choices, list | tuple) and value not in choices:
        listed = [str(each) for each in choices]
        yield f": {value!r}; allowed: {', '.join(listed[:_MANY])}{' and others' if len(listed) > _MANY else ''}"
    if schema.get("format") == "regex" and (fault := _no_pattern(str(value))):
        yield f": {value!r} is no regular expression: {fault}"
    yield from _misfits_below(value, schema)


def _misfits_below(value: object, schema: Mapping[str, object]) -> Iterator[str]:
    for key, items in (("items", list), ("additionalProperties", Mapping)):
        below = schema.get(key)
        if isinstance(below, Mapping) and isinstance(value, items | tuple if items is list else items):
            pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
            yield from (f"[{at}]{fault}" for at, each in pairs for fault in misfits(each, below))


def _range(least: object, most: object) -> str:
    return " and ".join(
        f"{word} {limit:g}"
        for word, limit in (("at least", least), ("at most", most))
        if isinstance(limit, int | float)
    )


def _no_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        return str(error)
    return ""
