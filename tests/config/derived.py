"""Where a name that a user gives could meet one that the program derives, found in recordings of the program itself.

Each mapping of the settings whose keys are free gets one more entry under a key that stands nowhere else. Every name of
the recording that holds that key is a form; every other name that fits the form is a key that would meet it.
"""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from components.stack import deploy
from config.allowed import resolve
from config.document import SETTINGS, find, value_at
from config.files import read_document, stack_file
from config.shape import settings_schema
from config.stack import StackConfig
from review.graph import ROOT_TYPE
from review.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path
    from review.graph import Graph

MAIL: Final = r"^[A-Za-z0-9._+-]+@[a-z0-9.-]+\.[a-z]{2,}$"
PHYSICAL: Final = re.compile(r"(?:^|[a-z])(?:[nN]ame|[iI]dentifier|Id)$")
BUCKET: Final = "aws:s3/bucket:Bucket"
"""Inputs that may be what AWS calls a resource."""
OWN_NAMES: Final[dict[Path, str]] = {("data", "buckets"): "name"}
"""Mappings whose entries have a name beside their key."""


@cache
def settings_of(stack: str) -> dict[str, Any]:
    """Return the settings of a stack file as plain values."""
    values: Any = value_at(read_document(stack_file(stack)).values, SETTINGS)
    return dict(values)


def mappings(part: dict[str, Any] | None = None, way: Path = ()) -> Iterator[tuple[Path, str, int]]:
    """Yield the way to each mapping whose keys are free, their form and their greatest length."""
    rule = resolve(settings_schema(), part if part is not None else settings_schema())
    forms = rule.get("patternProperties", {})
    for form, entry in forms.items():
        yield way, form, rule.get("propertyNames", {}).get("maxLength", 1000)
        yield from mappings(entry, (*way, "*"))
    if isinstance(rule.get("additionalProperties"), dict):
        yield from mappings(rule["additionalProperties"], (*way, "*"))
    for step, child in rule.get("properties", {}).items():
        yield from mappings(child, (*way, step))


def places(settings: dict[str, Any]) -> Iterator[tuple[str, Path, str, int]]:
    """Yield the mappings that hold something in these settings; of alike ones, as in each node group, the first.

    Before each stands the key to try there, which is the same in every stack: a standby has what its primary has.
    """
    for number, (pattern, form, longest) in enumerate(mappings()):
        mark = f"zq{chr(97 + number // 26)}{chr(97 + number % 26)}"
        mark += "@x.example" if form == MAIL else ""
        ways: list[Path] = [()]
        for step in pattern:
            ways = [
                (*way, key)
                for way in ways
                if isinstance(inside := find(settings, way), dict)
                for key in (list(inside) if step == "*" else [step])
            ]
        way = next((way for way in ways if isinstance(one := find(settings, way), dict) and one), None)
        if way is not None:
            yield mark, way, form, longest


def with_entry(settings: dict[str, Any], way: Path, key: str) -> dict[str, Any]:
    """Return settings with one more entry of a mapping, a copy of its first; or with another name in place of one."""
    more = copy.deepcopy(settings)
    place: Any = find(more, way)
    if isinstance(place, dict):
        place[key] = copy.deepcopy(next(iter(place.values())))
    else:
        entry: Any = find(more, way[:-1])
        entry[way[-1]] = key
    return more


@cache
def marked(stack: str) -> tuple[dict[str, Any], dict[str, tuple[Path, str, int]]]:
    """Return the settings of a stack with one more entry in every mapping, and the mappings by the keys of these."""
    settings, marks = settings_of(stack), dict[str, Any]()
    for mark, *place in places(settings):
        settings = with_entry(settings, place[0], mark)
        marks[mark] = place
        if (name := OWN_NAMES.get(place[0])) is not None:
            own = f"{mark.replace('q', 'o')}-{stack}"  # two stacks of an account share no bucket's name
            settings = with_entry(settings, (*place[0], mark, name), own)
            marks[own] = ((*place[0], mark, name), "^[a-z0-9][a-z0-9-]*$", 63)
    return settings, marks


@cache
def recording(text: str, stack: str) -> Graph:
    """Return what a stack registers by settings in JSON."""
    settings = StackConfig.model_validate_json(text, strict=True)
    references: dict[str, Any] = {}
    if settings.recovery is not None and settings.recovery.standby is not None:
        primary = recording(json.dumps(marked("prod")[0]), "prod")
        outputs = next(resource.outputs for resource in primary.resources if resource.type == ROOT_TYPE)
        references = {"prod": outputs, stack: {"primary": outputs}}
    return record(lambda: deploy(settings).publish(), stack, references)


def names_of(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield every name that must be one of its kind, with the kind: logical names, and inputs that name a resource."""
    for resource in graph.resources:
        kind, _, name = resource.urn.rpartition("::")
        yield kind, name
        for key, value in resource.inputs.items():
            its_own = PHYSICAL.search(key) or (key == "bucket" and resource.type == BUCKET)
            if resource.custom and isinstance(value, str) and its_own:
                yield f"{resource.type} {key}", value


def meetings(stack: str) -> dict[tuple[Path, str], tuple[str, str]]:
    """Return the keys, by mapping, under which two names would meet, each with the kind and the name that meet."""
    settings, marks = marked(stack)
    names = list(names_of(recording(json.dumps(settings), stack)))
    by_kind: dict[str, set[str]] = {}
    for kind, name in names:
        by_kind.setdefault(kind, set()).add(name)
    found: dict[tuple[Path, str], tuple[str, str]] = {}
    for mark, (way, form, longest) in marks.items():
        for kind, name in names:
            if mark not in name:
                continue
            first, *rest = (re.escape(part) for part in name.split(mark))
            fits = re.compile(f"{first}(?P<key>.+)" + "(?P=key)".join(rest))
            for other in by_kind[kind] - {name}:
                match = fits.fullmatch(other)
                key = match["key"] if match else ""
                known = find(settings_of(stack), way)
                if (
                    key
                    and key not in (known if isinstance(known, dict) else ())
                    and re.search(form, key)
                    and len(key) <= longest
                ):
                    found.setdefault((way, key), (kind, other))
    return found
