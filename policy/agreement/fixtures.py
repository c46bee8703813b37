"""Reads the labelled fixtures: the `.yaml` files beside this module, each a table of controls.

    CKV_AWS_16, AWS-0080:             # ids of the control in public checkers
      type: rds.Instance              # short for aws:rds/instance:Instance
      base: {engine: postgres}        # inputs that every case below has
      pass: [{storageEncrypted: true}]
      fail: [{}, {storageEncrypted: false}]
      differs: [{label: fail, given: {storageEncrypted: "yes"}, why: the provider refuses it}]

A case is the inputs of one resource, or, where its keys are `TYPE` or `TYPE NAME`, a stack. `$NAME` is the id of the
resource of that name, `$NAME.arn` its ARN, `$?` a value that is not known before the update, `!json` text that holds
the value below it. `type` may be a list: each case is judged for each of them. A list of such tables stands where a
control is about several types. `open` instead of cases says why no rule holds a control.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeGuard

import yaml

from policy.made import Made
from policy.values import UNKNOWN_STRING

FOLDER: Final = Path(__file__).resolve().parent
_KEYS: Final = frozenset({"type", "base", "pass", "fail", "differs", "open"})
_UNKNOWN: Final = "$?"

Label: TypeAlias = Literal["pass", "fail"]


class FixtureError(ValueError):
    """A table is not what it should be; the message names the file, the control and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Fixture:
    """A stack that a checker has a label for."""

    control: str
    """Id in the checker's catalogue, such as `CKV_AWS_16`."""
    label: Label
    stack: Sequence[Made]
    why: str
    """Why the pack says otherwise; empty where it has to agree."""
    place: str
    """File, control and case, for messages."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All fixtures, and the controls that no rule holds."""

    fixtures: Sequence[Fixture]
    open: Mapping[str, str]
    """Control -> why no rule holds it."""


_Base: Final[Any] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _Loader(_Base):  # type: ignore[misc]  # which of the two it is, the installation decides
    """Knows `!json`, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 as its base has it
        keys = [self.construct_object(key) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise FixtureError(f"{node.start_mark.name}:{node.start_mark.line + 1}: stands twice: {', '.join(twice)}")
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _json(loader: Any, node: yaml.Node) -> str:  # noqa: ANN401 either loader
    if isinstance(node, yaml.MappingNode):
        return json.dumps(loader.construct_mapping(node, deep=True))
    return json.dumps(loader.construct_sequence(node, deep=True))


_Loader.add_constructor("!json", _json)


def catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read every table of a folder.

    Raises:
        FixtureError: a table is faulty.
    """
    fixtures: list[Fixture] = []
    left_open: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        tables: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 a SafeLoader
        for ids, given in tables.items():
            if ids.startswith("_"):
                continue  # anchors
            for control in ids.split(", "):
                for table in given if isinstance(given, list) else [given]:
                    read, reason = _table(f"{path.name}: {control}", control, table)
                    fixtures += read
                    if reason:
                        left_open[control] = reason
    return Catalogue(fixtures=fixtures, open=left_open)


def _table(place: str, control: str, table: Mapping[str, Any]) -> tuple[list[Fixture], str]:
    if strange := set(table) - _KEYS:
        raise FixtureError(f"{place}: {', '.join(sorted(strange))}; allowed: {', '.join(sorted(_KEYS))}")
    types = table.get("type", "")
    reason = str(table.get("open", ""))
    labelled: list[tuple[Label, Mapping[str, Any], str]] = [("pass", case, "") for case in table.get("pass", ())]
    labelled += [("fail", case, reason) for case in table.get("fail", ())]
    labelled += [(each["label"], each["given"], each["why"]) for each in table.get("differs", ())]
    return [
        Fixture(control=control, label=label, stack=stack, why=why, place=f"{place}: {label}: {json.dumps(case)}")
        for type_ in (types if isinstance(types, list) else [types])
        for label, case, why in labelled
        for stack in [_stack(place, type_, table.get("base", {}), case)]
    ], reason


def _stack(place: str, type_: str, base: Mapping[str, Any], case: Mapping[str, Any]) -> list[Made]:
    if not any(_is_type(key) for key in case):
        if not type_:
            raise FixtureError(f"{place}: no type")
        case = {type_: {**base, **case}}
    made = [_made(*key.partition(" ")[::2], inputs or {}) for key, inputs in case.items()]
    by_name = {each.name: each for each in made}
    return [_linked(place, each, by_name) for each in made]


def _is_type(key: str) -> bool:
    return "." in key.partition(" ")[0] or ":" in key


def token(type_: str) -> str:
    """Return a type's token: `rds.Instance` is short for `aws:rds/instance:Instance`."""
    if ":" in type_:
        return type_
    module, _, name = type_.partition(".")
    return f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"


def _made(type_: str, name: str, inputs: Mapping[str, Any]) -> Made:
    token_, name = token(type_), name or "it"
    arn = f"arn:aws:{token_.split(':')[1].partition('/')[0]}:me-central-1:111122223333:{name}"
    return Made(type=token_, name=name, id=f"{name}-id", inputs=inputs, outputs={"arn": arn})


def _linked(place: str, made: Made, by_name: Mapping[str, Made]) -> Made:
    links = {key: sorted({one.urn for one in _behind(place, value, by_name)}) for key, value in made.inputs.items()}
    inputs = {key: _resolved(value, by_name) for key, value in made.inputs.items()}
    return replace(made, inputs=inputs, property_dependencies={key: urns for key, urns in links.items() if urns})


def _behind(place: str, value: object, by_name: Mapping[str, Made]) -> Iterator[Made]:
    if isinstance(value, Mapping | list):
        for below in value.values() if isinstance(value, Mapping) else value:
            yield from _behind(place, below, by_name)
    elif _is_link(value) and value != _UNKNOWN:
        name = value[1:].removesuffix(".arn")
        if name not in by_name:
            raise FixtureError(f"{place}: {value}: no such resource; there are: {', '.join(by_name)}")
        yield by_name[name]


def _is_link(value: object) -> TypeGuard[str]:
    """Tell what stands for a resource or an unknown from other text, `${name}` of a template among it."""
    return isinstance(value, str) and value.startswith("$") and not value.startswith("${")


def _resolved(value: object, by_name: Mapping[str, Made]) -> object:
    if isinstance(value, Mapping):
        return {key: _resolved(below, by_name) for key, below in value.items()}
    if isinstance(value, list):
        return [_resolved(below, by_name) for below in value]
    if not _is_link(value):
        return value
    if value == _UNKNOWN:
        return UNKNOWN_STRING
    target = by_name[value[1:].removesuffix(".arn")]
    return target.outputs["arn"] if value.endswith(".arn") else target.id
